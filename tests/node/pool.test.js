import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import * as descent from "../../pkg/descent.js";
import { Pool } from "../../www/pool.js";
import { TrialRunner } from "../../www/trial_runner.js";

/** @typedef {import("../../www/pool_protocol.js").Order} Order */
/** @typedef {import("../../www/pool_protocol.js").News} News */
/** @typedef {import("../../pkg/descent.js").TrialResult} TrialResult */

/** Node keeps a process alive for an open channel. */
class Channel {
  port1 = /** @type {{ onmessage: (() => void) | null }} */ ({ onmessage: null });
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage?.()) };
}

/** Speaks as a worker does, on this thread; `filter` may swallow an order or change what comes back. */
class Fake {
  /** @type {((event: MessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: any) => void) | null} */
  onerror = null;
  alive = true;
  #runner = new TrialRunner(/** @type {any} */ (descent), (news) => this.tell(news));

  /** @param {(order: Order, fake: Fake) => boolean} filter whether the order is obeyed */
  constructor(filter = () => true) {
    this.filter = filter;
  }

  /** @param {News} news */
  tell(news) {
    if (this.alive) setImmediate(() => this.alive && this.onmessage?.(/** @type {any} */ ({ data: news })));
  }

  /** @param {Order} order */
  postMessage(order) {
    setImmediate(() => {
      if (!this.alive || !this.filter(order, this)) return;
      if (order.type === "open") this.tell({ type: "opened" });
      else this.#runner.hear(structuredClone(order));
    });
  }

  terminate() {
    this.alive = false;
  }
}

/** @type {import("../../pkg/descent.js").SearchSpec} */
const spec = {
  base: {
    problem: { kind: "network", data: { name: "moons", n: 120 }, layers: [6], activation: "tanh" },
    optimizer: { name: "adam", lr: 0.02 },
    stop: { diverge_above: 100 },
    seed: 3,
  },
  axes: { "optimizer.lr": [0.001, 0.02, 1e300], "stop.iterations": [20, 60] },
  curves: 30,
};

/** @type {WebAssembly.Module} */
let module;

before(async () => {
  globalThis.MessageChannel = /** @type {any} */ (Channel);
  const bytes = await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url));
  module = await WebAssembly.compile(bytes);
  descent.initSync({ module });
});

/** @param {TrialResult[]} trials */
const untimed = (trials) => trials.map(({ ms: _, ...rest }) => rest);

/** @param {(order: Order, fake: Fake) => boolean} [filter] @param {number} [size] */
const poolOf = (filter, size = 2, silence = 300) => new Pool(module, { size, spawn: () => new Fake(filter), silence });

