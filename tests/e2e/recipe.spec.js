/** The page Recipe: what the errors say, whether an action helped, which method, how fast, how large, and the scripts. */

import { readFile } from "node:fs/promises";

import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "./playground.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page @param {string} hash */
async function open(page, hash) {
  await page.goto(`/#${hash}&tab=recipe`);
  await expect(page.locator("#recipe .kinds input:checked")).toHaveCount(1);
}

const primary = (/** @type {Page} */ page) => page.locator("#recipe .transport .primary");
const side = (/** @type {Page} */ page) => page.locator("#recipe .side");
const rows = (/** @type {Page} */ page) => page.locator("#recipe tbody tr");
const ink = (/** @type {Page} */ page) => page.locator("#recipe .picture .ink");
const LONG = { timeout: 60_000 };

/** Presses the first button, and waits for the one that comes after. @param {Page} page @param {string | RegExp} again */
async function run(page, again) {
  await expect(primary(page)).toBeEnabled();
  await primary(page).click();
  await expect(primary(page)).toHaveText(again, LONG);
  await expect(primary(page)).toBeEnabled(LONG);
}

/** A config that underfits: one unit for a spiral. */
const BIAS = "kind=network&data=spiral&layers=1&iterations=300&human=1";
/** One that overfits: many units, few and noisy rows. */
const VARIANCE = "kind=network&n=60&noise=0.5&layers=64,64&iterations=2000";

test("too small a network is told to be biased, and a bigger one is tried", async ({ page, playground }) => {
  await open(page, BIAS);
  await run(page, "Try all of them");
  await expect(side(page).locator(".verdict")).toHaveText("Bias");
  const train = await page.locator("#recipe .counters dd").first().innerText();
  await expect(side(page).locator(".arithmetic li").first()).toContainText(
    `bias = training error − human-level error = ${train.replace(/\.0 %$/, "").replace(/ %$/, "")}`,
  );
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).first()).toContainText("Bigger model");
  await expect(rows(page).first()).toContainText("layers 2");
  await expect(rows(page).nth(3)).toContainText("No penalty on the weights is set.");
  const attempt = rows(page).first().getByRole("button", { name: "Try: Bigger model" });
  await attempt.click();
  await expect(rows(page).first().locator(".pill")).toHaveText(/helped|no difference|did not/, LONG);
  await expect(rows(page).first().locator('td[data-label="Training error"]')).toHaveText(/% → .*%/);
  await expect(page.locator("#recipe .legend")).toContainText("Bigger model");
  await rows(page).first().getByRole("button", { name: "Use in Run: Bigger model" }).click();
  await expect(playground.run).toBeVisible();
  await expect(page).toHaveURL(/layers=2/);
  await playground.runOut();
});

test("too large a network is told of its variance, and what is tried can be compared", async ({ page }) => {
  await open(page, VARIANCE);
  await run(page, "Try all of them");
  await expect(side(page).locator(".verdict")).toHaveText("Variance");
  await expect(page.locator("#recipe .braces")).toContainText("variance");
  await primary(page).click();
  await expect(primary(page)).toHaveText("Train again", LONG);
  const pills = rows(page).locator(".pill");
  await expect(pills).toHaveCount(4);
  await expect(rows(page).first().locator('td[data-label="Validation error"]')).toHaveText(/% → .*%/);
  // Results are kept: a reload finds them.
  await page.reload();
  await expect(side(page).locator(".verdict")).toHaveText("Variance");
  await expect(rows(page).locator(".pill")).toHaveCount(4);
});

test("the human-level error is typed, kept in the link, and refused where it is none", async ({ page, playground }) => {
  await open(page, BIAS);
  await run(page, "Try all of them");
  const human = playground.field("Human-level error");
  await human.fill("100");
  await human.press("Enter");
  await expect(side(page).locator(".verdict")).not.toHaveText("Bias");
  await expect(page).toHaveURL(/human=100/);
  await human.fill("-1");
  await human.press("Enter");
  await expect(page.locator("#recipe-fault")).toContainText("is outside [0, ∞)");
  await expect(human).toHaveAttribute("aria-invalid", "true");
});

test("the test error is shown once the seal is broken, not before", async ({ page, playground }) => {
  await open(page, "kind=network&iterations=300&speed=max");
  await run(page, "Try all of them");
  await expect(side(page)).toContainText("test rows are sealed");
  await expect(side(page).locator(".arithmetic")).not.toContainText("test error");
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await playground.runOut();
  await page.getByRole("button", { name: "Break the seal" }).first().click();
  await page.locator("#confirm-dialog .primary").click();
  await expect(page).toHaveURL(/opened=1/);
  await page.locator("#tabs button", { hasText: "Recipe" }).click();
  await expect(side(page)).toContainText("The test error is that of this run.");
  await expect(side(page).locator(".arithmetic")).toContainText("test error − validation error");
  await expect(ink(page)).toHaveAttribute("aria-label", /test [\d.]+ %/);
});

