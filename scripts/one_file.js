/**
 * Makes dist/descent.html, the page in one file: scripts, styles, the engine and the data sets inside.
 *
 * It works from the file system, in `srcdoc`, in a sandboxed frame and without a network. Its policy allows what is in it,
 * by its hash, and workers that it makes itself.
 */

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { PAGES } from "./pages.js";

const root = new URL("../", import.meta.url);
/** Workers, by the names that www/files.js knows. */
const WORKERS = ["worker", "pool_worker"];
/** What of www/ the page reads as text. */
const TEXTS = /^data\/.*\.csv$/;

/** @param {string} path @returns {Promise<string>} */
const read = (path) => readFile(new URL(path, root), "utf8");

/** A script of the page with all that it imports, without what needs an address. @param {string} path */
async function script(path) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [path],
    write: false,
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    define: { "import.meta.url": '""' },
    plugins: [{ name: "one file", setup: ({ onResolve }) => onResolve({ filter: /\/files\.js$/ }, ownFiles) }],
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

/** The module that takes the place of www/files.js. */
const ownFiles = () => ({ path: fileURLToPath(new URL("scripts/one_file/files.js", root)) });

/** @param {string} path @param {string} html @param {RegExp} what */
function inlined(path, html, what) {
  const found = html.match(what);
  if (!found) throw new Error(`${path} has nothing like ${what}`);
  return found;
}

/** Text that cannot end the element that it stands in. @param {unknown} value */
const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/** A name of the text that a policy can have. @param {string} text */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const html = await read("index.html");
const stylesheet = /<link rel="stylesheet" href="([^"]+)">\n/g;
const sheets = [...html.matchAll(stylesheet)].map(([, path = ""]) => path);
const pages = PAGES.map((name) => `www/style/${name}.css`);
const css = (await Promise.all([...sheets, ...pages].map(read))).join("\n");
const style = (await transform(css, { loader: "css", minify: true })).code;
if (/url\((?!["']?(data:|#))/.test(style)) throw new Error("a style loads a file");

const main = (await script("www/main.js")).replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
const workers = await Promise.all(WORKERS.map(async (name) => [`${name}.js`, await script(`www/${name}.js`)]));
const names = await readdir(new URL("www/", root), { recursive: true });
const texts = names.filter((name) => TEXTS.test(name)).sort();
const data = await Promise.all(texts.map(async (name) => [name, await read(`www/${name}`)]));
const files = json(Object.fromEntries([...workers, ...data]));
const engine = gzipSync(await readFile(new URL("pkg/descent_bg.wasm", root)), { level: 9 }).toString("base64");

const policy = [
  "default-src 'none'",
  `script-src ${hash(main)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "img-src data: blob:",
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const [mainTag] = inlined("index.html", html, /<script type="module" src="www\/main\.js"><\/script>\n/);
const [meta] = inlined("index.html", html, /<meta http-equiv="Content-Security-Policy" content="[^"]*">/);
const end = `<script type="application/json" id="files">${files}</script>
<script type="application/octet-stream" id="engine">${engine}</script>
<script>${main}</script>
</body>`;
const page = html
  .replace(/<link rel="(?:modulepreload|preload)" [^>]*>\n/g, "")
  .replace(stylesheet, "")
  .replace(meta, () => meta.replace(/content="[^"]*"/, () => `content="${policy}"`))
  .replace(mainTag, () => `<style>${style}</style>\n`)
  .replace("</body>", () => end);
await writeFile(new URL("dist/descent.html", root), page);

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const packed = gzipSync(page, { level: 9 }).length;
console.log(`dist/descent.html: ${kilobytes(Buffer.byteLength(page))}, compressed ${kilobytes(packed)}`);
