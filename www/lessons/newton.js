/** @type {import("./lesson.js").Lesson} */
export default {
  id: "newton",
  title: "Newton's method",
  section: "Newton's method",
  look: "Gradient descent follows the bend of the valley for hundreds of steps; Newton jumps to the minimum of the parabola that touches f, again and again, and is there after seven.",
  equation: [
    String.raw`L(\theta) \approx L(\theta_0) + (\theta - \theta_0)^\top \nabla L(\theta_0)`,
    String.raw`\qquad \quad + \tfrac12 (\theta - \theta_0)^\top \mathbf{H} (\theta - \theta_0)`,
    String.raw`\theta^\ast = \theta_0 - \mathbf{H}^{-1} \nabla_\theta L(\theta_0)`,
  ],
  state: "f=rosenbrock&start=-1.5,1&iterations=100&gtol=1e-8&speed=2&lane1=sgd,lr:0.001&lane2=newton&lane=1",
  steps: [
    {
      try: "Take Himmelblau's function, from (0, 0).",
      set: "f=himmelblau&start=0,0&lane1=sgd,lr:0.01",
      happens:
        "Near (0, 0) f curves downwards, so the touching parabola has a maximum. Newton climbs to it and converges, at f = 182: the gradient is zero there too.",
      expect: [
        { lane: "newton", read: "status", is: "converged" },
        { lane: "newton", read: "loss", above: { lane: "newton", read: "loss", of: "first" } },
        { lane: "sgd", read: "loss", below: 0.001 },
      ],
    },
    {
      try: "Safeguard it: line search strong_wolfe (⋯ beside the method).",
      set: "f=himmelblau&start=0,0&lane1=sgd,lr:0.01&lane2=newton,line_search:strong_wolfe",
      happens:
        "The Hessian is shifted until it curves upwards, and no step may raise f: five steps to a minimum, against 78 of gradient descent.",
      expect: [
        { lane: "newton", read: "loss", below: 1e-9 },
        { lane: "newton", read: "iterations", below: 10 },
      ],
    },
  ],
  question: {
    ask: "On Himmelblau's function, find a start from which pure Newton (no line search) converges to a saddle: f between 1 and 150. Click the map to move the start.",
    check: [
      { setting: "f", is: "himmelblau" },
      {
        lane: "newton",
        has: [
          { setting: "line_search", is: "none" },
          { read: "status", is: "converged" },
          { read: "loss", above: 1, below: 150 },
        ],
      },
    ],
    answer: {
      set: "f=himmelblau&start=3,0&lane1=sgd,lr:0.01",
      because:
        "Between two minima lies a saddle, and Newton's parabola has its level point there as well. Newton looks for where the gradient is zero, not for where f is small; and each step costs a Hessian of k² numbers and a solve of k³ operations.",
    },
  },
};
