/** Accessibility: no violation that axe finds, in each theme and width; and nothing is wider than the screen. */

import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "./playground.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** What axe finds in a part of the page, in the page itself rather than in a second one. @param {import("@playwright/test").Page} page @param {string} [within] */
async function violations(page, within = "html") {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(within).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
}

for (const viewport of SIZES)
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing at ${viewport.width} px, ${colorScheme}`, async ({ playground, page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await playground.open();
      await playground.runOut();
      /** @type {Record<string, string[]>} */
      const found = { surface: await violations(page) };
      await page.keyboard.press("?");
      found.help = await violations(page, "dialog[open]");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Schedule of lane 3/ }).click();
      found.schedule = await violations(page, ".popover:popover-open");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^About lane 4/ }).click();
      found.details = await violations(page, ".popover:popover-open");
      await page.keyboard.press("Escape");
      await playground.type(playground.field("α of lane 1"), "-1");
      await expect(playground.alert).toHaveClass(/on/);
      found.refused = await violations(page, "#over");
      await playground.type(playground.field("α of lane 1"), "0.001");
      await playground.follow("kind=network&data=moons&iterations=60");
      await playground.runOut();
      if (viewport.width < 720) await page.locator(".rail-toggle").click();
      for (const fold of await page.locator("#rail details").all())
        await fold.evaluate((e) => e.setAttribute("open", ""));
      found.network = await violations(page);
      await playground.field("or a data set").selectOption({ label: "Own CSV" });
      await playground.field("CSV text").fill("a,b\n1,2,3\n");
      await expect(page.locator("#csv-fault")).toBeVisible();
      found.csv = await violations(page, "#rail");
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    });

for (const viewport of SIZES)
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing in fits and systems at ${viewport.width} px, ${colorScheme}`, async ({
      playground,
      page,
    }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await playground.open("kind=least_squares&model=mgh17&speed=max");
      await playground.runOut();
      if (viewport.width < 720) await page.locator(".rail-toggle").click();
      /** @type {Record<string, string[]>} */
      const found = { fit: await violations(page) };
      await page.getByRole("button", { name: /^About lane 4/ }).click();
      found.details = await violations(page, ".popover:popover-open");
      await page.getByRole("button", { name: "Open the solve" }).click();
      await expect(page.locator("#solve-dialog tbody tr").first()).toBeVisible();
      found.solve = await violations(page, "#solve-dialog");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await playground.field("Model").selectOption({ label: "Own formula" });
      await playground.settled();
      found.own = await violations(page, "#rail");
      for (const matrix of ["poisson_2d", "random"]) {
        await playground.follow(`kind=linear_system&matrix=${matrix}&iterations=60&speed=max`);
        await playground.settled();
        await playground.runOut();
        found[matrix] = await violations(page);
      }
      await playground.follow("f=wood&iterations=60&speed=max");
      await playground.settled();
      await playground.runOut();
      found.wood = await violations(page);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    });

for (const viewport of SIZES)
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing in the views of learning at ${viewport.width} px, ${colorScheme}`, async ({
      playground,
      page,
    }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await playground.open("kind=network&data=breast_cancer&iterations=60&speed=max&early=val_loss&panel=metrics");
      await playground.runOut();
      await expect(page.locator(".scores")).toBeVisible();
      if (viewport.width < 720) await page.locator(".rail-toggle").click();
      /** @type {Record<string, string[]>} */
      const found = { metrics: await violations(page) };
      await page.locator("#rail").getByRole("button", { name: "Break the seal" }).click();
      found.seal = await violations(page, "dialog[open]");
      await page.getByRole("button", { name: "Open it" }).click();
      await expect(page.locator(".scores tbody tr").nth(2).locator("td")).toHaveCount(4);
      found.opened = await violations(page, "#figure");
      await playground.follow("kind=network&data=diabetes&iterations=60&speed=max&panel=metrics");
      await playground.runOut();
      found.residuals = await violations(page, "#figure");
      await page.getByRole("radio", { name: "curves" }).check();
      found.curves = await violations(page, "#figure");
      await page.getByRole("radio", { name: "compare" }).check();
      await expect(page.locator(".regime .verdict").nth(2)).not.toBeEmpty();
      found.compare = await violations(page, "#figure");
      if (viewport.width < 720) await page.locator(".rail-toggle").click();
      await page.getByRole("button", { name: /^Schedule of lane 4/ }).click();
      await page.getByRole("button", { name: "Draw over the loss" }).click();
      await expect(page.getByRole("slider", { name: "Point 1 of the learning rate" })).toBeVisible();
      found.drawing = await violations(page, "#curves");
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    });

/** Links to pages of each kind. */
const PAGES = [
  "",
  "formula=(1-x)^2%2B100*(y-x^2)^2%2Bsin(3*x)*cos(3*y)",
  "kind=network&data=spiral",
  "kind=network&data=digits",
  "kind=network&data=diabetes",
  "kind=network&data=digits&panel=metrics",
  "kind=network&data=diabetes&panel=curves",
  "kind=network&data=moons&panel=size",
  "f=wood",
  "kind=least_squares",
  "kind=least_squares&model=hahn1",
  "kind=least_squares&model=circle",
  "kind=linear_system",
  "kind=linear_system&matrix=random",
];

for (const width of [390, 360])
  test(`nothing is wider than ${width} px`, async ({ playground, page }) => {
    await page.setViewportSize({ width, height: 780 });
    await playground.open();
    for (const hash of PAGES) {
      await playground.follow(hash);
      await page.keyboard.press(".");
      await expect.poll(() => playground.iteration()).toBe(1);
      const toggle = page.locator(".rail-toggle");
      for (const open of ["true", "false"]) {
        await toggle.click();
        await expect(toggle).toHaveAttribute("aria-expanded", open);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), hash).toBeLessThanOrEqual(width);
      }
    }
  });
