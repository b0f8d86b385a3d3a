/**
 * Where the page in one file has its engine, its workers and its files: in itself. The other www/files.js.
 *
 * Nothing is fetched, so it works without a network, from a file system, and in a frame without an origin of its own.
 */

import { give_rest } from "../../pkg/descent.js";
import { byId } from "../../www/dom.js";

/** Texts by their path below www/. @type {Record<string, string>} */
const files = JSON.parse(byId("files").textContent ?? "");

/** The whole engine: there is no second part to be loaded. @returns {Promise<WebAssembly.Module>} */
export async function compileEngine() {
  const packed = new Blob([bytesOf(byId("engine").textContent ?? "")]);
  const unpacked = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  const headers = { "Content-Type": "application/wasm" };
  const module = await WebAssembly.compileStreaming(new Response(unpacked, { headers }));
  give_rest(module);
  return module;
}

/** @type {Map<string, string>} */
const addresses = new Map();

/** @param {"worker" | "pool_worker"} name */
export function startWorker(name) {
  const address = addresses.get(name) ?? URL.createObjectURL(new Blob([textOf(`${name}.js`)]));
  addresses.set(name, address);
  return new Worker(address);
}

/** @param {string} path below www/ */
export const textAt = async (path) => textOf(path);

/** @param {boolean} others @returns {Promise<Record<string, string>>} */
export const loadEquations = async (others) =>
  (await (others ? import("../../www/generated/equations_more.js") : import("../../www/generated/equations.js")))
    .equations;

/** A style that is there and waits to be wanted. @param {string} name */
export async function loadStyle(name) {
  byId(`style-${name}`).removeAttribute("media");
}

/** @param {string} path */
function textOf(path) {
  const text = files[path];
  if (text === undefined) throw new Error("it is not in this file");
  return text;
}

/** @param {string} base64 */
function bytesOf(base64) {
  const units = atob(base64);
  const bytes = new Uint8Array(units.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = units.charCodeAt(i);
  return bytes;
}
