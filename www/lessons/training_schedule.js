/** @type {import("./lesson.js").Lesson} */
export default {
  id: "training_schedule",
  title: "Training schedule",
  section: "Training Schedule",
  look: "A schedule can be set by hand, as a list of iterations and rates: see the loss fall at each drop, and what a drop that comes too early costs.",
  equation: [
    String.raw`\alpha(k) = \begin{cases} \alpha_0 & k < k_1 \\ \alpha_1 & k_1 \le k < k_2 \\ \alpha_2 & k \ge k_2 \end{cases}`,
  ],
  state:
    "kind=network&data=spiral&noise=0.05&layers=24,24&batch=32&iterations=900&validate=25&x=iteration&speed=120&lane1=sgd,lr:0.3&lane2=sgd,lr:0.3;piecewise,boundaries:0/0.3/600/0.05,unit:iteration&lane=1",
  steps: [
    {
      try: "Drop at once: 0.05 from iteration 100 on.",
      set: "lane2=sgd,lr:0.3;piecewise,boundaries:0/0.3/100/0.05,unit:iteration",
      happens: "Its curve becomes smooth, and flat far too high: it has no rate left to travel with.",
      expect: [{ lane: 2, read: "ema", above: { lane: 1, read: "ema" } }],
    },
    {
      try: "Begin higher, and drop twice: 0.6, then 0.2 from 500, 0.03 from 750. “draw” beside the learning rate does it with the mouse.",
      set: "lane2=sgd,lr:0.6;piecewise,boundaries:0/0.6/500/0.2/750/0.03,unit:iteration",
      happens:
        "The rough part goes on for longer, but it gets farther, and the drops settle it lower than the constant rate.",
      expect: [
        { lane: 2, read: "lr", at: 499, is: 0.6 },
        { lane: 2, read: "lr", at: 500, is: 0.2 },
        { lane: 2, read: "ema", below: { lane: 1, read: "ema" } },
      ],
    },
  ],
  question: {
    ask: "Write a schedule of your own, in iterations, for a lane of gradient descent whose smoothed training loss ends below 0.2 after 900 iterations.",
    check: [
      {
        lane: "sgd",
        has: [
          { setting: "schedule", is: "piecewise" },
          { read: "iterations", above: 899 },
          { read: "ema", below: 0.2 },
        ],
      },
    ],
    answer: {
      set: "lane2=sgd,lr:0.6;piecewise,boundaries:0/0.6/600/0.2/800/0.03,unit:iteration",
      because:
        "Trial and error is how it is done. What was learned here holds for this data, this network and this number of epochs, and only to some degree for others.",
    },
  },
};
