/** Curve fits by the page's own controls: models with certified answers, a formula and data of the visitor's own. */

import { expect, test } from "./playground.js";

/** Rows of the table of parameters, each a list of its cells' texts. @param {import("@playwright/test").Page} page */
async function answers(page) {
  const rows = page.locator("#answer tbody tr");
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").replace("−", "-"))),
  );
}

for (const title of ["NIST Misra1a", "NIST MGH17"]) {
  test(`${title} is fitted to the certified digits, from both starts`, async ({ playground, page }) => {
    await playground.open();
    await page.getByRole("radio", { name: "Curve fit" }).check({ force: true });
    await playground.field("Model").selectOption({ label: title });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    for (const start of ["NIST start 1, far", "NIST start 2, near"]) {
      await playground.field("Start from").selectOption({ label: start });
      await playground.settled();
      await playground.runOut();
      await expect(playground.pills.nth(3)).toHaveText(/^converged/);
      const rows = await answers(page);
      expect(rows.length).toBeGreaterThan(1);
      for (const [parameter, , error, interval, certified, digits] of rows) {
        expect(Number(digits), `${title}, ${start}: digits of ${parameter}, certified ${certified}`).toBeGreaterThan(8);
        expect(Number(error)).toBeGreaterThan(0);
        expect(interval).toContain("…");
      }
      console.log(`${title}, ${start}: digits ${rows.map((row) => row[5]).join(", ")}`);
    }
  });
}

test("rejected trials, the damping and the next step's model are shown", async ({ playground, page }) => {
  await playground.open("kind=least_squares&speed=2");
  const step = page.locator("#step");
  for (let k = 1; k <= 6; k += 1) {
    await step.click();
    await expect.poll(() => playground.iteration()).toBe(k);
  }
  await expect(page.getByText("a rejected trial")).toBeVisible();
  await expect(page.getByText("the next step's quadratic model, and its minimum")).toBeVisible();
  await expect(page.getByRole("img", { name: /after [1-9]\d* rejected trials/ })).toHaveCount(1);
  await expect(page.getByRole("heading", { name: /^Damping/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Gain ratio/ })).toBeVisible();
  await playground.field("Horizontal axis of the curves").selectOption({ label: "Jacobian evaluations" });
  await expect(page).toHaveURL(/x=jacobian_evals/);
});

test("any two of many parameters make the plane", async ({ playground, page }) => {
  await playground.open("kind=least_squares&model=gaussian_peaks");
  await playground.field("Horizontal parameter of the map").selectOption("b5");
  await playground.field("Vertical parameter of the map").selectOption("b2");
  await expect(page.getByText(/^The plane of b5 and b2 through/)).toBeVisible();
  await expect(page).toHaveURL(/plane=5,2/);
  await playground.field("Vertical parameter of the map").selectOption("b5");
  await expect(page.getByText(/^The plane of b2 and b5 through/)).toBeVisible();
  await page.getByRole("radio", { name: "fit", exact: true }).check({ force: true });
  await expect(playground.field("Horizontal parameter of the map")).toBeHidden();
});

test("a formula and data of one's own are fitted, and come back from their link", async ({ playground, page }) => {
  await playground.open("kind=least_squares&model=linear");
  await playground.field("Model").selectOption({ label: "Own formula" });
  await expect(playground.field("Data as CSV")).not.toHaveValue("");
  await playground.field("Data as CSV").fill("t,height\n0,1\n1,3\n2,7\n3,13\n4,21\n");
  await page.getByRole("button", { name: "Use these" }).click();
  await playground.settled();
  await playground.type(playground.field("y ="), "b1 + b2*x + b3*x^2");
  await expect(playground.alert).toContainText("problem.start");
  await page.getByRole("button", { name: "Go to the field" }).click();
  await playground.follow(
    "kind=least_squares&model=b1%20%2B%20b2*x%20%2B%20b3*x^2&csv=t,height%0A0,1%0A1,3%0A2,7%0A3,13%0A4,21&start=0,0,0",
  );
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Own formula");
  await expect(page.locator("#answer tbody tr")).toHaveCount(3);
  await playground.runOut();
  const rows = await answers(page);
  // The points lie on 1 + x + x².
  for (const row of rows) expect(Number(row[1])).toBeCloseTo(1, 9);
  const first = await playground.heard();
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await expect(playground.run).toBeEnabled();
  await playground.runOut();
  expect(await playground.heard()).toEqual(first);
});

test("what cannot be fitted is refused where it stands", async ({ playground, page }) => {
  await playground.open("kind=least_squares&model=michaelis_menten");
  await playground.type(playground.field("Start of b1"), "much");
  await expect(playground.alert).toContainText("problem.start");
  await playground.type(playground.field("Start of b1"), 4);
  await expect(playground.alert).toBeHidden();
  await playground.follow("kind=least_squares&model=b1*sinus(x)&csv=x,y%0A1,2%0A2,3");
  await expect(playground.alert).toContainText("problem.model");
  await playground.follow("kind=least_squares&model=exponential&plane=1,1");
  await expect(playground.alert).toContainText("plane: 1,1 is not two different whole numbers");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Michaelis–Menten");
});
