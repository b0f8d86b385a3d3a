import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { catalog, initSync, Session } from "../../pkg/descent.js";

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** The table of tests/determinism.rs. @type {{ config: import("../../pkg/descent.js").SessionConfig, digest: string }[]} */
const table = JSON.parse(await readFile(new URL("../determinism.json", import.meta.url), "utf8"));

test("digests after a thousand steps are those of the native runs", () => {
  const digests = table.map(({ config }) => {
    const session = new Session(config);
    const { iteration, status } = session.train_step(1000);
    assert.deepEqual({ iteration, status }, { iteration: 1000, status: "running" }, JSON.stringify(config));
    const digest = session.digest();
    session.free();
    return { config, digest };
  });
  assert.deepEqual(digests, table);
});

test("the table has every first-order method", () => {
  const named = new Set(table.map(({ config }) => config.optimizer.name));
  for (const { name, family } of catalog().methods) assert.ok(named.has(name) || family !== "first_order", name);
});
