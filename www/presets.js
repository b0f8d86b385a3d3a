/**
 * States to begin with: one for each surface, data set, model and matrix, with settings that suit it, and a few more that
 * show something.
 *
 * A link holds only what differs from the state given here for its surface, data set, model or matrix.
 */

import { OWN_DATA } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Lane} Lane */

/** @type {Omit<State, "config" | "lanes">} */
const VIEW = {
  tab: "run",
  selected: 0,
  xaxis: "iteration",
  log: {
    loss: true,
    grad_norm: true,
    lr: true,
    accuracy: false,
    residual: true,
    error: true,
    lambda: true,
    gain: false,
    spread: true,
    primal_residual: true,
    dual_residual: true,
    gap: true,
    violation: true,
    acceptance_rate: false,
    temperature: true,
  },
  show: "both",
  speed: 30,
  ema: 0.9,
  weight: -1,
  axes: [0, 1],
  picture: "both",
  panel: "model",
  part: "val",
  opened: 0,
  tune: { method: "grid", axes: [], score: "", folds: 1, repeats: 1, trials: 24, seed: 0, factor: 3, rival: false },
  recipe: { topic: "recipe", climb: [1e-6, 10, 200], ladder: [], capacity: "", sizes: [], folds: 1, script: "run" },
  theme: "",
  proof: "",
  lesson: "",
};

/** @param {...[import("./state.js").OptimizerConfig, import("./state.js").ScheduleConfig?]} lanes @returns {Lane[]} */
function lanes(...lanes) {
  return lanes.map(([optimizer, schedule], i) => ({ mark: i + 1, optimizer, ...(schedule ? { schedule } : {}) }));
}

/** Learning rates of gradient descent, momentum, RMSProp and Adam that show something on each surface. @type {Record<string, [sgd: number, momentum: number, rmsprop: number, adam: number]>} */
const RATES = {
  quadratic: [0.05, 0.01, 0.1, 0.3],
  sphere: [0.1, 0.02, 0.1, 0.3],
  saddle: [0.02, 0.005, 0.03, 0.05],
  beale: [0.01, 0.005, 0.03, 0.2],
  himmelblau: [0.01, 0.003, 0.1, 0.5],
  booth: [0.05, 0.005, 0.2, 0.5],
  matyas: [0.5, 0.1, 0.05, 0.3],
  three_hump_camel: [0.05, 0.02, 0.1, 0.2],
  six_hump_camel: [0.05, 0.01, 0.05, 0.1],
  mccormick: [0.1, 0.02, 0.1, 0.2],
  styblinski_tang: [0.01, 0.005, 0.1, 0.3],
  rastrigin: [0.002, 0.0005, 0.05, 0.5],
  ackley: [0.05, 0.01, 0.1, 0.5],
  goldstein_price: [0.0001, 0.00005, 0.05, 0.1],
  branin: [0.05, 0.005, 0.2, 0.5],
  easom: [0.5, 0.02, 0.05, 0.02],
};

/** @param {string | undefined} name @returns {State} */
function surface(name) {
  if (name === undefined || name === "rosenbrock") {
    return {
      ...VIEW,
      config: {
        problem: { kind: "surface", name: "rosenbrock", start: [-1.5, 1] },
        seed: 42,
        stop: { iterations: 400, gradient_tol: 0.01 },
      },
      lanes: lanes(
        [{ name: "sgd", lr: 0.001 }],
        [{ name: "momentum", lr: 0.0005, beta: 0.9 }],
        [
          { name: "rmsprop", lr: 0.03, beta: 0.9 },
          { name: "exponential", base: 0.995 },
        ],
        [{ name: "adam", lr: 0.3 }],
        [{ name: "sgd", lr: 0.003 }],
      ),
      selected: 1,
    };
  }
  const rates = Object.hasOwn(RATES, name) ? RATES[name] : undefined;
  if (!rates) return curved(name);
  const [sgd, momentum, rmsprop, adam] = rates;
  return {
    ...VIEW,
    config: { problem: { kind: "surface", name }, seed: 42, stop: { iterations: 400, gradient_tol: 1e-4 } },
    lanes: lanes(
      [{ name: "sgd", lr: sgd }],
      [{ name: "momentum", lr: momentum }],
      [{ name: "rmsprop", lr: rmsprop, beta: 0.9 }],
      [{ name: "adam", lr: adam }],
    ),
    selected: 3,
  };
}

