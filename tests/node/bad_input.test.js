import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import * as descent from "../../pkg/descent.js";

const { check, initSync, preview_csv, register_data, schedule_values, Session, surface_at, surface_values } = descent;

/** @typedef {import("../../pkg/descent.js").SessionConfig} SessionConfig */

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** @type {any} */
const booth = { problem: { kind: "surface", name: "booth" }, optimizer: { name: "adam" } };
/** @type {any} */
const moons = { problem: { kind: "network", data: { name: "moons" }, layers: [4] }, optimizer: { name: "adam" } };
const constant = { name: "constant" };

/** Milliseconds. A refusal takes some tens at most, but a machine may be busy; what hangs or fills the memory takes longer. */
const SOON = 5000;

/** Runs `work`, which must throw an `Error` of ours with a path. @param {() => unknown} work @param {string} what */
function refusal(work, what) {
  const start = performance.now();
  let message = "";
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof Error && error.constructor === Error, `${what}: ${error}`);
    message = error.message;
  }
  const took = performance.now() - start;
  assert.match(message, /^[^\s:]+: ./, message ? what : `${what} was accepted`);
  assert.ok(message.length < 5000, `${what}: a message of ${message.length} characters`);
  assert.ok(took < SOON, `${what} took ${took} ms`);
  return message;
}

/** What no function takes for anything. */
function exotic() {
  /** @type {any} */ const cycle = {};
  cycle.self = cycle;
  /** @type {any[]} */ const knot = [];
  knot.push(knot);
  /** @type {any} */ let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  /** @type {any} */ let doubling = {};
  for (let i = 0; i < 30; i++) doubling = { left: doubling, right: doubling };
  const throws = () => {
    throw new RangeError("thrown by the caller's own code");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const revokedList = Proxy.revocable([], {});
  revokedList.revoke();
  return {
    function: () => 1,
    class: Session,
    bigint: 10n,
    symbol: Symbol("name"),
    negative: -1,
    "an infinite iterator": (function* () {
      for (;;) yield 1;
    })(),
    "a date": new Date(0),
    "a regular expression": /adam/,
    "a map": new Map([["name", "adam"]]),
    "a set": new Set([1]),
    "an error": new Error("name"),
    "a promise": Promise.resolve(1),
    "a boxed number": Object(1),
    "bigints in a typed array": new BigInt64Array(2),
    "a buffer": new ArrayBuffer(8),
    "a cycle": cycle,
    "a knot": knot,
    "a deep object": deep,
    "a doubling object": doubling,
    "a sparse array": new Array(4_294_967_295),
    "an array with holes": Object.assign(new Array(3), [1]),
    "words in an array": ["a", "b"],
    "a proxy that throws": new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws, has: throws }),
    "a list that throws": new Proxy([1], { get: throws, ownKeys: throws }),
    "a getter that throws": Object.defineProperty({}, "name", { get: throws, enumerable: true }),
    "a conversion that throws": { valueOf: throws, toString: throws, [Symbol.toPrimitive]: throws },
    "a tag that throws": Object.defineProperty({}, Symbol.toStringTag, { get: throws }),
    "a revoked proxy": revoked.proxy,
    "a revoked list": revokedList.proxy,
    "a negative length": { length: -8 },
    "an enormous length": { length: 1e15 },
    "a list that lies": new Proxy([1], { get: (list, key) => (key === "length" ? 1e15 : Reflect.get(list, key)) }),
    "a false typed array": Object.create(Float64Array.prototype, { length: { value: -1, enumerable: true } }),
    "a key of the prototype": JSON.parse('{"__proto__": {"name": "adam"}}'),
    "another world's date": runInNewContext("new Date(0)"),
  };
}

