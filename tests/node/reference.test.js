import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { initSync, Session } from "../../pkg/descent.js";

/** @typedef {import("../../pkg/descent.js").SessionConfig} SessionConfig */

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

// The tolerances of tests/reference.rs, which says why; that the same goldens hold here shows that nothing is lost or
// reordered between the core and JavaScript.
const TRAJECTORY = 1e-10;
const NETWORK = 1e-12;

/** @param {string} name */
const golden = async (name) =>
  JSON.parse(await readFile(new URL(`../reference/${name}.json`, import.meta.url), "utf8"));

/** ‖a − b‖∞ / ‖b‖∞. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function relativeError(a, b) {
  assert.equal(a.length, b.length);
  const difference = Math.max(...Array.from(a, (v, i) => Math.abs(v - (b[i] ?? NaN))));
  return difference === 0 ? 0 : difference / Math.max(...Array.from(b, Math.abs));
}

test("losses and gradients are those of PyTorch", async () => {
  const { networks, cases } = await golden("mlp");
  assert.ok(cases.length > 50);
  for (const { network, hidden, output, loss, l2, value, gradient } of cases) {
    const { sizes, inputs, targets, parameters } = networks[network];
    const session = new Session({
      problem: {
        kind: "network",
        data: loss === "cross_entropy" ? { inputs, targets, task: "classification" } : { inputs, targets },
        split: { train: 1 },
        layers: sizes.slice(1, -1),
        activation: hidden,
        output_activation: output,
        loss,
        init: { parameters },
        l2,
      },
      optimizer: { name: "sgd" },
    });
    assert.deepEqual([...session.parameters()], parameters);
    const found = session.value_and_gradient();
    const what = JSON.stringify({ network, hidden, output, loss, l2 });
    assert.ok(relativeError([found.value], [value]) <= NETWORK, what);
    assert.ok(relativeError(found.gradient, gradient) <= NETWORK, what);
    session.free();
  }
});

/** What is solved, in the terms of a config. @param {any} problem @returns {SessionConfig["problem"]} */
function problemOf({ name, a, b, start, inputs, classes, sizes, activation, loss }) {
  switch (name) {
    case "rosenbrock":
      return { kind: "surface", name, start };
    case "quadratic":
      return { kind: "surface", name, a, b, start };
    default:
      return {
        kind: "network",
        data: { inputs, targets: classes, task: "classification" },
        split: { train: 1 },
        layers: sizes.slice(1, -1),
        activation,
        loss,
        init: { parameters: start },
      };
  }
}

for (const name of ["rosenbrock", "quadratic", "mlp"]) {
  test(`200 steps of every method on ${name} are those of PyTorch, optax or NumPy`, async () => {
    const { problem, steps, x_steps, cases } = await golden(`optimizers_${name}`);
    assert.ok(cases.length > 40);
    for (const { optimizer, lr_base, clip_norm, loss, x } of cases) {
      const session = new Session({
        problem: problemOf(problem),
        optimizer,
        schedule: lr_base ? { name: "exponential", base: lr_base, unit: "iteration" } : { name: "constant" },
        clip_norm,
        batch_size: "full",
      });
      const what = JSON.stringify(optimizer);
      let taken = 0;
      for (const [i, step] of steps.entries()) {
        const { iteration, status } = session.train_step(step - taken);
        assert.deepEqual({ iteration, status }, { iteration: step, status: "running" }, what);
        taken = step;
        assert.ok(
          relativeError([session.value_and_gradient().value], [loss[i]]) <= TRAJECTORY,
          `${what}, step ${step}`,
        );
        const point = x[x_steps.indexOf(step)];
        if (point) assert.ok(relativeError(session.parameters(), point) <= TRAJECTORY, `${what}, step ${step}`);
      }
      session.free();
    }
  });
}
