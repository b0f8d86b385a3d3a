import assert from "node:assert/strict";
import { test } from "node:test";

import { configsOf, planOf } from "../../www/plan.js";
import { baseOf, baseState, PRESETS, SHOWS } from "../../www/presets.js";
import { at, decode, encode, put, TABLE } from "../../www/state.js";

/** @typedef {import("../../www/state.js").State} State */

/** @param {State} state */
const there = (state) => encode(state, baseOf(state));
/** @param {string} hash */
const back = (hash) => decode(hash, baseState);

test("a state that nothing was changed in has a short hash", () => {
  assert.equal(there(baseState("surface")), "");
  assert.equal(there(baseState("surface", "beale")), "f=beale");
  for (const name of PRESETS) assert.equal(there(baseState("network", name)), `kind=network&data=${name}`);
});

test("every base state comes back from its hash", () => {
  const states = [baseState("surface"), baseState("surface", "booth"), ...PRESETS.map((n) => baseState("network", n))];
  states.push(baseState("surface", "wood"), baseState("least_squares"), baseState("least_squares", "mgh17"));
  states.push(baseState("least_squares", "b1 + b2*x^2"), baseState("linear_system"), baseState("linear_system", "own"));
  states.push(baseState("linear_system", "hilbert"), ...SHOWS.map((show) => show.state()));
  for (const state of states) assert.deepEqual(back(there(state)), { state, errors: [], run: false });
});

test("a fit and a linear system of one's own come back from their hashes", () => {
  const fit = back("kind=least_squares&model=b1*exp(-b2*x)&csv=x,y%0A0,1%0A1,2%0A2,5&start=1,-1").state;
  assert.deepEqual(fit.config.problem, {
    kind: "least_squares",
    model: "b1*exp(-b2*x)",
    data: { csv: "x,y\n0,1\n1,2\n2,5" },
    start: [1, -1],
  });
  assert.deepEqual(back(there(fit)).state, fit);
  const system = back("kind=linear_system&entries=2,1%0A1,3&rhs=1,2").state;
  assert.deepEqual(system.config.problem, { kind: "linear_system", a: { csv: "2,1\n1,3" }, b: [1, 2] });
  assert.deepEqual(back(there(system)).state, system);
});

/** A value of each key of the table that differs from the base. @type {Record<string, unknown>} */
const OTHERS = {
  "config.problem.split": { train: 0.5, val: 0.25, test: 0.25 },
  "config.problem.layers": [3, 5],
  "config.problem.activation": ["relu", "tanh"],
  "config.problem.start": [-0.25, 1e-9],
  "config.problem.objective": "x^2 + 3; y",
  "config.problem.equality": ["x + y = 1", "x^2 - y"],
  "config.problem.inequality": { g: [[1, 2]], h: [3] },
  "config.problem.lower": [0, null, -1.5],
  "config.problem.upper": 4,
  "config.batch_size": "full",
  "config.shuffle": false,
  "config.problem.stratify": false,
  "config.problem.standardize": true,
  "config.problem.data.target": "a & b = c, 50%",
  "config.problem.loss": "huber",
  "config.problem.data.task": "regression",
  "config.problem.output_activation": "tanh",
  "config.problem.init": "xavier",
  "config.precision": "f32",
  "config.stop.early": { watch: "val_accuracy", patience: 5, min_delta: 0.001 },
  tab: "tune",
  selected: 2,
  weight: 12,
  xaxis: "ms",
  log: {
    loss: false,
    grad_norm: true,
    lr: false,
    accuracy: true,
    residual: true,
    error: false,
    lambda: true,
    gain: true,
    spread: false,
    primal_residual: false,
    dual_residual: true,
    gap: false,
    violation: true,
    acceptance_rate: true,
    temperature: false,
  },
  "config.problem.model": "b1*x",
  "config.problem.b": [1, 2],
  axes: [3, 0],
  picture: "cost",
  panel: "metrics",
  part: "test",
  opened: 3,
  show: "val",
  speed: Number.POSITIVE_INFINITY,
  ema: 0.5,
  "tune.method": "halving",
  "tune.axes": [
    { path: "optimizer.lr", scale: "log", values: [1e-4, 1, 9] },
    { path: "problem.layers", scale: "values", values: ["8x8", 16] },
    { path: "optimizer.amsgrad", scale: "values", values: [true, false] },
  ],
  "tune.score": "val_loss",
  "tune.folds": "leave_one_out",
  "tune.rival": true,
  "recipe.topic": "rates",
  "recipe.climb": [1e-5, 1, 50],
  "recipe.ladder": [0.001, 1, 7],
  "recipe.capacity": "rows",
  "recipe.sizes": [1, 3, 9],
  "recipe.script": "search",
  theme: "dark",
  lesson: "momentum",
  proof: "400,0123456789abcdef",
};

