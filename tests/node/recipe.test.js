import assert from "node:assert/strict";
import { test } from "node:test";

import { judge } from "../../www/views/recipe/judge.js";
import { kindsOf, regimeOf, sizesOf, specOf } from "../../www/views/recipe/sizes.js";

/** Trials over the learning rate: rate, loss at the beginning, loss at the end or none. @param {[number, number, number | null][]} runs @returns {any[]} */
function ladder(runs) {
  return runs.map(([lr, begin, end], index) => ({
    index,
    values: { "optimizer.lr": lr },
    state: "over",
    result: { status: end === null ? "diverged" : "stopped", score_mean: end, curves: { loss: [begin, end ?? 1e9] } },
  }));
}

/** @param {[number, number, number | null][]} runs */
const labels = (runs) => Object.fromEntries(judge(ladder(runs)).map(({ label, lr }) => [label, lr]));

test("a ladder of rates has one too low, a good one, a high one and one too high", () => {
  const runs = /** @type {[number, number, number | null][]} */ ([
    [0.001, 1, 0.95],
    [0.003, 1, 0.8],
    [0.01, 1, 0.4],
    [0.03, 1, 0.1],
    [0.1, 1, 0.2],
    [0.3, 1, 0.7],
    [1, 1, null],
    [3, 1, 5],
  ]);
  assert.deepEqual(labels(runs), { low: 0.003, good: 0.03, high: 0.3, wild: 1 });
  assert.deepEqual(labels([...runs].reverse()), { low: 0.003, good: 0.03, high: 0.3, wild: 1 });
});

test("what a ladder does not show is not named", () => {
  assert.deepEqual(labels([]), {});
  assert.deepEqual(labels([[0.1, 1, 0.5]]), { good: 0.1 });
  assert.deepEqual(
    labels([
      [0.1, 1, null],
      [0.2, 1, 2],
    ]),
    { wild: 0.1 },
  );
  assert.deepEqual(
    labels([
      [0.1, 1, 0.45],
      [0.2, 1, 0.4],
    ]),
    { slow: 0.1, good: 0.2 },
  );
});

/** Trials over the width. @param {[number, number, number][]} runs width, training loss, validation loss @returns {any[]} */
const widths = (runs) =>
  runs.map(([width, train_loss, val_loss], index) => ({
    index,
    values: { "problem.layers": [width] },
    state: "over",
    result: { train_loss, val_loss },
  }));

test("the best size and both sides of it are told", () => {
  const u = regimeOf(
    widths([
      [1, 1, 1.1],
      [4, 0.4, 0.5],
      [16, 0.1, 0.9],
    ]),
    "width",
  );
  assert.equal(u?.best.size, 4);
  assert.match(u?.texts.join(" ") ?? "", /lowest with 4.*underfits.*overfits/);
  const falling = regimeOf(
    widths([
      [1, 1, 1.1],
      [4, 0.4, 0.5],
    ]),
    "width",
  );
  assert.match(falling?.texts.join(" ") ?? "", /lowest with 4.*has not risen clearly/);
  assert.equal(regimeOf([], "width"), null);
});

test("degrees are linear networks over as many polynomials, for data with one input", () => {
  const inputs = Float64Array.from({ length: 10 }, (_, i) => 100 + i);
  const scene = /** @type {any} */ ({
    config: { seed: 3 },
    recipe: { sizes: [], folds: 1 },
    info: { least_squares: { implicit: false, features: ["x"] } },
    record: { points: { train: { rows: 10, inputs, targets: inputs.map((x) => x * x) } } },
  });
  assert.deepEqual(kindsOf(scene), ["degree"]);
  assert.deepEqual(sizesOf("degree", scene), [1, 2, 3]);
  const spec = specOf("degree", scene);
  const third = /** @type {any} */ (spec.points?.[2])?.["problem.data"].inputs;
  assert.equal(third.length, 10);
  // T₁, T₂, T₃ at the ends of the interval.
  assert.deepEqual(third[0], [-1, 1, -1]);
  assert.deepEqual(third[9], [1, 1, 1]);
  assert.deepEqual(kindsOf({ ...scene, info: {} }), []);
});
