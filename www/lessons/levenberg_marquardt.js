/** @type {import("./lesson.js").Lesson} */
export default {
  id: "levenberg_marquardt",
  title: "Levenberg-Marquardt",
  section: "Levenberg-Marquardt",
  look: "Marquardt scales the damping of each parameter by its own curvature, so it does not matter in which units a parameter is written; with Levenberg's λI it does.",
  equation: [
    String.raw`\bigl(\mathbf{J}_F^\top \mathbf{J}_F + \lambda \, \mathrm{diag}(\mathbf{J}_F^\top \mathbf{J}_F)\bigr) \, (x_k - x_{k+1}) = \nabla f(x_k)`,
  ],
  state:
    "kind=least_squares&model=b1*exp(-b2*x)&csv=x,y%0A0,5.10%0A0.5,3.60%0A1,2.80%0A1.5,1.95%0A2,1.55%0A3,0.80%0A4,0.50%0A6,0.10&start=8,0.1&iterations=60&gtol=&speed=2&lane1=levenberg,lambda:1&lane2=levenberg_marquardt,lambda:1&lane=1",
  steps: [
    {
      try: "Write b2 in thousandths: the model b1*exp(-0.001*b2*x), from (8, 100). It is the same curve.",
      set: "model=b1*exp(-0.001*b2*x)&start=8,100",
      happens:
        "Levenberg-Marquardt takes the same 17 steps with the same losses. Levenberg needs 22 instead of 13: beside a JᵀJ that is a million times smaller in b2, λ = 1 holds b2 fast.",
      expect: [
        { lane: "levenberg_marquardt", read: "iterations", is: 17 },
        { lane: "levenberg", read: "iterations", above: 18 },
      ],
    },
    {
      try: "Begin Levenberg-Marquardt with λ = 1000 on the original model.",
      set: "lane2=levenberg_marquardt,lambda:1000",
      happens:
        "A pure number now, λ = 1000 means steps of about a thousandth of Gauss-Newton's in every parameter; it needs five steps more, as λ falls by a factor of 3 at most with each.",
      expect: [{ lane: "levenberg_marquardt", read: "iterations", above: 20 }],
    },
  ],
  question: {
    ask: "With b2 in thousandths, choose Levenberg's first λ so that it is below f = 0.0185 within 6 steps, as it was before.",
    check: [
      { setting: "start", is: "8,100" },
      { lane: "levenberg", read: "loss", within: 6, below: 0.0185 },
    ],
    answer: {
      set: "model=b1*exp(-0.001*b2*x)&start=8,100&lane1=levenberg,lambda:0.000001",
      because:
        "The entry of JᵀJ for b2 has shrunk by 1000², so λ must shrink as much, to 1e-6, and is then too small for b1. Marquardt's diagonal does this for each parameter on its own.",
    },
  },
};
