/** @type {import("./lesson.js").Lesson} */
export default {
  id: "hyperparameters",
  title: "Hyper-parameters",
  section: "Hyperparameters",
  look: "Layers, units, learning rate, batch size, number of iterations, regularisation: none of them is learned by the training, and each of them decides what the training can reach.",
  equation: [
    String.raw`\text{hyper-parameter} = \text{learning setup} + \text{optimisation}`,
    String.raw`\theta^\ast(h) = \arg\min_\theta L_{\text{train}}(\theta; h)`,
    String.raw`h^\ast = \arg\min_h L_{\text{val}}(\theta^\ast(h))`,
  ],
  state:
    "kind=network&data=circle&n=400&noise=0.05&layers=2&activation=tanh&batch=64&iterations=300&validate=25&x=iteration&speed=60&lane1=sgd,lr:0.03&lane=0",
  steps: [
    {
      try: "Change the rate alone: α = 1.",
      set: "lane1=sgd,lr:1",
      happens:
        "Better, but two units draw two lines, and two lines cannot enclose a disc, however they are trained: below 85 %.",
      expect: [{ lane: 1, read: "val_accuracy", below: 0.85 }],
    },
    {
      try: "Change the network alone: 8 units.",
      set: "layers=8",
      happens:
        "They could enclose the disc, but at this rate they have hardly begun to: below 75 %. Hyper-parameters act together; whoever changes one at a time finds neither.",
      expect: [{ lane: 1, read: "val_accuracy", below: 0.75 }],
    },
  ],
  question: {
    ask: "Without raising the 300 iterations, reach a validation accuracy of at least 95 %. Keep the runs you try with “Keep this run”: the page Tune compares them.",
    check: [
      { setting: "iterations", below: 301 },
      {
        lane: 1,
        has: [
          { read: "iterations", above: 99 },
          { read: "val_accuracy", above: 0.949 },
        ],
      },
    ],
    answer: {
      set: "layers=8&batch=16&lane1=adam,lr:0.03",
      because:
        "Manual search: most common, and it works as long as each run is short. With more than three knobs let the machine search.",
    },
  },
};