test("every key of the table comes back from the hash", () => {
  for (const [key, path] of TABLE) {
    if (/\.(kind|name|csv|formula)$/.test(path)) continue;
    const state = structuredClone(baseState(path.includes("start") ? "surface" : "network", undefined));
    put(state, path, OTHERS[path] ?? 0.125);
    const hash = there(state);
    assert.match(hash, new RegExp(`(^|&)${key}=`), key);
    assert.deepEqual(back(hash), { state, errors: [], run: false }, key);
  }
});

test("early stopping may be said in part, and is not said where there is none", () => {
  const early = (/** @type {string} */ hash) => back(`kind=network&early=${hash}`).state.config.stop.early;
  assert.deepEqual(early("val_r2"), { watch: "val_r2" });
  assert.deepEqual(early("val_loss,,0.1"), { watch: "val_loss", min_delta: 0.1 });
  assert.equal(early(""), undefined);
});

test("lanes come back with their marks, schedules and what follows a warm-up", () => {
  const state = structuredClone(baseState("surface"));
  state.lanes = [
    {
      mark: 2,
      optimizer: { name: "adam", lr: 0.1, amsgrad: true },
      schedule: { name: "cosine", epochs: 30, unit: "iteration" },
    },
    {
      mark: 5,
      optimizer: { name: "momentum", form: "ema" },
      schedule: {
        name: "piecewise",
        boundaries: [
          [0, 0.1],
          [30, 0.01],
        ],
      },
    },
    // biome-ignore lint/suspicious/noThenProperty: the schedule's own name for what follows
    { mark: 6, optimizer: { name: "sgd" }, schedule: { name: "warmup", length: 5, then: { name: "step", every: 3 } } },
  ];
  assert.deepEqual(back(there(state)).state, state);
  assert.deepEqual(back("lane0=").state.lanes, []);
});

test("a formula and a CSV take the place of what has a name", () => {
  const surface = back("formula=x%5E2%2By%5E2&start=1,2");
  assert.deepEqual(surface.state.config.problem, { kind: "surface", formula: "x^2+y^2", start: [1, 2] });
  const csv = "a,b\n1,2\n";
  const state = structuredClone(baseState("network"));
  state.config.problem.data = { csv, target: "a" };
  assert.deepEqual(back(there(state)).state.config.problem.data, { csv, target: "a" });
});

test("a formula of other variables than the start's begins where the engine says", () => {
  const start = (/** @type {string} */ hash) => decode(hash, baseState).state.config.problem.start;
  assert.equal(start("formula=(x1-1)^2%2B2x3^2"), undefined);
  assert.deepEqual(start("formula=x1*x3&start=1,2,3"), [1, 2, 3]);
  assert.deepEqual(start("formula=x^2%2By^2"), baseState("surface").config.problem.start);
});

test("unknown keys are ignored", () => {
  assert.deepEqual(back("nothing=1&constructor=2&__proto__=3&=&&x"), back(""));
});

test("what the page itself cannot use is named and left out", () => {
  const bad = [
    "x=foo",
    "theme=pink",
    "speed=fast",
    "speed=0",
    "show=test",
    "ema=2",
    "lane=77",
    "weight=-1",
    "plane=1",
    "plane=2,2",
    "plane=0,1",
    "picture=all",
    "seed=%E0%A4%A",
  ];
  for (const hash of bad) {
    const { state, errors } = back(hash);
    assert.deepEqual(state, baseState("surface"), hash);
    assert.equal(errors[0]?.path, hash.split("=")[0], hash);
    assert.ok(errors[0]?.message, hash);
  }
  assert.equal(back("lane9=sgd").errors[0]?.path, "lane");
});

