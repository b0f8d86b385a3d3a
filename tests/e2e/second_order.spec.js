/** Methods that know curvature, on surfaces and on networks, by the page's own controls. */

import { expect, test } from "./playground.js";

/** Chooses one of the states that show something. @param {import("@playwright/test").Page} page @param {string} title */
async function watch(page, title) {
  await page.locator("#shows").selectOption({ label: title });
}

test("Newton against gradient descent on the same contours", async ({ playground, page }) => {
  await playground.open();
  await watch(page, "Newton against gradient descent");
  await playground.settled();
  await expect(page.getByText("the next step's quadratic model, and its minimum")).toBeVisible();
  await playground.runOut();
  await expect(playground.pills.nth(2)).toHaveText(/^converged at step [1-9]$/);
  await expect(playground.pills.nth(0)).toHaveText("budget spent");
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("button", { name: /^About lane 3/ }).click();
  await page.getByRole("button", { name: "Open the solve" }).click();
  await expect(page.getByRole("dialog", { name: /^The solve: ∇²f/ })).toBeVisible();
});

test("a surface of ten variables is seen by any plane of it", async ({ playground, page }) => {
  await playground.open();
  await watch(page, "Rosenbrock in ten variables");
  await playground.settled();
  await expect(playground.field("Variables")).toHaveValue("10");
  await playground.field("Horizontal parameter of the map").selectOption("x3");
  await playground.field("Vertical parameter of the map").selectOption("x7");
  await playground.runOut();
  await expect(playground.pills.nth(2)).toHaveText(/^converged/);
  await expect(page.getByText("The plane of x3 and x7 through the current point of BFGS")).toBeVisible();
  await expect(page).toHaveURL(/dim=10/);
  await playground.type(playground.field("Variables"), 3);
  await expect(playground.field("Start, all coordinates")).not.toHaveValue("");
  await playground.field("Function").selectOption({ label: "Own formula" });
  await playground.type(playground.at("problem.formula"), "(x1-2)^2 + (x2-x1)^2 + 10(x3-x2)^2 + x4^2");
  await expect(playground.field("Start, all coordinates")).toHaveValue("1, 1, 1, 1");
});

test("Newton solves a linear regression in one step, beside GD, SGD and QR", async ({ playground, page }) => {
  await playground.open("kind=network&data=diabetes");
  await watch(page, "Linear regression: Newton in one step");
  await playground.settled();
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(2);
  const { losses } = await playground.heard();
  const newton = losses[2]?.[1] ?? Number.NaN;
  // The normal equations lose the square of QR's condition, here some thousands, of sixteen digits.
  expect(losses[3]?.[1]).toBeCloseTo(newton, 10);
  await playground.runOut();
  const best = Math.min(...((await playground.heard()).losses[0] ?? []));
  console.log(`Linear regression: Newton's second loss ${newton}, the best of ${losses[0]?.length} … of GD ${best}`);
  expect(newton).toBeLessThanOrEqual(best);
});

test("digits with L-BFGS on the full batch: a training loss below 1e-3 within 30 s", async ({ playground, page }) => {
  await playground.open("kind=network&data=digits");
  await watch(page, "Digits: L-BFGS on the full batch");
  await playground.settled();
  const start = Date.now();
  await playground.run.click();
  await expect(playground.pills.nth(1)).toHaveText(/^converged at step/, { timeout: 30_000 });
  console.log(`digits, L-BFGS beside Adam: loss below 1e-3 after ${((Date.now() - start) / 1000).toFixed(1)} s`);
  await playground.run.click();
});

test("iris with Levenberg-Marquardt: 20 steps beat 2,000 of Adam", async ({ playground, page }) => {
  await playground.open("kind=network&data=iris");
  await watch(page, "Iris: Levenberg-Marquardt against Adam");
  await playground.settled();
  await playground.runOut();
  const { losses } = await playground.heard();
  const lm = losses[3]?.[20] ?? losses[3]?.at(-1) ?? Number.NaN;
  const adam = losses[1]?.at(-1) ?? Number.NaN;
  console.log(`iris: LM after 20 steps ${lm}, Adam after ${losses[1]?.length} ${adam}`);
  expect(losses[1]?.length).toBe(2000);
  expect(lm).toBeLessThan(adam);
  await page.getByRole("button", { name: /^About lane 4/ }).click();
  await expect(page.getByText(/k = \d+ parameters; a matrix of k² = .* numbers; measured .* ms a step/)).toBeVisible();
});

test("what a step costs is measured against the number of parameters", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&layers=16&batch=full&lane1=bfgs&lane2=sgd");
  await page.getByRole("button", { name: "About lane 1, BFGS, and its further settings" }).click();
  await page.getByRole("button", { name: "Measure a step against k" }).click();
  const rows = page.getByRole("group", { name: "What a step costs on networks of other widths" }).locator("tbody tr");
  await expect(rows).toHaveCount(4, { timeout: 10_000 });
  await expect(rows.last()).toHaveText(/^129.*k\S+$/);
});

test("on minibatches a method of second order is warned of", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&lane1=sgd,lr:0.3&lane2=lbfgs");
  await expect(page.locator("#lanes .warnings")).toContainText("L-BFGS");
  await playground.type(playground.field("Batch size"), "full");
  await expect(page.locator("#lanes .warnings")).not.toContainText("batch");
});

test("a lane may see other batches than the rest", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&lane1=sgd,lr:0.3&lane2=sgd,lr:0.3,batch:full");
  await playground.runOut();
  const { losses } = await playground.heard();
  expect(losses[0]).not.toEqual(losses[1]);
  await page.getByRole("button", { name: /^About lane 2/ }).click();
  await expect(playground.field("Batch size of this lane")).toHaveValue("full");
  await playground.type(playground.field("Batch size of this lane"), "");
  await page.keyboard.press("Escape");
  await playground.runOut();
  const same = (await playground.heard()).losses;
  expect(same[0]).toEqual(same[1]);
});