/** Each way in, with what it takes in the place of `v`. @param {InstanceType<typeof Session>} s */
function waysIn(s) {
  const { problem } = booth;
  const view = [0, 1, 0, 1];
  /** @type {Record<string, (v: any) => unknown>} */
  const ways = {
    "new Session": (v) => new Session(v),
    check,
    problem: (v) => new Session({ ...booth, problem: v }),
    optimizer: (v) => new Session({ ...booth, optimizer: v }),
    "optimizer.lr": (v) => new Session({ ...booth, optimizer: { name: "adam", lr: v } }),
    "problem.start": (v) => new Session({ ...booth, problem: { ...problem, start: v } }),
    "problem.formula": (v) => new Session({ ...booth, problem: { kind: "surface", formula: v } }),
    "problem.data": (v) => new Session({ ...moons, problem: { ...moons.problem, data: v } }),
    "problem.data.inputs": (v) =>
      new Session({ ...moons, problem: { kind: "network", data: { inputs: v, targets: [1] } } }),
    "problem.model": (v) => new Session({ ...booth, problem: { kind: "least_squares", model: v } }),
    "problem.x": (v) => new Session({ ...booth, problem: { kind: "least_squares", model: "linear", x: v, y: [1] } }),
    "problem.layers": (v) => new Session({ ...moons, problem: { ...moons.problem, layers: v } }),
    "problem.init": (v) => new Session({ ...moons, problem: { ...moons.problem, init: { parameters: v } } }),
    train_step: (v) => s.train_step(v),
    set_optimizer: (v) => s.set_optimizer(v),
    set_schedule: (v) => s.set_schedule(v),
    set_batch_size: (v) => s.set_batch_size(v),
    set_l2: (v) => s.set_l2(v),
    set_stop: (v) => s.set_stop(v),
    set_parameters: (v) => s.set_parameters(v),
    predict: (v) => s.predict(v),
    neurons: (v) => s.neurons(v),
    fit_band: (v) => s.fit_band(v),
    "landscape_plane points": (v) => s.landscape_plane(v, 1),
    "landscape_plane seed": (v) => s.landscape_plane(new Float64Array(), v),
    "landscape_values plane": (v) => s.landscape_values(v, view, 2, 2, 0, 2),
    "landscape_values view": (v) => s.landscape_values(s.landscape_plane(new Float64Array(), 1), v, 2, 2, 0, 2),
    "landscape_values rows": (v) => s.landscape_values(s.landscape_plane(new Float64Array(), 1), view, 2, 2, 0, v),
    "landscape_shadow plane": (v) => descent.landscape_shadow(v, new Float64Array(4)),
    "plane_values i": (v) => s.plane_values(v, 0, view, 2, 2),
    "plane_values view": (v) => s.plane_values(0, 1, v, 2, 2),
    "plane_values nx": (v) => s.plane_values(0, 1, view, v, 2),
    evaluate: (v) => s.evaluate(v),
    points: (v) => s.points(v),
    history_since: (v) => s.history_since(v),
    path_since: (v) => s.path_since(v),
    watch: (v) => s.watch(v),
    restore: (v) => Session.restore(v),
    "register_data name": (v) => register_data(v, "a,b\n1,2\n"),
    "register_data csv": (v) => register_data("mine", v),
    "register_data target": (v) => register_data("mine", "a,b\n1,2\n", v),
    preview_csv,
    "surface_values problem": (v) => surface_values(v, view, 2, 2),
    "surface_values view": (v) => surface_values(problem, v, 2, 2),
    "surface_values nx": (v) => surface_values(problem, view, v, 2),
    "surface_values ny": (v) => surface_values(problem, view, 2, v),
    "surface_at problem": (v) => surface_at(v, 1, 1),
    "surface_at x": (v) => surface_at(problem, v, 1),
    "schedule_values schedule": (v) => schedule_values(v, 0.1, 10, 100, 5),
    "schedule_values lr": (v) => schedule_values(constant, v, 10, 100, 5),
    "schedule_values points": (v) => schedule_values(constant, 0.1, 10, 100, v),
  };
  return ways;
}

/** Where a number below 0 may stand. */
const TAKES_NEGATIVE = new Set(["surface_at x", "schedule_values lr"]);

test("whatever is passed anywhere, the answer is an error with a path, and the session is as it was", () => {
  const session = new Session(moons);
  session.train_step(10);
  const state = () => [session.digest(), session.config(), session.report(), session.history().loss.length];
  const before = state();
  for (const [way, work] of Object.entries(waysIn(session))) {
    for (const [name, value] of Object.entries(exotic())) {
      if (name === "negative" && TAKES_NEGATIVE.has(way)) continue;
      refusal(() => work(value), `${name} as ${way}`);
      assert.deepEqual(state(), before, `${name} as ${way}`);
    }
  }
  assert.equal(session.train_step(5).iteration, 15);
});

test("what is missing is missed", () => {
  const session = new Session(moons);
  const optional = new Set(["train_step", "optimizer.lr", "problem.start", "problem.layers", "register_data target"]);
  for (const [way, work] of Object.entries(waysIn(session))) {
    if (optional.has(way)) continue;
    refusal(() => work(undefined), `undefined as ${way}`);
    refusal(() => work(null), `null as ${way}`);
  }
});

