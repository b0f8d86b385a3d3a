/**
 * Serves the page on this machine only: `node scripts/serve.js PORT [LAST [FOLDER]]` takes the first free port from PORT
 * to LAST, 0 for any, prints the address on a line of its own and goes on until its standard input ends. The folder is one
 * of the repository, by default the repository itself, whose page runs from its sources.
 */

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

const [first = 8080, last = first] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4] ?? ".";
const files = sirv(fileURLToPath(new URL(`../${folder}`, import.meta.url)), {
  dev: true,
  setHeaders: (response) => response.setHeader("Cache-Control", "no-cache"),
});
const server = createServer((request, response) => {
  const refuse = () => {
    response.statusCode = 404;
    response.end("There is no such file.\n");
  };
  // The files of git and of editors are hidden.
  if (/(\/|%2f)(\.|%2e)/i.test(request.url ?? "")) refuse();
  else files(request, response, refuse);
});

/** @param {number} port */
function listen(port) {
  server.once("error", (error) => {
    if (port < last) return listen(port + 1);
    console.error(`cannot serve on port ${port}: ${error.message}; try another --port`);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1");
}

server.on("listening", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}/`);
});
// Whoever started this program holds the other end: when it is gone, so is the server.
process.stdin.on("end", () => process.exit()).resume();
listen(first);
