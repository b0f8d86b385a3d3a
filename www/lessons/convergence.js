/** @type {import("./lesson.js").Lesson} */
export default {
  id: "convergence",
  title: "Convergence",
  section: "Convergence",
  look: "All three methods converge, and all three are wrong: a small gradient says that the ground is level here, not that this is the lowest place.",
  equation: [
    String.raw`\lVert \nabla_\theta L(\theta^k) \rVert < \varepsilon`,
    String.raw`L(\theta^\ast) \le L(\theta) \text{ only for } \theta \text{ near } \theta^\ast`,
  ],
  state:
    "f=styblinski_tang&start=0.5,1&iterations=300&gtol=0.0001&speed=30&lane1=sgd,lr:0.01&lane2=momentum,lr:0.005,beta:0.9&lane3=adam,lr:0.1&lane=0",
  steps: [
    {
      try: "Move the start to (−0.5, 0.1): type it, or click the map.",
      set: "start=-0.5,0.1",
      happens: "The same methods with the same settings now find the lowest of the four minima, f = −78.3.",
      expect: [
        { lane: "sgd", read: "loss", below: -78 },
        { lane: "momentum", read: "loss", below: -78 },
        { lane: "adam", read: "loss", below: -78 },
      ],
    },
    {
      try: "Back at (0.5, 1), ask for ten times the steps and a gradient a thousand times smaller.",
      set: "iterations=3000&gtol=1e-7",
      happens: "It changes nothing but digits: patience does not lead out of a minimum. All end at −50.06 again.",
      expect: [
        { lane: "sgd", read: "loss", above: -50.1 },
        { lane: "adam", read: "loss", above: -50.1 },
        { lane: "momentum", read: "loss", above: -50.1 },
      ],
    },
  ],
  question: {
    ask: "Leave the start at (0.5, 1) and make one lane end in the lowest minimum, below −78. A method of the family Evolution counts as well.",
    check: [
      { setting: "start", is: "0.5,1" },
      { lane: "any", read: "loss", below: -78 },
    ],
    answer: {
      set: "lane3=adam,lr:4",
      because:
        "Adam's first steps are as long as α whatever the slope. With α = 4 it leaps over the barriers before it settles; that is luck, and α = 5 ends elsewhere. A method with a population, such as CMA-ES, looks at many places on purpose.",
    },
  },
};