/** Problems that were made to test methods which know curvature; gradient descent gets nowhere on them. @param {string} name @returns {State} */
function curved(name) {
  return {
    ...VIEW,
    config: { problem: { kind: "surface", name }, seed: 42, stop: { iterations: 400, gradient_tol: 1e-8 } },
    lanes: lanes(
      [{ name: "newton", line_search: "strong_wolfe" }],
      [{ name: "bfgs" }],
      [{ name: "lbfgs" }],
      [{ name: "levenberg_marquardt" }],
    ),
    selected: 3,
    speed: 5,
  };
}

/**
 * What a data set is trained with: hidden layers, activation, batch size, iterations, L2, and the learning rates of
 * gradient descent, momentum, RMSProp and Adam.
 * @typedef {object} Recipe
 * @property {number[]} layers @property {string} activation @property {string} loss
 * @property {number} batch @property {number} iterations @property {number} [l2]
 * @property {[number, number, number, number]} rates
 * @property {{ n?: number, noise?: number }} [data] @property {number} [speed]
 */
/** @type {Record<string, Recipe>} */
const RECIPES = {
  xor: {
    layers: [4, 4],
    activation: "tanh",
    loss: "binary_cross_entropy",
    batch: 16,
    iterations: 1000,
    rates: [0.3, 0.1, 0.01, 0.02],
    data: { noise: 0.1 },
  },
  circle: {
    layers: [4, 3],
    activation: "tanh",
    loss: "binary_cross_entropy",
    batch: 16,
    iterations: 1000,
    rates: [0.3, 0.1, 0.01, 0.02],
  },
  gauss: {
    layers: [3],
    activation: "tanh",
    loss: "binary_cross_entropy",
    batch: 16,
    iterations: 500,
    rates: [0.1, 0.03, 0.01, 0.02],
  },
  spiral: {
    layers: [24, 24],
    activation: "relu",
    loss: "binary_cross_entropy",
    batch: 32,
    iterations: 3000,
    rates: [0.3, 0.1, 0.003, 0.01],
    data: { n: 500, noise: 0.05 },
    speed: 300,
  },
  moons: {
    layers: [4, 3],
    activation: "tanh",
    loss: "binary_cross_entropy",
    batch: 16,
    iterations: 900,
    rates: [0.3, 0.1, 0.01, 0.03],
  },
  sine: {
    layers: [16, 16],
    activation: "tanh",
    loss: "mse",
    batch: 16,
    iterations: 2000,
    rates: [0.1, 0.03, 0.003, 0.01],
  },
  plane: { layers: [], activation: "tanh", loss: "mse", batch: 16, iterations: 500, rates: [0.05, 0.01, 0.01, 0.03] },
  iris: {
    layers: [16],
    activation: "relu",
    loss: "cross_entropy",
    batch: 16,
    iterations: 600,
    rates: [0.1, 0.03, 0.005, 0.01],
  },
  wine: {
    layers: [16],
    activation: "relu",
    loss: "cross_entropy",
    batch: 16,
    iterations: 600,
    rates: [0.1, 0.03, 0.005, 0.01],
  },
  breast_cancer: {
    layers: [16],
    activation: "relu",
    loss: "binary_cross_entropy",
    batch: 32,
    iterations: 600,
    rates: [0.1, 0.03, 0.003, 0.005],
  },
  digits: {
    layers: [64],
    activation: "relu",
    loss: "cross_entropy",
    batch: 32,
    iterations: 1500,
    rates: [0.1, 0.03, 0.002, 0.003],
    speed: 300,
  },
  diabetes: {
    layers: [8],
    activation: "tanh",
    loss: "mse",
    batch: 32,
    iterations: 500,
    rates: [0.03, 0.01, 0.003, 0.005],
    l2: 0.01,
  },
};

