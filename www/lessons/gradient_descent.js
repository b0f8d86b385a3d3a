/** @type {import("./lesson.js").Lesson} */
export default {
  id: "gradient_descent",
  title: "Gradient descent and SGD",
  section: "Stochastic Gradient Descent (SGD)",
  look: "Lane 1 uses all 144 training rows for each step, lane 2 only 16: its loss trembles, but over epochs, which count passes over the data, it falls far sooner.",
  equation: [
    String.raw`\theta^{k+1} = \theta^k - \alpha \, \nabla_\theta L(\theta^k, x_{1..m}, y_{1..m})`,
    String.raw`\nabla_\theta L = \frac{1}{m} \sum_{i=1}^{m} \nabla_\theta L_i`,
  ],
  state:
    "kind=network&data=circle&layers=6&iterations=360&validate=3&speed=60&lane1=sgd,lr:0.3,batch:full&lane2=sgd,lr:0.3,batch:16&lane=1",
  steps: [
    {
      try: "Give lane 2 all rows too: batch size full.",
      set: "lane2=sgd,lr:0.3,batch:full",
      happens: "The two lanes are one. Gradient descent and SGD are the same rule; m alone tells them apart.",
      expect: [
        { lane: 2, read: "loss", below: { lane: 1, read: "loss", times: 1.000001 } },
        { lane: 2, read: "loss", above: { lane: 1, read: "loss", times: 0.999999 } },
      ],
    },
    {
      try: "Give lane 2 a single row a step: batch size 1.",
      set: "lane2=sgd,lr:0.3,batch:1",
      happens:
        "After 360 steps it has seen the data two and a half times, lane 1 360 times; and its loss, that of a single row, jumps up and down by a factor of a hundred and more.",
      expect: [
        { lane: 2, read: "epoch", below: 2.6 },
        { lane: 1, read: "epoch", above: 358 },
        { lane: 2, read: "loss", of: "highest", above: { lane: 2, read: "loss", of: "lowest", times: 100 } },
      ],
    },
  ],
  question: {
    ask: "Ten passes over the data are all you may spend. Get the validation loss of a lane below 0.2 within 10 epochs. As prepared, lane 2 needs 33 and lane 1 more than 300.",
    check: [{ lane: "sgd", read: "val_loss", by: "epoch", within: 10, below: 0.2 }],
    answer: {
      set: "lane2=sgd,lr:1,batch:8",
      because:
        "Eight rows give 18 steps an epoch, all rows one. The gradient of eight rows is noisy but right on average, so many cheap steps beat few exact ones as long as the minimum is far.",
    },
  },
};