test("a number that is none is refused wherever a number stands", () => {
  const session = new Session(moons);
  const ways = waysIn(session);
  const free = new Set([...TAKES_NEGATIVE, "preview_csv"]);
  for (const v of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const [way, work] of Object.entries(ways)) if (!free.has(way)) refusal(() => work(v), `${v} as ${way}`);
    refusal(() => session.set_parameters(session.parameters().fill(v)), `${v} as a parameter`);
    for (const key of ["seed", "batch_size", "clip_norm"])
      refusal(() => new Session({ ...booth, [key]: v }), `${v} as ${key}`);
    refusal(() => new Session({ ...moons, problem: { ...moons.problem, layers: [v] } }), `${v} as a width`);
    refusal(() => new Session({ ...booth, problem: { ...booth.problem, start: [v, 0] } }), `${v} as a start`);
  }
  const narrow = new Session({ ...moons, precision: "f32" });
  refusal(() => narrow.set_parameters(narrow.parameters().fill(1e300)), "a parameter beyond f32");
});

test("a caller's code that runs while it is read can do no harm", () => {
  const session = new Session(booth);
  const config = {
    name: "adam",
    get lr() {
      session.train_step(1);
      return 0.1;
    },
  };
  refusal(() => session.set_optimizer(config), "a getter that trains");
  assert.equal(session.train_step(2).iteration, 2);
});

test("typed arrays, other worlds' objects and broken surrogates are read as what they are", () => {
  const start = new Float64Array([1, 2]);
  for (const problem of [
    { ...booth.problem, start },
    runInNewContext('({ kind: "surface", name: "booth", start: [1, 2] })'),
  ]) {
    assert.deepEqual([...new Session({ ...booth, problem }).parameters()], [1, 2]);
  }
  const bare = Object.assign(Object.create(null), booth);
  assert.equal(new Session(bare).info().dim, 2);
  assert.match(
    refusal(() => new Session({ ...booth, optimizer: { name: "\ud800" } }), "half a pair"),
    /^optimizer\.name: "\ufffd" is not one of/,
  );
  const inherited = Object.create({ lr: -1 });
  inherited.name = "adam";
  assert.equal(new Session({ ...booth, optimizer: inherited }).config().optimizer.lr, 0.001);
});

test("sizes that cannot fit are refused before memory is taken", () => {
  /** @type {[any, RegExp][]} */
  const cases = [
    [{ problem: { ...moons.problem, layers: [1e9] } }, /^problem\.layers\[0\]: /],
    [{ problem: { ...moons.problem, layers: Array(33).fill(1) } }, /^problem\.layers: /],
    [{ problem: { ...moons.problem, layers: [4096, 4096] } }, /^problem\.layers: .*parameters/],
    [{ problem: { ...moons.problem, data: { name: "moons", n: 1e12 } } }, /^problem\.data\.n: /],
    [{ problem: { kind: "surface", name: "rosenbrock", dim: 1e9 } }, /^problem\.dim: /],
    [{ problem: { kind: "surface", name: "quadratic", a: Array(5000).fill([]) } }, /^problem\.a/],
    [
      { problem: { kind: "network", data: { inputs: Array(200_001).fill(1), targets: [1] } } },
      /^problem\.data\.inputs: /,
    ],
    [
      { problem: { kind: "network", data: { inputs: new Float64Array(10_000_001), targets: [1] } } },
      /^problem\.data\.inputs: /,
    ],
    [{ batch_size: 1e10 }, /^batch_size: /],
    [{ record: { every: 0 } }, /^record\.every: /],
    [{ seed: 2 ** 53 }, /^seed: /],
  ];
  for (const [change, message] of cases) {
    const what = Object.keys(change).join();
    assert.match(
      refusal(() => new Session({ ...booth, ...change }), what),
      message,
    );
  }
  const session = new Session(moons);
  assert.match(
    refusal(() => session.neurons(new Float64Array(4_000_000)), "rows"),
    /^inputs: .*at most/,
  );
  assert.match(
    refusal(() => session.predict(new Float64Array(10_000_001)), "rows"),
    /^inputs: /,
  );
  assert.match(
    refusal(() => surface_values(booth.problem, [0, 1, 0, 1], 1e9, 2), "nx"),
    /^nx: /,
  );
});