/** For a data set of the visitor's own. @type {Recipe} */
const OWN = {
  layers: [16],
  activation: "relu",
  loss: "cross_entropy",
  batch: 32,
  iterations: 1000,
  rates: [0.1, 0.03, 0.003, 0.005],
};

/** @param {string | undefined} name @returns {State} */
function network(name = "moons") {
  const r = (Object.hasOwn(RECIPES, name) && RECIPES[name]) || OWN;
  const [sgd, momentum, rmsprop, adam] = r.rates;
  const data = name === OWN_DATA ? { csv: "" } : { name, ...r.data };
  return {
    ...VIEW,
    config: {
      problem: {
        kind: "network",
        data,
        split: { train: 0.6, val: 0.2, test: 0.2 },
        layers: r.layers,
        activation: r.activation,
        loss: r.loss,
        l2: r.l2 ?? 0,
      },
      batch_size: r.batch,
      seed: 42,
      stop: { iterations: r.iterations },
    },
    lanes: lanes(
      [{ name: "sgd", lr: sgd }],
      [{ name: "momentum", lr: momentum }],
      [{ name: "rmsprop", lr: rmsprop, beta: 0.9 }],
      [{ name: "adam", lr: adam }],
    ),
    selected: 3,
    tune: { ...VIEW.tune, folds: 5 },
    xaxis: "epoch",
    speed: r.speed ?? 120,
  };
}

/** The model and the matrix to begin with. */
const FIRST_MODEL = "exponential";
const FIRST_MATRIX = "poisson_2d";

/** Learning rates at which gradient descent neither diverges nor stands still from the model's first start. @type {Record<string, number>} */
const FIT_RATES = {
  linear: 0.001,
  polynomial: 0.002,
  exponential: 0.005,
  michaelis_menten: 0.01,
  logistic_growth: 0.02,
  gaussian_peaks: 0.02,
  circle: 0.02,
  misra1a: 2e-11,
  chwirut2: 2e-9,
  danwood: 0.005,
  hahn1: 1e-13,
  kirby2: 2e-15,
  mgh17: 5e-5,
  rat43: 2e-7,
  thurber: 5e-11,
  boxbod: 0.2,
};

/** @param {string | undefined} model a name, or a formula for data of the visitor's own @returns {State} */
function fit(model = FIRST_MODEL) {
  const known = Object.hasOwn(FIT_RATES, model);
  return {
    ...VIEW,
    config: {
      problem: { kind: "least_squares", model, ...(known ? {} : { data: { csv: "" } }) },
      seed: 42,
      stop: { iterations: 1000 },
    },
    lanes: lanes(
      [{ name: "sgd", lr: FIT_RATES[model] ?? 0.001 }],
      [{ name: "gauss_newton" }],
      [{ name: "levenberg" }],
      [{ name: "levenberg_marquardt" }],
    ),
    selected: 3,
    speed: 5,
  };
}

/** Learning rate of gradient descent, iterations a second, and the other methods of the race. @type {Record<string, { rate: number, speed: number, race: string[] }>} */
const SYSTEMS = {
  poisson_2d: { rate: 0.24, speed: 12, race: ["steepest_descent", "gauss_seidel", "cg", "pcg"] },
  tridiagonal: { rate: 0.49, speed: 12, race: ["steepest_descent", "gauss_seidel", "cg", "pcg"] },
  random_spd: { rate: 1.9, speed: 12, race: ["steepest_descent", "gauss_seidel", "cg", "pcg"] },
  hilbert: { rate: 1.1, speed: 5, race: ["steepest_descent", "gauss_seidel", "cg", "cholesky"] },
  random: { rate: 0.01, speed: 5, race: ["jacobi", "gauss_seidel", "lu", "qr"] },
  convection_diffusion: { rate: 0.03, speed: 12, race: ["jacobi", "gauss_seidel", "sor", "lu"] },
};

