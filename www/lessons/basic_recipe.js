/** @type {import("./lesson.js").Lesson} */
export default {
  id: "basic_recipe",
  title: "Basic recipe",
  section: "Basic recipe for machine learning",
  look: "Three errors, one after the other: from the human level to training is the bias, from training to validation the variance; the larger gap says what to do next.",
  equation: [
    String.raw`\text{bias} = \text{training error} - \text{human-level error}`,
    String.raw`\text{variance} = \text{validation error} - \text{training error}`,
  ],
  state:
    "kind=network&data=circle&n=300&noise=0.1&layers=2&activation=tanh&batch=16&iterations=400&tab=recipe&human=1&lane1=adam,lr:0.02&lane=0",
  steps: [
    {
      try: "Train longer: 1200 iterations.",
      set: "iterations=1200",
      happens:
        "Still bias: two units cannot enclose a disc. Training longer is on the list, and here it is not the cure.",
      expect: [{ page: "recipe", read: "verdict", is: "bias" }],
    },
    {
      try: "A bigger model: 16 units.",
      set: "layers=16",
      happens:
        "The bias is gone: every training row is right. What is left is the gap to the validation rows, variance.",
      expect: [
        { page: "recipe", read: "verdict", is: "variance" },
        { page: "recipe", read: "train_error", below: 0.01 },
      ],
    },
  ],
  question: {
    ask: "Follow the recipe until the verdict is “Done”, with the human-level error at 1 %.",
    check: [
      { setting: "human", is: 1 },
      { page: "recipe", read: "verdict", is: "done" },
    ],
    answer: {
      set: "layers=16&n=1000",
      because:
        "Bias first: a bigger model. Then variance: more data. Had the training error been fine from the start, a bigger model would have been the wrong way. Only now is the test set opened, once.",
    },
  },
};
