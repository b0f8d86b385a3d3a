/** What the figure, the curves and the equation show, and what is read off them and set by them. */

import { expect, test } from "./playground.js";

/** The middle of an element, moved by shares of its size. @param {import("@playwright/test").Locator} element @param {number} [across] @param {number} [down] */
async function spot(element, across = 0.5, down = 0.5) {
  const box = await element.boundingBox();
  if (!box) throw new Error("the element is not shown");
  return { x: box.x + across * box.width, y: box.y + down * box.height };
}

/** @param {import("@playwright/test").Page} page */
const map = (page) => page.locator("#picture .plot").first();

test("a click on the map sets the start, and the keyboard moves it", async ({ playground, page }) => {
  await playground.open("f=sphere");
  await playground.runOut();
  const at = await spot(map(page), 0.7, 0.3);
  await page.mouse.click(at.x, at.y);
  const [x, y] = [playground.field("Start x"), playground.field("Start y")];
  await expect.poll(async () => Number((await x.inputValue()).replace("−", "-"))).toBeGreaterThan(1);
  expect(Number((await y.inputValue()).replace("−", "-"))).toBeGreaterThan(0.5);
  await playground.settled();
  await expect.poll(() => playground.iteration()).toBe(0);
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  const [a, b] = [Number(await x.inputValue()), Number(await y.inputValue())];
  expect((await playground.heard()).losses[0]?.[0]).toBeCloseTo(a * a + b * b, 9);
  await page.getByRole("button", { name: /^Start at/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => Number(await x.inputValue())).toBeGreaterThan(a);
  await expect.poll(async () => page.evaluate(() => location.hash)).toContain("start=");
});

test("the start is dragged on the map", async ({ playground, page }) => {
  await playground.open("f=sphere");
  const handle = await spot(page.getByRole("button", { name: /^Start at/ }));
  const to = await spot(map(page), 0.3, 0.7);
  await page.mouse.move(handle.x, handle.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await playground.field("Start x").inputValue()).startsWith("−")).toBe(true);
  await playground.settled();
  await expect(playground.run).toBeEnabled();
});

test("the map and the curves are read off with the pointer", async ({ playground, page }) => {
  await playground.open();
  await playground.runOut();
  const on = await spot(map(page), 0.5, 0.6);
  await page.mouse.move(on.x, on.y);
  await expect(map(page).locator(".readout")).toHaveText(/x, y.*f.*‖∇f‖\S/s);
  const loss = page.locator("#curves .plot").first();
  const half = await spot(loss);
  await page.mouse.move(half.x, half.y);
  const tip = loss.locator(".tip");
  await expect(tip.locator("b")).toHaveText(/^iterations \d+$/);
  const k = Number(((await tip.locator("b").textContent()) ?? "").split(" ")[1]);
  expect(k).toBeGreaterThan(100);
  expect(k).toBeLessThan(300);
  const { losses } = await playground.heard();
  const said = await tip.locator("li").nth(3).textContent();
  expect(Number(said)).toBeCloseTo(losses[3]?.[k] ?? Number.NaN, 2);
  // The lane that has diverged has no value there.
  await expect(tip.locator("li").nth(4)).toHaveText("–");
  await page.mouse.move(5, 5);
  await expect(tip).toBeHidden();
});

test("each chart says in words what it shows", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=60");
  await playground.runOut();
  const charts = page.locator("#curves [role=img]");
  await expect(charts.filter({ visible: true })).toHaveCount(4);
  await expect(charts.first()).toHaveAttribute("aria-label", /^Loss against epochs, log scale; best: lane \d, .*\.$/);
  await page.getByRole("radio", { name: "milliseconds of training" }).check({ force: true });
  await expect(charts.first()).toHaveAttribute("aria-label", /^Loss against milliseconds of training, log scale/);
  await page.locator("#curves .curve").first().getByRole("button").click();
  await expect(charts.first()).toHaveAttribute("aria-label", /linear scale/);
  await expect(page.locator("#picture .diagram")).toHaveAttribute(
    "aria-label",
    /2 inputs, hidden layers of 4, 3, 1 output/,
  );
});

test("divergence is shown as divergence", async ({ playground, page }) => {
  await playground.open("lane1=sgd,lr:0.1&lane2=adam,lr:0.3");
  await playground.runOut();
  await expect(playground.pills.first()).toHaveText(/^diverged at step \d+: (loss|gradient) is infinite$/);
  await expect(playground.pills.nth(1)).toHaveText("budget spent");
  await expect(map(page).locator("[role=img]")).toHaveAttribute("aria-label", /lane 1, .* diverged: .* is infinite/);
  await expect(page.locator("#curves [role=img]").first()).toHaveAttribute("aria-label", /lane 1 diverged/);
  await expect(page.getByRole("status").filter({ hasText: "Lane 1" })).toHaveText(/diverged at step/);
  expect(await playground.iteration()).toBe(400);
});

