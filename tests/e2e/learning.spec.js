/** Learning in the page: the training graph, metrics, early stopping and the best point, and the seal of the test set. */

import { expect, test } from "./playground.js";

/** Small networks on few noisy rows: they overfit in a moment. */
const OVERFITTING =
  "kind=network&data=moons&n=60&noise=0.5&layers=32&iterations=1500&validate=10&speed=max&lane1=adam,lr:0.05&selected=0";

test("the training graph shows loss and accuracy side by side, smoothed as one likes", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=120");
  await playground.runOut();
  await page.getByRole("radio", { name: "curves" }).check();
  const charts = page.locator(".training-graph .curve:visible");
  await expect(charts).toHaveCount(2);
  const [loss, accuracy] = [charts.nth(0), charts.nth(1)];
  const [left, right] = [await loss.boundingBox(), await accuracy.boundingBox()];
  expect(left?.y).toBe(right?.y);
  await expect(loss.getByRole("img")).toHaveAttribute("aria-label", /^Loss against epochs, log scale; best: lane/);
  const said = await loss.getByRole("img").getAttribute("aria-label");
  const smoothing = page.getByLabel("Smoothing (EMA)");
  await smoothing.press("Home");
  await expect(page.locator(".learning output")).toHaveText("0");
  // What is said is the smoothed loss.
  await expect(loss.getByRole("img")).not.toHaveAttribute("aria-label", said ?? "");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("ema=0");
  expect(await page.evaluate(() => location.hash)).toContain("panel=curves");
});

test("metrics of a classification: confusion, classes and ROC agree with each other", async ({ playground, page }) => {
  await playground.open("kind=network&data=breast_cancer&iterations=150&panel=metrics&speed=max");
  await playground.runOut();
  const scores = page.locator(".scores");
  await expect(scores.getByRole("row")).toHaveCount(4);
  const row = (/** @type {string} */ name) => scores.getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(row("validation").locator("td").nth(0)).toHaveText("114");
  const accuracy = async () => Number(await row("validation").locator("td").nth(2).innerText());
  const counts = async () => {
    const cells = await page.locator(".confusion tbody td:not(.share)").allInnerTexts();
    return cells.map(Number);
  };
  await expect.poll(async () => (await counts()).reduce((a, b) => a + b, 0)).toBe(114);
  const [a = 0, b = 0, c = 0, d = 0] = await counts();
  expect((a + d) / 114).toBeCloseTo(await accuracy(), 2);
  const classes = page.locator(".by-class tbody tr");
  const [precision, recall] = await classes.nth(1).locator("td").allInnerTexts();
  expect(Number(precision)).toBeCloseTo(d / (b + d), 3);
  expect(Number(recall)).toBeCloseTo(d / (c + d), 3);
  await expect(
    page.getByRole("img", { name: /^True positive rate .* Area under the curve: training .*, validation/ }),
  ).toBeVisible();
  await page.getByRole("radio", { name: "training", exact: true }).check();
  await expect.poll(async () => (await counts()).reduce((x, y) => x + y, 0)).toBe(341);
});

test("metrics of a regression: R², error and residuals", async ({ playground, page }) => {
  await playground.open("kind=network&data=sine&iterations=200&panel=metrics&speed=max");
  await playground.runOut();
  await expect(page.locator(".scores th[scope=col]")).toContainText(["Rows", "Loss", "R²", "Mean |error|"]);
  await expect(page.getByRole("img", { name: /^True minus predicted .* validation set/ })).toBeVisible();
  await expect(page.locator(".metrics-part .hint")).toContainText("at iteration 200");
  const shown = await page.locator(".scores tbody tr").nth(1).locator("td").nth(2).innerText();
  const inTable = Number(await playground.says(3, "val R²"));
  // The table shows the last validation, the metrics the last point.
  expect(Math.abs(Number(shown.replace("−", "-")) - inTable)).toBeLessThan(0.2);
});

