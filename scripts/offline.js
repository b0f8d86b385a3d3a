/**
 * Makes dist/ a page that can be installed and works without a network: a manifest, icons, and a service worker that
 * knows every file by its digest.
 */

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const dist = new URL("dist/", root);
/** What of dist/ the page itself does without: maps, types, the whole engine, the other things that are published. */
const LEFT_OUT =
  /^(npm\/|descent\.html$|pkg\/(descent_bg\.wasm|.*\.d\.ts|package\.json)$|www\/data\/README\.md$)|\.map$|^service_worker\.js$/;

const HEAD = `<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#14181d" media="(prefers-color-scheme: dark)">
<link rel="manifest" href="manifest.webmanifest">
<link rel="apple-touch-icon" href="icons/180.png">
<script type="module" src="www/register.js"></script>
</head>`;

/** @param {string} path @param {Record<string, string>} [define] */
async function script(path, define = {}) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [`scripts/offline/${path}`],
    write: false,
    format: "esm",
    target: "es2022",
    minify: true,
    define,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

await mkdir(new URL("icons/", dist), { recursive: true });
await cp(new URL("scripts/offline/icons/", root), new URL("icons/", dist), { recursive: true });
const manifest = JSON.parse(await readFile(new URL("scripts/offline/manifest.json", root), "utf8"));
await writeFile(new URL("manifest.webmanifest", dist), JSON.stringify(manifest));
await writeFile(new URL("www/register.js", dist), await script("register.js"));
const html = await readFile(new URL("index.html", dist), "utf8");
if (!html.includes("manifest.webmanifest"))
  await writeFile(
    new URL("index.html", dist),
    html.replace("</head>", () => HEAD),
  );

/** @type {Record<string, string>} */
const files = {};
let bytes = 0;
const paths = (await readdir(dist, { recursive: true })).map((path) => path.replaceAll("\\", "/"));
for (const path of paths.filter((path) => !LEFT_OUT.test(path)).sort()) {
  if (!(await stat(new URL(path, dist))).isFile()) continue;
  const content = await readFile(new URL(path, dist));
  bytes += content.length;
  files[path === "index.html" ? "" : path] = `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
const worker = await script("service_worker.js", { "globalThis.FILES": JSON.stringify(files) });
await writeFile(new URL("service_worker.js", dist), worker);
console.log(`dist/service_worker.js: ${Object.keys(files).length} files, ${(bytes / 1024).toFixed(0)} KB, are kept`);
