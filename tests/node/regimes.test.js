import assert from "node:assert/strict";
import { test } from "node:test";

import { baseState, SHOWS } from "../../www/presets.js";
import { variantsOf, verdictsOf } from "../../www/regimes.js";

/** @param {string} name */
const show = (name) => /** @type {typeof SHOWS[number]} */ (SHOWS.find((s) => s.name === name)).state();

test("three sizes hold one's own, unless it is one of the ends", () => {
  const sizes = (/** @type {import("../../www/state.js").State} */ state) =>
    variantsOf(state, "size", []).map(({ value }) => value);
  assert.deepEqual(sizes(baseState("network", "spiral")), [[], [24, 24], [64, 64]]);
  for (const name of ["too_small", "right_size", "too_large"]) assert.deepEqual(sizes(show(name)), [[], [4], [64, 64]]);
});

test("noise is what the data set has of it", () => {
  const paths = (/** @type {string[]} */ fields) =>
    variantsOf(baseState("network"), "noise", fields).map(({ path }) => path);
  assert.deepEqual(paths(["n", "noise", "flips"]), Array(3).fill("data.flips"));
  assert.deepEqual(paths(["n", "noise"]), Array(3).fill("data.noise"));
  assert.deepEqual(paths([]), []);
  assert.equal(variantsOf(baseState("network"), "samples", []).at(-1)?.value, undefined);
});

test("verdicts follow from the losses", () => {
  const run = (/** @type {number} */ train, /** @type {number} */ val, best = val) => ({
    train,
    val,
    best: { iteration: 10, val_loss: best },
  });
  const three = [run(0.34, 0.36), run(0.27, 0.3), run(0.04, 0.96, 0.31)];
  assert.deepEqual(verdictsOf(three, "size"), ["under", "fits", "risen"]);
  const rows = [run(0.0002, 0.93, 0.9), run(0.008, 0.18, 0.16), run(0.1, 0.155)];
  assert.deepEqual(verdictsOf(rows, "samples"), ["apart", "fits", "fits"]);
  // Other noise is another task: a higher loss is no fault.
  assert.deepEqual(verdictsOf([run(0.01, 0.02), run(0.2, 0.25)], "noise"), ["fits", "fits"]);
});
