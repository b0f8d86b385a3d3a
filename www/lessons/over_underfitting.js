/** @type {import("./lesson.js").Lesson} */
export default {
  id: "over_underfitting",
  title: "Over- and underfitting",
  section: "Over- and Underfitting",
  look: "64 + 64 units on 80 noisy rows: the training loss falls towards zero while the validation loss turns and climbs, and the boundary bends around single points.",
  equation: [
    String.raw`\text{underfitting: } L_{\text{train}} \text{ high}`,
    String.raw`\text{overfitting: } L_{\text{val}} \gg L_{\text{train}}`,
  ],
  state:
    "kind=network&data=moons&n=200&noise=0.4&split=0.4,0.4,0.2&layers=64,64&activation=tanh&batch=16&iterations=1000&validate=20&x=iteration&speed=120&lane1=adam,lr:0.01&lane=0",
  steps: [
    {
      try: "No hidden layer at all.",
      set: "layers=",
      happens: "A straight line cannot follow two moons: it underfits. But its validation loss never turns.",
      expect: [
        { lane: 1, read: "val_loss", below: { lane: 1, read: "val_loss", of: "lowest", times: 1.05 } },
        { lane: 1, read: "train_score", below: 0.9 },
      ],
    },
    {
      try: "Four units.",
      set: "layers=4",
      happens: "About right: the lowest validation loss of the three, and it stays there.",
      expect: [
        { lane: 1, read: "val_loss", below: { lane: 1, read: "val_loss", of: "lowest", times: 1.2 } },
        { lane: 1, read: "val_loss", below: 0.35 },
      ],
    },
    {
      try: "64 + 64 units again, but ten times the data: 2000 points.",
      set: "n=2000",
      happens: "The same network, which overfits 80 rows, does not overfit 800: more data is the best cure.",
      expect: [{ lane: 1, read: "val_loss", below: 0.3 }],
    },
  ],
  question: {
    ask: "Keep the 64 + 64 units and the 200 points, and bring the validation loss at the end below 0.42.",
    check: [
      { setting: "layers", is: "64,64" },
      { setting: "n", is: 200 },
      {
        lane: 1,
        has: [
          { read: "status", is: ["stopped", "converged"] },
          { read: "val_loss", below: 0.42 },
        ],
      },
    ],
    answer: {
      set: "l2=0.03",
      because:
        "A penalty on the weights keeps the boundary smooth: the training loss is higher, the validation loss lower. Stopping early works as well. Both give up some fit for less variance.",
    },
  },
};
