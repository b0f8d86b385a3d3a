import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { catalog, initSync, Session } from "../../pkg/descent.js";

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/**
 * The table of tests/determinism.rs; a run without iteration and status goes on after its thousandth step.
 * @type {{ config: import("../../pkg/descent.js").SessionConfig, iteration?: number, status?: string, digest: string }[]}
 */
const table = JSON.parse(await readFile(new URL("../determinism.json", import.meta.url), "utf8"));

test("digests after a thousand steps are those of the native runs", () => {
  for (const { config, iteration = 1000, status = "running", digest } of table) {
    const session = new Session(config);
    const report = session.train_step(1000);
    const found = { iteration: report.iteration, status: report.status, digest: session.digest() };
    session.free();
    assert.deepEqual(found, { iteration, status, digest }, JSON.stringify(config));
  }
});

test("the table has every first-order method", () => {
  const named = new Set(table.map(({ config }) => config.optimizer.name));
  for (const { name, family } of catalog().methods) assert.ok(named.has(name) || family !== "first_order", name);
});
