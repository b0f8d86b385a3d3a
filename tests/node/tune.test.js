import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import * as descent from "../../pkg/descent.js";

const root = new URL("../../", import.meta.url);

/** @type {import("../../pkg/descent.js").SearchSpec} */
const spec = {
  base: {
    problem: { kind: "network", data: { name: "moons", n: 120 }, layers: [6], activation: "tanh" },
    optimizer: { name: "adam", lr: 0.02 },
    stop: { diverge_above: 100 },
    seed: 3,
  },
  axes: { "optimizer.lr": [0.001, 0.02, 1e300], "stop.iterations": [20, 60] },
  score: "val_accuracy",
  curves: 30,
};

before(async () => {
  descent.initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });
});

/** @param {import("../../pkg/descent.js").TrialResult} result */
const untimed = ({ ms: _, ...rest }) => rest;

test("a grid runs to its end, tells of each trial, and marks the one that diverges", () => {
  /** @type {number[]} */
  const told = [];
  const found = descent.grid_search(spec, (done, total, trial) => {
    told.push(trial.index);
    assert.deepEqual([done, total], [told.length, 6]);
  });
  assert.deepEqual(told, [0, 1, 2, 3, 4, 5]);
  assert.ok(found.complete);
  assert.equal(found.trials[5]?.status, "diverged");
  assert.equal(found.trials[5]?.score_mean, null);
  assert.equal(found.trials[3]?.values["optimizer.lr"], 0.02);
  assert.equal(found.trials[3]?.curves?.val_loss.length, 6);
  const scores = found.trials.map((trial) => trial.score_mean ?? Number.NEGATIVE_INFINITY);
  assert.equal(scores[found.best], Math.max(...scores));
});

test("trials shared out give what one thread gives", () => {
  const whole = descent.grid_search(spec);
  const plans = descent.trials(spec);
  const shared = plans.reverse().map(({ index }) => descent.run_trial(spec, index));
  assert.deepEqual(shared.reverse().map(untimed), whole.trials.map(untimed));
  assert.equal(descent.best_trial(spec, shared), whole.best);
  assert.deepEqual(
    descent.next_trials(spec, shared.slice(2)).map((plan) => plan.index),
    [0, 1],
  );
  assert.equal(descent.trial_count(spec), 6);
});

test("a trial can be watched and goes on in slices", () => {
  const trial = new descent.Trial(spec, 3);
  assert.equal(trial.advance(25), false);
  assert.equal(trial.iterations(), 25);
  assert.equal(trial.curves(10).loss.length, 10);
  while (!trial.advance(25));
  assert.deepEqual(untimed(trial.result()), untimed(descent.run_trial(spec, 3)));
  trial.free();
});

test("a callback ends a search with false, and what it throws is thrown on", () => {
  const found = descent.grid_search(spec, (done) => done < 2);
  assert.deepEqual([found.trials.length, found.complete], [2, false]);
  assert.throws(() => {
    descent.grid_search(spec, () => {
      throw new Error("mine");
    });
  }, /^Error: mine$/);
});

test("random search repeats itself, and a session can be opened on any trial", () => {
  const { axes: _, ...rest } = spec;
  const random = { ...rest, axes: { "optimizer.lr": { min: 1e-3, max: 1, scale: /** @type {const} */ ("log") } } };
  const drawn = { ...random, trials: 5, seed: 9 };
  const found = descent.random_search(drawn);
  assert.deepEqual(found.trials.map(untimed), descent.random_search(drawn).trials.map(untimed));
  const config = descent.trial_config(drawn, 4);
  assert.equal(config.optimizer.lr, found.trials[4]?.values["optimizer.lr"]);
});

test("five folds have five scores, their mean and their deviation", () => {
  const result = descent.cross_validate({ ...spec.base, stop: { iterations: 50, diverge_above: 100 } }, 5);
  assert.equal(result.fold_scores.length, 5);
  const mean = result.fold_scores.reduce((sum, score) => sum + score) / 5;
  assert.ok(Math.abs((result.score_mean ?? 0) - mean) < 1e-15);
});

test("a wrong spec is refused by the path of what is wrong", () => {
  const wrong = { ...spec, axes: { "optimizer.lrr": [1] } };
  assert.throws(() => descent.trials(wrong), /^Error: axes\.optimizer\.lrr: no such field; known here: /);
  assert.throws(() => descent.run_trial(spec, 6), /^Error: index: 6 is not a whole number from 0 to 5$/);
});