test("long and deep texts are answered soon", () => {
  const formulas = [
    "(".repeat(100_000),
    "-".repeat(100_000),
    "x+".repeat(50_000),
    `${"(".repeat(4_000)}x${")".repeat(4_000)}`,
    "sin(".repeat(2_000),
    "2^".repeat(4_000),
    "x".repeat(9_999),
    "1".repeat(9_999).concat("é"),
    `x${"²".repeat(9_000)}`,
  ];
  for (const formula of formulas) {
    const what = `${formula.slice(0, 5)}…`;
    const message = refusal(() => new Session({ ...booth, problem: { kind: "surface", formula } }), what);
    assert.match(message, /^problem\.formula: /, what);
  }
  const long = "x".repeat(1_000_000);
  refusal(() => new Session({ ...booth, [long]: 1 }), "a long key");
  refusal(() => new Session({ ...booth, optimizer: { name: long } }), "a long name");
  refusal(() => register_data(long, "a,b\n1,2\n"), "a long name");
  refusal(() => preview_csv("x".repeat(40_000_000)), "a long text");
});

test("a CSV of 5 MB is read or refused soon", () => {
  const line = "5.1,3.5,1.4,0.2,5.9,3.0,5.1,1.8,setosa\n";
  const rows = Math.floor(5e6 / line.length);
  const good = `${line.repeat(rows / 2)}${line.replace("setosa", "virginica").repeat(rows / 2)}`;
  for (const [what, csv] of Object.entries({
    good,
    "a fault in the last line": `${good}1,2\n`,
    "an open quote": `"${good}`,
    "one line": good.replaceAll("\n", ","),
    "all texts differ": Array.from({ length: 190_000 }, (_, i) => `${i}a,${i}b\n`).join(""),
    "no lines": "\n".repeat(5e6),
    quotes: '"'.repeat(5e6),
    noise: Array.from({ length: 5e6 }, (_, i) => String.fromCharCode(1 + ((i * 7919) % 250))).join(""),
  })) {
    const start = performance.now();
    if (what === "good") register_data("mine", csv);
    else
      assert.match(
        refusal(() => register_data("mine", csv), what),
        /^csv: /,
        what,
      );
    assert.ok(performance.now() - start < SOON, what);
  }
});