test("what the engine is to judge reaches it as it was written", () => {
  assert.equal(back("seed=abc").state.config.seed, "abc");
  assert.deepEqual(back("start=1,zwei").state.config.problem.start, [1, "zwei"]);
  assert.equal(back("kind=banana").state.config.problem.kind, "banana");
  assert.deepEqual(back("lane1=adam,lr:fast").state.lanes, [{ mark: 1, optimizer: { name: "adam", lr: "fast" } }]);
});

test("what can change in a run changes in it, the rest begins anew", () => {
  const from = baseState("network", "moons");
  /** @param {(state: State) => void} change */
  const plan = (change) => {
    const to = structuredClone(from);
    change(to);
    return planOf(from, to);
  };
  assert.deepEqual(planOf(null, from), { type: "build" });
  assert.deepEqual(
    plan(() => {}),
    { type: "changes", changes: [] },
  );
  assert.deepEqual(
    plan((s) => put(s, "config.batch_size", 8)),
    { type: "changes", changes: [{ lane: null, change: { batch_size: 8 } }] },
  );
  assert.deepEqual(
    plan((s) => put(s, "config.problem.l2", 0.1)),
    { type: "changes", changes: [{ lane: null, change: { l2: 0.1 } }] },
  );
  assert.deepEqual(
    plan((s) => put(s, "lanes.1.optimizer.lr", 1)),
    {
      type: "changes",
      changes: [{ lane: 1, change: { optimizer: { ...from.lanes[1]?.optimizer, lr: 1 } } }],
    },
  );
  assert.deepEqual(
    plan((s) => s.lanes.splice(2, 1)),
    { type: "remove", lane: 2 },
  );
  for (const path of ["config.seed", "config.problem.layers", "config.problem.data.noise", "config.precision"]) {
    assert.deepEqual(
      plan((s) => put(s, path, 3)),
      { type: "build" },
      path,
    );
  }
  assert.deepEqual(
    plan((s) => s.lanes.push({ mark: 6, optimizer: { name: "lion" } })),
    { type: "build" },
  );
  assert.deepEqual(
    plan((s) => put(s, "lanes.0.optimizer", { name: "lion" })),
    { type: "build" },
  );
  assert.deepEqual(
    plan((s) => s.lanes.splice(0)),
    { type: "build" },
  );
});

test("all lanes have one config but for their own method and schedule", () => {
  const [first, second] = configsOf(baseState("surface"), []);
  assert.equal(at(first, "optimizer.name"), "sgd");
  assert.equal(at(second, "optimizer.name"), "momentum");
  assert.deepEqual({ ...first, optimizer: 0 }, { ...second, optimizer: 0 });
});

test("only methods of first order are clipped and rounded, and a lane may have batches of its own", () => {
  const state = structuredClone(baseState("network"));
  Object.assign(state.config, { clip_norm: 1, precision: "f32", batch_size: 16 });
  state.selected = 1;
  state.lanes = [
    { mark: 1, optimizer: { name: "sgd" } },
    { mark: 2, optimizer: { name: "lbfgs" }, batch_size: "full" },
  ];
  const methods = /** @type {import("../../www/protocol.js").MethodInfo[]} */ (
    /** @type {unknown} */ ([
      { name: "sgd", family: "first_order" },
      { name: "lbfgs", family: "second_order" },
    ])
  );
  const [first, second] = configsOf(state, methods);
  assert.deepEqual([first?.clip_norm, first?.precision, first?.batch_size], [1, "f32", 16]);
  assert.deepEqual([second?.clip_norm, second?.precision, second?.batch_size], [undefined, undefined, "full"]);
  assert.deepEqual(back(there(state)).state, state);
  const larger = structuredClone(state);
  larger.config.batch_size = 32;
  assert.deepEqual(planOf(state, larger), { type: "changes", changes: [{ lane: 0, change: { batch_size: 32 } }] });
});
