/** The page Tune: each kind of search, what it shows, and that nothing is lost whatever happens in between. */

import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "./playground.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page @param {string} [hash] */
async function open(page, hash = "kind=network") {
  await page.goto(`/#${hash}&tab=tune`);
  await expect(primary(page)).toBeEnabled();
}

const primary = (/** @type {Page} */ page) => page.locator("#tune .transport .primary");
const said = (/** @type {Page} */ page) => page.locator("#tune .done > span");
const rows = (/** @type {Page} */ page) => page.locator("#tune tbody tr");
const picture = (/** @type {Page} */ page) => page.locator("#tune .picture .ink");
const axes = (/** @type {Page} */ page) => page.locator("#tune .axis");
const fault = (/** @type {Page} */ page) => page.locator("#tune-fault");

/** Runs the search to its end. @param {Page} page @param {number} trials */
async function search(page, trials) {
  await primary(page).click();
  await finished(page, trials);
}

/** @param {Page} page @param {number} trials */
async function finished(page, trials) {
  await expect(said(page)).toHaveText(new RegExp(`^${trials} trials done in`), { timeout: 60_000 });
}

/** Waits for results, and looks often: what comes next is to happen while the search runs. @param {Page} page @param {number} least */
async function some(page, least) {
  await expect.poll(async () => (await kept(page)).length, { intervals: [20] }).toBeGreaterThanOrEqual(least);
}

/** Types values of an axis. @param {Page} page @param {number} axis @param {string} values */
async function setValues(page, axis, values) {
  const field = axes(page).nth(axis).locator("textarea");
  await field.fill(values);
  await field.press("Enter");
}

