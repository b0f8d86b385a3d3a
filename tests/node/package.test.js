import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { initSync, version } from "../../pkg/descent.js";

const pkg = new URL("../../pkg/", import.meta.url);

test("the package runs in Node, without a window", async () => {
  initSync({ module: await readFile(new URL("descent_bg.wasm", pkg)) });
  const { version: written } = JSON.parse(await readFile(new URL("package.json", pkg), "utf8"));
  assert.equal(version(), written);
});
