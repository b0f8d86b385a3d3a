/**
 * States to begin with: one for each surface and each data set, with settings that suit it.
 *
 * A link holds only what differs from the state given here for its surface or data set.
 */

import { OWN_DATA } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Lane} Lane */

/** @type {Pick<State, "selected" | "xaxis" | "log" | "show" | "speed" | "ema" | "weight" | "theme">} */
const VIEW = {
  selected: 0,
  xaxis: "iteration",
  log: { loss: true, grad_norm: true, lr: true, accuracy: false },
  show: "both",
  speed: 30,
  ema: 0.9,
  weight: -1,
  theme: "",
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
  const [sgd, momentum, rmsprop, adam] = (Object.hasOwn(RATES, name) && RATES[name]) || [0.01, 0.003, 0.03, 0.1];
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
    xaxis: "epoch",
    speed: r.speed ?? 120,
  };
}

/** The state that a surface or data set begins with. @param {string} kind @param {string} [name] @returns {State} */
export function baseState(kind, name) {
  return kind === "network" ? network(name) : surface(name);
}

/** The state that `state` is a variation of. @param {State} state @returns {State} */
export function baseOf({ config: { problem } }) {
  if (problem.kind !== "network") return surface(problem.name);
  return network(problem.data?.csv === undefined ? problem.data?.name : OWN_DATA);
}

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

/** What changes of a state when its data become the visitor's own. @param {State} state @returns {Pick<State, "config" | "lanes" | "selected" | "xaxis">} */
export function ownData(state) {
  const { config, lanes, selected, xaxis } = network(OWN_DATA);
  return { config: { ...config, seed: state.config.seed }, lanes, selected, xaxis };
}

/** The data sets with settings of their own, in the order to offer them. */
export const PRESETS = Object.keys(RECIPES);
