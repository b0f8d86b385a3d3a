/** A server of dist/ below some path, which can go away and come back changed. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

export const dist = new URL("../../dist/", import.meta.url);
/** A static host puts a site wherever it likes. */
const PREFIX = "/courses/optimisation/descent";

/**
 * @typedef {object} Site
 * @property {string} address with a slash at the end
 * @property {string[]} asked the paths that were asked for, below the address
 * @property {(path: string, text: string) => void} replace what is sent for a path from now on
 * @property {() => Promise<void>} close
 */

/** @param {{ wasm?: string }} [types] the type that the engine's files are given, if another @returns {Promise<Site>} */
export async function serve({ wasm } = {}) {
  /** @type {Map<string, string>} */
  const replaced = new Map();
  /** @type {string[]} */
  const asked = [];
  const files = sirv(fileURLToPath(dist), {
    dev: true,
    setHeaders: (response, path) => {
      if (wasm && path.endsWith(".wasm")) response.setHeader("Content-Type", wasm);
    },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    if (!pathname.startsWith(`${PREFIX}/`)) {
      response.statusCode = 404;
      return response.end();
    }
    const path = pathname.slice(PREFIX.length + 1);
    asked.push(path);
    const text = replaced.get(path);
    if (text !== undefined) {
      const type = path.endsWith(".js") ? "text/javascript" : "text/html";
      response.setHeader("Content-Type", `${type}; charset=utf-8`);
      return response.end(text);
    }
    request.url = `/${path}`;
    files(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}${PREFIX}/`,
    asked,
    replace: (path, text) => replaced.set(path, text),
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** @param {string} path below dist/ */
export const textOf = (path) => readFile(new URL(path, dist), "utf8");
