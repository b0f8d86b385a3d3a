/** @type {import("./lesson.js").Lesson} */
export default {
  id: "gauss_newton",
  title: "Gauss-Newton",
  section: "Gauss-Newton",
  look: "From (8, 0.1) Newton runs away, because the true Hessian curves downwards there; Gauss-Newton's JᵀJ never does, and it is there in ten steps without a second derivative.",
  equation: [
    String.raw`\mathbf{H}_f \approx 2 \mathbf{J}_F^\top \mathbf{J}_F`,
    String.raw`2 \, \mathbf{J}_F(x_k)^\top \mathbf{J}_F(x_k) \, (x_k - x_{k+1}) = \nabla f(x_k)`,
  ],
  state:
    "kind=least_squares&model=exponential&start=8,0.1&iterations=150&gtol=1e-8&speed=2&lane1=sgd,lr:0.005&lane2=newton&lane3=gauss_newton&lane=2",
  steps: [
    {
      try: "Start near the solution: (4, 0.5).",
      set: "start=4,0.5",
      happens: "Here both converge. Newton needs fewer steps, but of Hessians; Gauss-Newton took Jacobians only.",
      expect: [
        { lane: "newton", read: "loss", below: 0.35 },
        { lane: "gauss_newton", read: "loss", below: 0.35 },
        { lane: "newton", read: "iterations", below: { lane: "gauss_newton", read: "iterations" } },
        { lane: "gauss_newton", read: "hessian_evals", is: 0 },
      ],
    },
    {
      try: "Start at (1, 1.5), the model's first start.",
      set: "start=1,1.5",
      happens:
        "The linear model of the residuals is trusted too far: the step overshoots to a curve that is flat, where a column of J vanishes and the system has no solution.",
      expect: [{ lane: "gauss_newton", read: "status", is: ["breakdown", "diverged"] }],
    },
  ],
  question: {
    ask: "Make Gauss-Newton reach the solution (f below 0.35) from (1, 1.5) all the same.",
    check: [
      { setting: "start", is: "1,1.5" },
      { lane: "gauss_newton", read: "loss", below: 0.35 },
    ],
    answer: {
      set: "start=1,1.5&lane3=gauss_newton,lr:0.2",
      because:
        "The direction is right, its length is not: with α = 0.2 only a fifth of each step is taken. That costs the fast end, as every step now removes only a fifth of the error. Damping that fades, Levenberg's, is the better answer.",
    },
  },
};
