/**
 * Makes dist/, the page as it is published: the modules of www/ joined and minified, with the engine and the data.
 *
 * Files keep the places that they have in the repository, so what is addressed relative to a module is found in both: the
 * page runs from its sources as well.
 */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

import { PAGE_STYLES } from "./page_styles.js";

const root = new URL("../", import.meta.url);
const dist = new URL("dist/", root);
/** Where code starts to run: the page, its worker, and the workers of a search. */
const ENTRIES = ["main", "worker", "pool_worker", "element", "slides/slides"];

const stylesheet = /<link rel="stylesheet" href="([^"]+)">\n/g;
const preload = /<link rel="modulepreload" href="[^"]+">\n/g;

/** @param {string} path @returns {Promise<string>} */
const read = (path) => readFile(new URL(path, root), "utf8");
/** @param {string} path @param {string} text */
const write = (path, text) => writeFile(new URL(path, dist), text);

await rm(dist, { recursive: true, force: true });
await mkdir(new URL("www/style/", dist), { recursive: true });
await mkdir(new URL("www/generated/", dist), { recursive: true });
await mkdir(new URL("pkg/", dist), { recursive: true });

// What the slides are made with; the page as it is written loads it from there too.
const reveal = new URL("www/generated/reveal/", root);
await mkdir(reveal, { recursive: true });
const revealed = new URL("node_modules/reveal.js/dist/", root);
await writeFile(
  new URL("reveal.mjs", reveal),
  `// @ts-nocheck\n${await readFile(new URL("reveal.mjs", revealed), "utf8")}`,
);
await cp(new URL("reveal.css", revealed), new URL("reveal.css", reveal));

const { metafile } = await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ENTRIES.map((name) => `www/${name}.js`),
  outdir: "dist/www",
  // Flat: a chunk finds the files of www/ where the module did from which it was made.
  chunkNames: "[name]-[hash]",
  external: ["../pkg/descent.js"],
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  metafile: true,
  logLevel: "warning",
});

/** What is loaded with the page: its module, and what that imports. @param {string} path @param {Set<string>} found */
function imported(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind, external } of metafile.outputs[path]?.imports ?? [])
    if (kind === "import-statement" && !external) imported(next, found);
  return found;
}

const html = await read("index.html");
const styles = await Promise.all([...html.matchAll(stylesheet)].map(([, path = ""]) => read(path)));
await write("www/style.css", (await transform(styles.join("\n"), { loader: "css", minify: true })).code);
for (const page of PAGE_STYLES) {
  const css = await read(`www/style/${page}.css`).catch(() => "");
  if (css) await write(`www/style/${page}.css`, (await transform(css, { loader: "css", minify: true })).code);
}
const modules = [...imported("dist/www/main.js")].map((path) => path.slice("dist/".length));
modules.push("pkg/descent.js", "www/generated/equations.js");
const links = [
  '<link rel="stylesheet" href="www/style.css">',
  ...modules.filter((path) => path !== "www/main.js").map((path) => `<link rel="modulepreload" href="${path}">`),
];
let linked = false;
const place = () => {
  if (linked) return "";
  linked = true;
  return `${links.join("\n")}\n`;
};
await write("index.html", html.replace(preload, "").replace(stylesheet, place));

for (const module of ["pkg/descent.js", "www/generated/equations.js", "www/generated/equations_more.js"])
  await write(module, (await transform(await read(module), { minify: true, format: "esm" })).code);
for (const file of ["descent.d.ts", "descent_bg.wasm", "descent_first.wasm", "descent_rest.wasm", "package.json"])
  await cp(new URL(`pkg/${file}`, root), new URL(`pkg/${file}`, dist));
await cp(new URL("www/data/", root), new URL("www/data/", dist), { recursive: true });
for (const file of ["www/slides/index.html", "www/slides/slides.css", "www/generated/reveal/reveal.css"])
  await cp(new URL(file, root), new URL(file, dist));
