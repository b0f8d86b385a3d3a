/**
 * The libraries that the page uses, as modules of its own: a browser that runs the page from its sources knows no
 * node_modules/.
 *
 * Writes www/generated/NAME.js, and NAME.d.ts for the type checker.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What is taken of each package, by the name of the module. @type {Record<string, { from: string, text: string }>} */
const LIBRARIES = {
  qr: { from: "qr", text: 'export { encodeQR } from "qr";' },
  zip: { from: "fflate", text: 'export { zipSync } from "fflate";' },
};

const root = new URL("../", import.meta.url);
const folder = new URL("www/generated/", root);
await mkdir(folder, { recursive: true });
for (const [name, { from, text }] of Object.entries(LIBRARIES)) {
  const { version, license } = JSON.parse(await readFile(new URL(`node_modules/${from}/package.json`, root), "utf8"));
  await build({
    absWorkingDir: fileURLToPath(root),
    stdin: { contents: text, resolveDir: fileURLToPath(root) },
    outfile: fileURLToPath(new URL(`${name}.js`, folder)),
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    minify: true,
    banner: { js: `// @ts-nocheck\n/*! ${from} ${version}, ${license} */` },
    logLevel: "warning",
  });
  await writeFile(new URL(`${name}.d.ts`, folder), `${text}\n`);
}
