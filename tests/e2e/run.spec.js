/** A run under the visitor's hands: started, stopped, changed while it goes on, and made again. */

import { expect, test } from "./playground.js";

test("runs, pauses, steps and resets", async ({ playground, page }) => {
  await playground.open();
  await expect(page.locator("#epoch")).toBeDisabled();
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  expect(await playground.says(0, "loss")).not.toBe("");
  await playground.run.click();
  await expect(playground.run).toHaveText("Pause");
  await expect.poll(() => playground.iteration()).toBeGreaterThan(5);
  await expect(playground.pills.first()).toHaveText("running");
  await playground.run.click();
  await expect(playground.run).toHaveText("Run");
  const paused = await playground.iteration();
  await expect(playground.pills.first()).toHaveText("paused");
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(paused + 1);
  await page.locator("#reset").click();
  await expect.poll(() => playground.iteration()).toBe(0);
  await expect(playground.pills.first()).toHaveText("ready");
  expect(await playground.says(0, "loss")).toBe("");
});

test("one epoch ends where the rows have all been seen", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons");
  const rows = 144;
  const batch = Number(await playground.field("Batch size").inputValue());
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  await page.locator("#epoch").click();
  await expect.poll(() => playground.iteration()).toBe(Math.ceil(rows / batch));
  await expect(page.locator("#c-ep")).toHaveText("1.0");
});

test("the speed is kept", async ({ playground }) => {
  await playground.open("speed=60");
  await expect(playground.field("Speed, iterations per second")).toHaveAttribute("aria-valuetext", "60/s");
  const start = Date.now();
  await playground.run.click();
  await expect.poll(() => playground.iteration()).toBeGreaterThanOrEqual(60);
  // It may be late on a busy machine, never early.
  expect(Date.now() - start).toBeGreaterThan(800);
  await playground.fullSpeed();
  await playground.ended();
  expect(await playground.iteration()).toBe(400);
});

for (const [name, hash] of [
  ["a surface with noise", "gnoise=0.3"],
  ["a network", "kind=network&data=moons&iterations=200"],
]) {
  test(`reset gives the same run of ${name}, bit for bit`, async ({ playground, page }) => {
    await playground.open(hash);
    await playground.runOut();
    const first = await playground.heard();
    expect(first.losses.length).toBeGreaterThan(3);
    expect(first.losses.flat().length).toBeGreaterThan(400);
    await page.locator("#reset").click();
    await expect.poll(() => playground.iteration()).toBe(0);
    // At another pace: slices of other lengths must not matter.
    await page.locator("#step").click();
    await expect.poll(() => playground.iteration()).toBe(1);
    await playground.runOut();
    expect(await playground.heard()).toEqual(first);
  });
}

test("another seed gives another run, and the first one comes back with its seed", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=100");
  const seed = playground.field("Seed");
  await playground.runOut();
  const first = await playground.heard();
  await page.getByRole("button", { name: "New seed" }).click();
  await expect(seed).not.toHaveValue("42");
  await playground.settled();
  await playground.runOut();
  expect((await playground.heard()).losses).not.toEqual(first.losses);
  await playground.type(seed, 42);
  await playground.runOut();
  expect((await playground.heard()).losses).toEqual(first.losses);
});

test("a link reproduces the run, bit for bit", async ({ playground, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.open("kind=network&data=spiral");
  await playground.type(playground.field("Seed"), 7);
  await playground.type(playground.field("Iterations"), 150);
  await playground.type(playground.field("Batch size"), 20);
  await playground.type(playground.field("α of lane 4"), 0.02);
  await playground.runOut();
  const first = await playground.heard();
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("Link copied.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toBe(
    "#kind=network&data=spiral&batch=20&seed=7&iterations=150&speed=max&lane1=sgd,lr:0.3&lane2=momentum,lr:0.1&lane3=rmsprop,lr:0.003,beta:0.9&lane4=adam,lr:0.02",
  );
  await expect.poll(() => page.evaluate(() => location.href)).toBe(link);
  await page.goto("about:blank");
  await page.goto(link);
  await expect(playground.run).toBeEnabled();
  await playground.runOut();
  expect(await playground.heard()).toEqual(first);
});

test("going back in the history goes back to the former link", async ({ playground, page }) => {
  await playground.open();
  await playground.follow("f=beale");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Beale");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rosenbrock's valley");
});