/** All results that the page has kept, but for the time they took. @param {Page} page @returns {Promise<any[]>} */
async function kept(page) {
  return page.evaluate(async () => {
    const database = await new Promise((done, failed) => {
      const request = indexedDB.open("descent", 1);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const all = await new Promise((done) => {
      const table = database.transaction("records").objectStore("records");
      const range = IDBKeyRange.bound(["search ", 0], ["search!", 0]);
      const request = table.getAll(range);
      request.onsuccess = () => done(request.result);
    });
    database.close();
    return all.map((/** @type {any} */ { ms: _, ...result }) => result);
  });
}

test("a grid is searched, shown and loaded into a run", async ({ page, playground }) => {
  await open(page);
  await setValues(page, 0, "0.01, 0.03, 0.1");
  await setValues(page, 1, "0 0.01");
  await playground.field("Folds k").selectOption("3");
  await expect(page.locator("#tune .rail")).toContainText("6 trials × 3 folds = 18 trainings");
  await expect(said(page)).toHaveText("6 trials to run");
  await search(page, 6);
  await expect(rows(page)).toHaveCount(6);
  await expect(picture(page)).toHaveAttribute("aria-label", /^Heatmap: .*6 of 6 trials done; best: trial \d/);
  const scores = await rows(page).locator('td[data-label="Accuracy"]').allInnerTexts();
  const sorted = scores.map(parseFloat);
  expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  await expect(page.locator("#tune .counters dd").first()).toHaveText(scores[0] ?? "");
  await expect(rows(page).first()).toHaveClass("best");
  await expect(rows(page).first().locator(".spark")).toHaveAttribute("aria-label", /^folds: [\d.]+, [\d.]+, [\d.]+$/);

  await page.getByRole("button", { name: "learning rate α", exact: true }).click();
  expect(await rows(page).locator('td[data-label="learning rate α"]').allInnerTexts()).toEqual([
    "0.01",
    "0.01",
    "0.03",
    "0.03",
    "0.1",
    "0.1",
  ]);
  await expect(page.locator("#tune th[aria-sort]")).toHaveAttribute("aria-sort", "ascending");

  await expect(page).toHaveURL(/over=optimizer\.lr:values:0\.01\/0\.03\/0\.1;problem\.l2:values:0\/0\.01&folds=3/);
  await rows(page)
    .nth(3)
    .getByRole("button", { name: /^Use in Run/ })
    .click();
  await expect(playground.run).toBeVisible();
  await expect(playground.field("α of lane 4")).toHaveValue("0.03");
  await expect(playground.field("L2")).toHaveAttribute("aria-valuetext", "0.01");
  await playground.runOut();
});

test("the numbers of a cell can be read at the pointer, and a click loads its run", async ({ page, playground }) => {
  await open(page, "kind=network&over=optimizer.lr:values:0.01/0.1;problem.l2:values:0/0.1&folds=1");
  await search(page, 4);
  const box = await page.locator("#tune .picture .plot").boundingBox();
  const at = { x: (box?.width ?? 0) * 0.7, y: (box?.height ?? 0) * 0.25 };
  await page.locator("#tune .picture .plot").hover({ position: at });
  const tip = page.locator("#tune .picture .tip");
  await expect(tip).toContainText("learning rate α0.1");
  await expect(tip).toContainText("L20.1");
  await page.locator("#tune .picture .plot").click({ position: at });
  await expect(playground.field("α of lane 4")).toHaveValue("0.1");
  await expect(playground.field("L2")).toHaveAttribute("aria-valuetext", "0.1");
});

test("the lecture's grid is a preset, and shown in parallel coordinates and as a map", async ({ page, playground }) => {
  await open(page, "kind=network&folds=1");
  await playground.field("Preset").selectOption("lecture");
  await expect(said(page)).toHaveText("48 trials to run");
  await search(page, 48);
  await expect(picture(page)).toHaveAttribute("aria-label", /^Parallel: .*learning rate α, L2, iterations/);
  await page.locator("#tune .views label", { hasText: "Heatmap" }).click();
  await expect(picture(page)).toHaveAttribute("aria-label", /^Heatmap/);
  await playground.field("Up").selectOption({ label: "iterations" });
  await playground.field("Hyper-parameter of the curves").selectOption({ label: "by iterations" });
  await expect(page.locator("#tune-losses")).toContainText("Loss by iterations");
  const curve = rows(page)
    .nth(5)
    .getByRole("button", { name: /^Curve of trial/ });
  await expect(curve).toHaveAttribute("aria-pressed", "false");
  await curve.click();
  await expect(curve).toHaveAttribute("aria-pressed", "true");
  await expect(rows(page).locator('[aria-pressed="true"]')).toHaveCount(4);
});

test("a random search gives the same trials from the same seed", async ({ page, playground }) => {
  await open(page, "kind=network&search=random&folds=1&trials=8");
  await search(page, 8);
  await expect(picture(page)).toHaveAttribute("aria-label", /^Plane/);
  const first = await kept(page);
  expect(first).toHaveLength(8);
  await page.reload();
  await expect(said(page)).toHaveText("8 trials done");
  await primary(page).click();
  await finished(page, 8);
  expect(await kept(page)).toEqual(first);
  await playground.field("Seed of draws").fill("1");
  await playground.field("Seed of draws").press("Enter");
  await expect(said(page)).toHaveText("8 trials to run");
  await search(page, 8);
  expect((await kept(page)).length).toBe(16);
});

test("successive halving trains the best on", async ({ page }) => {
  await open(
    page,
    "kind=network&search=halving&folds=1&budget=270&rung=30&over=optimizer.lr:values:0.001/0.003/0.01/0.03/0.1/0.3/1/3/10",
  );
  await search(page, 13);
  const rungs = await rows(page).locator('td[data-label="Rung"]').allInnerTexts();
  expect(rungs.filter((rung) => rung === "1")).toHaveLength(9);
  expect(rungs.slice(0, 4)).toEqual(["3", "2", "2", "2"]);
});

test("grid and random share one picture at the same budget", async ({ page, playground }) => {
  await open(page, "kind=network&folds=1&over=optimizer.lr:values:0.01/0.03/0.1;problem.l2:values:0.001/0.01/0.1");
  await playground.field("Also as many at random").check();
  await expect(said(page)).toHaveText("18 trials to run");
  await search(page, 18);
  await expect(picture(page)).toHaveAttribute("aria-label", /^Grid and random/);
  await expect(page.locator("#tune .rival-key")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Best so far: grid [\d.]+, random [\d.]+/ })).toBeVisible();
});

