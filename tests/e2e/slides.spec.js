/** The lecture in slides: figures start on their slide and stop off it, fragments step them, keys pass through. */

import { readFileSync } from "node:fs";

import { expect, test } from "@playwright/test";

const DECK = "/www/slides/index.html";
/** So many figures are shown, one after the other. */
const FIGURES = 10;
const MB = 1024 * 1024;
/** What they may take, the deck around them included. */
const MOST = 400 * MB;

/** Positions in the deck of the slides with these headings. */
const MOMENTUM = 3;
const CORRECTION = 6;

/** What went wrong in the deck or in a figure. A frame that is let go may be loading still, which is no fault. @param {import("@playwright/test").Page} page */
function faultsOf(page) {
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${why}`);
  });
  return faults;
}

/** The figure of the slide that is shown. @param {import("@playwright/test").Page} page */
const figure = (page) => page.frameLocator("section.present iframe");
/** @param {import("@playwright/test").Page} page */
const iteration = async (page) => Number((await figure(page).locator("#c-k").innerText()).replace(/\s/g, ""));

test("a figure starts on its slide, and stops off it", async ({ page }) => {
  const faults = faultsOf(page);
  await page.goto(`${DECK}#/${MOMENTUM}`);
  await expect(page.locator("section.present h2")).toHaveText("Momentum");
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  await expect.poll(() => iteration(page)).toBeGreaterThan(2);
  const frame = page.frames().find((f) => f.url().includes("momentum,lr:0.01"));
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("section.present h2")).toHaveText("RMSProp");
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  // The one before is still there, one slide away, and stands still.
  await expect.poll(() => frame?.evaluate(() => document.querySelector("#run")?.textContent)).toBe("Run");
  await page.keyboard.press("ArrowLeft");
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  // Two slides away it is let go.
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.frames().filter((f) => f.url().includes("momentum,lr:0.01")).length).toBe(0);
  expect(faults).toEqual([]);
});

test("fragments step a figure, and back", async ({ page }) => {
  const faults = faultsOf(page);
  await page.goto(`${DECK}#/${CORRECTION}`);
  await expect(figure(page).locator("#run")).toBeEnabled();
  expect(await iteration(page)).toBe(0);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => iteration(page)).toBe(1);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => iteration(page)).toBe(10);
  const legend = figure(page).locator(".lanes-legend");
  const said = await legend.innerText();
  await page.keyboard.press("ArrowRight");
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => iteration(page)).toBe(10);
  await expect(legend).toHaveText(said.split("\n").join(""), { useInnerText: false });
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => iteration(page)).toBe(1);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => iteration(page)).toBe(0);
  // Who comes to the slide from behind finds all its fragments shown, and a figure that has followed them.
  await page.goto(`${DECK}#/${CORRECTION + 1}`);
  await page.reload();
  await expect(page.locator("section.present h2")).toHaveText("Convergence: a race");
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => iteration(page)).toBeGreaterThan(10);
  expect(faults).toEqual([]);
});

test("keys that are pressed in a figure turn the slides", async ({ page }) => {
  const faults = faultsOf(page);
  await page.goto(`${DECK}#/${MOMENTUM}`);
  await expect(figure(page).locator("#run")).toHaveText("Pause");
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("IFRAME");
  await figure(page).locator("#run").click();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("IFRAME");
  await page.keyboard.press("PageDown");
  await expect(page.locator("section.present h2")).toHaveText("RMSProp");
  await figure(page).locator("#run").click();
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("section.present h2")).toHaveText("Momentum");
  await figure(page).locator("#step").click();
  await page.keyboard.press("Escape");
  await expect(page.locator(".reveal")).toHaveClass(/overview/);
  expect(faults).toEqual([]);
});

test("every slide has what it needs: its figure, and its equations", async ({ page }) => {
  const faults = faultsOf(page);
  test.setTimeout(240_000);
  await page.goto(DECK);
  const empty = () =>
    page.evaluate(() => [...document.querySelectorAll("[data-tex]")].filter((e) => !e.querySelector("math")).length);
  await expect.poll(empty).toBe(0);
  const addresses = await page.evaluate(() =>
    [...document.querySelectorAll("iframe")].map((f) => f.getAttribute("src") ?? f.getAttribute("data-src") ?? ""),
  );
  expect(addresses.length).toBeGreaterThanOrEqual(20);
  // Each link is followed, not refused.
  for (const address of addresses) {
    await page.goto(new URL(address, new URL(DECK, page.url())).href);
    await page.reload();
    await expect(page.locator("#run")).toBeEnabled();
    await expect(page.locator("#over .error"), address).not.toHaveClass(/on/);
  }
  expect(faults).toEqual([]);
});

test("ten figures in one deck stay under 400 MB", async ({ page, browser }) => {
  test.setTimeout(240_000);
  await page.goto(DECK);
  const session = await browser.newBrowserCDPSession();
  let most = 0;
  for (let seen = 0; seen < FIGURES; ) {
    await page.keyboard.press("PageDown");
    if ((await page.locator("section.present iframe").count()) === 0) continue;
    await expect(figure(page).locator("#run")).toBeEnabled();
    seen += 1;
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    for (const { type, id } of processInfo) {
      if (type !== "renderer") continue;
      // What the process has for itself: the pages of the browser's own program are shared by all.
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      most = Math.max(most, 1024 * Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0));
    }
  }
  console.log(`${FIGURES} figures seen: at most ${(most / MB).toFixed(0)} MB`);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(MOST);
});
