/** @type {import("./lesson.js").Lesson} */
export default {
  id: "lr_decay",
  title: "Learning-rate decay",
  section: "Learning Rate Decay",
  look: "The gradients are noisy, as those of minibatches: with a constant rate the lane comes near and then trembles for ever; with a rate that decays it comes to rest.",
  equation: [
    String.raw`\alpha = \frac{1}{1 + \text{decayrate} \cdot \text{epoch}} \, \alpha_0`,
    String.raw`\alpha = t^{\text{epoch}} \, \alpha_0, \qquad \alpha = \frac{t}{\sqrt{\text{epoch}}} \, \alpha_0`,
  ],
  state:
    "f=quadratic&condition=20&rotation=30&gnoise=3&iterations=400&gtol=&speed=60&lane1=sgd,lr:0.05&lane2=sgd,lr:0.05;inverse_time,decay_rate:0.05&lane=1",
  steps: [
    {
      try: "The lecture's numbers: α₀ = 0.1, decay rate 1.",
      set: "lane2=sgd,lr:0.1;inverse_time,decay_rate:1",
      happens:
        "The rate is 0.1, 0.05, 0.033, 0.025 … (each step on a surface counts as an epoch). It falls too soon: after 400 steps the lane is worse than the one that trembles.",
      expect: [
        { lane: 2, read: "lr", at: 0, is: 0.1 },
        { lane: 2, read: "lr", at: 1, is: 0.05 },
        { lane: 2, read: "lr", at: 3, is: 0.025 },
        { lane: 2, read: "loss", above: { lane: 1, read: "ema" } },
      ],
    },
    {
      try: "Step decay: halve it every 100 steps.",
      set: "lane2=sgd,lr:0.05;step,every:100,drop:0.5",
      happens: "A staircase: after each drop the smoothed loss sinks to a floor about half as high.",
      expect: [
        { lane: 2, read: "lr", at: 99, is: 0.05 },
        { lane: 2, read: "lr", at: 399, below: 0.0064 },
        { lane: 2, read: "ema", below: { lane: 1, read: "ema", times: 0.2 } },
      ],
    },
  ],
  question: {
    ask: "Choose a schedule for a lane with a smoothed loss below 0.003 after 400 steps. The prepared decay gets to 0.0042.",
    check: [
      {
        lane: "sgd",
        has: [
          { setting: "schedule", is_not: "constant" },
          { read: "iterations", above: 399 },
          { read: "ema", below: 0.003 },
        ],
      },
    ],
    answer: {
      set: "lane2=sgd,lr:0.09;cosine,epochs:400",
      because:
        "High while far away, low when close: cosine keeps the rate high for half of the run and then lets it sink to zero just as the budget ends. The floor of the noise is proportional to α.",
    },
  },
};
