import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

/** The files that a module imports, itself included. @param {string} path @param {Set<string>} found */
async function importsOf(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  // What the build makes need not be there for this.
  if (path.startsWith("pkg/")) return found;
  const text = await readFile(new URL(path, root), "utf8");
  for (const [, to = ""] of text.matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)"/gm)) {
    await importsOf(new URL(to, new URL(path, root)).href.slice(root.href.length), found);
  }
  return found;
}

test("the page preloads each of its modules, so that none waits for another", async () => {
  const html = await readFile(new URL("index.html", root), "utf8");
  const preloaded = [...html.matchAll(/<link rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path ?? "");
  const imported = await importsOf("www/main.js");
  imported.delete("www/main.js");
  assert.deepEqual(preloaded.sort(), [...imported, "www/generated/equations.js"].sort());
});