/** Densities exp(−f) to be sampled, and by what. @type {Record<string, { title: string, formula: string, start: number[], race: [import("./state.js").OptimizerConfig][] }>} */
const DENSITIES = {
  gaussian_samples: {
    title: "Sampling a Gaussian: four ways to walk",
    formula: "25/18 * ((x - 1)^2 - 0.8*(x - 1)*(y + 1) + (y + 1)^2/4)",
    start: [-3, 3],
    race: [
      [{ name: "metropolis", sd: 1.2, chains: 4, warmup: 200 }],
      [{ name: "metropolis", proposal: "drifted", drift: 0.5, sd: 1, chains: 4, warmup: 200 }],
      [{ name: "langevin", chains: 4, warmup: 200 }],
      [{ name: "hamiltonian", chains: 4, warmup: 200 }],
    ],
  },
  banana_samples: {
    title: "Sampling a banana: small steps, large steps, rolling",
    formula: "x^2/4.5 + (y - (x^2 - 2.25)/2)^2/2",
    start: [3, -3],
    race: [
      [{ name: "metropolis", sd: 0.15, chains: 4 }],
      [{ name: "metropolis", proposal: "learnt", sd: 1, chains: 4, warmup: 400 }],
      [{ name: "metropolis", sd: 8, chains: 4 }],
      [{ name: "hamiltonian", chains: 4, warmup: 400 }],
    ],
  },
  mixture_samples: {
    title: "Sampling two hills: who finds the other?",
    formula: "-log(0.3*exp(-((x + 2.5)^2 + y^2)/1.2) + 0.7*exp(-((x - 2.5)^2 + (y - 1)^2)/1.2))",
    start: [-2.5, 0],
    race: [
      [{ name: "metropolis", sd: 0.4, chains: 4, scatter: 0.3 }],
      [{ name: "metropolis", sd: 2.5, chains: 4, scatter: 0.3 }],
      [{ name: "metropolis", sd: 0.4, chains: 4, scatter: 3 }],
      [{ name: "hamiltonian", chains: 4, scatter: 0.3 }],
    ],
  },
};

/** @param {string} [matrix] @returns {State} */
function system(matrix = FIRST_MATRIX) {
  const own = matrix === OWN_DATA;
  const { rate, speed, race } = (Object.hasOwn(SYSTEMS, matrix) && SYSTEMS[matrix]) || OWN_SYSTEM;
  return {
    ...VIEW,
    config: {
      problem: { kind: "linear_system", a: own ? { csv: OWN_MATRIX } : { name: matrix } },
      seed: 42,
      stop: { iterations: 1000, gradient_tol: 1e-8 },
    },
    lanes: lanes([{ name: "sgd", lr: rate }], ...race.map(racer)),
    selected: Math.max(0, race.indexOf("cg") + 1),
    speed,
  };
}

/**
 * A solver by its name. The preconditioner that is the default shows nothing where the diagonal is constant, and an
 * incomplete factorisation nothing where it is complete.
 * @param {string} name @returns {[import("./state.js").OptimizerConfig]}
 */
function racer(name) {
  return [name === "pcg" ? { name, preconditioner: "ssor" } : { name }];
}

/** A small matrix to be changed, symmetric and positive definite. */
const OWN_MATRIX = "4,1,0\n1,3,1\n0,1,2";
const OWN_SYSTEM = { rate: 0.1, speed: 5, race: ["gauss_seidel", "cg", "cholesky", "lu"] };

/** A disc and a line: both constraints are active at the solution. @returns {State} */
function constrained() {
  return under(
    {
      objective: "(x - 2)^2 + (y - 1)^2",
      equality: ["x - 2*y = -1"],
      inequality: ["x^2/4 + y^2 <= 1"],
      start: [2, 2],
    },
    [{ name: "sgd", lr: 0.1 }],
    [{ name: "penalty" }],
    [{ name: "augmented_lagrangian" }],
  );
}

/** The last lane is the one to look at. @param {object} problem @param {...[import("./state.js").OptimizerConfig]} methods @returns {State} */
function under(problem, ...methods) {
  return {
    ...VIEW,
    config: { problem: { kind: "constrained", ...problem }, seed: 42, stop: { iterations: 400 } },
    lanes: lanes(...methods),
    selected: methods.length - 1,
    speed: 5,
  };
}

