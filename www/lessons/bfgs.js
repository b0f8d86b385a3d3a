/** @type {import("./lesson.js").Lesson} */
export default {
  id: "bfgs",
  title: "BFGS and L-BFGS",
  section: "BFGS and L-BFGS",
  look: "No Hessian is ever computed: both learn the curvature from how the gradient changes along their own steps, BFGS in a full 10 × 10 matrix, L-BFGS in its last few pairs.",
  equation: [
    String.raw`\theta^{k+1} = \theta^k - \alpha_k \, \tilde{\mathbf{H}}_k^{-1} \nabla_\theta L(\theta^k)`,
    String.raw`\tilde{\mathbf{H}}_{k+1} (\theta^{k+1} - \theta^k) = \nabla L(\theta^{k+1}) - \nabla L(\theta^k)`,
    String.raw`\text{BFGS: } \mathcal{O}(n^2), \qquad \text{L-BFGS: } \mathcal{O}(n)`,
  ],
  state:
    "f=rosenbrock&dim=10&start=&iterations=300&gtol=1e-8&speed=12&lane1=adam,lr:0.02&lane2=bfgs&lane3=lbfgs,memory:10&lane=1",
  steps: [
    {
      try: "Let L-BFGS remember one pair only: memory 1.",
      set: "lane3=lbfgs,memory:1",
      happens:
        "It still beats Adam by far, but needs 136 gradients to 1e-6 where BFGS needs 91: one pair is too little to know ten directions.",
      expect: [
        { lane: "lbfgs", read: "loss", by: "gradient_evals", reaches: 1e-6, above: 110 },
        { lane: "lbfgs", read: "loss", below: 1e-9 },
        { lane: "adam", read: "loss", above: 0.001 },
        { lane: "bfgs", read: "hessian_evals", is: 0 },
      ],
    },
    {
      try: "Take 50 variables, with 10 pairs again.",
      set: "dim=50&lane3=lbfgs,memory:10",
      happens:
        "BFGS keeps 2500 numbers, L-BFGS 1000, and L-BFGS is there after 290 steps, BFGS not after 300: the newest pairs matter most.",
      expect: [
        { lane: "lbfgs", read: "loss", below: 1e-9 },
        { lane: "lbfgs", read: "iterations", below: { lane: "bfgs", read: "iterations", times: 1.1 } },
      ],
    },
  ],
  question: {
    ask: "In ten variables, with how few pairs does L-BFGS need no more gradients than BFGS to get below 1e-6? Find a memory of at most 4 that does it.",
    check: [
      { setting: "dim", is: 10 },
      {
        lane: "lbfgs",
        has: [
          { setting: "memory", below: 5 },
          {
            read: "loss",
            by: "gradient_evals",
            reaches: 1e-6,
            below: { lane: "bfgs", read: "loss", by: "gradient_evals", reaches: 1e-6, times: 1.001 },
          },
        ],
      },
    ],
    answer: {
      set: "lane3=lbfgs,memory:3",
      because:
        "Three pairs, 60 numbers instead of 100, do as well here. With ten pairs and a million parameters it is 20 million numbers instead of a million million, which is why L-BFGS is the only one of the family that can be used there, on the full batch.",
    },
  },
};
