import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as descent from "../../pkg/descent.js";

const { catalog, check, initSync, preview_csv, register_data, Session } = descent;

/** @typedef {import("../../pkg/descent.js").SessionConfig} SessionConfig */
/** @typedef {Extract<SessionConfig["problem"], { kind: "network" }>} NetworkProblem */

const root = new URL("../../", import.meta.url);
initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });

/** @type {NetworkProblem} */
const moonsProblem = {
  kind: "network",
  data: { name: "moons", n: 120 },
  layers: [5],
  activation: "tanh",
  l2: 0.01,
};

/** @type {SessionConfig} */
const moons = { problem: moonsProblem, optimizer: { name: "adam", lr: 0.02 }, batch_size: 16, seed: 7 };

/** @type {SessionConfig} */
const booth = { problem: { kind: "surface", name: "booth", start: [4, -3] }, optimizer: { name: "sgd", lr: 0.05 } };

/** Two rows on which a linear model's numbers can be worked out by hand. @type {NetworkProblem} */
const byHand = {
  kind: "network",
  data: { inputs: [[1], [3]], targets: [3, 5] },
  split: { train: 1 },
  layers: [],
  loss: "mse",
  init: { parameters: [2, 0] },
};

/** @param {number} a @param {number | undefined} b */
function assertNear(a, b, tolerance = 1e-12) {
  assert.ok(Math.abs(a - (b ?? NaN)) <= tolerance * Math.max(1, Math.abs(a)), `${a} is not ${b}`);
}

/** The same under the types that were promised. @type {import("./contract.d.ts").Contract} */
const promised = descent;

test("the package offers what the contract names, under its types", () => {
  const session = new promised.Session(moons);
  /** @type {import("./contract.d.ts").Fields} */
  const fields = { report: session.train_step(), metrics: session.evaluate("val"), history: session.history() };
  assert.equal(fields.report.iteration, 1);
  const members = [
    ...["train_step", "set_optimizer", "set_schedule", "set_batch_size", "set_l2", "reset", "parameters"],
    ...["set_parameters", "value_and_gradient", "hessian", "residuals", "jacobian", "predict", "evaluate", "history"],
    ...["path", "snapshot", "config", "digest"],
  ];
  for (const name of members) {
    assert.equal(typeof Object.getOwnPropertyDescriptor(Session.prototype, name)?.value, "function", name);
  }
  assert.ok(promised.Session.restore(session.snapshot()) instanceof Session);
  assert.equal(promised.version(), promised.catalog().version);
});

test("train_step takes one step by default, n where asked, and reports the last", () => {
  const session = new Session(booth);
  // f = (x + 2y − 7)² + (2x + y − 5)²; at (4, −3) the brackets are −9 and 0.
  const report = session.train_step();
  const gradient = [2 * -9, 4 * -9];
  assert.deepEqual(Object.keys(report).sort(), [
    ...["epoch", "extra", "grad_norm", "gradient_evals", "hessian_evals", "iteration", "jacobian_evals", "loss", "lr"],
    ...["status", "step_norm", "value_evals", "verdict"],
  ]);
  assert.deepEqual(
    { ...report, grad_norm: 0, step_norm: 0 },
    {
      ...{ iteration: 1, epoch: 1, loss: 81, grad_norm: 0, step_norm: 0, lr: 0.05, value_evals: 0, gradient_evals: 1 },
      ...{ hessian_evals: 0, jacobian_evals: 0, verdict: "accepted", status: "running", extra: {} },
    },
  );
  assertNear(report.grad_norm, Math.hypot(...gradient));
  assertNear(report.step_norm, 0.05 * Math.hypot(...gradient));
  assertNear(4 + 0.05 * 18, session.parameters()[0]);
  assertNear(-3 + 0.05 * 36, session.parameters()[1]);
  assert.equal(session.train_step(9).iteration, 10);
  assert.deepEqual(session.report(), session.train_step(0));
});