test("a surface is searched too, and what diverges is marked", async ({ page }) => {
  await open(page, "over=optimizer.lr:values:0.0001/0.0005/10;optimizer.beta:values:0.5/0.9");
  await search(page, 6);
  await expect(said(page)).toContainText("2 without a score");
  await expect(rows(page).last().locator(".pill")).toContainText(/^diverged: /);
  await expect(rows(page).last().locator('td[data-label="Loss"]')).toHaveText("–");
});

test("runs made by hand are kept, compared and cross-validated", async ({ page, playground }) => {
  await playground.open("kind=network&iterations=100");
  await playground.runOut();
  await page.getByRole("button", { name: "Keep this run" }).click();
  await expect(page.locator(".note-bar")).toContainText("Kept as run 1");
  await playground.type(playground.field("α of lane 4"), 0.2);
  await playground.fullSpeed();
  await page.getByRole("button", { name: "Reset" }).click();
  await playground.settled();
  await playground.runOut();
  await page.getByRole("button", { name: "Keep this run" }).click();
  await expect(page.locator(".note-bar")).toContainText("Kept as run 2");
  await page.getByRole("button", { name: "Tune" }).click();
  await page.locator("#tune label", { hasText: "Manual" }).click();
  await expect(rows(page)).toHaveCount(2);
  expect((await rows(page).locator('td[data-label="learning rate α"]').allInnerTexts()).sort()).toEqual([
    "0.03",
    "0.2",
  ]);
  await expect(rows(page).first().locator(".pill")).toContainText("iteration 100");
  await expect(said(page)).toHaveText("2 trials to run");
  await search(page, 2);
  await expect(rows(page).first().locator(".spark")).toHaveAttribute("aria-label", /^folds: /);
  await page.reload();
  await expect(said(page)).toHaveText("2 trials done");
  await page.getByRole("button", { name: "Forget run 1" }).click();
  await expect(rows(page)).toHaveCount(1);
});

test("what is wrong is said at the field that caused it", async ({ page, playground }) => {
  await open(page, "kind=network&folds=1");
  const values = axes(page).first().locator("textarea");
  await setValues(page, 0, "0.1, -1");
  await expect(fault(page)).toContainText("axes.optimizer.lr[1]: -1 is outside [0, ∞)");
  await expect(values).toHaveAttribute("aria-invalid", "true");
  await expect(values).toHaveAttribute("aria-describedby", "tune-fault");
  await expect(axes(page).first().locator("+ #tune-fault")).toBeVisible();
  await expect(primary(page)).toBeDisabled();
  await setValues(page, 0, "0.1, 0.2");
  await expect(fault(page)).toHaveCount(0);
  await expect(values).not.toHaveAttribute("aria-invalid");

  await page.getByRole("button", { name: "Add axis" }).click();
  await playground.field("Setting of axis 3").selectOption({ label: "Other path …" });
  await playground.field("Path of axis 3").fill("problem.layerz");
  await playground.field("Path of axis 3").press("Enter");
  await expect(fault(page)).toContainText("axes.problem.layerz");
  await playground.field("Path of axis 3").fill("problem.data.noise");
  await playground.field("Path of axis 3").press("Enter");
  await setValues(page, 2, "0, 0.2");
  await expect(fault(page)).toHaveCount(0);

  await playground.field("Setting of axis 3").selectOption({ label: "Network: L2" });
  await expect(fault(page)).toContainText("axes.problem.l2: is an axis already");
  await page.getByRole("button", { name: "Remove axis L2" }).last().click();
  await expect(fault(page)).toHaveCount(0);

  await playground.field("Values of axis 1").selectOption("log");
  await playground.field("learning rate α, from").fill("0");
  await playground.field("learning rate α, from").press("Enter");
  await expect(fault(page)).toContainText("axes.optimizer.lr.min: 0 is outside (0, ∞)");
  await expect(playground.field("learning rate α, from")).toHaveAttribute("aria-invalid", "true");
});

const LONG =
  "kind=network&data=spiral&budget=9000&folds=2&over=optimizer.lr:values:0.003/0.01/0.03/1e300;problem.l2:values:0/0.001/0.01";