test("a pool gives what one thread gives, with any number of workers", async () => {
  const whole = descent.grid_search(spec);
  for (const size of [1, 2, 5]) {
    const pool = poolOf(undefined, size);
    /** @type {number[]} */
    const told = [];
    let last = { done: 0, total: 0 };
    const search = pool.search(spec, {
      onTrial: ({ index }) => told.push(index),
      onProgress: (progress) => {
        last = progress;
      },
    });
    const found = await search.found;
    assert.deepEqual(untimed(found.trials), untimed(whole.trials));
    assert.equal(found.best, whole.best);
    assert.ok(found.complete);
    assert.deepEqual(
      told.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual([last.done, last.total], [6, 6]);
    pool.close();
  }
});

test("successive halving goes from rung to rung", async () => {
  const { "optimizer.lr": lr } = /** @type {Record<string, any>} */ (spec.axes);
  const axes = { "optimizer.lr": lr, "problem.l2": [0, 0.01, 0.1] };
  const base = { ...spec.base, stop: { iterations: 90, diverge_above: 100 } };
  const halved = { ...spec, base, axes, halving: { min_iterations: 10, factor: 3 } };
  const whole = descent.grid_search(halved);
  const pool = poolOf();
  const found = await pool.search(halved).found;
  assert.deepEqual(untimed(found.trials), untimed([...whole.trials].sort((a, b) => a.index - b.index)));
  assert.equal(found.trials[found.best]?.index, whole.trials[whole.best]?.index);
  assert.ok(found.complete);
  pool.close();
});

test("workers that die, trap, cannot start or fall silent are replaced, and nothing is lost", async () => {
  const whole = untimed(descent.grid_search(spec).trials);
  /** @type {Record<string, (order: Order, fake: Fake) => boolean>} */
  const ways = {
    silent: (_, fake) => {
      fake.alive = false;
      return false;
    },
    trap: (_, fake) => {
      fake.tell({ type: "trap", message: "unreachable" });
      return false;
    },
    error: (_, fake) => {
      fake.onerror?.({ preventDefault() {}, message: "out of memory" });
      return false;
    },
  };
  for (const [way, fail] of Object.entries(ways)) {
    let failed = 0;
    const pool = poolOf((order, fake) => {
      if (order.type !== "trial" || order.index !== 3 || failed > 0) return true;
      failed += 1;
      return fail(order, fake);
    });
    const found = await pool.search(spec).found;
    assert.equal(failed, 1, way);
    assert.deepEqual(untimed(found.trials), whole, way);
    assert.ok(found.complete, way);
    pool.close();
  }
});

test("a trial that loses two workers is marked, and the rest goes on", async () => {
  const whole = untimed(descent.grid_search(spec).trials);
  const pool = poolOf((order, fake) => {
    if (order.type !== "trial" || order.index !== 3) return true;
    fake.tell({ type: "trap", message: "unreachable" });
    return false;
  });
  const found = await pool.search(spec).found;
  assert.equal(found.trials[3]?.status, "error");
  assert.equal(found.trials[3]?.reason, "the worker stopped: unreachable");
  assert.equal(found.trials[3]?.score_mean, null);
  const others = (/** @type {{ index: number }[]} */ trials) => trials.filter(({ index }) => index !== 3);
  assert.deepEqual(others(untimed(found.trials)), others(whole));
  pool.close();
});

test("where no worker can start, the search says so", async () => {
  const pool = poolOf((order, fake) => {
    if (order.type === "open") fake.onerror?.({ preventDefault() {}, message: "blocked" });
    return false;
  });
  await assert.rejects(pool.search(spec).found, { message: "the worker stopped: blocked" });
  await assert.rejects(pool.search(spec).found, { message: "no worker can be started" });
});

test("results from before are not made again", async () => {
  const whole = descent.grid_search(spec);
  /** @type {number[]} */
  const ran = [];
  const pool = poolOf();
  const results = [whole.trials[4], whole.trials[1]].flatMap((trial) => trial ?? []);
  const found = await pool.search(spec, { results, onTrial: ({ index }) => ran.push(index) }).found;
  assert.deepEqual(
    ran.sort((a, b) => a - b),
    [0, 2, 3, 5],
  );
  assert.deepEqual(untimed(found.trials), untimed(whole.trials));
  pool.close();
});

test("a search stands while it is paused, and ends with what there is where it is cancelled", async () => {
  const long = {
    ...spec,
    axes: { "optimizer.lr": [0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008] },
    curves: 0,
  };
  long.base = { ...spec.base, stop: { iterations: 20000 } };
  const pool = poolOf();
  let done = 0;
  let resumed = false;
  const search = pool.search(long, {
    onTrial: () => {
      done += 1;
      if (done === 1) search.pause();
      if (resumed) search.cancel();
    },
  });
  const time = (/** @type {number} */ ms) => new Promise((go) => setTimeout(go, ms));
  while (!search.paused) await time(5);
  // What is in its last slice when the pause is heard still ends.
  await time(100);
  const before = done;
  assert.ok(before <= 2);
  await time(600);
  assert.equal(done, before, "nothing ends while the search is paused, and its silent workers are left alone");
  resumed = true;
  search.resume();
  const found = await search.found;
  assert.ok(!found.complete);
  assert.ok(found.trials.length > before && found.trials.length <= before + 2);
  const whole = descent.grid_search(long);
  assert.deepEqual(
    untimed(found.trials),
    untimed(whole.trials).filter(({ index }) => found.trials.some((trial) => trial.index === index)),
  );
  pool.close();
});

test("a spec that is wrong is refused by its path before anything runs", async () => {
  const pool = poolOf();
  const wrong = { ...spec, axes: { "optimizer.learning_rate": [1] } };
  await assert.rejects(pool.search(wrong).found, (/** @type {any} */ fault) => {
    assert.equal(fault.path, "axes.optimizer.learning_rate");
    assert.match(fault.message, /^no such field/);
    return true;
  });
  assert.equal((await pool.call("diagnose", { train_error: 0.05, val_error: 0.08 })).verdict, "bias");
  pool.close();
});
