/** Problems with constraints by the page's own controls: typed, solved, refused at their field, proved to have no solution. */

import { expect, test } from "./playground.js";

test("constraints are typed and solved, and what is active is marked", async ({ playground, page }) => {
  await playground.open();
  await page.getByRole("radio", { name: "Constraints" }).check({ force: true });
  await playground.settled();
  await playground.type(playground.at("problem.objective"), "x^2 + 4*y^2");
  await playground.type(playground.at("problem.equality[0]"), "");
  await expect(playground.at("problem.equality[1]")).toHaveCount(0);
  await playground.type(playground.at("problem.inequality[0]"), "x + y >= 2");
  await playground.type(playground.at("problem.inequality[1]"), "x <= 5");
  await playground.runOut();
  // The augmented Lagrangian, which is selected.
  await expect(playground.pills.last()).toHaveText(/^converged at step/);
  const { parameters } = await playground.heard();
  const [x = 0, y = 0] = parameters;
  expect(Math.abs(x - 1.6) + Math.abs(y - 0.4)).toBeLessThan(1e-6);
  for (const name of ["Violation", "Primal residual", "Dual residual", "Gap"])
    await expect(page.getByRole("heading", { level: 3, name: new RegExp(`^${name}`) })).toBeVisible();
  await expect(page.locator(".map-key")).toContainText("Striped: not allowed.");
  await expect(page.locator(".map-key")).toContainText("at a solution they add up");
  await expect(page.locator("#lanes .warnings")).toContainText("does not see the constraints");
});

test("the region that is not allowed is veiled", async ({ playground, page }) => {
  await playground.open("kind=constrained");
  /** The part of the veil that is not clear. */
  const veiled = () =>
    page.evaluate(() => {
      const veil = /** @type {HTMLCanvasElement[]} */ ([...document.querySelectorAll("#picture canvas.field")])[1];
      const context = veil?.getContext("2d");
      if (!veil || !context) return -1;
      const { data } = context.getImageData(0, 0, veil.width, veil.height);
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) painted += data[i] ? 1 : 0;
      return (4 * painted) / data.length;
    });
  await expect.poll(veiled).toBeGreaterThan(0.2);
  expect(await veiled()).toBeLessThan(0.95);
  await playground.follow("f=booth");
  await expect(page.locator("#picture canvas.field").nth(1)).toBeHidden();
});

test("a constraint that cannot be read is refused at its field", async ({ playground }) => {
  await playground.open("kind=constrained");
  const field = playground.at("problem.inequality[0]");
  await playground.type(field, "x^2/4 + y^2 <= z");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(playground.alert).toContainText("right of the sign");
  await playground.type(field, "x^2/4 + y^2 <= 2");
  await expect(field).not.toHaveAttribute("aria-invalid", "true");
  await playground.runOut();
  await expect(playground.pills.last()).toHaveText(/^converged at step/);
});

test("what has no feasible point is said to have none", async ({ playground, page }) => {
  await playground.open("kind=constrained");
  await page.locator("#shows").selectOption({ label: "No feasible point, and the proof" });
  await playground.settled();
  await playground.runOut();
  await expect(playground.pills.filter({ hasText: "infeasible" })).toHaveCount(3);
});

test("methods on offer are those that the constraints admit", async ({ playground }) => {
  await playground.open("kind=constrained&min=x^4%2By&eq=x*y=1&ineq=&start=1,1&lane1=lagrange_newton");
  const options = playground.field("Method of lane 1").locator('optgroup[label="Constrained and convex"] option');
  await expect(options.filter({ hasText: "Lagrange-Newton" })).toHaveCount(1);
  await expect(options.filter({ hasText: "Interior point" })).toHaveCount(0);
});
