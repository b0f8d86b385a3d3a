/** @type {import("./lesson.js").Lesson} */
export default {
  id: "linear_systems",
  title: "Linear systems and general optimisation",
  section: "General Optimization",
  look: "Ax = b is the minimum of ½xᵀAx − bᵀx, so gradient descent can solve it; watch how far down the residual it is when conjugate gradients have long finished.",
  equation: [
    String.raw`Ax = b \iff \nabla \left( \tfrac12 x^\top A x - b^\top x \right) = 0`,
    String.raw`\text{GD: } \mathcal{O}(\kappa), \qquad \text{CG: } \mathcal{O}(\sqrt{\kappa}) \text{ steps}`,
  ],
  state:
    "kind=linear_system&matrix=poisson_2d&size=15&iterations=400&gtol=1e-8&speed=60&lane1=sgd,lr:0.24&lane2=gauss_seidel&lane3=cg&lane4=pcg,preconditioner:ssor&lane=2",
  steps: [
    {
      try: "Refine the grid: size 30, four times as many unknowns.",
      set: "size=30",
      happens:
        "The condition number grows fourfold. Conjugate gradients need twice as many steps, 62 instead of 31; gradient descent and Gauss-Seidel are far off after 400.",
      expect: [
        { lane: "cg", read: "iterations", above: 55 },
        { lane: "cg", read: "iterations", below: 70 },
        { lane: "sgd", read: "residual", above: 0.01 },
        { lane: "gauss_seidel", read: "residual", above: 1e-6 },
      ],
    },
    {
      try: "Factor it: Cholesky in lane 4.",
      set: "lane4=cholesky",
      happens:
        "A direct method has no learning rate and no condition to wait for: the first step is the solution, to the last digits.",
      expect: [
        { lane: "cholesky", read: "residual", within: 2, below: 1e-9 },
        { lane: "cholesky", read: "iterations", below: 3 },
      ],
    },
    {
      try: "Others: Rastrigin's function, with a genetic algorithm and CMA-ES beside Adam.",
      set: "kind=surface&f=rastrigin&iterations=120&gtol=&speed=12&lane1=adam,lr:0.5&lane2=genetic&lane3=cma_es,population:40&lane=1",
      happens:
        "A hundred dents: Adam ends in one of them, the populations in the lowest. They ask for no gradient, only for values.",
      expect: [
        { lane: "adam", read: "loss", above: 1 },
        { lane: "genetic", read: "loss", below: 0.01 },
        { lane: "cma_es", read: "loss", below: 0.01 },
      ],
    },
  ],
  question: {
    ask: "With size 15, bring the residual of one lane below 1e-6 within 15 steps, by an iterative method: no factorisation.",
    check: [
      { setting: "size", is: 15 },
      { lane: ["pcg", "cg", "sor", "gauss_seidel", "jacobi"], read: "residual", within: 15, below: 1e-6 },
    ],
    answer: {
      set: "lane4=pcg,preconditioner:ssor,omega:1.5",
      because:
        "A preconditioner M close to A that is cheap to solve with turns κ(A) into κ(M⁻¹A). SSOR with ω = 1.5 is a better M than with ω = 1: 14 steps where plain CG needs 27. GD is not a way to solve a linear system.",
    },
  },
};
