/** Real input: what the page's own settings reach on rows that the training has not seen, for five seeds. */

import { expect, test } from "./playground.js";

const SEEDS = [1, 2, 3, 4, 5];

/** The least median score on the validation rows. @type {[title: string, label: string, least: number][]} */
const SETS = [
  ["Iris", "val accuracy", 0.93],
  ["Wine", "val accuracy", 0.93],
  ["Breast cancer", "val accuracy", 0.94],
  ["Digits", "val accuracy", 0.95],
  ["Spiral", "val accuracy", 0.95],
  ["Diabetes", "val R²", 0.4],
];

for (const [title, label, least] of SETS) {
  test(`${title} reaches ${least} with the preset`, async ({ playground }) => {
    await playground.open("kind=network");
    await playground.field("Preset").selectOption({ label: title });
    await expect(playground.page.getByRole("heading", { level: 1 })).toHaveText(title);
    /** @type {number[][]} */
    const scores = [];
    for (const seed of SEEDS) {
      await playground.type(playground.field("Seed"), seed);
      await playground.runOut();
      const lanes = await playground.rows.count();
      const row = [];
      for (let lane = 0; lane < lanes; lane += 1) row.push(Number(await playground.says(lane, label)));
      scores.push(row);
    }
    const selected = await playground.rows.evaluateAll((rows) => rows.findIndex((row) => row.classList.contains("on")));
    const medians = (scores[0] ?? []).map((_, lane) => median(scores.map((row) => row[lane] ?? Number.NaN)));
    console.log(`${title}: medians of the lanes ${medians.join(", ")}`);
    expect(medians[selected]).toBeGreaterThanOrEqual(least);
  });
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