test("a learning rate and a schedule change while it runs, without losing the run", async ({ playground, page }) => {
  await playground.open("iterations=1000000&gtol=&speed=300&lane1=sgd,lr:0.001&lane2=adam,lr:0.01");
  await playground.run.click();
  await expect.poll(() => playground.iteration()).toBeGreaterThan(20);
  await playground.type(playground.field("α of lane 1"), 0.0005);
  const changed = await playground.iteration();
  expect(changed).toBeGreaterThan(20);
  await page.getByRole("button", { name: /^Schedule of lane 2/ }).click();
  await page.getByRole("dialog").getByLabel("Schedule").selectOption({ label: "exponential" });
  await playground.settled();
  await page.keyboard.press("Escape");
  await expect.poll(() => playground.iteration()).toBeGreaterThan(changed + 20);
  await expect(playground.run).toHaveText("Pause");
  await playground.run.click();
  await expect(playground.run).toHaveText("Run");
  expect(await playground.runNumber()).toBe(1);
});

test("batch size and L2 change while it runs, without losing the run", async ({ playground }) => {
  await playground.open("kind=network&data=moons&iterations=1000000&speed=1000");
  await playground.run.click();
  await expect.poll(() => playground.iteration()).toBeGreaterThan(50);
  const run = await playground.runNumber();
  await playground.type(playground.field("Batch size"), "full");
  await playground.type(playground.field("L2"), 0.001);
  const then = await playground.iteration();
  expect(then).toBeGreaterThan(50);
  await expect.poll(() => playground.iteration()).toBeGreaterThan(then + 50);
  expect(await playground.runNumber()).toBe(run);
  await playground.run.click();
  await expect(playground.run).toHaveText("Run");
  const { losses } = await playground.heard();
  // No row is missing: the record goes on over the changes.
  expect(losses[0]?.length).toBe(await playground.iteration());
});

test("lanes are added and removed, with the same start for all", async ({ playground, page }) => {
  await playground.open("lane1=sgd,lr:0.001&lane2=adam,lr:0.3");
  await expect(playground.rows).toHaveCount(2);
  for (let lanes = 3; lanes <= 6; lanes += 1) {
    await page.getByRole("button", { name: "Add method" }).click();
    await expect(playground.rows).toHaveCount(lanes);
  }
  await expect(page.getByRole("button", { name: "Add method" })).toBeDisabled();
  await playground.field("Method of lane 6").selectOption({ label: "Lion" });
  await playground.settled();
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  const { losses } = await playground.heard();
  expect(losses.map((column) => column[0])).toEqual(Array(6).fill(losses[0]?.[0]));
  await playground.runOut();
  const before = await playground.heard();
  await page.getByRole("button", { name: "Remove lane 2" }).click();
  await expect(playground.rows).toHaveCount(5);
  await playground.settled();
  // The others keep what they had.
  await expect.poll(async () => (await playground.heard()).losses.length).toBe(5);
  expect((await playground.heard()).losses).toEqual(before.losses.filter((_, i) => i !== 1));
});

test("without a lane the page offers the first one", async ({ playground, page }) => {
  await playground.open("lane1=sgd,lr:0.001");
  await page.getByRole("button", { name: "Remove lane 1" }).click();
  await expect(page.getByText("No method yet")).toBeVisible();
  await expect(playground.run).toBeDisabled();
  await page.getByRole("button", { name: "Add gradient descent" }).click();
  await expect(playground.run).toBeEnabled();
  await playground.runOut();
  expect(await playground.iteration()).toBe(400);
});

test("keys do what the help says", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons");
  await page.keyboard.press(".");
  await expect.poll(() => playground.iteration()).toBe(1);
  await page.keyboard.press("e");
  await expect.poll(() => playground.iteration()).toBe(9);
  await page.keyboard.press("r");
  await expect.poll(() => playground.iteration()).toBe(0);
  await page.keyboard.press("Space");
  await expect(playground.run).toHaveText("Pause");
  await page.keyboard.press("Space");
  await expect(playground.run).toHaveText("Run");
  await page.keyboard.press("2");
  await expect(playground.rows.nth(1)).toHaveClass(/on/);
  await page.keyboard.press("a");
  await expect(playground.rows).toHaveCount(5);
  await page.keyboard.press("l");
  await expect(page.locator("#curves .curve").first().getByRole("button")).toHaveText("linear");
  await page.keyboard.press("x");
  await expect(page.getByRole("radio", { name: "gradient evaluations" })).toBeChecked();
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "What this is, and its keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // In a field they are letters.
  await playground.field("Seed").focus();
  await page.keyboard.press("a");
  await expect(playground.rows).toHaveCount(5);
});
