/** @type {import("./lesson.js").Lesson} */
export default {
  id: "cross_validation",
  title: "Cross-validation",
  section: "Cross Validation",
  look: "One configuration, six seeds, on the 150 rows of Iris: whatever differs between the six scores is luck, of the split, the first weights and the batches, and it is ten percentage points.",
  equation: [
    String.raw`\bar s = \frac1k \sum_{i=1}^{k} s_i, \qquad \sigma^2 = \frac1k \sum_{i=1}^{k} (s_i - \bar s)^2`,
  ],
  state:
    "kind=network&data=iris&layers=8&batch=16&iterations=100&tab=tune&search=grid&over=seed:values:1/2/3/4/5/6&folds=1&lane1=adam,lr:0.01&lane=0",
  steps: [
    {
      try: "Five folds.",
      set: "folds=5",
      happens:
        "Each score is now a mean over five parts, each of which was held out once. The six seeds agree to 3 points, and the error bars say how far single folds lie apart.",
      expect: [
        { page: "tune", read: "folds", is: 5 },
        { page: "tune", read: "range", below: 0.04 },
        { page: "tune", read: "deviation", above: 0.01 },
      ],
    },
    {
      try: "Compare five learning rates with five folds.",
      set: "folds=5&over=optimizer.lr:values:0.001/0.003/0.01/0.03/0.1",
      happens:
        "0.001 and 0.003 are clearly worse. Between 0.03 and 0.1 the means differ by less than their error bars: there is no telling which is better.",
      expect: [
        { page: "tune", read: "folds", is: 5 },
        { page: "tune", read: "range", above: 0.4 },
        { page: "tune", read: "best", above: 0.94 },
      ],
    },
  ],
  question: {
    ask: "Search over any two settings with at least five folds and find a mean accuracy above 96 %.",
    check: [
      { page: "tune", read: "folds", above: 4 },
      { page: "tune", read: "status", is: "done" },
      { page: "tune", read: "best", above: 0.96 },
    ],
    answer: {
      set: "folds=5&over=optimizer.lr:values:0.01/0.1;problem.l2:values:0/0.01",
      because:
        "k folds cost k trainings of each configuration, so it is for small data and quick methods; there it uses every row for both duties. The spread over the folds belongs to the answer as much as the mean.",
    },
  },
};
