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

test("the learning rate is drawn over the loss, with the mouse and with keys", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=400&speed=max&lane1=sgd,lr:0.1&lane2=adam,lr:0.03&lane=1");
  await page.getByRole("button", { name: "Draw the learning rate" }).click();
  const sheet = page.locator(".rate-sheet");
  const points = page.getByRole("slider", { name: /^Point \d of the learning rate/ });
  await expect(points).toHaveCount(1);
  await expect(points.first()).toHaveAttribute("aria-valuetext", "from iteration 0, rate 0.0300");
  await expect(page.locator("#curves .curve:visible")).toHaveCount(1);
  // The axis of iterations is drawn.
  await expect(points.first()).toHaveAttribute("aria-valuemax", "400");
  const schedule = async () => {
    await playground.settled();
    const hash = await page.evaluate(() => location.hash);
    const found = /lane2=adam,lr:0.03;piecewise,unit:iteration,boundaries:([^&]*)/.exec(hash);
    return (found?.[1] ?? "").split("/").map(Number);
  };
  const box = await sheet.boundingBox();
  if (!box) throw new Error("the sheet has no place");
  // The mouse: a point is set, and dragged on.
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.6 * box.height, { steps: 4 });
  await page.mouse.up();
  await expect(points).toHaveCount(2);
  await expect.poll(async () => (await schedule()).length).toBe(4);
  const [, first = 0, from = 0, rate = 0] = await schedule();
  expect(first).toBe(0.03);
  expect(from).toBeGreaterThan(150);
  expect(from).toBeLessThan(230);
  expect(rate).toBeLessThan(0.03);
  // Keys: to the right and up, one more behind it, and away with that again.
  await expect(points.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await expect.poll(schedule).toEqual([0, 0.03, from + 4, Number((rate * 10 ** 0.05).toPrecision(3))]);
  await page.keyboard.press("Enter");
  await expect(points).toHaveCount(3);
  await expect(points.nth(2)).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(points).toHaveCount(2);
  await playground.runOut();
  const [, , at = 0, then = 0] = await schedule();
  await expect(points.nth(1)).toHaveAttribute("aria-valuenow", String(at));
  await points.nth(1).focus();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page.locator("#curves .curve:visible")).toHaveCount(4);
  await expect(page.getByRole("img", { name: /^Learning rate against iterations/ })).toHaveAttribute(
    "aria-label",
    new RegExp(`Adam: ${then.toExponential(2).split("e")[0]}·10`),
  );
  // The list of the schedule holds the same, and leads back to the drawing.
  await page.getByRole("button", { name: /^Schedule of lane 2: manual/ }).click();
  await expect(playground.field("Boundary 2: from")).toHaveValue(String(at));
  await page.getByRole("button", { name: "Draw over the loss" }).click();
  await expect(points).toHaveCount(2);
  // Dragged out of the picture, a point is gone.
  await points.nth(1).hover();
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y - 60, { steps: 4 });
  await page.mouse.up();
  await expect(points).toHaveCount(1);
  await page.getByRole("button", { name: "Constant again" }).click();
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain("piecewise");
});

for (const [name, titles, verdicts] of /** @type {[string, string[], RegExp[]][]} */ ([
  [
    "Underfitting: too small",
    ["No hidden layer", "Hidden 4", "Hidden 64 · 64"],
    [/^Underfits/, /^Fits/, /^Overfits: its validation loss has risen/],
  ],
  [
    "Overfitting: too few samples",
    ["15 training rows", "40 training rows", "All training rows"],
    [/^Overfits/, /^Fits/, /^Fits/],
  ],
  [
    "Overfitting: label noise",
    ["No wrong labels", "10 % wrong labels", "30 % wrong labels"],
    [/./, /^Overfits/, /^Overfits/],
  ],
]))
  test(`three runs side by side: ${name}`, async ({ playground, page }) => {
    await playground.open("kind=network&data=moons");
    await page.locator("#shows").selectOption({ label: name });
    await playground.settled();
    await expect(page.locator(".regime h2")).toHaveText(titles);
    for (const [i, verdict] of verdicts.entries())
      await expect(page.locator(".regime .verdict").nth(i)).toHaveText(verdict, { timeout: 40_000 });
    await expect(page.locator("#shows option:checked")).toHaveText(name);
    await expect(
      page
        .locator(".regime")
        .first()
        .getByRole("img", { name: /^Decision field/ }),
    ).toBeVisible();
    await expect(
      page
        .locator(".regime")
        .first()
        .getByRole("img", { name: /^Loss against iterations/ }),
    ).toBeVisible();
    // The main run is as ready as ever, and its own.
    expect(await playground.iteration()).toBe(0);
    await playground.runOut();
    expect(await playground.iteration()).toBe(2000);
  });

test("three runs follow the settings, the method and the data", async ({ playground, page }) => {
  await playground.open("kind=network&data=iris&iterations=100&panel=noise");
  await expect(page.locator(".regimes .hint")).toContainText("only generated sets can be made noisier");
  await expect(page.locator(".regime:visible")).toHaveCount(0);
  await page.getByLabel("What the three runs differ in").selectOption({ label: "Size of the network" });
  await expect(page.locator(".regime h2")).toHaveText(["No hidden layer", "Hidden 16", "Hidden 64 · 64"]);
  await expect(page.locator(".regime .verdict").nth(2)).not.toBeEmpty();
  await playground.type(playground.field("Units of hidden layer 1"), 5);
  await expect(page.locator(".regime h2").nth(1)).toHaveText("Hidden 5");
  await page.locator(".lanes .pick").first().click();
  await expect(page.locator(".regimes .hint")).toContainText("Gradient descent (SGD), its settings and seed");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("panel=size");
});
