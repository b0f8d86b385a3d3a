/** Methods with a population, beside those with one point. */

import { expect, test } from "./playground.js";

test("populations on Rastrigin's dents find what one point does not", async ({ playground, page }) => {
  await playground.open("f=rastrigin");
  await page.locator("#shows").selectOption({ label: "Rastrigin: populations against one point" });
  await playground.settled();
  await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(1);
  await expect(page.getByText("the points of a population, in its lane's colour")).toBeVisible();
  const map = page.getByRole("img", { name: /^Contour map of Rastrigin/ });
  await expect(map).toHaveAccessibleName(/Genetic algorithm, is at [^;]*, the best of 40 points/);
  await expect(map).toHaveAccessibleName(/Differential evolution, is at [^;]*, the best of 30 points/);
  await expect(map).toHaveAccessibleName(/CMA-ES, is at [^;]*, the best of 40 points/);
  await playground.runOut();
  const { losses } = await playground.heard();
  const ends = losses.map((of) => of.at(-1) ?? Number.NaN);
  console.log(`Rastrigin, the last losses: ${ends.map((f) => f.toExponential(1)).join(", ")}`);
  for (const i of [2, 3, 4]) expect(ends[i]).toBeLessThan(1e-6);
  expect(ends[0]).toBeGreaterThan(0.5);
  await expect(page.getByRole("heading", { name: /^Spread/ })).toBeVisible();
});

test("a genetic algorithm learns XOR", async ({ playground }) => {
  await playground.open("kind=network&data=xor");
  await playground.at("optimizer.name", 3).selectOption("genetic");
  await playground.settled();
  await playground.type(playground.at("batch_size").first(), "full");
  await playground.runOut();
  const { losses } = await playground.heard();
  expect(losses[3]?.at(-1)).toBeLessThan(0.3);
});
