import assert from "node:assert/strict";
import { test } from "node:test";

import { digestOf, inMemory, Store } from "../../www/store.js";

/** @param {number} index */
const result = (index) =>
  /** @type {any} */ ({ index, score_mean: 0.1 * index, curves: { val_accuracy: [Number.NaN] } });

test("results come back in the order of their numbers, those of one search alone", async () => {
  const store = new Store(async () => inMemory());
  for (const index of [11, 2, 0]) store.keep("a", result(index));
  store.keep("b", result(5));
  assert.deepEqual(await store.results("a"), [result(0), result(2), result(11)]);
  await store.forget("a");
  assert.deepEqual(await store.results("a"), []);
  assert.deepEqual(await store.results("b"), [result(5)]);
});

test("the oldest searches are let go of", async () => {
  const store = new Store(async () => inMemory());
  for (let i = 0; i < 40; i += 1) {
    store.keep(`s${i}`, result(i));
    await store.flush();
    await store.touch(`s${i}`);
    await store.touch("s0");
  }
  assert.deepEqual(await store.results("s0"), [result(0)]);
  assert.deepEqual(await store.results("s10"), []);
  assert.deepEqual(await store.results("s39"), [result(39)]);
});

test("a store that is refused, or breaks later, lasts as long as the page", async () => {
  const refused = new Store(async () => {
    throw new Error("SecurityError");
  });
  refused.keep("a", result(1));
  assert.deepEqual(await refused.results("a"), [result(1)]);
  const breaks = {
    ...inMemory(),
    put: async () => {
      throw new Error("QuotaExceededError");
    },
  };
  const broken = new Store(async () => breaks);
  broken.keep("a", result(1));
  assert.deepEqual(await broken.results("a"), []);
  broken.keep("a", result(2));
  assert.deepEqual(await broken.results("a"), [result(2)]);
});

test("digests tell specs apart", () => {
  const specs = Array.from({ length: 2000 }, (_, i) => ({ base: { seed: i % 50 }, axes: { lr: [i, i / 7] } }));
  assert.equal(new Set(specs.map(digestOf)).size, 2000);
  assert.equal(digestOf({ a: [1, 2] }), digestOf({ a: [1, 2] }));
});
