/** @type {import("./lesson.js").Lesson} */
export default {
  id: "learning_rate",
  title: "Importance of the learning rate",
  section: "Importance of Learning Rate",
  look: "Four lanes differ in α alone: one creeps, one is good, one swings from wall to wall, and the fourth climbs out of the valley.",
  equation: [
    String.raw`\theta^{k+1} = \theta^k - \alpha \, \nabla_\theta L(\theta^k)`,
    String.raw`\text{largest curvature } \lambda_{\max}: \quad \alpha < \frac{2}{\lambda_{\max}}`,
  ],
  state:
    "f=quadratic&condition=20&rotation=30&iterations=150&gtol=&speed=12&lane1=sgd,lr:0.002&lane2=sgd,lr:0.04&lane3=sgd,lr:0.099&lane4=sgd,lr:0.105&lane=1",
  steps: [
    {
      try: "Give lane 4 exactly the limit, α = 2/20 = 0.1.",
      set: "lane4=sgd,lr:0.1",
      happens:
        "Across the valley it jumps to the mirror image of where it was, step after step: it neither falls there nor grows.",
      expect: [
        { lane: 4, read: "loss", above: 100 },
        { lane: 4, read: "loss", below: { lane: 4, read: "loss", of: "first" } },
      ],
    },
    {
      try: "Make the valley narrower: condition 40.",
      set: "condition=40",
      happens:
        "The steepest curvature is 40 now, so the limit is 0.05. Lanes 3 and 4 both climb; lane 2, at 0.04, still falls.",
      expect: [
        { lane: 3, read: "loss", above: { lane: 3, read: "loss", of: "first" } },
        { lane: 4, read: "loss", above: { lane: 4, read: "loss", of: "first" } },
        { lane: 2, read: "loss", below: 0.01 },
      ],
    },
  ],
  question: {
    ask: "With condition 20, find a rate for one of the lanes with which f falls below 1e-6 within 100 steps.",
    check: [
      { setting: "condition", is: 20 },
      { lane: "sgd", read: "loss", within: 100, below: 1e-6 },
    ],
    answer: {
      set: "lane2=sgd,lr:0.09",
      because:
        "The best rate for curvatures 1 and 20 is 2/(1 + 20) = 0.095: both directions then shrink by 19/21 a step. Twice as much diverges, half as much needs twice as long. The window is narrow, and it depends on the curvature that nobody tells you.",
    },
  },
};
