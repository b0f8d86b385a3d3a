import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as descent from "../../pkg/descent.js";
import { Trail } from "../../www/trail.js";

descent.initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** @type {import("../../pkg/descent.js").SessionConfig} */
const config = {
  problem: { kind: "network", data: { name: "moons", n: 100 }, layers: [5], activation: "tanh", l2: 0.01 },
  optimizer: { name: "adam", lr: 0.05 },
  seed: 2,
};

test("a plane holds the loss of the parameters that it stands for", () => {
  const session = new descent.Session(config);
  const trail = new Trail();
  trail.begin(0, [session.parameters()]);
  for (let k = 1; k <= 30; k += 1) {
    session.train_step(5);
    trail.add(5 * k, [session.parameters()]);
  }
  const way = trail.of(0, session.parameters());
  const here = session.value_and_gradient().value;
  for (const points of [way, new Float64Array()]) {
    const plane = session.landscape_plane(points, 7);
    /** @type {[number, number, number, number]} */
    const view = [-1, 1, -0.5, 0.5];
    const values = session.landscape_values(plane, view, 3, 5, 0, 5);
    assert.equal(values.length, 15);
    assert.equal(values[7], here);
    assert.deepEqual(descent.landscape_values(config, plane, view, 3, 5, 2, 4), values.slice(6, 12));
    const corner = plane.origin.map((o, i) => o - Number(plane.u[i]) - 0.5 * Number(plane.v[i]));
    const other = new descent.Session(config);
    other.set_parameters(corner);
    // θ is summed in another order here.
    assert.ok(Math.abs(other.value_and_gradient().value / Number(values[0]) - 1) < 1e-12);
    const shadow = descent.landscape_shadow(plane, way);
    assert.equal(shadow.points.length, (2 * way.length) / plane.origin.length);
    assert.ok(Number(shadow.off.at(-1)) < 1e-12);
    assert.ok(points.length > 0 ? shadow.hidden < 0.2 : shadow.hidden > 0.2, `${shadow.hidden}`);
  }
});

test("a way is kept in few points, its beginning and its end among them", () => {
  const trail = new Trail();
  trail.begin(0, [Float64Array.of(0)]);
  let at = 0;
  while (at < 1e6) {
    at = trail.nextAt;
    trail.add(at, [Float64Array.of(at)]);
  }
  const way = trail.of(0, Float64Array.of(at + 1));
  assert.ok(way.length <= 82 && way.length > 40, `${way.length} points`);
  assert.deepEqual([way[0], way.at(-1)], [0, at + 1]);
  trail.cut(1000);
  assert.ok(trail.of(0, Float64Array.of(1001)).every((x) => x <= 1001));
  trail.add(2000, [Float64Array.of(Number.NaN)]);
  assert.ok(trail.of(0, Float64Array.of(Number.NaN)).every(Number.isFinite));
});
