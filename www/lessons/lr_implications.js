/** @type {import("./lesson.js").Lesson} */
export default {
  id: "lr_implications",
  title: "Learning rate: implications",
  section: "Learning Rate: Implications",
  look: "The same run with several learning rates: too low, the curve is straight and slow; good, it falls and levels off low; high, it falls fast and stays high; too high, it climbs.",
  equation: [
    String.raw`\alpha \text{ too low}: \; L \text{ falls slowly}`,
    String.raw`\alpha \text{ too high}: \; L \to \infty`,
  ],
  state:
    "kind=network&data=circle&layers=8&activation=tanh&batch=16&iterations=150&tab=recipe&topic=rates&ladder=0.001,0.1,5&lane1=sgd,lr:0.1&lane=0",
  steps: [
    {
      try: "Sweep from 0.001 to 100 in eleven rates.",
      set: "ladder=0.001,100,11",
      happens: "Eleven half decades: 0.1 is too low, 10 is good, 31.6 ends above where it began.",
      expect: [
        { page: "recipe", read: "low", above: 0 },
        { page: "recipe", read: "good", above: 1, below: 20 },
        { page: "recipe", read: "wild", above: 20 },
      ],
    },
    {
      try: "The same with Adam, from 0.0001 to 10.",
      set: "ladder=0.0001,10,11&lane1=adam,lr:0.1",
      happens:
        "Adam's steps are as long as α itself, so its good rate is another, 0.3, and 10 is far too high. A rate belongs to a method.",
      expect: [
        { page: "recipe", read: "good", above: 0.05, below: 1 },
        { page: "recipe", read: "wild", below: 20 },
      ],
    },
  ],
  question: {
    ask: "For gradient descent, close in on the edge: sweep so that the highest rate that still learns and the first that is too high differ by less than a factor of 1.5.",
    check: [
      { lane: 1, setting: "method", is: "sgd" },
      { page: "recipe", read: "high", above: 0 },
      { page: "recipe", read: "wild", below: { page: "recipe", read: "high", times: 1.5 } },
    ],
    answer: {
      set: "ladder=3,30,13",
      because:
        "The edge is sharp, at about 12, and the good rate stands only a factor of two below it. That is why one searches rates on a logarithmic scale, goes up until it breaks, and steps back a little.",
    },
  },
};
