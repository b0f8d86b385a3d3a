import assert from "node:assert/strict";
import { test } from "node:test";

import { added, decades, moved, pointsOf, removed, scheduleOf } from "../../www/rate_points.js";

/** @typedef {import("../../www/rate_points.js").RatePoint} RatePoint */

/** @type {RatePoint[]} */
const POINTS = [
  [0, 0.1],
  [100, 0.01],
  [200, 0.001],
];

test("points are read from a manual schedule, in iterations, with one at the start", () => {
  assert.deepEqual(pointsOf(scheduleOf(POINTS), 0.5, 9), POINTS);
  const epochs = { name: "piecewise", boundaries: [[10, 0.01]] };
  assert.deepEqual(pointsOf(/** @type {any} */ (epochs), 0.5, 9), [
    [0, 0.5],
    [90, 0.01],
  ]);
  assert.deepEqual(pointsOf({ name: "cosine", epochs: 3 }, 0.5, 9), [[0, 0.5]]);
  assert.deepEqual(pointsOf(undefined, 0.5, 9), [[0, 0.5]]);
});

test("what cannot be drawn of a refused schedule is left out", () => {
  const wrong = {
    name: "piecewise",
    unit: "iteration",
    boundaries: [
      ["soon", 1],
      [50, -1],
      [60, 0.1],
      [40, 0.2],
    ],
  };
  assert.deepEqual(pointsOf(/** @type {any} */ (wrong), 0.5, 1), [
    [0, 0.5],
    [60, 0.1],
  ]);
});

test("a point is set in order, once at each iteration", () => {
  const more = added(POINTS, 149.6, 0.012345);
  assert.equal(more?.at, 2);
  assert.deepEqual(more?.points[2], [150, 0.0123]);
  assert.equal(added(POINTS, 100.2, 1), null);
  assert.equal(POINTS.length, 3);
});

test("a point moves between its neighbours, the first along the start only", () => {
  assert.deepEqual(moved(POINTS, 1, 500, 0.02, 300)[1], [199, 0.02]);
  assert.deepEqual(moved(POINTS, 1, -5, 0.02, 300)[1], [1, 0.02]);
  assert.deepEqual(moved(POINTS, 2, 500, 0.02, 300)[2], [300, 0.02]);
  assert.deepEqual(moved(POINTS, 0, 50, 0.02, 300)[0], [0, 0.02]);
});

test("all points but the first can be removed", () => {
  assert.deepEqual(removed(POINTS, 1), [POINTS[0], POINTS[2]]);
  assert.deepEqual(removed(POINTS, 0), POINTS);
});

test("the scale spans whole powers of ten around the rates", () => {
  assert.deepEqual(decades([0.03]), [-4, -1]);
  assert.deepEqual(decades([0.001, 0.1, 0]), [-5, 0]);
  assert.deepEqual(decades([0, Number.NaN]), [-4, 0]);
});
