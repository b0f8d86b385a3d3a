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
import { build, transformSync } from "esbuild";

import { PAGE_STYLES } from "./page_styles.js";

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
    plugins: [{ name: "one file", setup: ({ onLoad }) => onLoad({ filter: /\bwww[\\/]files\.js$/ }, ownFiles) }],
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

/** The module that takes the place of www/files.js. */
const ownFiles = async () => ({
  contents: await read("scripts/one_file/files.js"),
  resolveDir: fileURLToPath(new URL("scripts/one_file", root)),
});

/** @param {string} path @param {string} html @param {RegExp} what */
function inlined(path, html, what) {
  const found = html.match(what);
  if (!found) throw new Error(`${path} has nothing like ${what}`);
  return found;
}

/** @param {string} css */
function minified(css) {
  const { code } = transformSync(css, { loader: "css", minify: true });
  if (/url\((?!["']?(data:|#))/.test(code)) throw new Error("a style loads a file");
  return code;
}

/** Text that cannot end the element that it stands in. @param {unknown} value */
const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/** A name of the text that a policy can have. @param {string} text */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const html = await read("index.html");
const stylesheet = /<link rel="stylesheet" href="([^"]+)">\n/g;
const sheets = [...html.matchAll(stylesheet)].map(([, path = ""]) => path);
const style = minified((await Promise.all(sheets.map(read))).join("\n"));
const pageStyles = await Promise.all(PAGE_STYLES.map(async (name) => minified(await read(`www/style/${name}.css`))));

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
  `style-src ${[style, ...pageStyles].map(hash).join(" ")}`,
  "img-src data: blob:",
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const [mainTag] = inlined("index.html", html, /<script type="module" src="www\/main\.js"><\/script>\n/);
const [meta] = inlined("index.html", html, /<meta http-equiv="Content-Security-Policy" content="[^"]*">/);
// Those of the other pages wait until `loadStyle` wants them.
const styleTags = `<style>${style}</style>
${PAGE_STYLES.map((name, i) => `<style id="style-${name}" media="not all">${pageStyles[i]}</style>\n`).join("")}`;
const end = `<script type="application/json" id="files">${files}</script>
<script type="application/octet-stream" id="engine">${engine}</script>
<script>${main}</script>
</body>`;
const page = html
  .replace(/<link rel="(?:modulepreload|preload)" [^>]*>\n/g, "")
  .replace(stylesheet, "")
  .replace(meta, () => meta.replace(/content="[^"]*"/, () => `content="${policy}"`))
  .replace(mainTag, () => styleTags)
  .replace("</body>", () => end);
await writeFile(new URL("dist/descent.html", root), page);

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const packed = gzipSync(page, { level: 9 }).length;
console.log(`dist/descent.html: ${kilobytes(Buffer.byteLength(page))}, compressed ${kilobytes(packed)}`);
