/** @type {import("./lesson.js").Lesson} */
export default {
  id: "train_val_test",
  title: "Train, validation, test",
  section: "Learning",
  look: "Three parts of the data with three duties: the lanes learn from the first, you choose between lanes by the second, and the third stays sealed until all is chosen.",
  equation: [
    String.raw`\text{train } 60\,\% \;\;\big|\;\; \text{val } 20\,\% \;\;\big|\;\; \text{test } 20\,\%`,
    String.raw`\text{generalisation error} \approx \frac{1}{|\text{test}|} \sum_{i \in \text{test}} L_i(\theta)`,
  ],
  state:
    "kind=network&data=moons&n=400&noise=0.25&layers=8&activation=tanh&batch=16&iterations=400&validate=20&x=iteration&panel=metrics&speed=120&lane1=sgd,lr:0.03&lane2=adam,lr:0.01&lane=1",
  steps: [
    {
      try: "Take away most of the training rows: train on 12.",
      set: "trainrows=12&layers=32,32&iterations=600",
      happens:
        "The training accuracy is perfect and the validation accuracy is not. Without the validation part nobody would know.",
      expect: [
        { lane: "adam", read: "train_score", is: 1 },
        { lane: "adam", read: "val_accuracy", below: 0.95 },
      ],
    },
    {
      try: "Leave few rows for validation: split 78, 2, 20 per cent.",
      set: "split=0.78,0.02,0.2",
      happens:
        "Eight rows know nine accuracies, in steps of 12.5 %. Two lanes that differ by less cannot be told apart.",
      expect: [{ lane: "adam", read: "val_accuracy", is: [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1] }],
    },
  ],
  question: {
    ask: "Bring a lane to a validation accuracy of at least 92 %, by whatever you like. Then break the seal, once, and see whether the test accuracy agrees: at least 85 %.",
    check: [
      { setting: "opened", is: 1 },
      {
        lane: "any",
        has: [
          { read: "val_accuracy", above: 0.919 },
          { read: "test_accuracy", above: 0.849 },
        ],
      },
    ],
    answer: {
      set: "lane2=adam,lr:0.03",
      because:
        "Set the run, then press “Break the seal”. Whoever chooses by the test set has made it one more validation set; that is why openings are counted, and why the count stays in the link.",
    },
  },
};
