/** @type {import("./lesson.js").Lesson} */
export default {
  id: "jacobian_hessian",
  title: "Jacobian and Hessian",
  section: "Jacobian and Hessian",
  look: "A curve with two parameters on 40 points: the Jacobian of the residuals is 40 × 2, the Hessian of their sum of squares 2 × 2; Newton asks for the one, Gauss-Newton for the other.",
  equation: [
    String.raw`\mathbf{J} = \frac{\partial r}{\partial \theta} \in \mathbb{R}^{n \times m}, \quad \mathbf{H} = \nabla^2 f \in \mathbb{R}^{m \times m}`,
    String.raw`f = \tfrac12 \lVert r \rVert^2, \qquad \nabla f = \mathbf{J}^\top r`,
    String.raw`\mathbf{H} = \mathbf{J}^\top \mathbf{J} + \sum_i r_i \nabla^2 r_i`,
  ],
  state:
    "kind=least_squares&model=exponential&start=4,0.5&iterations=100&gtol=1e-8&speed=2&lane1=newton&lane2=gauss_newton&lane=0",
  steps: [
    {
      try: "Take a model that is linear in its parameters: Linear regression.",
      set: "model=linear&start=",
      happens:
        "Its residuals have no second derivatives, so JᵀJ is the Hessian itself. Both methods take the same step, and one is enough.",
      expect: [
        { lane: "newton", read: "loss", at: 1, below: { lane: "gauss_newton", read: "loss", at: 1, times: 1.000001 } },
        { lane: "newton", read: "loss", at: 1, above: { lane: "gauss_newton", read: "loss", at: 1, times: 0.999999 } },
        { lane: "newton", read: "iterations", below: 4 },
        { lane: "gauss_newton", read: "hessian_evals", is: 0 },
      ],
    },
    {
      try: "Back to the exponential, with noise 1 instead of 0.15.",
      set: "gnoise=1",
      happens:
        "The residuals stay large, and with them the part of H that Gauss-Newton leaves out: it needs twice as many steps as Newton.",
      expect: [
        { lane: "newton", read: "iterations", below: 7 },
        { lane: "gauss_newton", read: "iterations", above: 8 },
      ],
    },
  ],
  question: {
    ask: "On the exponential model, make Gauss-Newton need at least three times as many steps as Newton, both converging.",
    check: [
      { setting: "model", is: "exponential" },
      { lane: "newton", read: "status", is: "converged" },
      { lane: "gauss_newton", read: "status", is: "converged" },
      { lane: "gauss_newton", read: "iterations", above: { lane: "newton", read: "iterations", times: 2.9 } },
    ],
    answer: {
      set: "gnoise=3",
      because:
        "Gauss-Newton converges linearly, at a rate that grows with the residuals at the solution; Newton quadratically. Good fits make JᵀJ a good Hessian, bad fits do not.",
    },
  },
};
