import { expect, test } from "@playwright/test";

test("the package loads in a browser", async ({ page }) => {
  await page.goto("/pkg/package.json");
  const { loaded, written } = await page.evaluate(async () => {
    /** @type {typeof import("../../pkg/descent.js")} */
    const descent = await import(`${location.origin}/pkg/descent.js`);
    await descent.default();
    return { loaded: descent.version(), written: JSON.parse(document.body.innerText).version };
  });
  expect(loaded).toBe(written);
});

test("the page opens without an error", async ({ page }) => {
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("requestfailed", (request) => errors.push(request.url()));
  await page.goto("/", { waitUntil: "networkidle" });
  await expect(page.getByRole("main")).toBeVisible();
  expect(errors).toEqual([]);
});