/** The state that a surface, data set, model or matrix begins with. @param {string} kind @param {string} [name] @returns {State} */
export function baseState(kind, name) {
  if (kind === "network") return network(name);
  if (kind === "least_squares") return fit(name);
  if (kind === "constrained") return constrained();
  return kind === "linear_system" ? system(name) : surface(name);
}

/** The state that `state` is a variation of. @param {State} state @returns {State} */
export function baseOf({ config: { problem } }) {
  const { kind, data, a } = problem;
  if (kind === "least_squares") return fit(problem.model);
  if (kind === "constrained") return constrained();
  if (kind === "linear_system") return system(a?.csv === undefined ? a?.name : OWN_DATA);
  if (kind !== "network") return surface(problem.name);
  return network(data?.csv === undefined ? data?.name : OWN_DATA);
}

/**
 * A network that fits too little, too much or just enough, beside two others. Few training rows and many to validate by,
 * so that what is measured is the fit and not the luck of the draw.
 * @param {import("./state.js").Panel} panel @param {Record<string, unknown>} problem @returns {State}
 */
function fitting(panel, problem) {
  const base = network("moons");
  return {
    ...base,
    config: {
      ...base.config,
      problem: {
        ...base.config.problem,
        data: { name: "moons", n: 200, noise: 0.4 },
        split: { train: 0.4, val: 0.4, test: 0.2 },
        ...problem,
      },
      stop: { iterations: 2000 },
      record: { validate_every: 20 },
    },
    lanes: lanes([{ name: "adam", lr: 0.01 }]),
    selected: 0,
    xaxis: "iteration",
    panel,
    speed: Number.POSITIVE_INFINITY,
  };
}

/**
 * States that show one thing: for a kind of problem, by name.
 * @type {{ name: string, kind: string, title: string, state: () => State }[]}
 */