test("a regression is judged by the variance that is left over", async ({ page }) => {
  await open(page, "kind=network&data=sine&iterations=200");
  await run(page, /Try all of them|Train again/);
  await expect(page.locator("#recipe .bar")).toContainText("1 − R²");
  await expect(side(page).locator(".arithmetic li")).toHaveCount(2);
});

test("a problem without data says what the recipe is for, and offers what applies", async ({ page }) => {
  await open(page, "f=rosenbrock");
  await expect(page.locator("#recipe .refusal")).toContainText("Rosenbrock");
  await page.locator("#recipe .refusal").getByRole("button", { name: "Learning rate: sweep" }).click();
  await expect(page).toHaveURL(/topic=rates/);
  await run(page, "Sweep again");
  await expect(side(page).locator(".judged")).toContainText("good");
});

test("the adviser names a method, and a race adds it and starts", async ({ page, playground }) => {
  await open(page, "f=rosenbrock&topic=method&speed=max");
  await expect(page.locator("#recipe .pick")).toHaveText("BFGS");
  await expect(page.locator("#recipe .facts")).toContainText("2 variables");
  await expect(side(page).locator("[aria-current]")).toContainText("Full batch");
  await page.getByRole("button", { name: "Race BFGS against Momentum", exact: true }).first().click();
  await expect(playground.rows).toHaveCount(6);
  await playground.ended();
  await expect(playground.pills.nth(5)).toContainText("converged");
  await page.locator("#tabs button", { hasText: "Recipe" }).click();
  await page.locator("#recipe .rail select").selectOption({ index: 5 });
  await expect(page.getByRole("button", { name: "Run it" })).toBeVisible();
});

test("the adviser looks at the problem", async ({ page }) => {
  for (const [hash, method] of [
    ["kind=network", "Adam"],
    ["kind=network&batch=full", "L-BFGS"],
    ["kind=least_squares", "Levenberg-Marquardt"],
    ["kind=linear_system", "Cholesky"],
  ]) {
    await page.goto("about:blank");
    await open(page, `${hash}&topic=method`);
    await expect(page.locator("#recipe .pick")).toHaveText(new RegExp(String(method)));
  }
});

test("the range test suggests rates, and one can be used", async ({ page, playground }) => {
  await open(page, "kind=network&topic=range");
  await run(page, "Test again");
  await expect(ink(page)).toHaveAttribute("aria-label", /steepest [\d.]+, lowest [\d.]+/);
  const use = side(page).getByRole("button", { name: /^Use .* in Run$/ });
  await expect(use).toHaveCount(2);
  const rate = (await use.first().innerText()).replace(/^Use | in Run$/g, "");
  await use.first().click();
  await expect(playground.field("α of lane 4")).toHaveValue(String(Number(rate)));
  await page.locator("#tabs button", { hasText: "Recipe" }).click();
  await playground.field("Climb: To").fill("1e-9");
  await playground.field("Climb: To").press("Enter");
  await primary(page).click();
  await expect(page.locator("#range-fault")).toContainText("max_lr");
});

test("a method without a rate is told so", async ({ page }) => {
  await open(page, "kind=least_squares&topic=range");
  await expect(page.locator("#recipe .refusal")).toContainText("has no learning rate");
  await page.locator("#recipe .rail select").selectOption({ index: 0 });
  await expect(primary(page)).toBeEnabled();
});

test("a sweep shows rates that are too low, good, high and too high", async ({ page, playground }) => {
  await open(page, "kind=network&topic=rates&lane1=sgd,lr:0.1&lane=0&ladder=0.0001,1000,8&iterations=300");
  await run(page, "Sweep again");
  await expect(rows(page)).toHaveCount(8);
  await expect(page.locator("#recipe .words")).toContainText("too low");
  await expect(page.locator("#recipe .words")).toContainText("good");
  await expect(page.locator("#recipe .words")).toContainText("too high");
  await page.getByRole("button", { name: "vertical axis log, switch" }).click();
  await expect(page.getByRole("button", { name: "vertical axis linear, switch" })).toBeVisible();
  await playground.field("Rates: From").fill("-1");
  await playground.field("Rates: From").press("Enter");
  await expect(page.locator("#ladder-fault")).toBeVisible();
});

