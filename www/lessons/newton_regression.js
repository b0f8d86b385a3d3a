/** @type {import("./lesson.js").Lesson} */
export default {
  id: "newton_regression",
  title: "Newton on linear regression",
  section: "Newton's method",
  look: "The loss is a parabola in the parameters, so Newton's parabola is the loss itself: one step lands on the solution of the normal equations, and the rest only confirms it.",
  equation: [
    String.raw`J(\theta) = (y - X\theta)^\top (y - X\theta)`,
    String.raw`\nabla J = -2 X^\top (y - X\theta), \qquad \mathbf{H} = 2 X^\top X`,
    String.raw`\theta_0 - \mathbf{H}^{-1} \nabla J(\theta_0) = (X^\top X)^{-1} X^\top y`,
  ],
  state:
    "kind=network&data=diabetes&layers=&l2=0&batch=full&iterations=100&gtol=1e-10&ema=0&validate=1&x=iteration&speed=5&lane1=sgd,lr:0.1&lane2=newton&lane3=gauss_newton&lane=1",
  steps: [
    {
      try: "Start from other first weights: under Seeds apart, 7.",
      set: "initseed=7",
      happens: "From anywhere, one step. Newton and Gauss-Newton agree, for a linear model has no second derivatives.",
      expect: [
        { lane: "newton", read: "loss", at: 1, below: { lane: "newton", read: "loss", of: "lowest", times: 1.000001 } },
        {
          lane: "gauss_newton",
          read: "loss",
          at: 1,
          below: { lane: "newton", read: "loss", of: "lowest", times: 1.000001 },
        },
      ],
    },
    {
      try: "Give Newton minibatches of 16 rows.",
      set: "lane2=newton,batch:16",
      happens:
        "Now each step solves for 16 rows alone, exactly, and throws the former answer away: the validation loss leaps about, until a batch has too few different rows for a solution and the method breaks down.",
      expect: [{ lane: "newton", read: "val_loss", above: { lane: "gauss_newton", read: "val_loss", times: 1.5 } }],
    },
  ],
  question: {
    ask: "Gradient descent is 2 % above Newton's loss after 100 steps. Bring a first-order lane to within 0.1 % of it in the same 100 steps.",
    check: [
      {
        lane: ["sgd", "momentum", "nesterov", "adam", "rmsprop"],
        read: "loss",
        within: 100,
        below: { lane: "gauss_newton", read: "loss", times: 1.001 },
      },
      { lane: "gauss_newton", read: "status", is: "converged" },
    ],
    answer: {
      set: "lane1=momentum,lr:0.1,beta:0.9",
      because:
        "The inputs are correlated, so XᵀX is badly conditioned and plain gradient descent is held back by its smallest eigenvalue; a rate of 0.3 diverges. Momentum takes the root of the condition number, Newton does not feel it at all.",
    },
  },
};