test("the equation has this step's numbers in it, and they are right", async ({ playground, page }) => {
  await playground.open("f=sphere&start=1,2&lane1=sgd,lr:0.1");
  const equation = page.locator("#equation");
  await expect(equation).toContainText("Its numbers stand here after the first step.");
  await page.locator("#step").click();
  await expect(equation).toContainText("Step k = 0.");
  // θ ← θ − 0.1 · ∇f with f = x² + y² from (1, 2).
  const numbers = equation.locator(".with").last();
  for (const n of ["0.8", "1.6", "1", "2", "0.1", "4"])
    await expect(numbers.locator("mn").getByText(n, { exact: true }).first()).toBeAttached();
  await page.locator("#step").click();
  await expect(equation).toContainText("Step k = 1.");
});

test("the equation shows the step that converged", async ({ playground, page }) => {
  await playground.open("lane2=momentum,lr:0.0005,beta:0.9");
  await playground.runOut();
  const step = /converged at step (\d+)/.exec(await playground.pills.first().innerText())?.[1];
  await expect(page.locator("#equation")).toContainText(`Step k = ${Number(step) - 1}.`);
});

test("the network's diagram changes the network, and its weights are chosen for the equation", async ({
  playground,
  page,
}) => {
  await playground.open("kind=network&data=spiral&layers=4,4&iterations=100");
  await expect(page.locator("#picture")).toContainText("2 hidden layers");
  await expect(page.locator("#picture canvas.neuron")).toHaveCount(2 + 4 + 4 + 1);
  await page.locator(".layer-tag button").filter({ hasText: "+" }).first().click();
  await expect(page.locator("#picture")).toContainText("2 · 5 · 4 · 1");
  await page.getByRole("button", { name: "One hidden layer more" }).click();
  await expect(page.locator("#picture")).toContainText("3 hidden layers");
  await playground.settled();
  await playground.runOut();
  const colours = await page.locator("#picture canvas.neuron").evaluateAll((all) =>
    all.map((one) => {
      const canvas = /** @type {HTMLCanvasElement} */ (one);
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(new Uint32Array(new Uint8ClampedArray(pixels).buffer)).size;
    }),
  );
  expect(Math.max(...colours)).toBeGreaterThan(10);
  await page.locator(".wire-hit").first().dispatchEvent("click");
  await expect(page.locator("#equation")).toContainText("For weight 1 of ");
});

/** A problem, what its picture says, and how many data points or paths there are to see. @type {[hash: string, picture: string, words: RegExp][]} */
const PICTURES = [
  ["kind=network&data=circle&iterations=50", "#picture .plot [role=img]", /lane 4/],
  ["kind=network&data=plane&iterations=50", "#picture .plot [role=img]", /lane 4/],
  ["kind=network&data=sine&iterations=50", "#picture .plot [role=img]", /^The data, and the fits of lane 1/],
  ["kind=network&data=diabetes&iterations=50", "#picture .plot [role=img]", /^Predicted against true values, lane 4/],
  [
    "kind=network&data=iris&iterations=50",
    "#picture .confusion caption",
    /Adam: \d+ of 30 right on the validation set/,
  ],
  ["formula=sin(x)*cos(y)", "#picture .plot [role=img]", /^Contour map of sin\(x\)/],
  ["f=himmelblau", "#picture .plot [role=img]", /^Contour map of Himmelblau.*, minimum at/],
];

test("each kind of problem has its picture", async ({ playground, page }) => {
  await playground.open();
  for (const [hash, picture, words] of PICTURES) {
    await playground.follow(hash);
    await expect(page.locator(picture)).toBeVisible();
    await page.locator("#step").click();
    await expect.poll(() => playground.iteration()).toBe(1);
    await playground.runOut();
    const element = page.locator(picture);
    if (picture.endsWith("caption")) await expect(element).toHaveText(words);
    else await expect(element, hash).toHaveAttribute("aria-label", words);
  }
});

test("a CSV is typed, dropped or picked", async ({ playground, page }) => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i % 7},${(i * 3) % 11},${(2 * (i % 7) - ((i * 3) % 11) + 0.5).toFixed(1)}`,
  );
  const csv = `a,b,y\n${rows.join("\n")}\n`;
  await playground.open("kind=network");
  await playground.field("or a data set").selectOption({ label: "Own CSV" });
  await page.locator("#csv-file").setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(page.getByText("40 rows, 2 features")).toBeVisible();
  await expect(playground.field("CSV text")).toHaveValue(csv);
  await expect(page.locator("#lanes")).toContainText("val R²");
  await playground.runOut();
  await page.getByLabel("Target column").selectOption("b");
  await playground.settled();
  await expect(page.locator("#picture")).toContainText("y");
  const dropped = csv.replaceAll("a,b,y", "p,q,r").replace(/\n$/, "\n3,3,4.5\n");
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "other.csv", { type: "text/csv" }));
    return transfer;
  }, dropped);
  await page.locator(".csv").dispatchEvent("drop", { dataTransfer: data });
  await expect(page.getByText("41 rows, 2 features")).toBeVisible();
  await playground.runOut();
  expect(Number(await playground.says(3, "val R²"))).toBeGreaterThan(0.5);
});
