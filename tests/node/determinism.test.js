import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { catalog, initSync, Session } from "../../pkg/descent.js";

initSync({ module: await readFile(new URL("../../pkg/descent_bg.wasm", import.meta.url)) });

/** The table of tests/determinism.rs. @type {{ config: import("../../pkg/descent.js").SessionConfig, end?: string, digest: string }[]} */
const table = JSON.parse(await readFile(new URL("../determinism.json", import.meta.url), "utf8"));

test("digests after a thousand steps are those of the native runs", () => {
  const digests = table.map(({ config, end }) => {
    const session = new Session(config);
    const { iteration, status } = session.train_step(1000);
    assert.equal(`${status} at ${iteration}`, end ?? "running at 1000", JSON.stringify(config));
    const digest = session.digest();
    session.free();
    return end === undefined ? { config, digest } : { config, end, digest };
  });
  assert.deepEqual(digests, table);
});

test("the table has every method", () => {
  const named = new Set(table.map(({ config }) => config.optimizer.name));
  for (const { name } of catalog().methods) assert.ok(named.has(name), name);
});