export const SHOWS = [
  {
    name: "lagrange",
    kind: "constrained",
    title: "Lagrange: a line touches a circle",
    state: () =>
      under(
        { objective: "x + y", equality: ["x^2 + y^2 = 2"], start: [0.3, -1.8] },
        [{ name: "penalty" }],
        [{ name: "augmented_lagrangian" }],
        [{ name: "lagrange_newton" }],
      ),
  },
  {
    name: "linear_program",
    kind: "constrained",
    title: "Linear program: along the edges or through the middle",
    state: () =>
      under(
        {
          objective: "-3*x - 5*y",
          inequality: ["x <= 4", "2*y <= 12", "3*x + 2*y <= 18"],
          lower: 0,
          start: [0.5, 0.5],
        },
        [{ name: "primal_dual", restart: false }],
        [{ name: "primal_dual" }],
        [{ name: "admm" }],
        [{ name: "interior_point" }],
      ),
  },
  {
    name: "box",
    kind: "constrained",
    title: "Box: the projected gradient",
    state: () =>
      under(
        { objective: "x^2 + 1.6*x*y + 2*y^2 - 4*x + y", lower: -1, upper: 1, start: [-0.8, 0.9] },
        [{ name: "admm" }],
        [{ name: "interior_point" }],
        [{ name: "projected_gradient", lr: 0.2 }],
      ),
  },
  {
    name: "lasso",
    kind: "constrained",
    title: "Lasso: one of two parameters becomes 0",
    state: () =>
      under(
        {
          objective: {
            lasso: {
              a: [
                [1, 0.6],
                [0.2, 1],
                [0.8, -0.3],
              ],
              b: [2, 0.9, 1],
              lambda: 1.3,
            },
          },
          start: [-1, 1.5],
        },
        [{ name: "primal_dual" }],
        [{ name: "admm" }],
        [{ name: "projected_gradient", lr: 0.2 }],
      ),
  },
  {
    name: "infeasible",
    kind: "constrained",
    title: "No feasible point, and the proof",
    state: () =>
      under(
        { objective: "x^2 + y^2", inequality: ["x + y <= 1", "x + y >= 2", "y <= x"], start: [2, 0] },
        [{ name: "augmented_lagrangian" }],
        [{ name: "admm" }],
        [{ name: "interior_point" }],
      ),
  },
  {
    name: "newton_sgd",
    kind: "surface",
    title: "Newton against gradient descent",
    state() {
      const base = surface("rosenbrock");
      return {
        ...base,
        lanes: lanes(
          [{ name: "sgd", lr: 0.001 }],
          [{ name: "momentum", lr: 0.0005, beta: 0.9 }],
          [{ name: "newton" }],
          [{ name: "bfgs" }],
        ),
        selected: 2,
        speed: 5,
      };
    },
  },
  {
    name: "rosenbrock_10",
    kind: "surface",
    title: "Rosenbrock in ten variables",
    state() {
      const base = surface("rosenbrock");
      return {
        ...base,
        config: {
          ...base.config,
          problem: { kind: "surface", name: "rosenbrock", dim: 10 },
          stop: { iterations: 2000, gradient_tol: 1e-6 },
        },
        lanes: lanes([{ name: "adam", lr: 0.02 }], [{ name: "newton" }], [{ name: "bfgs" }], [{ name: "lbfgs" }]),
        selected: 2,
        speed: 12,
      };
    },
  },
  ...[
    { name: "too_small", title: "Underfitting: too small", panel: "size", problem: { layers: [] } },
    { name: "right_size", title: "The right size", panel: "size", problem: { layers: [4] } },
    { name: "too_large", title: "Overfitting: too large", panel: "size", problem: { layers: [64, 64] } },
    {
      name: "too_few",
      title: "Overfitting: too few samples",
      panel: "samples",
      problem: { layers: [8], train_rows: 15, data: { name: "moons", n: 400, noise: 0.3 } },
    },
    {
      name: "label_noise",
      title: "Overfitting: label noise",
      panel: "noise",
      problem: { layers: [32, 32], data: { name: "moons", n: 200, noise: 0.15, flips: 0.1 } },
    },
  ].map(({ name, title, panel, problem }) => ({
    name,
    kind: "network",
    title,
    state: () => fitting(/** @type {import("./state.js").Panel} */ (panel), problem),
  })),
  {
    name: "rastrigin_evolution",
    kind: "surface",
    title: "Rastrigin: populations against one point",
    state() {
      const base = surface("rastrigin");
      return {
        ...base,
        config: { ...base.config, stop: { iterations: 120 } },
        lanes: lanes(
          [{ name: "momentum", lr: 0.0005 }],
          [{ name: "adam", lr: 0.5 }],
          [{ name: "genetic" }],
          [{ name: "differential_evolution" }],
          [{ name: "cma_es", population: 40 }],
        ),
        selected: 2,
        speed: 5,
      };
    },
  },
  ...Object.entries(DENSITIES).map(([name, { title, formula, start, race }]) => ({
    name,
    kind: "surface",
    title,
    state: () => ({
      ...VIEW,
      config: { problem: { kind: "surface", formula, start }, seed: 42, stop: { iterations: 3000 } },
      lanes: lanes(...race),
      selected: 0,
      speed: 12,
    }),
  })),
  ...["rastrigin", "ackley"].map((name) => ({
    name: `${name}_annealing`,
    kind: "surface",
    title: `${name === "ackley" ? "Ackley" : "Rastrigin"}: simulated annealing`,
    state() {
      const base = surface(name);
      const hot = name === "ackley" ? 5 : 10;
      return {
        ...base,
        config: { ...base.config, stop: { iterations: 4000 } },
        lanes: lanes(
          [{ name: "adam", lr: base.lanes[3]?.optimizer.lr }],
          [{ name: "metropolis", temperature: 0.05 }],
          [{ name: "metropolis", temperature: hot }],
          [{ name: "metropolis", temperature: hot, cooling: 0.998, chains: 4, scatter: 0 }],
        ),
        selected: 3,
        speed: 60,
      };
    },
  })),
  {
    name: "bayes_fit",
    kind: "least_squares",
    title: "Bayesian fit: what the parameters may be",
    state() {
      const base = fit("exponential");
      const chains = { chains: 4, warmup: 1000 };
      return {
        ...base,
        config: { ...base.config, stop: { iterations: 5000 } },
        lanes: lanes(
          [{ name: "levenberg_marquardt" }],
          [{ name: "metropolis", proposal: "learnt", target: "unknown_noise", sd: 1, ...chains }],
          [{ name: "hamiltonian", target: "unknown_noise", step_size: 0.01, scatter: 0.05, ...chains }],
        ),
        selected: 1,
        speed: 240,
      };
    },
  },
  {
    name: "linear_regression",
    kind: "network",
    title: "Linear regression: Newton in one step",
    state() {
      const base = network("diabetes");
      const { problem } = base.config;
      return {
        ...base,
        config: {
          ...base.config,
          problem: { ...problem, layers: [], l2: 0 },
          batch_size: "full",
          record: { validate_every: 1 },
        },
        ema: 0,
        lanes: [
          { mark: 1, optimizer: { name: "sgd", lr: 0.1 } },
          { mark: 2, optimizer: { name: "sgd", lr: 0.03 }, batch_size: 16 },
          { mark: 3, optimizer: { name: "newton" } },
          // Solves by QR of the Jacobian, which here holds the inputs themselves.
          { mark: 4, optimizer: { name: "gauss_newton" } },
        ],
        selected: 2,
        xaxis: "iteration",
        speed: 5,
      };
    },
  },
  {
    name: "iris_lm",
    kind: "network",
    title: "Iris: Levenberg-Marquardt against Adam",
    state() {
      const base = network("iris");
      const { problem } = base.config;
      return {
        ...base,
        config: {
          ...base.config,
          problem: { ...problem, loss: "mse", activation: "tanh", layers: [8] },
          batch_size: "full",
          stop: { iterations: 2000 },
        },
        ema: 0,
        lanes: lanes(
          [{ name: "sgd", lr: 0.1 }],
          [{ name: "adam", lr: 0.01 }],
          [{ name: "lbfgs" }],
          [{ name: "levenberg_marquardt" }],
        ),
        selected: 3,
        xaxis: "ms",
      };
    },
  },
  {
    name: "digits_lbfgs",
    kind: "network",
    title: "Digits: L-BFGS on the full batch",
    state() {
      const base = network("digits");
      return {
        ...base,
        config: { ...base.config, batch_size: "full", stop: { iterations: 1000, target: 1e-3 } },
        lanes: [
          { mark: 1, optimizer: { name: "adam", lr: 0.003 }, batch_size: 32 },
          { mark: 2, optimizer: { name: "lbfgs" } },
        ],
        selected: 1,
        xaxis: "ms",
        speed: Number.POSITIVE_INFINITY,
      };
    },
  },
];

/** Methods whose learning rate suits another one too. @type {Record<string, string>} */
const KIN = { nesterov: "momentum", adamw: "adam", nadam: "adam", radam: "adam" };

/** The method of this name with what suits the problem, where that is known. @param {State} state @param {string} name @returns {import("./state.js").OptimizerConfig} */
export function suited(state, name) {
  const { lanes } = baseOf(state);
  const own = lanes.find((lane) => lane.optimizer.name === name);
  const kin = own ?? lanes.find((lane) => lane.optimizer.name === KIN[name]);
  if (own) return { ...own.optimizer };
  return kin?.optimizer.lr === undefined ? { name } : { name, lr: kin.optimizer.lr };
}

/** What changes of a state when its data become the visitor's own. @param {State} state @returns {Pick<State, "config" | "lanes" | "selected" | "xaxis" | "opened">} */
export function ownData(state) {
  const { config, lanes, selected, xaxis } = network(OWN_DATA);
  return { config: { ...config, seed: state.config.seed }, lanes, selected, xaxis, opened: 0 };
}

/** The data sets with settings of their own, in the order to offer them. */
export const PRESETS = Object.keys(RECIPES);
