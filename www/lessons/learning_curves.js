/** @type {import("./lesson.js").Lesson} */
export default {
  id: "learning_curves",
  title: "Learning curves",
  section: "Learning",
  look: "The thin line is the loss of each minibatch, the thick one its moving average, the third the validation loss: only the last turns upwards, and that is the moment to stop.",
  equation: [
    String.raw`\bar L^k = \beta \, \bar L^{k-1} + (1 - \beta) \, L^k`,
    String.raw`\hat L^k = \frac{\bar L^k}{1 - \beta^k}`,
  ],
  state:
    "kind=network&data=moons&n=200&noise=0.4&split=0.4,0.4,0.2&layers=64,64&activation=tanh&batch=16&iterations=800&validate=20&x=iteration&panel=curves&ema=0.9&speed=120&lane1=adam,lr:0.01&lane=0",
  steps: [
    {
      try: "Smooth more: EMA 0.99.",
      set: "ema=0.99",
      happens:
        "The line is calm, and late: it averages about 100 iterations, so it shows a loss that the network had some time ago, higher than the present one.",
      expect: [{ lane: 1, read: "ema", above: 0.15 }],
    },
    {
      try: "No smoothing: EMA 0.",
      set: "ema=0",
      happens: "Each point is one minibatch of 16 rows. The noise hides whether the loss still falls.",
      expect: [
        { lane: 1, read: "ema", below: { lane: 1, read: "loss", times: 1.000001 } },
        { lane: 1, read: "ema", above: { lane: 1, read: "loss", times: 0.999999 } },
      ],
    },
  ],
  question: {
    ask: "The validation loss at the end is far above its lowest. Make the run stop in time: ended before 800 iterations, with a validation loss at most a quarter above its lowest.",
    check: [
      {
        lane: 1,
        has: [
          { read: "status", is: "stopped" },
          { read: "iterations", above: 100, below: 800 },
        ],
      },
      { lane: 1, read: "val_loss", below: { lane: 1, read: "val_loss", of: "lowest", times: 1.25 } },
    ],
    answer: {
      set: "early=val_loss,5",
      because:
        "Early stopping ends the run after so many validations without progress, here five. Too little patience stops at the first bump of a noisy curve; the best parameters are kept, so “Back to it” under the curve gives the lowest point whatever the patience.",
    },
  },
};
