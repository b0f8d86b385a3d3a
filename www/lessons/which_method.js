/** @type {import("./lesson.js").Lesson} */
export default {
  id: "which_method",
  title: "Which, what and when?",
  section: "Which, what and when?",
  look: "The page Recipe looks at the problem as it is set and names the method that the lecture would pick, with the facts that decide: minibatches or all rows, squares or not, linear or not, how many parameters.",
  equation: [
    String.raw`\text{minibatch} \to \text{Adam, else SGD with momentum}`,
    String.raw`\text{full batch} \to \text{Newton, L-BFGS, GN, LM}`,
  ],
  state: "kind=network&data=moons&batch=16&tab=recipe&topic=method&lane1=sgd,lr:0.1&lane=0",
  steps: [
    {
      try: "Give each step all rows: batch size full.",
      set: "batch=full",
      happens: "Now every step sees the same function, and the advice is L-BFGS: a second-order method is just faster.",
      expect: [{ page: "recipe", read: "method", is: "lbfgs" }],
    },
    {
      try: "A regression with the loss mse on all rows: the noisy sine.",
      set: "kind=network&data=sine&batch=full&tab=recipe&topic=method&lane1=sgd,lr:0.1&lane=0",
      happens: "Half a sum of squares: JᵀJ stands in for the Hessian, and the advice is Levenberg-Marquardt.",
      expect: [{ page: "recipe", read: "method", is: "levenberg_marquardt" }],
    },
    {
      try: "A linear system of 2500 unknowns.",
      set: "kind=linear_system&matrix=poisson_2d&size=50&tab=recipe&topic=method",
      happens: "Preconditioned conjugate gradients. Gradient descent is not a way to solve a linear system.",
      expect: [{ page: "recipe", read: "method", is: "pcg" }],
    },
  ],
  question: {
    ask: "Set a network so that the advice is Newton's method: one step is to be enough.",
    check: [
      { setting: "kind", is: "network" },
      { page: "recipe", read: "method", is: "newton" },
    ],
    answer: {
      set: "kind=network&data=sine&batch=full&layers=&tab=recipe&topic=method&lane1=sgd,lr:0.1&lane=0",
      because:
        "Without a hidden layer, with the loss mse and all rows, the loss is a quadratic in few parameters, and Newton's step solves it. In deep learning that practically never happens: there it is Adam, or SGD with momentum.",
    },
  },
};