test("train_step stops early when the run ends, and says why", () => {
  const session = new Session({ ...booth, stop: { iterations: 7 } });
  const report = session.train_step(100);
  assert.deepEqual([report.iteration, report.status], [7, "stopped"]);
  assert.match(report.reason ?? "", /7 iterations/);
  assert.equal(session.train_step(5).iteration, 7);
  session.set_stop({});
  assert.equal(session.train_step(5).iteration, 12);
});

test("a run that diverges says at which step and keeps its last good point", () => {
  const session = new Session({ ...booth, optimizer: { name: "sgd", lr: 1e3 } });
  const report = session.train_step(1000);
  assert.equal(report.status, "diverged");
  assert.match(report.reason ?? "", /at step \d+/);
  assert.ok(session.parameters().every(Number.isFinite));
});

test("setters keep parameters and history, and stand in the config", () => {
  const session = new Session(moons);
  session.train_step(30);
  const parameters = session.parameters();
  session.set_optimizer({ name: "rmsprop", lr: 0.5, beta: 0.8 });
  session.set_schedule({ name: "inverse_time", decay_rate: 3 });
  session.set_batch_size("full");
  session.set_l2(0.5);
  session.set_stop({ iterations: 1000 });
  assert.deepEqual(session.parameters(), parameters);
  assert.equal(session.history().loss.length, 30);
  const config = session.config();
  assert.deepEqual(config.optimizer, { name: "rmsprop", lr: 0.5, beta: 0.8, eps: 1e-8, eps_inside_sqrt: false });
  assert.deepEqual([config.schedule?.name, config.schedule?.decay_rate], ["inverse_time", 3]);
  assert.equal(config.batch_size, "full");
  assert.equal(/** @type {NetworkProblem} */ (config.problem).l2, 0.5);
  assert.equal(config.stop?.iterations, 1000);
  const before = session.report();
  const { lr, epoch, iteration } = session.train_step(1);
  assert.equal(iteration, 31);
  assert.ok(epoch > before.epoch);
  assert.ok(lr < 0.5, "the schedule counts the epochs done before");
});

test("the same config is the same run, and reset repeats it bit for bit", () => {
  const [a, b] = [new Session(moons), new Session(moons)];
  const start = a.digest();
  a.train_step(200);
  for (let i = 0; i < 20; i++) b.train_step(10);
  assert.equal(a.digest(), b.digest());
  a.reset();
  assert.equal(a.digest(), start);
  assert.equal(a.history().loss.length, 0);
  a.train_step(200);
  assert.equal(a.digest(), b.digest());
  assert.deepEqual(withoutTime(a), withoutTime(b));
  assert.match(a.digest(), /^[0-9a-f]{16}$/);
  assert.notEqual(new Session({ ...moons, seed: 8 }).digest(), start);
});

/** @param {InstanceType<typeof Session>} session */
function withoutTime(session) {
  const { ms, ...columns } = session.history();
  return columns;
}

test("parameters are W[out][in] row by row, then b, layer by layer; a copy", () => {
  const w1 = [1, 2, 3, 4, 5, 6];
  const [b1, w2, b2] = [[0.1, 0.2, 0.3], [7, 8, 9], [0.5]];
  const session = new Session({
    problem: {
      kind: "network",
      data: {
        inputs: [
          [1, 2],
          [0, 1],
        ],
        targets: [0, 0],
      },
      split: { train: 1 },
      layers: [3],
      activation: "identity",
    },
    optimizer: { name: "sgd" },
  });
  session.set_parameters(new Float64Array([...w1, ...b1, ...w2, ...b2]));
  const hidden = [1 * 10 + 2 * 100 + 0.1, 3 * 10 + 4 * 100 + 0.2, 5 * 10 + 6 * 100 + 0.3];
  const output = hidden.reduce((sum, h, i) => sum + h * (w2[i] ?? NaN), 0.5);
  const [predicted = NaN] = session.predict(new Float64Array([10, 100]));
  assertNear(output, predicted);
  assert.deepEqual(
    session.neurons([10, 100]).map((layer) => [...layer].map((v) => Math.round(v * 10) / 10)),
    [[10, 100], hidden, [Math.round(output * 10) / 10]],
  );
  session.parameters().fill(0);
  assert.equal(session.parameters()[0], 1);
  session.set_parameters([...session.parameters()].reverse());
  assert.deepEqual([...session.parameters()], [...w1, ...b1, ...w2, ...b2].reverse());
});

