import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as descent from "../../pkg/descent.js";
import { Engine } from "../../www/engine.js";
import { Past } from "../../www/past.js";

descent.initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** The engine's own would keep this process from ending. */
class Channel {
  port1 = { onmessage: () => {} };
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
}
globalThis.MessageChannel = /** @type {any} */ (Channel);

/** @param {string} name @param {number} lr @returns {any} */
const moons = (name, lr) => ({
  problem: { kind: "network", data: { name: "moons", n: 120 }, layers: [6], activation: "tanh", loss: "cross_entropy" },
  optimizer: { name, lr },
  batch_size: 16,
  seed: 5,
});

/** An engine whose frames are drawn at once; `parameters` are those of each lane's last frame. */
class Watched {
  /** @type {any[]} */
  lanes = [];
  playing = false;
  /** @type {() => void} */
  #paused = () => {};
  #run = 0;

  constructor() {
    this.engine = new Engine(
      descent,
      (answer) => this.#hear(answer),
      (error) => {
        throw error;
      },
    );
  }

  /** @param {any} answer */
  #hear(answer) {
    if (answer.type !== "frame") return;
    this.lanes = answer.lanes;
    this.playing = answer.playing;
    setTimeout(() => this.engine.obey({ type: "drawn", run: answer.run }));
    if (!answer.playing) this.#paused();
  }

  /** @param {any} request */
  ask(request) {
    this.#run += 1;
    return /** @type {any} */ (this.engine.answer({ ...request, run: this.#run })[0]);
  }

  /** @param {() => void} act */
  async until(act) {
    const paused = new Promise((done) => {
      this.#paused = () => done(undefined);
    });
    act();
    await paused;
    return this.where();
  }

  /** @param {number} iterations */
  advance(iterations) {
    return this.until(() => this.engine.obey({ type: "advance", iterations }));
  }

  /** @param {number} iteration */
  async goTo(iteration) {
    await this.until(() => this.ask({ type: "go_to", iteration }));
    while (this.playing) await new Promise((soon) => setTimeout(soon, 5));
    return this.where();
  }

  /** Iteration and loss of each lane: the loss has all bits. */
  where() {
    return this.lanes.map(({ iteration, history }) => [iteration, history.columns.loss.at(-1)]);
  }
}

/** @param {any[]} configs @param {number} iterations */
function reference(configs, iterations) {
  return configs.map((config) => {
    const session = new descent.Session(config);
    session.train_step(iterations);
    const loss = session.history().loss?.at(-1);
    session.free();
    return [iterations, loss];
  });
}

test("a run goes back and forth again, to the same bits", async () => {
  const configs = [moons("sgd", 0.1), moons("adam", 0.01)];
  const watched = new Watched();
  await watched.until(() => assert.equal(watched.ask({ type: "build", lanes: configs }).from, 0));
  const end = await watched.advance(4000);
  assert.deepEqual(end, reference(configs, 4000));
  assert.deepEqual(await watched.goTo(1234), reference(configs, 1234));
  assert.deepEqual(await watched.goTo(0), [
    [0, undefined],
    [0, undefined],
  ]);
  assert.deepEqual(await watched.goTo(3999), reference(configs, 3999));
  assert.deepEqual(await watched.advance(1), end);
});

test("what was changed by hand happens again, until something else is changed", async () => {
  const watched = new Watched();
  await watched.until(() => watched.ask({ type: "build", lanes: [moons("sgd", 0.1), moons("adam", 0.01)] }));
  const change = (/** @type {number | null} */ lane, /** @type {any} */ what) =>
    watched.ask({ type: "change", lane, change: what });
  await watched.advance(500);
  change(0, { optimizer: { name: "momentum", lr: 0.05 } });
  await watched.advance(500);
  change(null, { l2: 0.01 });
  const end = await watched.advance(500);
  await watched.goTo(400);
  assert.deepEqual(await watched.advance(1100), end);
  assert.deepEqual(await watched.goTo(1000), await watched.goTo(1000));
  assert.deepEqual(await watched.goTo(1500), end);
  await watched.goTo(700);
  change(null, { l2: 0.1 });
  const other = await watched.advance(800);
  assert.notDeepEqual(other, end);
  await watched.goTo(200);
  assert.deepEqual(await watched.goTo(1500), other);
});

test("few moments are kept of a long run, the first among them", () => {
  const past = new Past();
  past.begin(0, [new Uint8Array(8)]);
  let saved = 0;
  for (let at = 1; at <= 100_000; at += 1)
    past.pass(at, 10, () => {
      saved += 1;
      return [new Uint8Array(5e5)];
    });
  assert.ok(saved < 1000, `${saved} saved`);
  assert.equal(past.back(0)?.at, 0);
  const gap = 50_000 - (past.back(50_000)?.at ?? 0);
  assert.ok(gap < 100_000 / 25, `${gap} steps to be done again`);
});

test("a lane that is taken out takes what was done to it along", () => {
  const past = new Past();
  /** @type {string[]} */
  const done = [];
  past.begin(0, [Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(2)]);
  for (const lane of [1, 2]) past.add({ at: 10, lane, redo: (at) => done.push(`${lane} at ${at}`) });
  past.remove(1);
  assert.deepEqual(past.back(5)?.lanes, [Uint8Array.of(0), Uint8Array.of(2)]);
  assert.equal(past.nextAt, 10);
  past.redo(10, 2);
  assert.deepEqual(done, ["2 at 1"]);
});