/** Numbers in [0, 1) from a seed (mulberry32). @param {number} seed */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a good config in which anything stands in some places runs or is refused, and never traps", () => {
  const random = generator(1);
  /** @template T @param {T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)]);
  const { activations, datasets, losses, methods, models, surfaces } = descent.catalog();
  const anywhere = methods.filter(({ needs }) => needs === "gradient" || needs === "value");
  const toys = datasets.filter(({ file }) => !file);
  const drawn = models.filter(({ file }) => !file);
  const names = [...activations, ...datasets, ...losses, ...methods, ...surfaces].map(({ name }) => name);
  const anything = [
    ...[0, -0, 1, 2, 3, 0.5, -1, 1e-320, 1e-12, 1e5, 1e16, 1e308, 4096, 2 ** 31, 2 ** 32, Number.NaN],
    ...[Number.POSITIVE_INFINITY, null, undefined, true, false, "", "x", "full", "f32", {}, [], [1], [[1]]],
    ...[
      [
        [2, 1],
        [1, 2],
      ],
      [1, 2, 3],
      "x^2+y^2",
      "1/0",
      "x/0",
      "sqrt(-x)",
      "x^y^x",
      "min(x,y)",
      "a,b\n1,2\n3,4\n",
    ],
    ...names,
  ];
  const network = { kind: "network", layers: [4, 3], activation: ["tanh", "relu"], init: "he", l2: 0.1 };
  const rows = {
    inputs: [
      [1, 2],
      [3, 4],
      [5, 6],
      [0, 1],
    ],
    targets: [0, 1, 1, 0],
  };
  /** @param {typeof surfaces[number]} surface */
  const sized = ({ name, variables, start }) => ({ name, dim: variables, start: [...start] });
  const problems = () => [
    { ...network, data: { name: pick(toys).name, n: 40, noise: 0.1 }, split: { train: 0.6, val: 0.2, test: 0.2 } },
    { ...network, data: { ...rows, task: pick(["classification", "regression"]) }, split: { train: 0.5, val: 0.5 } },
    { ...network, data: { csv: "a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n9,1,x\n", target: "c" } },
    { kind: "surface", ...sized(pick(surfaces)), noise: 0.1 },
    { kind: "least_squares", model: "b1 exp(-b2 x)", x: [1, 2, 3, 4], y: [4, 2, 1, 0.5], start: [1, 1] },
    { kind: "least_squares", model: pick(drawn).name, n: 20, noise: 0.1 },
    { kind: "surface", formula: "x^2+3y^2", start: [1, 2] },
    { kind: "constrained", objective: "exp(x) + y^2", equality: ["x*y = 1"], inequality: ["x <= 3"], start: [1, 2] },
    {
      kind: "constrained",
      objective: {
        p: [
          [2, 1],
          [1, 3],
        ],
        q: [1, -1],
      },
      inequality: { g: [[1, 1]], h: [2] },
      lower: [0, null],
      upper: 4,
    },
    {
      kind: "surface",
      name: "quadratic",
      a: [
        [2, 1],
        [1, 3],
      ],
      b: [1, 1],
    },
  ];
  const config = () => {
    const { name, family } = pick(random() < 0.8 ? anywhere : methods);
    // The others are refused where these stand.
    const plain = family === "first_order" ? { precision: pick(["f32", "f64"]), clip_norm: 1 } : { precision: "f64" };
    return { ...shared(), ...plain, optimizer: { name } };
  };
  const shared = () => ({
    problem: pick(problems()),
    schedule: pick([{ name: "cosine", epochs: 3 }, { name: "warmup" }, { name: "piecewise", boundaries: [[1, 0.1]] }]),
    ...{ batch_size: 3, seed: 1 },
    record: { every: 1, validate_every: 2, ema: 0.9 },
    stop: { iterations: 100, gradient_tol: 0, plateau: { patience: 3, min_delta: 0 }, diverge_above: 1e9 },
  });
  /** @param {any} value @returns {[any, string][]} */
  const places = (value) =>
    typeof value === "object" && value
      ? Object.keys(value).flatMap((key) => [[value, key], ...places(value[key])])
      : [];
  /** @param {InstanceType<typeof Session>} s @returns {(() => unknown)[]} */
  const uses = (s) => [
    ...[() => s.train_step(5), () => s.evaluate("val"), () => s.value_and_gradient(), () => s.hessian()],
    ...[() => s.residuals(), () => s.jacobian(), () => s.predict([1, 2, 3, 4]), () => s.neurons([1, 2])],
    ...[() => s.multipliers(), () => s.certificate(), () => s.constraints()],
    () => s.plane_constraints(0, 1, [0, 1, 0, 1], 3, 3),
    ...[() => s.fit_statistics(), () => s.fit_band([1]), () => s.plane_values(0, 1, [0, 1, 0, 1], 3, 3)],
    ...[
      () => s.set_batch_size(/** @type {any} */ (pick(anything))),
      () => s.set_l2(/** @type {any} */ (pick(anything))),
    ],
    ...[() => s.set_optimizer({ name: pick(methods).name }), () => s.set_stop({}), () => s.train_step(5)],
    () => {
      const restored = Session.restore(s.snapshot());
      restored.train_step(3);
      s.train_step(3);
      assert.equal(restored.digest(), s.digest());
      assert.deepEqual(check(s.config()), s.config());
      restored.free();
    },
    ...[() => s.history(), () => s.path(), () => s.reset(), () => s.train_step(1)],
  ];
  let ran = 0;
  for (let i = 0; i < 1500; i++) {
    const changed = /** @type {any} */ (structuredClone(config()));
    for (let changes = Math.floor(random() * 4); changes > 0; changes--) {
      const [holder, key] = pick(places(changed));
      holder[key] = structuredClone(pick(anything));
    }
    const what = () => JSON.stringify(changed, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? `${v}` : v));
    /** @type {(() => unknown)[]} */
    let steps = [];
    const session = () => {
      const made = new Session(changed);
      ran += 1;
      steps = [...uses(made), () => made.free()];
    };
    attempt(session, what);
    for (const step of steps) attempt(step, what);
  }
  assert.ok(ran > 300, `${ran} of 1500 ran`);
});

/** Runs `work`; what it throws must be an `Error` of ours. @param {() => unknown} work @param {() => string} what */
function attempt(work, what) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof Error && error.constructor === Error, `${error}: ${what()}`);
  }
}

test("a damaged snapshot is refused or works, and never traps", () => {
  const session = new Session(moons);
  session.train_step(5);
  const bytes = session.snapshot();
  for (let at = 0; at < bytes.length; at += 11) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    try {
      const restored = Session.restore(damaged);
      restored.train_step(3);
      restored.evaluate("train");
      restored.snapshot();
      restored.free();
    } catch (error) {
      assert.ok(error instanceof Error && error.constructor === Error, `byte ${at}: ${error}`);
    }
  }
  refusal(() => Session.restore(bytes.slice(0, -1)), "a shorter snapshot");
  refusal(() => Session.restore(new Uint8Array()), "no snapshot");
});

test("a freed session says so", () => {
  const session = new Session(booth);
  session.free();
  assert.throws(() => session.train_step(), Error);
  assert.equal(new Session(booth).train_step().iteration, 1);
});