test("value and gradient are those of the whole training set, L2 included", () => {
  const session = new Session({ problem: { ...byHand, l2: 0.3 }, optimizer: { name: "sgd" }, batch_size: 1 });
  // Residuals 2·1 − 3 = −1 and 2·3 − 5 = 1; the mean of squares is 1, ½·0.3·2² = 0.6. The bias is not penalised.
  const { value, gradient } = session.value_and_gradient();
  assertNear(1.6, value);
  assertNear(((-1 * 1 + 1 * 3) * 2) / 2 + 0.3 * 2, gradient[0]);
  assertNear(0, gradient[1]);
  session.set_l2(0);
  assertNear(1, session.value_and_gradient().value);
});

test("a surface has a Hessian", () => {
  const session = new Session(booth);
  assert.deepEqual([...session.hessian()], [10, 8, 8, 10]);
});

test("predictions are in the data's own units, probabilities for classes", () => {
  const problem = { ...byHand, standardize: true, init: { parameters: [1, 0] } };
  const session = new Session({ problem, optimizer: { name: "sgd" } });
  // Inputs have mean 2 and deviation 1, targets 4 and 1, so weight 1 in standard units is y = x + 2.
  assert.deepEqual([...session.predict([1, 3, 10])], [3, 5, 12]);
  const classes = new Session(moons);
  const probabilities = classes.predict([0, 0, 1, -1]);
  assert.equal(probabilities.length, 4);
  assertNear(1, (probabilities[0] ?? NaN) + (probabilities[1] ?? NaN));
});

test("evaluate measures a part, and counts the openings of the test rows", () => {
  const session = new Session(moons);
  session.train_step(300);
  const { rows } = session.info().network ?? assert.fail("a network was configured");
  assert.deepEqual(rows, { train: 72, val: 24, test: 24 });
  for (const split of /** @type {const} */ (["train", "val"])) {
    const metrics = session.evaluate(split);
    const { inputs, targets } = session.points(split);
    const probabilities = session.predict(inputs);
    const right = targets.filter((t, i) => Number((probabilities[2 * i + 1] ?? 0) > (probabilities[2 * i] ?? 0)) === t);
    const losses = [...targets].map((t, i) => -Math.log(probabilities[2 * i + t] ?? NaN));
    assert.equal(metrics.rows, rows[split]);
    assert.equal(metrics.accuracy, right.length / targets.length);
    assertNear(losses.reduce((a, b) => a + b) / losses.length, metrics.loss);
    assert.equal(
      metrics.confusion?.flat().reduce((a, b) => a + b),
      metrics.rows,
    );
    assert.deepEqual([metrics.r2, metrics.mae], [null, null]);
  }
  assert.equal(session.test_openings(), 0);
  session.evaluate("test");
  session.evaluate("test");
  assert.equal(session.test_openings(), 2);
  session.reset();
  assert.equal(Session.restore(session.snapshot()).test_openings(), 2);
  const regression = new Session({ problem: byHand, optimizer: { name: "sgd" } }).evaluate("train");
  // Errors of 1 and 1 about targets whose squared deviations sum to 2.
  assert.deepEqual(regression, {
    rows: 2,
    loss: 1,
    accuracy: null,
    confusion: null,
    r2: 0,
    mae: 1,
    classes: null,
    roc: null,
  });
});

