/**
 * What ten figures in one deck cost: memory of the deck's process, frames a second.
 *
 *     node scripts/serve.js 8080 8080 dist       # in another terminal
 *     node benches/browser/figures.mjs http://127.0.0.1:8080
 *
 * Slides are shown one after the other, as in a lecture; then all figures are loaded at once, as no deck does by itself.
 */

import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.js";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const FIGURES = 10;
const MS = 5000;

const browser = await chromium.launch(config.use?.launchOptions);
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });

/** The figures that are loaded. */
const alive = () => page.frames().filter((frame) => frame.url().includes("embed=1"));

/** Memory of the largest renderer process: resident, and how much of that is its own. */
async function memory() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      return ["VmRSS", "RssAnon"].map((name) =>
        Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024),
      );
    });
  const [all, own] = sizes.sort(([a = 0], [b = 0]) => b - a)[0] ?? [];
  return `${all} MB resident, ${own} MB of its own`;
}

/** Frames a second of the deck, and the longest pause between two of them. */
const paced = () =>
  page.evaluate(
    (ms) =>
      new Promise((done) => {
        /** @type {number[]} */
        const times = [];
        const next = (/** @type {number} */ now) => {
          times.push(now);
          if (now - (times[0] ?? now) < ms) return requestAnimationFrame(next);
          const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
          done(
            `${((1000 * gaps.length) / ms).toFixed(1)} frames a second, longest pause ${Math.max(...gaps).toFixed(0)} ms`,
          );
        };
        requestAnimationFrame(next);
      }),
    MS,
  );

await page.goto(`${address}/www/slides/index.html`);
await page.evaluate((most) => {
  for (const [i, frame] of [...document.querySelectorAll("iframe")].entries()) if (i >= most) frame.remove();
}, FIGURES);
let seen = 0;
while (seen < FIGURES) {
  await page.keyboard.press("PageDown");
  if ((await page.locator("section.present iframe").count()) === 0) continue;
  await page.frameLocator("section.present iframe").locator("#run:enabled").waitFor();
  await page.waitForTimeout(1500);
  seen += 1;
  console.log(`${seen} seen, ${alive().length} alive: ${await memory()}`);
}
await page.frameLocator("section.present iframe").locator("#run", { hasText: "Run" }).click();
console.log(`one runs, ${alive().length} alive: ${await paced()}`);

// All at once, which no deck does by itself.
await page.evaluate(() => {
  for (const frame of document.querySelectorAll("iframe[data-src]"))
    frame.setAttribute("src", frame.getAttribute("data-src") ?? "");
});
await page.waitForTimeout(20000);
console.log(`all at once, ${alive().length} alive: ${await memory()}, ${await paced()}`);
await browser.close();
