/** @type {import("./lesson.js").Lesson} */
export default {
  id: "search",
  title: "Grid and random search",
  section: "Hyperparameter Tuning",
  look: "Nine configurations are trained, and the map shows which is best: with a grid, nine trainings try only three learning rates.",
  equation: [
    String.raw`\text{grid: } \prod_i |A_i| \text{ trainings}, \; |A_i| \text{ values each}`,
    String.raw`\text{random: } N \text{ trainings}, \; N \text{ values each}`,
  ],
  state:
    "kind=network&data=circle&n=400&layers=8&activation=tanh&batch=16&iterations=100&tab=tune&search=grid&over=optimizer.lr:values:0.0001/0.001/0.01;problem.l2:values:0.01/0.1/1&folds=1&lane1=adam,lr:0.01&lane=0",
  steps: [
    {
      try: "Draw nine at random instead, from 0.0001 to 1 and 0.00001 to 1, on logarithmic scales.",
      set: "search=random&over=optimizer.lr:log:0.0001/1;problem.l2:log:0.00001/1&trials=9&draw=0",
      happens: "Nine different learning rates: one of them hits 97 %, where the grid's best is 75 %.",
      expect: [
        { page: "tune", read: "done", is: 9 },
        { page: "tune", read: "best", above: 0.95 },
      ],
    },
    {
      try: "The lecture's size of grid: 4 × 4 × 3 = 48 trainings, with rates up to 0.1.",
      set: "over=optimizer.lr:values:0.0001/0.001/0.01/0.1;problem.l2:values:0/0.0001/0.01/1;stop.iterations:values:50/100/150",
      happens: "A finer grid finds it too, for five times the price; each further axis multiplies it again.",
      expect: [
        { page: "tune", read: "done", is: 48 },
        { page: "tune", read: "best", above: 0.95 },
      ],
    },
  ],
  question: {
    ask: "Find a validation accuracy above 95 % with a grid of at most 9 trainings.",
    check: [
      { setting: "search", is: "grid" },
      { page: "tune", read: "total", below: 10 },
      { page: "tune", read: "best", above: 0.95 },
    ],
    answer: {
      set: "over=optimizer.lr:values:0.01/0.03/0.1/0.3;problem.l2:values:0/0.001",
      because:
        "The first grid lay in the wrong place: its best rate stood at its edge, and that is a sign to move it. Here the rate matters and L2 hardly does, so most values should be spent on the rate; a random search does that by itself.",
    },
  },
};