test("a sweep of the degree draws a U", async ({ page, playground }) => {
  await open(page, "kind=least_squares&model=polynomial&topic=capacity");
  await run(page, "Sweep again");
  await expect(rows(page)).toHaveCount(12);
  await expect(side(page)).toContainText("it overfits");
  await expect(side(page)).toContainText("it underfits");
  const train = await rows(page).locator('td[data-label="Training loss"]').allInnerTexts();
  const losses = train.map((text) => Number(text.replace("−", "-")));
  // A polynomial of a higher degree fits its own rows at least as well.
  for (let i = 1; i < losses.length; i += 1) expect(losses[i]).toBeLessThanOrEqual(Number(losses[i - 1]) * (1 + 1e-2));
  await rows(page).nth(4).getByRole("button").click();
  await expect(page).toHaveURL(/degree=5/);
  await expect(playground.run).toBeVisible();
});

test("a sweep of the width, and a learning curve with folds", async ({ page, playground }) => {
  await open(page, "kind=network&topic=capacity&iterations=200&sizes=1,4,16");
  await run(page, "Sweep again");
  await expect(rows(page)).toHaveCount(3);
  await expect(side(page)).toContainText(/lowest with \d+ units? a layer/);
  await playground.field("Over").selectOption("rows");
  await playground.field("Values").fill("10, 40, 100");
  await playground.field("Values").press("Enter");
  await playground.field("Folds k").selectOption("3");
  await expect(page).toHaveURL(/capacity=rows&sizes=10,40,100&sizefolds=3/);
  await run(page, "Sweep again");
  await expect(ink(page)).toHaveAttribute("aria-label", /^Learning curve: 10: .*; 40: .*; 100: /);
  await expect(side(page)).toContainText("above the training loss");
});

test("the run and the search become scripts, or say why not", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "kind=network&topic=export&folds=1");
  await expect(page.locator("#recipe .script")).toContainText("import torch");
  await primary(page).click();
  await expect(page.locator("#recipe .done")).toContainText("Copied.");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('"optimizer": "Adam"');
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe("descent_run.py");
  expect(await readFile(await saved.path(), "utf8")).toBe(copied);
  await page.locator("#recipe label", { hasText: "Ray Tune" }).click();
  await expect(page.locator("#recipe .script")).toContainText("from ray import tune", LONG);
  await expect(page).toHaveURL(/script=search/);
  await page.goto("about:blank");
  await open(page, "kind=network&batch=full&topic=export&lane1=newton&lane=0");
  await expect(page.locator("#recipe .refusal")).toContainText("optimizer.name: newton is not in torch.optim");
  await page.goto("about:blank");
  await open(page, "f=beale&topic=export");
  await expect(page.locator("#recipe .refusal")).toContainText("only a network can be exported");
});

test("all of it can be done with the keyboard alone", async ({ page }) => {
  await open(page, BIAS);
  await page.locator("#recipe .kinds input:checked").focus();
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/topic=method/);
  await page.keyboard.press("ArrowUp");
  await expect(primary(page)).toHaveText("Train");
  await primary(page).focus();
  await page.keyboard.press("Enter");
  await expect(primary(page)).toHaveText("Try all of them", LONG);
  const attempt = rows(page).first().getByRole("button", { name: "Try: Bigger model" });
  await attempt.focus();
  await page.keyboard.press("Enter");
  const use = rows(page).first().getByRole("button", { name: "Use in Run: Bigger model" });
  await expect(use).toBeVisible(LONG);
  await use.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#picture")).toBeFocused();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing at ${viewport.width} px, ${colorScheme}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open(page, BIAS);
      if (viewport.width < 720) await page.locator("#recipe .rail-toggle").click();
      /** @type {Record<string, string[]>} */
      const found = { recipe: await violations(page) };
      await run(page, "Try all of them");
      await primary(page).click();
      await expect(primary(page)).toHaveText("Train again", LONG);
      found.tried = await violations(page);
      for (const [topic, again] of [
        ["Which, what and when", ""],
        ["Learning rate: range test", "Test again"],
        ["Learning rate: sweep", "Sweep again"],
        ["Capacity", "Sweep again"],
        ["Export", ""],
      ]) {
        await page.locator("#recipe .kinds label", { hasText: topic }).click();
        if (again) await run(page, again);
        else await expect(page.locator("#recipe .pick, #recipe .script").first()).not.toBeEmpty();
        found[String(topic)] = await violations(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wide, topic).toBeLessThanOrEqual(0);
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    });

/** What axe finds. @param {Page} page */
async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
}
