/** What is saved: names that say what is in a file, and the saving itself. */

import { h } from "../../dom.js";

/** @typedef {import("../../app.js").App} App */

/** So long a file's address is kept for the browser to read it, ms. */
const KEPT_MS = 60_000;

/** Saves a file under a name. @param {string} name @param {Blob} blob */
export function save(name, blob) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** `descent-rosenbrock-loss.svg`: the problem, what it is of it, and the kind of file. @param {App} app @param {string} what @param {string} kind */
export function nameOf(app, what, kind) {
  const problem = plain(app.record?.info.title ?? "").slice(0, 40);
  const part = plain(what).slice(0, 60);
  return `${["descent", part.includes(problem) ? "" : problem, part].filter(Boolean).join("-")}.${kind}`;
}

/** Small letters, digits and hyphens. @param {string} text */
function plain(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Copies a text; false where the clipboard is closed, and then the text is selected where it stands. @param {string} text @param {HTMLElement} from */
export async function copy(text, from) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement) from.select();
    else getSelection()?.selectAllChildren(from);
    return false;
  }
}