test("nothing is lost: a worker killed, a reload, a pause, a trial that diverges", async ({ page, browser }) => {
  test.setTimeout(240_000);
  const other = await browser.newPage();
  await open(other, LONG);
  await search(other, 12);
  const undisturbed = await kept(other);
  await other.close();
  expect(undisturbed).toHaveLength(12);
  expect(undisturbed.filter(({ score_mean }) => score_mean === null).map(({ index }) => index)).toEqual([9, 10, 11]);

  await open(page, LONG);
  await primary(page).click();
  await some(page, 1);
  const victim = page.workers().find((worker) => worker.url().endsWith("pool_worker.js"));
  await victim?.evaluate(() => globalThis.close());
  await some(page, 3);
  await page.reload();
  await expect(said(page)).toHaveText(/^\d+ of 12 trials done before; Resume runs the rest/);
  const before = (await kept(page)).length;
  expect(before).toBeLessThan(12);
  await expect(rows(page).locator("td:nth-child(4)", { hasText: "%" })).toHaveCount(
    (await kept(page)).filter(({ score_mean }) => score_mean !== null).length,
  );
  await primary(page).click();
  await expect(primary(page)).toHaveText("Pause");
  await primary(page).click();
  await expect(said(page)).toHaveText(/^Paused: \d+ of 12 trials done/);
  await page.waitForTimeout(300);
  const stood = (await kept(page)).length;
  await page.waitForTimeout(1000);
  expect((await kept(page)).length).toBe(stood);
  await primary(page).click();
  await finished(page, 12);
  expect(await kept(page)).toEqual(undisturbed);
  await expect(rows(page)).toHaveCount(12);
});

test("a worker that dies in the middle is replaced, and its trial is done again", async ({ page }) => {
  test.setTimeout(180_000);
  await open(page, LONG);
  await primary(page).click();
  await expect(said(page)).toContainText("running");
  const workers = () => page.workers().filter((worker) => worker.url().endsWith("pool_worker.js"));
  await workers()[0]?.evaluate(() => globalThis.close());
  await finished(page, 12);
  const results = await kept(page);
  expect(results).toHaveLength(12);
  expect(results.filter(({ status }) => status === "error")).toEqual([]);
});

test("a search can be cancelled, and goes on from there", async ({ page }) => {
  await open(page, LONG);
  await primary(page).click();
  await some(page, 1);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(said(page)).toHaveText(/^\d+ of 12 trials done before/);
  await primary(page).click();
  await finished(page, 12);
  expect(await kept(page)).toHaveLength(12);
});

test("all of it can be done with the keyboard alone", async ({ page, playground }) => {
  await open(page, "kind=network&folds=1&over=optimizer.lr:values:0.01/0.1");
  await page.locator("#tune input[type=radio][value=grid]").focus();
  await page.keyboard.press("ArrowRight");
  await expect(said(page)).toHaveText("24 trials to run");
  await page.locator("#tune input[type=radio][value=random]").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(said(page)).toHaveText("2 trials to run");
  await primary(page).focus();
  await page.keyboard.press("Enter");
  await finished(page, 2);
  await page.getByRole("button", { name: "learning rate α", exact: true }).focus();
  await page.keyboard.press("Enter");
  await rows(page).first().getByRole("button", { name: "Use in Run: trial 1" }).focus();
  await page.keyboard.press("Enter");
  await expect(playground.field("α of lane 4")).toHaveValue("0.01");
  await expect(page.locator("#picture")).toBeFocused();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing at ${viewport.width} px, ${colorScheme}`, async ({ page, playground }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open(
        page,
        "kind=network&folds=3&over=optimizer.lr:values:0.01/0.1/1e300;problem.l2:values:0/0.1&rival=true",
      );
      if (viewport.width < 720) await page.locator("#tune .rail-toggle").click();
      /** @type {Record<string, string[]>} */
      const found = { ready: await violations(page) };
      await search(page, 12);
      found.done = await violations(page);
      await setValues(page, 0, "-1");
      await expect(fault(page)).toBeVisible();
      found.refused = await violations(page);
      await playground.field("Values of axis 2").selectOption("log");
      await page.locator("#tune label", { hasText: "Random" }).first().click();
      await expect(playground.field("Trials")).toBeVisible();
      found.random = await violations(page);
      await page.locator("#tune label", { hasText: "Manual" }).click();
      found.manual = await violations(page);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    });

/** What axe finds. @param {Page} page */
async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
}
