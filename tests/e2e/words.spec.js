/** What each chart says to those who cannot see it: what it shows, and the present numbers. */

import { expect, test } from "./playground.js";

/** Charts by what is open, and what the last of the picture's charts says at the end. @type {[hash: string, says: RegExp][]} */
const CHARTS = [
  ["f=himmelblau&iterations=40", /lane 1, Gradient descent \(SGD\), is at −?[\d.]+/],
  ["kind=network&data=moons&iterations=40", /lane 4, Adam, at iteration 40, loss [\d.e−]+/],
  ["kind=network&data=sine&iterations=40", /lane 4, Adam, at iteration 40, loss [\d.e−]+/],
  ["kind=network&data=diabetes&iterations=40", /lane 4, Adam, at iteration 40, loss [\d.e−]+/],
  ["kind=least_squares&iterations=10", /lane 1, .*, is at −?[\d.]+/],
  ["kind=least_squares&model=circle&picture=fit&iterations=10", /lane 1, .*, at iteration \d+, loss [\d.e−]+/],
  ["kind=linear_system&iterations=20", /differs from the solution by [\d.e−]+ at most/],
  ["kind=constrained&iterations=10", /lane 1, .*, is at −?[\d.]+/],
  ["kind=network&data=moons&iterations=40&panel=curves", /best: lane \d, .*, [\d.e−]+/],
];

test("each chart says what it shows, with the present numbers", async ({ playground, page }) => {
  await playground.open();
  for (const [hash, says] of CHARTS) {
    await playground.follow(hash);
    await playground.runOut();
    const silent = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".app canvas")]
          .filter((canvas) => canvas.clientWidth > 0)
          .map((canvas) => canvas.closest("[role=img], [role=group][aria-label]"))
          .map((chart) => chart?.getAttribute("aria-label") ?? "")
          .filter((words) => !/\d/.test(words)),
      );
    // Charts are drawn, and their words said, a moment after the table.
    await expect.poll(silent, hash).toEqual([]);
    const picture = page.locator("#picture [role=img]").filter({ visible: true }).last();
    await expect(picture, hash).toHaveAttribute("aria-label", says);
  }
});

test("the words are those of the last picture after a pause", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&iterations=100000");
  await playground.fullSpeed();
  await playground.run.click();
  await expect.poll(() => playground.iteration()).toBeGreaterThan(500);
  await playground.run.click();
  await expect(playground.run).toHaveText("Run");
  await playground.settled();
  const at = await playground.iteration();
  const field = page.locator("#picture .plot [role=img]").first();
  await expect(field).toHaveAttribute("aria-label", new RegExp(`lane 4, Adam, at iteration ${at}, loss`));
  await expect(page.locator("#picture .diagram")).toHaveAttribute(
    "aria-label",
    /Those shown go from −?[\d.]+ to [\d.]+\./,
  );
  await page.locator("#step").click();
  await expect(field).toHaveAttribute("aria-label", new RegExp(`lane 4, Adam, at iteration ${at + 1}, loss`));
});
