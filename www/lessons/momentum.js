/** @type {import("./lesson.js").Lesson} */
export default {
  id: "momentum",
  title: "Momentum",
  section: "Gradient Descent with Momentum",
  look: "Across the valley the gradients change sign and cancel in the velocity; along it they agree and add up, so momentum runs down where gradient descent crawls.",
  equation: [
    String.raw`v^{k+1} = \beta \, v^k + \nabla_\theta L(\theta^k)`,
    String.raw`\theta^{k+1} = \theta^k - \alpha \, v^{k+1}`,
  ],
  state:
    "f=quadratic&condition=100&rotation=30&iterations=200&gtol=&speed=30&lane1=sgd,lr:0.01&lane2=momentum,lr:0.01,beta:0.9&lane=1",
  steps: [
    {
      try: "Set β of momentum to 0.",
      set: "lane2=momentum,lr:0.01,beta:0",
      happens: "The velocity forgets everything but the last gradient: the two lanes are one.",
      expect: [
        { lane: 2, read: "loss", below: { lane: 1, read: "loss", times: 1.000001 } },
        { lane: 2, read: "loss", above: { lane: 1, read: "loss", times: 0.999999 } },
      ],
    },
    {
      try: "Set β to 0.99: hardly any friction.",
      set: "lane2=momentum,lr:0.01,beta:0.99",
      happens:
        "The velocity remembers about 100 gradients. The ball shoots past the minimum and swings back and forth: after 200 steps f is still above 1.",
      expect: [{ lane: 2, read: "loss", of: "lowest", above: 1 }],
    },
    {
      try: "Take the other form of momentum, ema: v ← βv + (1−β)g.",
      set: "lane2=momentum,lr:0.01,beta:0.9,form:ema",
      happens:
        "Now v is a mean of gradients rather than a sum. Steps are a tenth as long, 1 − β, and it is hardly ahead of gradient descent; for the old run α must be ten times as large.",
      expect: [{ lane: 2, read: "loss", above: { lane: 1, read: "loss", times: 0.5 } }],
    },
  ],
  question: {
    ask: "Find α and β with which momentum has f below 1e-8 within 100 steps. Gradient descent alone cannot: with curvatures 1 and 100 its best rate still needs about 600.",
    check: [{ lane: "momentum", read: "loss", within: 100, below: 1e-8 }],
    answer: {
      set: "lane2=momentum,lr:0.033,beta:0.67",
      because:
        "For curvatures μ = 1 and L = 100 the best pair is α = 4/(√L + √μ)² = 0.033 and β = ((√L − √μ)/(√L + √μ))² = 0.67: the error then falls by about √β = 0.82 a step, where gradient descent manages 0.98.",
    },
  },
};
