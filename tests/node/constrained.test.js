// Problems with constraints through the package: multipliers, proofs, constraints on a grid.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { catalog, initSync, Session } from "../../pkg/descent.js";

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** @type {import("../../pkg/descent.js").ConstrainedProblem} */
const disc = {
  kind: "constrained",
  objective: "(x - 2)^2 + (y - 1)^2",
  equality: ["x - 2*y + 1"],
  inequality: ["x^2/4 + y^2 <= 1"],
  start: [2, 2],
};

test("multipliers stand in the report, and have a member of their own", () => {
  const session = new Session({ problem: disc, optimizer: { name: "augmented_lagrangian" } });
  const report = session.train_step(100);
  assert.equal(report.status, "converged");
  const found = session.multipliers();
  assert.ok(found);
  assert.deepEqual(report.extra.nu, [...found.nu]);
  assert.deepEqual(report.extra.lambda, [...found.lambda]);
  assert.ok(Math.abs(report.loss - (9 - 2.875 * Math.sqrt(7))) < 1e-8);
  assert.ok((report.extra.primal_residual ?? Number.NaN) < 1e-8);
  const { equality, inequality, jacobian, gradient } = session.constraints();
  assert.equal(equality.length + inequality.length, 2);
  const [nu = Number.NaN] = found.nu;
  const [lambda = Number.NaN] = found.lambda;
  const slope = (/** @type {number} */ i) => jacobian.at(i) ?? Number.NaN;
  for (const [i, g] of gradient.entries()) {
    assert.ok(Math.abs(g + nu * slope(i) + lambda * slope(2 + i)) < 1e-7);
  }
  assert.ok((session.history().violation?.at(-1) ?? Number.NaN) < 1e-8);
  const [line = [], ellipse = []] = session.plane_constraints(0, 1, [-1, 1, 0, 2], 3, 2);
  assert.deepEqual([...line], [0, 1, 2, -4, -3, -2]);
  assert.deepEqual([...ellipse], [-0.75, -1, -0.75, 3.25, 3, 3.25]);
  assert.equal(session.certificate(), null);
});

test("a program without a solution is proved to have none", () => {
  /** @type {import("../../pkg/descent.js").ConstrainedProblem} */
  const empty = {
    kind: "constrained",
    objective: { q: [1, 1] },
    inequality: {
      g: [
        [1, 1],
        [-1, -1],
      ],
      h: [1, -2],
    },
  };
  const session = new Session({ problem: empty, optimizer: { name: "interior_point" } });
  const { status, reason } = session.train_step(50);
  assert.equal(status, "breakdown");
  assert.match(reason ?? "", /^infeasible/);
  const proof = session.certificate();
  assert.ok(proof?.kind === "infeasible");
  const [up = Number.NaN, down = Number.NaN] = proof.lambda;
  assert.ok(Math.abs(up - down) < 1e-8 && Math.abs(up - 2 * down + 1) < 1e-8);
});

test("one that falls for ever has a direction", () => {
  /** @type {import("../../pkg/descent.js").ConstrainedProblem} */
  const problem = { kind: "constrained", objective: { q: [-1] }, lower: 0 };
  const session = new Session({ problem, optimizer: { name: "admm" } });
  assert.match(session.train_step(1000).reason ?? "", /^unbounded/);
  const proof = session.certificate();
  assert.ok(proof?.kind === "unbounded" && Math.abs((proof.direction[0] ?? 0) - 1) < 1e-8);
});

test("a problem without constraints has none to show, and a method without multipliers gives null", () => {
  const session = new Session({ problem: { kind: "surface", name: "booth" }, optimizer: { name: "sgd" } });
  assert.equal(session.multipliers(), null);
  assert.throws(() => session.constraints(), /^Error: problem: it has no constraints/);
  assert.throws(() => session.plane_constraints(0, 1, [0, 1, 0, 1], 2, 2), /problem: it has no constraints/);
});

test("info and catalogue say what is what", () => {
  const { constrained, oracles } = new Session({ problem: disc, optimizer: { name: "penalty" } }).info();
  assert.ok(constrained);
  assert.deepEqual([constrained.form, constrained.equalities, constrained.inequalities], ["formula", 1, 1]);
  assert.deepEqual(
    [constrained.variables, constrained.lower],
    [
      ["x", "y"],
      [null, null],
    ],
  );
  assert.ok(oracles.includes("constrained") && !oracles.includes("convex"));
  const family = catalog().methods.filter((m) => m.family === "constrained");
  assert.equal(family.length, 7);
  for (const method of family)
    assert.deepEqual(method.measures.slice(0, 3), ["primal_residual", "dual_residual", "gap"]);
});