test("a run stops early by what is watched, and goes back to its best", async ({ playground, page }) => {
  await playground.open(OVERFITTING);
  await playground.field("Stop early by").selectOption({ label: "validation loss" });
  await playground.type(playground.field("Patience"), 6);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("early=val_loss,6");
  await playground.runOut();
  const end = await playground.iteration();
  expect(end).toBeLessThan(1500);
  await expect(playground.pills.first()).toHaveAttribute("title", /validation loss has not fallen for 6 validations/);
  const best = page.locator(".learning .best");
  await expect(best).toContainText(`at ${end - 61}`);
  const at = await best.innerText();
  const before = (await playground.heard()).parameters;
  await page.getByRole("button", { name: "Back to it" }).click();
  await playground.settled();
  await expect.poll(async () => (await playground.heard()).parameters).not.toEqual(before);
  // The metrics are those of the best point.
  await page.getByRole("radio", { name: "metrics" }).check();
  const loss = page.locator(".scores tbody tr").nth(1).locator("td").nth(1);
  const known = /val loss (\S+) at/.exec(at)?.[1] ?? "";
  await expect(loss).toHaveText(known);
  await playground.field("Stop early by").selectOption({ label: "never" });
  await playground.settled();
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain("early");
});

test("validation sees as many rows as often as it is told to", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=60&speed=max");
  await playground.type(playground.field("Every … iterations"), 20);
  await playground.type(playground.field("On … rows"), 5);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("validate=20&valrows=5");
  await playground.runOut();
  expect((Number(await playground.says(0, "val accuracy")) * 5) % 1).toBeCloseTo(0, 6);
  await playground.type(playground.field("On … rows"), 0);
  await expect(playground.alert).toContainText("record.validate_rows");
});

test("the test set is sealed until it is opened, and every opening is counted", async ({ playground, page }) => {
  await playground.open("kind=network&data=iris&iterations=60&speed=max");
  await playground.runOut();
  const seal = page.locator("#rail").getByRole("button", { name: "Break the seal" });
  await expect(page.locator("#rail .seal")).toContainText("never opened");
  await seal.click();
  const dialog = page.getByRole("dialog", { name: "Break the seal of the test set?" });
  await expect(dialog).toContainText("one more validation set");
  await dialog.getByRole("button", { name: "Leave it sealed" }).click();
  await expect(page.locator("#rail .seal")).toContainText("never opened");
  expect(await page.evaluate(() => location.hash)).not.toContain("opened");
  await seal.click();
  await dialog.getByRole("button", { name: "Open it" }).click();
  await expect(page.locator("#rail .seal")).toContainText("opened once");
  const test_ = page.locator(".scores tbody tr").nth(2);
  await expect(test_.locator("td")).toHaveCount(3);
  expect(Number(await test_.locator("td").nth(2).innerText())).toBeGreaterThan(0.3);
  await expect(page.locator(".metrics-part .hint")).toContainText(
    "at iteration 60, when the test set was opened for the first time",
  );
  await seal.click();
  await expect(dialog).toContainText("been opened once");
  await dialog.getByRole("button", { name: "Open it" }).click();
  await expect(page.locator("#rail .seal")).toContainText("opened 2 times");
  // Another run of the same data is sealed again, but the count stays: on the page, and in the link.
  await playground.type(playground.field("Seed"), 7);
  await expect(page.locator(".scores tbody tr").nth(2).getByRole("button", { name: "Break the seal" })).toBeVisible();
  await expect(page.locator("#rail .seal")).toContainText("opened 2 times");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("opened=2");
  await page.reload();
  await expect(page.locator("#rail .seal")).toContainText("opened 2 times");
  // Other data have a test set of their own.
  await playground.field("or a data set").selectOption({ label: "Wine" });
  await expect(page.locator("#rail .seal")).toContainText("never opened");
});
