/** The package in Node, which does not fetch files: its engine is read. @module */

import { readFile } from "node:fs/promises";

import init from "./descent.js";

export * from "./descent.js";

/** Opens the engine: the one of the package, or what is given. @param {import("./descent.js").InitInput | { module_or_path: any }} [input] */
export default async function open(input) {
  const engine = input ?? { module_or_path: await readFile(new URL("descent_bg.wasm", import.meta.url)) };
  return init(engine);
}