test("history is columns of equal length, one row an iteration, each where the step started", () => {
  const session = new Session({ ...moons, record: { validate_every: 10 } });
  const losses = Array.from({ length: 40 }, () => session.train_step().loss);
  const history = session.history();
  assert.deepEqual(Object.keys(history), [
    ...["iteration", "epoch", "loss", "ema", "grad_norm", "step_norm", "lr", "value_evals", "gradient_evals", "ms"],
    ...["val_loss", "val_accuracy", "val_r2", "hessian_evals", "jacobian_evals", "solves", "accepted", "train_score"],
  ]);
  for (const column of Object.values(history)) {
    assert.ok(column instanceof Float64Array);
    assert.equal(column.length, 40);
  }
  assert.deepEqual([...history.iteration], [...Array(40).keys()]);
  assert.deepEqual([...history.loss], losses);
  assert.deepEqual(
    [...history.gradient_evals],
    [...Array(40).keys()].map((i) => i + 1),
  );
  assert.deepEqual(
    [...history.val_loss.keys()].filter((i) => !Number.isNaN(history.val_loss[i])),
    [0, 10, 20, 30],
  );
  assert.ok(history.ms.every((ms, i) => ms >= (history.ms[i - 1] ?? 0)));
  const part = session.history_since(35);
  assert.deepEqual([part.from, part.rows, [...part.columns.loss]], [35, 40, losses.slice(35)]);
  assert.equal(session.history_since(40).columns.loss.length, 0);
  const thinned = new Session({ ...moons, record: { every: 4, validate_every: 0 } });
  thinned.train_step(10);
  assert.deepEqual([...thinned.history().iteration], [0, 4, 8]);
});

test("path is the iterates, the start first", () => {
  const session = new Session(booth);
  const points = [...session.parameters()];
  session.train_step();
  points.push(...session.parameters());
  session.train_step();
  assert.deepEqual(session.path(), { dim: 2, points: new Float64Array(points) });
  assert.deepEqual(session.path_since(1), { from: 1, dim: 2, points: new Float64Array(points.slice(2)) });
});

test("a restored session goes on exactly where it was", () => {
  for (const { name, needs, family } of catalog().methods) {
    if (!new Session(moons).info().oracles.includes(needs)) {
      assert.throws(() => new Session({ ...moons, optimizer: { name } }), { message: /^[^:]+: / }, name);
      continue;
    }
    // Curvature needs the digits of f64.
    const precisions = /** @type {("f64" | "f32")[]} */ (family === "first_order" ? ["f64", "f32"] : ["f64"]);
    for (const precision of precisions) {
      const whole = new Session({ ...moons, optimizer: { name }, precision });
      whole.train_step(23);
      const restored = Session.restore(whole.snapshot());
      assert.deepEqual(restored.config(), whole.config());
      assert.deepEqual(restored.train_step(50), whole.train_step(50), name);
      assert.equal(restored.digest(), whole.digest(), `${name} in ${precision}`);
      assert.deepEqual(withoutTime(restored), withoutTime(whole));
      assert.deepEqual(restored.path(), whole.path());
    }
  }
});

test("the config comes back with every default, and is a fixed point", () => {
  const session = new Session({
    problem: { kind: "network", data: { name: "moons" } },
    optimizer: { name: "momentum" },
  });
  const config = session.config();
  assert.deepEqual(config, {
    problem: {
      kind: "network",
      data: { name: "moons", n: 240, noise: 0.15, flips: 0 },
      split: { train: 0.6, val: 0.2, test: 0.2 },
      stratify: true,
      standardize: false,
      layers: [16],
      activation: ["relu"],
      output_activation: "identity",
      loss: "cross_entropy",
      init: "he",
      l2: 0,
    },
    optimizer: { name: "momentum", lr: 0.01, beta: 0.9, form: "accumulate" },
    schedule: { name: "constant", unit: "epoch" },
    batch_size: 32,
    shuffle: true,
    ...{ seed: 0, data_seed: 0, init_seed: 0, batch_seed: 0 },
    precision: "f64",
    clip_norm: null,
    record: { every: 1, validate_every: null, validate_rows: null, train_score: false, ema: 0.9 },
    stop: { iterations: null, gradient_tol: null, target: null, plateau: null, early: null, diverge_above: null },
  });
  for (const given of [config, moons, booth, { ...booth, stop: { plateau: { patience: 5 } } }]) {
    const once = new Session(given).config();
    assert.deepEqual(new Session(once).config(), once);
    assert.deepEqual(check(given), once);
    assert.equal(new Session(once).digest(), new Session(given).digest());
  }
});

