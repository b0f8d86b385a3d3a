/**
 * Which functions of the engine the page calls while it opens and runs its first problem, written to
 * xtask/src/opening.txt: `node scripts/opening.js FOLDER`, where the folder's pkg/ has an engine that marks what was called.
 */

import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import sirv from "sirv";
import config from "../playwright.config.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const marked = sirv(process.argv[2] ?? ".", { dev: true });
const files = sirv(root, { dev: true });
const server = createServer((request, response) => marked(request, response, () => files(request, response)));
await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

const browser = await chromium.launch(config.use?.launchOptions);
/** @type {Set<string>} */
const called = new Set();
for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  const page = await browser.newPage({ viewport });
  page.on("pageerror", (error) => console.error(error.message));
  page.on("requestfailed", (request) => console.error(`${request.url()} cannot be loaded`));
  page.on("response", (response) => response.ok() || console.error(`${response.url()}: ${response.status()}`));
  await page.goto(`http://127.0.0.1:${port}/`);
  const run = page.locator("#run");
  await run.click();
  await page.waitForTimeout(1000);
  await run.click();
  for (const key of [".", "r", ".", "x", "l", "2", " "]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
  }
  const picture = await page.locator("#picture canvas").first().boundingBox();
  const curves = await page.locator("#curves canvas").first().boundingBox();
  for (const box of [picture, curves]) if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3);
  await page.waitForTimeout(300);
  if (picture) await page.mouse.click(picture.x + picture.width / 2, picture.y + picture.height / 3);
  await run.click();
  await page.getByRole("button", { name: /^Schedule of lane 3/ }).click();
  await page.waitForTimeout(300);
  await page.keyboard.press("Escape");
  // To the end of the run, and as long as a worker takes to save it.
  await page.waitForTimeout(20_000);
  const heard = [page.evaluate(marks), ...page.workers().map((worker) => worker.evaluate(marks))];
  for (const names of await Promise.all(heard)) for (const name of names) called.add(name.replace(/^called \d+ /, ""));
  await page.close();
}
await browser.close();
server.close();
await writeFile(new URL("../xtask/src/opening.txt", import.meta.url), `${[...called].sort().join("\n")}\n`);
console.log(`${called.size} functions`);

/** In the page and in its worker: the names of the marks that are set. */
async function marks() {
  const { default: init } = await import(new URL("/pkg/descent.js", location.href).href);
  const exported = /** @type {Record<string, unknown>} */ (await init());
  return Object.entries(exported)
    .filter(([name, mark]) => name.startsWith("called ") && mark instanceof WebAssembly.Global && mark.value === 1)
    .map(([name]) => name);
}
