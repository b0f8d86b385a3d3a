import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";

const program = new URL("../../scripts/serve.js", import.meta.url).pathname;
const server = spawn(process.execPath, [program, "0"], { stdio: ["pipe", "pipe", "inherit"] });
let address = "";

before(async () => {
  const [line] = await once(server.stdout, "data");
  address = String(line).trim();
});
after(() => server.stdin.end());

test("serves the page, with the types that browsers insist on", async () => {
  const types = /** @type {[string, string][]} */ ([
    ["", "text/html"],
    ["www/main.js", "text/javascript"],
    ["www/tokens.css", "text/css"],
    ["pkg/descent_bg.wasm", "application/wasm"],
  ]);
  for (const [path, type] of types) {
    const response = await fetch(address + path);
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get("content-type") ?? "", new RegExp(`^${type}`), path);
  }
});

test("serves nothing hidden and nothing outside", async () => {
  for (const path of [".git/config", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "no"]) {
    assert.equal((await fetch(address + path)).status, 404, path);
  }
});
