/** @type {import("./lesson.js").Lesson} */
export default {
  id: "rmsprop",
  title: "RMSProp",
  section: "RMSProp",
  look: "The gradient along y is up to a hundred times that along x; RMSProp divides each by the root of its own mean square, so both coordinates advance at the same pace.",
  equation: [
    String.raw`s^{k+1} = \beta \, s^k + (1 - \beta) \, [\nabla_\theta L \circ \nabla_\theta L]`,
    String.raw`\theta^{k+1} = \theta^k - \alpha \, \frac{\nabla_\theta L}{\sqrt{s^{k+1}} + \epsilon}`,
  ],
  state:
    "f=quadratic&condition=100&rotation=0&iterations=300&gtol=&speed=30&lane1=sgd,lr:0.01&lane2=rmsprop,lr:0.1,beta:0.9&lane=1",
  steps: [
    {
      try: "Run it as prepared, then read the end of RMSProp's curve.",
      set: "",
      happens:
        "It is at f = 0.01 after 49 steps, where gradient descent is not after 300. But then it never settles: it jumps between −0.05 and 0.05, half of α on each side, because a small gradient is divided by its own small size.",
      expect: [
        { lane: "rmsprop", read: "loss", within: 60, below: 0.01 },
        { lane: "sgd", read: "loss", of: "lowest", above: 0.01 },
        { lane: "rmsprop", read: "loss", above: 0.1 },
      ],
    },
    {
      try: "Turn the valley by 45°: rotation 45.",
      set: "rotation=45",
      happens:
        "Now both coordinates feel the steep direction, both are divided by the same number, and the advantage is gone: more than 100 steps to f = 0.01. RMSProp rescales coordinates, not directions.",
      expect: [{ lane: "rmsprop", read: "loss", reaches: 0.01, above: 100 }],
    },
    {
      try: "Make ε huge, 100000, and α 1000 (⋯ beside the method has ε).",
      set: "lane2=rmsprop,lr:1000,beta:0.9,eps:100000",
      happens:
        "The root of s is lost beside ε, what is left is a step of α/ε = 0.01 times the gradient: gradient descent.",
      expect: [
        { lane: "rmsprop", read: "loss", below: { lane: "sgd", read: "loss", times: 1.01 } },
        { lane: "rmsprop", read: "loss", above: { lane: "sgd", read: "loss", times: 0.99 } },
      ],
    },
  ],
  question: {
    ask: "With the valley as prepared, make RMSProp end below f = 1e-6 after 300 steps. β or a schedule will do.",
    check: [
      { setting: "rotation", is: 0 },
      {
        lane: "rmsprop",
        has: [
          { read: "iterations", above: 299 },
          { read: "loss", below: 1e-6 },
        ],
      },
    ],
    answer: {
      set: "lane2=rmsprop,lr:0.3,beta:0.9;exponential,base:0.95",
      because:
        "The jumps are as long as α, so α must fall: far away it may be large, close by it must be small. A β of 0.99 remembers the large gradients of the beginning and damps the end too.",
    },
  },
};
