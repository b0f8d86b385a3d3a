/** The page's policy: no style or script within markup, no eval, and nothing from another host. */

import { expect, test } from "./playground.js";

/** Problems of each kind, with what draws or explains them in a way of its own. */
const RUNS = [
  "",
  "kind=network&data=moons&iterations=60&panel=metrics",
  "kind=network&data=iris&iterations=30",
  "kind=least_squares&model=misra1a",
  "kind=linear_system",
  "kind=constrained",
];

test("nothing offends the policy, and no other host is asked", async ({ playground, page, baseURL }) => {
  /** @type {string[]} */
  const strangers = [];
  await page.route(
    ({ origin, protocol }) => protocol.startsWith("http") && origin !== new URL(baseURL ?? "").origin,
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  /** @type {string[]} */
  const violations = [];
  await page.exposeFunction("tellViolation", (/** @type {string} */ what) => violations.push(what));
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, sample }) =>
      /** @type {any} */ (window).tellViolation([violatedDirective, blockedURI, sourceFile, sample].join(" ")),
    ),
  );

  for (const hash of RUNS) {
    await (hash ? playground.follow(hash) : playground.open());
    await playground.runOut();
  }
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
  expect(policy).toContain("default-src 'self'");

  await page.getByRole("button", { name: /^About lane 1/ }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Schedule of lane 1/ }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.locator("dialog[open]")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");

  await page.goto("/#kind=network&iterations=20&tab=tune");
  const search = page.locator("#tune .transport .primary");
  const axis = page.locator("#tune .axis").nth(1).locator("textarea");
  await axis.fill("0");
  await axis.press("Enter");
  await search.click();
  await expect(page.locator("#tune .done > span")).toHaveText(/trials done in/, { timeout: 60_000 });

  await page.goto("/#kind=network&layers=1&iterations=20&tab=recipe");
  const judge = page.locator("#recipe .transport .primary");
  await expect(judge).toBeEnabled();
  await judge.click();
  await expect(page.locator("#recipe .verdict")).not.toBeEmpty({ timeout: 60_000 });

  expect(violations).toEqual([]);
  expect(strangers).toEqual([]);
  expect(playground.errors).toEqual([]);

  // The test would see it.
  const refused = await page.evaluate(async () => {
    const element = document.createElement("p");
    element.setAttribute("style", "color: red");
    document.body.append(element);
    await new Promise((seen) => setTimeout(seen, 100));
    const { color } = getComputedStyle(element);
    element.remove();
    return color !== "rgb(255, 0, 0)";
  });
  expect(refused).toBe(true);
  expect(violations).toEqual([expect.stringContaining("style-src")]);
  playground.errors.length = 0;
});
