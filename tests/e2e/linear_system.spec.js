/** Linear systems by the page's own controls: large and sparse, indefinite, typed; and the solve, opened. */

import { expect, test } from "./playground.js";

test("conjugate gradients solve Poisson's equation on 200 by 200 points", async ({ playground, page }) => {
  await playground.open("kind=linear_system&lane1=cg&lane2=steepest_descent&speed=max");
  await playground.type(playground.field("grid points a side, so n² unknowns"), 200);
  await expect(page.getByText("40\u202f000 unknowns", { exact: true })).toBeVisible();
  await page.evaluate(() => {
    const long = /** @type {number[]} */ ([]);
    Object.assign(window, { longTasks: long });
    new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration))).observe({
      entryTypes: ["longtask"],
    });
  });
  const start = Date.now();
  await playground.run.click();
  await expect(playground.pills.first()).toHaveText(/^converged at step/, { timeout: 30_000 });
  const took = Date.now() - start;
  await playground.ended();
  const { losses } = await playground.heard();
  const long = await page.evaluate(() => /** @type {any} */ (window).longTasks);
  console.log(
    `Poisson 200 × 200 with CG beside steepest descent: ${losses[0]?.length} steps in ${took} ms, longest task ${Math.max(0, ...long)} ms`,
  );
  // Steepest descent has spent its thousand steps and is far from it.
  await expect(playground.pills.nth(1)).toHaveText("budget spent");
  expect(await playground.says(0, "‖∇f‖")).toMatch(/e-9|e-10/);
});

test("a factorisation that does not apply says which pivot", async ({ playground, page }) => {
  await playground.open();
  await page.getByRole("radio", { name: "Linear system", exact: true }).check({ force: true });
  await playground.field("Matrix").selectOption({ label: "Typed or CSV" });
  await playground.field("Entries, a row a line").fill("1 2\n2 1\n");
  await page.getByRole("button", { name: "Use this matrix" }).click();
  await playground.settled();
  await playground.runOut();
  const cholesky = playground.rows.filter({ has: page.locator("select").getByText("Cholesky") });
  await expect(cholesky.first().locator(".pill")).toBeVisible();
  await expect(playground.pills.filter({ hasText: "not positive definite: pivot 2 is" })).not.toHaveCount(0);
  await expect(playground.pills.filter({ hasText: "converged" })).not.toHaveCount(0);
});

test("an iteration that would diverge says its spectral radius", async ({ playground, page }) => {
  await playground.open("kind=linear_system&matrix=random");
  await playground.runOut();
  await expect(page.locator("#lanes .warnings")).toContainText(
    /Jacobi: does not converge: the spectral radius of its iteration is \d/,
  );
});

test("the methods on offer are those that the problem can serve", async ({ playground, page }) => {
  await playground.open("kind=linear_system");
  const method = playground.field("Method of lane 1");
  await expect(method.locator('optgroup[label="Linear solvers"] option')).not.toHaveCount(0);
  await playground.follow("kind=network&data=moons");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("moons", { ignoreCase: true });
  await expect(playground.field("Method of lane 1").locator('optgroup[label="Linear solvers"]')).toHaveCount(0);
});

test("the solve is opened: spectrum, condition, and how every solver fares", async ({ playground, page }) => {
  await playground.open("kind=linear_system&matrix=hilbert&lane1=cholesky");
  await page.getByRole("button", { name: /^About lane 1/ }).click();
  await page.getByRole("button", { name: "Open the solve" }).click();
  const dialog = page.getByRole("dialog", { name: "The solve: A, 8 × 8" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("img", { name: /^8 eigenvalues, from / })).toBeVisible();
  const rows = dialog.locator("tbody tr");
  expect(await rows.count()).toBeGreaterThanOrEqual(9);
  await expect(rows.filter({ hasText: "Cholesky" }).first()).toContainText("solved");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("a link to a linear system reproduces the run, bit for bit", async ({ playground, page }) => {
  await playground.open("kind=linear_system&matrix=random_spd&size=30&kappa=1000&seed=7&speed=max");
  await expect(playground.field("number of unknowns")).toHaveValue("30");
  await playground.runOut();
  const first = await playground.heard();
  await expect(page).toHaveURL(/kind=linear_system&matrix=random_spd&size=30&kappa=1000/);
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await expect(playground.run).toBeEnabled();
  await playground.runOut();
  expect(await playground.heard()).toEqual(first);
});

test("matrices that cannot be are refused by their path", async ({ playground }) => {
  await playground.open("kind=linear_system&matrix=random_spd");
  await playground.type(playground.field("number of unknowns"), 100000);
  await expect(playground.alert).toContainText("problem.a.n");
  await playground.follow("kind=linear_system&entries=1,2%0A3");
  await expect(playground.alert).toContainText("problem.a.csv");
  await playground.follow("kind=linear_system&matrix=nonsense");
  await expect(playground.alert).toContainText("problem.a.name");
  await playground.follow("kind=linear_system&rhs=1,2");
  await expect(playground.alert).toContainText("problem.b");
});
