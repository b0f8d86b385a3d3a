/** @type {import("./lesson.js").Lesson} */
export default {
  id: "levenberg",
  title: "Levenberg",
  section: "Levenberg",
  look: "Gauss-Newton's first step ends outside the world; Levenberg tries it, sees that f rose, stays where it is and raises λ until a shorter step helps: 11 rejected trials in all, and it finds the solution.",
  equation: [
    String.raw`(\mathbf{J}_F^\top \mathbf{J}_F + \lambda \, \mathbf{I}) \, (x_k - x_{k+1}) = \nabla f(x_k)`,
    String.raw`f(x_{k+1}) < f(x_k), \text{ else increase } \lambda`,
  ],
  state:
    "kind=least_squares&model=boxbod&start=1,1&iterations=60&gtol=&speed=2&lane1=gauss_newton&lane2=levenberg,lambda:0.001&lane=1",
  steps: [
    {
      try: "Start near: (100, 0.75).",
      set: "start=100,0.75",
      happens: "No trial is rejected, λ falls from the start, and Levenberg is Gauss-Newton: the same number of steps.",
      expect: [
        { lane: "levenberg", read: "rejected", is: 0 },
        { lane: "levenberg", read: "iterations", below: { lane: "gauss_newton", read: "iterations", times: 1.1 } },
        { lane: "levenberg", read: "iterations", above: { lane: "gauss_newton", read: "iterations", times: 0.9 } },
      ],
    },
    {
      try: "From (1, 1), begin with λ = 1e6 and let it fall slowly: down 1.01.",
      set: "lane2=levenberg,lambda:1000000,down:1.01",
      happens:
        "λI outweighs JᵀJ: each step is a gradient step of length ‖∇f‖/λ, safe and tiny. After 60 steps it has hardly moved. Large λ is gradient descent, small λ Gauss-Newton.",
      expect: [
        { lane: "levenberg", read: "rejected", is: 0 },
        { lane: "levenberg", read: "loss", above: 90000 },
      ],
    },
  ],
  question: {
    ask: "From (1, 1), reach the certified fit (f below 585) within 60 steps with at most 3 rejected trials.",
    check: [
      { setting: "start", is: "1,1" },
      {
        lane: "levenberg",
        has: [
          { read: "loss", below: 585 },
          { read: "rejected", below: 4 },
        ],
      },
    ],
    answer: {
      set: "lane2=levenberg,lambda:1000",
      because:
        "If the first λ is about as large as what the trials would raise it to, hardly anything is rejected on the way there. A rejected trial costs a value and a solve, no Jacobian; so a λ that is too small costs little, and one far too large costs many short steps.",
    },
  },
};
