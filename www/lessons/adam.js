/** @type {import("./lesson.js").Lesson} */
export default {
  id: "adam",
  title: "Adam",
  section: "Adaptive Moment Estimation (Adam)",
  look: "Adam keeps a mean of the gradients and a mean of their squares; the bias correction makes the very first step as long as α in each coordinate, whatever the gradient.",
  equation: [
    String.raw`m^{k+1} = \beta_1 m^k + (1 - \beta_1) \nabla_\theta L(\theta^k)`,
    String.raw`v^{k+1} = \beta_2 v^k + (1 - \beta_2) \, [\nabla_\theta L(\theta^k) \circ \nabla_\theta L(\theta^k)]`,
    String.raw`\hat m = \frac{m^{k+1}}{1 - \beta_1^{\,k+1}}, \qquad \hat v = \frac{v^{k+1}}{1 - \beta_2^{\,k+1}}`,
    String.raw`\theta^{k+1} = \theta^k - \alpha \, \frac{\hat m}{\sqrt{\hat v} + \epsilon}`,
  ],
  state:
    "f=rosenbrock&start=-1.5,1&iterations=400&gtol=&speed=30&lane1=momentum,lr:0.0005,beta:0.9&lane2=rmsprop,lr:0.03,beta:0.9&lane3=adam,lr:0.1&lane=2",
  steps: [
    {
      try: "Switch Adam's bias correction off (⋯ beside the method).",
      set: "lane3=adam,lr:0.1,bias_correction:false",
      happens:
        "Its first step is 3.2 times as long: m starts at a tenth of the gradient, but the root of v at 0.032 of it.",
      expect: [
        { lane: 3, read: "step_norm", at: 0, above: 0.4 },
        { lane: 3, read: "step_norm", at: 0, below: 0.5 },
      ],
    },
    {
      try: "Start farther away, at (−2, 2), where the gradient is twice as large.",
      set: "start=-2,2&lane3=adam,lr:0.1",
      happens:
        "The first step is 0.141 long again, 0.1 in x and 0.1 in y. Adam's step does not grow with the gradient.",
      expect: [
        { lane: 3, read: "step_norm", at: 0, above: 0.141 },
        { lane: 3, read: "step_norm", at: 0, below: 0.1415 },
        { lane: 3, read: "grad_norm", at: 0, above: 1000 },
      ],
    },
  ],
  question: {
    ask: "Leave the bias correction off and choose β₁ (at least 0.5) and β₂ so that the first step is right all the same, 0.141 long.",
    check: [
      {
        lane: "adam",
        has: [
          { setting: "bias_correction", is: false },
          { setting: "beta1", above: 0.49 },
          { read: "step_norm", at: 0, above: 0.14, below: 0.143 },
        ],
      },
    ],
    answer: {
      set: "lane3=adam,lr:0.1,beta1:0.9,beta2:0.99,bias_correction:false",
      because:
        "The first step is α(1 − β₁)/√(1 − β₂) in each coordinate. It is α where (1 − β₁)² = 1 − β₂, as for 0.9 and 0.99. Later steps are too long or too short even so; only the correction with the power k is right at every step.",
    },
  },
};
