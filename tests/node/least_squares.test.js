import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { catalog, initSync, register_data, Session } from "../../pkg/descent.js";

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

const optimizer = { name: "levenberg_marquardt" };

test("a fit has the bits that it has natively", () => {
  const session = new Session({ problem: { kind: "least_squares", model: "gaussian_peaks" }, optimizer });
  session.train_step(8);
  assert.equal(session.digest(), "8a7b5696626362dc"); // also in tests/least_squares.rs
  session.reset();
  session.set_optimizer({ name: "adam" });
  session.train_step(1000);
  assert.equal(session.digest(), "60b6d146019da7c2");
});

test("a reference problem is fitted once its data are registered", async () => {
  const problem = { kind: /** @type {const} */ ("least_squares"), model: "misra1a" };
  assert.throws(() => new Session({ problem, optimizer }), /problem\.model: .*register_data/);
  const model = catalog().models.find(({ name }) => name === "misra1a");
  assert(model?.file && model.certified);
  register_data("misra1a", await readFile(new URL(`../../${model.file}`, import.meta.url), "utf8"));
  const session = new Session({ problem, optimizer });
  assert.equal(session.train_step(100).status, "converged");
  const { parameters, standard_errors, intervals, r_squared } = session.fit_statistics();
  for (const [j, certified] of model.certified.parameters.entries()) {
    assert(Math.abs((parameters[j] ?? Number.NaN) / certified - 1) < 1e-9);
    assert(intervals && standard_errors && (intervals[j]?.[0] ?? Number.NaN) < certified);
  }
  assert(r_squared && r_squared > 0.999);
  const { value, lower, upper } = session.fit_band(new Float64Array([100, 500]));
  assert.deepEqual(value, session.predict(new Float64Array([100, 500])));
  assert((lower[0] ?? Number.NaN) < (value[0] ?? Number.NaN) && (value[1] ?? Number.NaN) < (upper[1] ?? Number.NaN));
  assert.equal(session.plane_values(0, 1, new Float64Array([200, 300, 4e-4, 7e-4]), 5, 4).length, 20);
  assert.equal(session.info().least_squares?.parameters.length, 2);
});
