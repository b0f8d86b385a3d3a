/**
 * Where the engine, its workers and the files beside the page's modules come from.
 *
 * The page in one file has another module with the same functions, scripts/one_file/files.js: it has everything inside.
 */

/** @param {string} path below www/ */
export const fileAt = (path) => new URL(`./${path}`, import.meta.url);

/** The part of the engine that the page opens with. @returns {Promise<WebAssembly.Module>} */
export async function compileEngine() {
  const at = fileAt("../pkg/descent_first.wasm");
  const answer = await fetch(at);
  if (!answer.ok) throw new Error(`the engine cannot be loaded (${answer.status})`);
  // Some servers do not know the type of the file.
  if (answer.headers.get("Content-Type") !== "application/wasm") return WebAssembly.compile(await answer.arrayBuffer());
  return WebAssembly.compileStreaming(answer);
}

/** @param {"worker" | "pool_worker"} name */
export const startWorker = (name) => new Worker(fileAt(`${name}.js`), { type: "module" });

/** The text of a file; throws why it cannot be had. @param {string} path below www/ */
export async function textAt(path) {
  const answer = await fetch(fileAt(path));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/**
 * MathML by LaTeX, of methods of first order or of all others. Made by the build; a page that is served without it says so.
 * @param {boolean} others @returns {Promise<Record<string, string>>}
 */
export const loadEquations = async (others) =>
  (await import(fileAt(`generated/equations${others ? "_more" : ""}.js`).href)).equations;

/** A style that the page Run does without; resolves when it applies. @param {string} name */
export function loadStyle(name) {
  const { href } = fileAt(`style/${name}.css`);
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const loaded = new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
  });
  document.head.append(link);
  return loaded;
}
