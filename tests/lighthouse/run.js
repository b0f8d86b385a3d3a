/**
 * What Lighthouse says of dist/, on a phone and on a desktop: `node tests/lighthouse/run.js FOLDER` prints the marks, puts
 * the reports into the folder, and fails where a mark is below what is promised.
 *
 * The performance is the median of three visits, since it depends on what else the machine does. The server compresses, as
 * static hosts do.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig, generateReport } from "lighthouse";
import sirv from "sirv";

/** The least that is promised, of 100. @type {Record<string, number>} */
const LEAST = { performance: 95, accessibility: 100, "best-practices": 100 };
const VISITS = 3;
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const folder = process.argv[2] ?? "test-results/lighthouse";
await mkdir(folder, { recursive: true });

const files = sirv(fileURLToPath(new URL("../../dist", import.meta.url)), { dev: false, etag: true, maxAge: 600 });
/** @param {import("node:http").ServerResponse} response */
function compress(response) {
  /** @type {Buffer[]} */
  const parts = [];
  const { writeHead, end } = response;
  /** @type {any} */
  let head = [];
  Object.assign(response, {
    writeHead: (/** @type {unknown[]} */ ...given) => {
      head = given;
      return response;
    },
    write: (/** @type {Buffer} */ part) => parts.push(Buffer.from(part)),
    end: (/** @type {Buffer | undefined} */ part) => {
      if (part) parts.push(Buffer.from(part));
      const body = gzipSync(Buffer.concat(parts));
      const [status, headers] = head;
      writeHead.call(response, status, { ...headers, "Content-Encoding": "gzip", "Content-Length": body.length });
      return end.call(response, body, "utf8");
    },
  });
}
const server = createServer((request, response) => {
  compress(response);
  files(request, response, () => {
    response.writeHead(404, {});
    response.end();
  });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: FLAGS });

let failed = false;
for (const [device, config] of /** @type {const} */ ([
  ["phone", undefined],
  ["desktop", desktopConfig],
])) {
  /** @type {import("lighthouse").Result[]} */
  const visits = [];
  for (let visit = 0; visit < VISITS; visit += 1) {
    const found = await lighthouse(
      `http://127.0.0.1:${port}/`,
      { port: chrome.port, onlyCategories: Object.keys(LEAST), logLevel: "error" },
      config,
    );
    if (!found) throw new Error("Lighthouse found nothing");
    visits.push(found.lhr);
  }
  const mark = (/** @type {import("lighthouse").Result} */ result, /** @type {string} */ category) =>
    Math.round(100 * (result.categories[category]?.score ?? 0));
  visits.sort((a, b) => mark(a, "performance") - mark(b, "performance"));
  const median = visits[Math.floor(VISITS / 2)];
  if (!median) throw new Error("no visit");
  await writeFile(join(folder, `${device}.html`), String(generateReport(median, "html")));
  for (const [category, least] of Object.entries(LEAST)) {
    const got = mark(median, category);
    const good = got >= least;
    failed ||= !good;
    const all = category === "performance" ? ` (${visits.map((visit) => mark(visit, category)).join(", ")})` : "";
    console.log(`${device}, ${category}: ${got}${all}${good ? "" : `, BELOW ${least}`}`);
    if (good) continue;
    for (const { id } of median.categories[category]?.auditRefs ?? []) {
      const audit = median.audits[id];
      if (audit?.score !== null && Number(audit?.score) < 0.9)
        console.log(`    ${audit?.title}: ${audit?.displayValue ?? audit?.score}`);
    }
  }
}
chrome.kill();
server.close();
if (failed) process.exitCode = 1;
