/** Makes dist/npm/, the engine as a package for npm: an ES module with its types, for browsers, bundlers and Node. */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";

const root = new URL("../", import.meta.url);
const folder = new URL("dist/npm/", root);
/** From where in the repository, and under which name. */
const FILES = {
  "descent.js": "pkg/descent.js",
  "descent_bg.wasm": "pkg/descent_bg.wasm",
  "descent_bg.wasm.d.ts": "pkg/descent_bg.wasm.d.ts",
  "descent_first.wasm": "pkg/descent_first.wasm",
  "descent_rest.wasm": "pkg/descent_rest.wasm",
  "node.js": "scripts/npm/node.js",
  "README.md": "scripts/npm/README.md",
  "API.md": "docs/api.md",
  "LICENSE-APACHE": "LICENSE-APACHE",
  "LICENSE-MIT": "LICENSE-MIT",
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, from] of Object.entries(FILES)) await cp(new URL(from, root), new URL(name, folder));

// Its classes can be disposed of: a project with an older library has to be told what that is.
const types = await readFile(new URL("pkg/descent.d.ts", root), "utf8");
await writeFile(new URL("descent.d.ts", folder), `/// <reference lib="esnext.disposable" />\n${types}`);

const { name, version, license } = JSON.parse(await readFile(new URL("pkg/package.json", root), "utf8"));
const about = {
  name,
  version,
  description: "Optimisation methods for functions, fits, linear systems and small neural networks, in WebAssembly",
  keywords: ["optimization", "gradient-descent", "adam", "newton", "bfgs", "neural-network", "wasm"],
  license,
  type: "module",
  main: "descent.js",
  types: "descent.d.ts",
  exports: {
    ".": { types: "./descent.d.ts", node: "./node.js", default: "./descent.js" },
    "./*.wasm": "./*.wasm",
    "./package.json": "./package.json",
  },
  files: ["descent.d.ts", ...Object.keys(FILES)],
  sideEffects: false,
};
await writeFile(new URL("package.json", folder), `${JSON.stringify(about, null, 2)}\n`);
console.log(`dist/npm/: ${name} ${version}, to be packed with \`npm pack\``);