test("the catalogue's defaults run, method by method, schedule by schedule, surface by surface", () => {
  const { version, surfaces, datasets, methods, schedules, activations, losses, inits } = catalog();
  assert.equal(version, descent.version());
  assert.ok(surfaces.length >= 12);
  assert.ok(methods.length >= 11);
  for (const list of [surfaces, datasets, methods, schedules]) {
    for (const { name, title, about, fields } of list) {
      assert.ok(name && title && about, name);
      for (const field of fields) assert.ok(field.label && field.type && field.default !== undefined, field.name);
    }
  }
  const { oracles } = new Session(booth).info();
  for (const { name, fields, needs, reference } of methods) {
    if (!oracles.includes(needs)) continue;
    const { optimizer } = new Session({ ...booth, optimizer: { name } }).config();
    assert.deepEqual(optimizer, { name, ...Object.fromEntries(fields.map((f) => [f.name, f.default])) });
    assert.ok(reference, name);
  }
  for (const { name } of schedules) {
    if (name !== "piecewise") assert.equal(new Session({ ...booth, schedule: { name } }).config().schedule?.name, name);
  }
  for (const { name } of surfaces) {
    assert.equal(new Session({ ...booth, problem: { kind: "surface", name } }).info().surface?.name, name);
  }
  for (const { name } of activations) new Session({ ...moons, problem: { ...moonsProblem, activation: name } });
  assert.deepEqual([losses.length, inits.length], [4, 4]);
});

test("the real data sets are registered from their files, by the names of the catalogue", async () => {
  const files = catalog().datasets.filter(({ file }) => file);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["iris", "wine", "breast_cancer", "digits", "diabetes"],
  );
  for (const { name, file, rows, inputs, task } of files) {
    /** @type {SessionConfig} */
    const config = { problem: { kind: "network", data: { name } }, optimizer: { name: "adam", lr: 0.01 } };
    assert.throws(() => new Session(config), { message: new RegExp(`^problem.data.name: "${name}" .*register_data`) });
    const csv = await readFile(new URL(file ?? "", root), "utf8");
    assert.equal(preview_csv(csv).rows, rows);
    register_data(name, csv);
    const session = new Session(config);
    const network = session.info().network ?? assert.fail("a network was configured");
    assert.deepEqual([network.task, network.features.length], [task, inputs]);
    assert.equal(network.rows.train + network.rows.val + network.rows.test, rows);
    const before = session.evaluate("val").loss;
    session.train_step(100);
    assert.ok(session.evaluate("val").loss < before, name);
  }
});

test("a CSV of one's own takes the column that is named as its target", () => {
  register_data("mine", "y,x\n1,2\n3,4\n5,7\n7,8\n9,10\n", "y");
  const session = new Session({
    problem: { kind: "network", data: { name: "mine" }, layers: [] },
    optimizer: { name: "sgd" },
  });
  const { features, target } = session.info().network ?? assert.fail("a network was configured");
  assert.deepEqual([features, target], [["x"], "y"]);
});

test("the live equation's numbers are those of the last step", () => {
  const session = new Session(booth);
  assert.equal(session.explain(), null);
  session.watch([1]);
  session.train_step();
  const { iteration, values } = session.explain() ?? assert.fail("a step was taken");
  assert.equal(iteration, 0);
  assert.deepEqual([values.x0, values.g, values.lr], [[-3], [-36], [0.05]]);
  assert.deepEqual(values.x1, [session.parameters()[1]]);
});
