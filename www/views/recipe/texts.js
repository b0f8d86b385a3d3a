/** Every sentence and word of the page Recipe. */

export const T = {
  rail: "Recipe",
  topicsLabel: "What it is about",
  topics: {
    recipe: "Basic recipe",
    method: "Which, what and when",
    range: "Learning rate: range test",
    rates: "Learning rate: sweep",
    capacity: "Capacity",
    export: "Export",
  },
  lane: "Lane",
  run: "Run",
  runHint: (/** @type {string} */ problem) => `On ${problem}, as set on the page Run.`,
  noLane: "There is no lane. Add a method on the page Run.",
  details: "Details",
  none: "–",
  cancel: "Cancel",
  progress: "Done",
  useInRun: "Use in Run",
  useInRunOf: (/** @type {string} */ what) => `Use in Run: ${what}`,
  useRate: (/** @type {string} */ rate) => `Use ${rate} in Run`,
  working: "Working …",
  checking: "Looking at the settings …",
  refused: "This cannot be run",
  trainings: (/** @type {string} */ n) => (n === "1" ? "1 training" : `${n} trainings`),
  ready: (/** @type {string} */ trainings) => `${trainings} to run`,
  doing: (
    /** @type {number} */ done,
    /** @type {string} */ all,
    /** @type {number} */ running,
    /** @type {string} */ left,
  ) => `${done} of ${all}, ${running} running${left ? `, about ${left} left` : ""}`,
  keptAt: (/** @type {number} */ done, /** @type {string} */ all) => `${done} of ${all} done`,
  finished: (/** @type {string} */ all, /** @type {string} */ time) => `${all} done${time ? ` in ${time}` : ""}`,
  statuses: {
    waiting: "waiting",
    running: "running",
    converged: "converged",
    stopped: "done",
    breakdown: "broke down",
    diverged: "diverged",
    error: "failed",
  },

  elsewhere: "What applies here",
  networkOffer: "Open two moons",

  // Basic recipe
  errors: "Errors",
  errorsSub: { accuracy: "share of rows that are told wrongly", r2: "1 − R², the share of the variance left over" },
  human: "Human-level error",
  humanHint:
    "In per cent: what a careful person would get wrong. It stands in for the best that can be had; empty is 0.",
  parts: { human: "human level", train: "training", val: "validation", test: "test" },
  train: "Train",
  trainAgain: "Train again",
  tryAll: "Try all of them",
  verdicts: { bias: "Bias", variance: "Variance", done: "Done" },
  verdictNone: "Not trained yet",
  verdictHint:
    "Train trains the selected lane's config on all cores and reads its errors on the training and validation rows.",
  gaps: { bias: "bias", variance: "variance", test: "test gap" },
  arithmetic: "The arithmetic",
  verdict: "Verdict",
  failed: (/** @type {string} */ status, /** @type {string} */ reason) =>
    `The run has no errors to read: it ${status === "diverged" ? "diverged" : "failed"}${reason ? ` (${reason})` : ""}. Lower its learning rate: the range test says how far.`,
  noVal: "There are no validation rows. Set a split with some on the page Run.",
  testTitle: "Test error",
  sealed: (/** @type {number} */ rows) =>
    `${rows} test rows are sealed, and stay out of the recipe. Break the seal on the page Run once all is chosen.`,
  noTest: "There are no test rows.",
  openedElsewhere: (/** @type {number} */ n) =>
    `The seal was broken ${times(n)}, but not with this run. Run it and open the test set again on the page Run to see its error here.`,
  opened: (/** @type {number} */ n, /** @type {number} */ at, /** @type {number} */ end) =>
    `The seal was broken ${times(n)}. ${at === end ? "The test error is that of this run." : `The test error is that of this run at iteration ${at}, not at its end, ${end}.`}`,
  actions: "Next actions",
  actionColumns: ["What to do", "Sets", "Training error", "Validation error", "Gap", "Whether it helped"],
  try: "Try",
  tryOf: (/** @type {string} */ what) => `Try: ${what}`,
  trying: "training …",
  from: "→",
  helped: (/** @type {string} */ gap) => `helped: validation error ${gap} lower`,
  helpedPart: (/** @type {string} */ what) => `the ${what} fell, the validation error did not`,
  same: "no difference",
  hurt: (/** @type {string} */ gap) => `did not help: validation error ${gap} higher`,
  tryFailed: (/** @type {string} */ why) => `failed: ${why}`,
  noActions:
    "Bias and variance are small: there is nothing to mend. Break the seal of the test set on the page Run, once.",
  noActionsYet: "Once trained, the next actions stand here, each with a button that tries it.",
  cannot: {
    more_data: "All rows there are take part already; collect more, or move rows from the validation part.",
    less_regularization: "No penalty on the weights is set.",
    smaller_model: "A linear model cannot be smaller.",
    train_longer: "Set a number of iterations on the page Run.",
    cross_validate: "",
  },
  cannotElse: "Nothing in the config stands for it.",
  toTune: "Folds in Tune",
  notRecipe: (/** @type {string} */ problem) =>
    `The recipe compares errors on training and validation rows. ${problem} has none: there is no data to generalise from, only a value to lower.`,
  notRecipeFit: (/** @type {string} */ problem) =>
    `The recipe compares errors on training and validation rows. ${problem} is fitted to all its rows; how many parameters it should have is shown under Capacity.`,

  // Which, what and when
  pickOf: "The lecture would pick",
  facts: "Because of these facts",
  alternatives: "What else would do",
  methodColumns: ["Method", "What it does", "Race"],
  race: (/** @type {string} */ a, /** @type {string} */ b) => `Race ${a} against ${b}`,
  raceShort: "Race",
  runIt: "Run it",
  isIt: (/** @type {string} */ title) => `The selected lane is ${title} already.`,
  raceHint:
    "The race adds the method as a lane of the page Run, from the same start and with the same budget, and starts it.",
  rules: "Which, what and when",
  ruleList: /** @type {[string, string, string[]][]} */ ([
    ["Minibatches", "Adam; SGD with momentum as a fallback", ["adam", "momentum"]],
    ["Full batch", "a second-order method: it is just faster", ["newton", "bfgs", "lbfgs"]],
    ["Sums of squares", "Gauss-Newton, Levenberg-Marquardt", ["gauss_newton", "levenberg", "levenberg_marquardt"]],
    ["Linear systems", "LU, QR, Cholesky, CG, PCG; never gradient descent", ["lu", "qr", "cholesky", "cg", "pcg"]],
    [
      "Constraints",
      "Lagrange, ADMM, primal-dual, interior point",
      ["interior_point", "lagrange_newton", "projected_gradient", "augmented_lagrangian", "admm"],
    ],
  ]),
  rulesSource:
    "From the lecture. Newton, L-BFGS, Gauss-Newton and Levenberg-Marquardt do not work well on minibatches.",
  adviceRefused: "No advice",

  // Range test
  rangeTitle: "Loss while the learning rate climbs",
  rangeSub: "thin: each step; strong: smoothed",
  rangeFields: ["From", "To", "Steps"],
  rangePaths: ["min_lr", "max_lr", "iterations"],
  climb: "Climb",
  rangeHint: "One run whose rate grows by the same factor with each step. It ends where the loss blows up.",
  test: "Test",
  testAgain: "Test again",
  steepest: "steepest",
  lowest: "lowest",
  lr: "learning rate α (log)",
  rangeFound: "Rates",
  steepestAbout: "where the loss falls fastest: a good rate to begin with",
  lowestAbout: "where the loss is lowest: the largest that may do",
  neverFalls: "The loss never falls.",
  rangeReady: (/** @type {string} */ n) => `a run of at most ${n} steps`,
  rangeDone: (/** @type {string} */ n, /** @type {string} */ rate) => `${n} steps, up to ${rate}`,
  noRate: (/** @type {string} */ title) => `${title} has no learning rate.`,
  noRateHint:
    "Its steps follow from the curvature, a line search or the system itself. Select a lane whose method has one.",

  // Sweep of rates
  ratesTitle: "The same run with several learning rates",
  ratesSub: "training loss; the four that tell most",
  ladder: "Rates",
  ladderFields: ["From", "To", "How many"],
  ladderHint: "Evenly on a logarithmic scale. Without values: two decades on both sides of the lane's own rate.",
  sweep: "Sweep",
  sweepAgain: "Sweep again",
  labels: { low: "too low", slow: "low", good: "good", high: "high", wild: "too high" },
  labelAbout: {
    low: "has gained less than half of what the good one has",
    slow: "the lowest that was tried, and it does nearly as well",
    good: "ends lowest",
    high: "the highest that still learns",
    wild: "diverges, or ends above where it began",
  },
  noLow: "No rate was too low: begin lower.",
  noWild: "No rate was too high: go higher.",
  noGood: "Every rate was too high: begin lower.",
  ratesColumns: ["#", "Learning rate", "Smoothed loss at the end", "Verdict", "Status"],
  iterations: "iterations",
  logSwitch: (/** @type {string} */ is) => `vertical axis ${is}, switch`,

  // Capacity
  capacityTitles: { width: "Loss against width", rows: "Learning curve", degree: "Loss against degree" },
  capacitySub: {
    width: "units in each hidden layer",
    rows: "loss against the number of training rows",
    degree: "fitted to half of the rows, judged on the other half",
  },
  over: "Over",
  overs: { width: "Width of the network", rows: "Training rows", degree: "Degree of the polynomial" },
  axisNames: { width: "units a layer", rows: "training rows", degree: "degree" },
  sizes: "Values",
  folds: "Folds k",
  foldChoices: /** @type {[string, string][]} */ ([
    ["1", "1 (the split)"],
    ["3", "3"],
    ["5", "5"],
    ["10", "10"],
  ]),
  foldsHint: "With folds, points are means, with one standard deviation.",
  key: ["training", "validation"],
  underfit: "underfitting",
  overfit: "overfitting",
  best: "best",
  regimes: "What it shows",
  bestAt: {
    width: (/** @type {number} */ n) =>
      `The validation loss is lowest with ${n} ${n === 1 ? "unit" : "units"} a layer.`,
    degree: (/** @type {number} */ n) => `The validation loss is lowest at degree ${n}.`,
  },
  left: "To the left both losses are high: the model is too small for the task, it underfits.",
  right: "To the right the training loss falls on and the validation loss rises: it overfits.",
  rightFlat:
    "To the right the validation loss has not risen clearly: go on to larger values, or make the noise larger.",
  leftFlat: "No smaller value fits worse: begin with smaller ones.",
  rowsClose: (/** @type {string} */ gap) => `With all rows the validation loss is ${gap} above the training loss.`,
  rowsFalls: "It still falls with more rows: more data will help.",
  rowsFlat: "It has levelled off: more data of this kind will help little, a better model may.",
  capacityNone: "Sweep trains a run for each value; its points appear as they come.",
  capacityColumns: ["Value", "Training loss", "Validation loss", "± s.d.", "Gap", "Status"],
  notCapacity: (/** @type {string} */ problem) =>
    `Under- and overfitting need data that are held out, and ${problem} has none.`,
  notCapacityFit: (/** @type {string} */ problem) =>
    `The degree is swept for data with one input. ${problem} has rows of another kind.`,

  // Export
  exportTitle: "When one machine is not enough",
  scripts: { run: "PyTorch", search: "Ray Tune" },
  scriptLabel: "What to export",
  scriptHints: {
    run: "The selected lane's run as a script that stands alone: the same rows, initial parameters, batches and method variant.",
    search: "The search as set on the page Tune, for Ray Tune: the same trials on as many machines as Ray has.",
  },
  fileNames: { run: "descent_run.py", search: "descent_search.py" },
  copy: "Copy",
  copied: "Copied.",
  copyRefused: "The clipboard is closed to this page. The script is selected: copy it with Ctrl+C.",
  download: "Download",
  exportHow: "How to run it",
  exportRun: { run: "pip install torch", search: 'pip install torch "ray[tune]"' },
  exportGives: {
    run: "It prints the loss before each step, which agrees with the page's to about 15 digits in f64.",
    search: "It ends with the best trial, which is the page's.",
  },
  scriptSize: (/** @type {string} */ lines, /** @type {string} */ kb) => `${lines} lines, ${kb} kB`,
  cut: (/** @type {string} */ n) => ` … ${n} more characters`,
  cutHint: "Long lines are cut here; Copy and Download give all of it.",
  exportRefused: "Cannot be exported",
  noSearch: "There is no search: keep a run on the page Run, or choose another method on the page Tune.",
  script: "The script",
};

/** @param {number} n */
function times(n) {
  return n === 1 ? "once" : `${n} times`;
}
