/**
 * The lessons of the lecture, each from its prepared state to its answer: what a step foretells happens, and the check
 * of a question fails before and passes after.
 */

import { isSet, withSet } from "../../www/lesson_check.js";
import { LESSONS } from "../../www/lessons/index.js";
import { baseOf, baseState } from "../../www/presets.js";
import { decode, encode } from "../../www/state.js";
import { expect, test } from "./playground.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./playground.js").Playground} Playground */

const RUN_MS = 30_000;
const panel = (/** @type {Page} */ page) => page.locator("#lesson");
const said = (/** @type {Page} */ page) => panel(page).locator(".lesson-said");
const press = (/** @type {Page} */ page, /** @type {string} */ name) =>
  panel(page).getByRole("button", { name, exact: true }).click();

/** What a button of the panel cannot do: by lesson, what the visitor does himself once the answer is set. @type {{ [id: string]: (page: Page) => Promise<void> }} */
const BY_HAND = {
  async train_val_test(page) {
    await page.getByRole("button", { name: "Break the seal" }).first().click();
    await page.locator("#confirm-dialog .primary").click();
  },
};

/** Opens the lesson, and waits until it is shown and its run is made. @param {Page} page @param {Playground} playground @param {string} id */
async function shown(page, playground, id) {
  await expect(panel(page)).toHaveAttribute("data-lesson", id);
  await playground.settled();
}

/** @param {Page} page the hash, as the address says it @returns {Promise<string>} */
const hashOf = async (page) => new URL(page.url()).hash.slice(1);

/** Runs what is prepared to its end. @param {Page} page @param {Playground} playground @param {string} tab */
async function runOut(page, playground, tab) {
  if (tab === "run") {
    await playground.run.click();
    await playground.ended();
    return;
  }
  const primary = page.locator(`#${tab} .transport .primary`);
  if (!(await primary.isVisible())) return;
  await expect(primary).toBeEnabled();
  await primary.click();
  await expect(page.locator(`#${tab} .transport .done`)).toHaveText(/done/, { timeout: RUN_MS });
}

test("each lesson opens in its state, its steps do what they say, its check fails before and passes after", async ({
  page,
  playground,
}) => {
  test.setTimeout(600_000);
  const began = Date.now();
  await playground.open(`lesson=${LESSONS[0]?.id}`);
  /** @type {string[]} */
  const table = [];
  for (const [i, lesson] of LESSONS.entries()) {
    if (process.env.ONLY && lesson.id !== process.env.ONLY) continue;
    if (process.env.ONLY) await playground.follow(`lesson=${lesson.id}`); else if (i > 0) await page.locator("#lesson-next").click();
    await shown(page, playground, lesson.id);
    const prepared = decode(lesson.state, baseState).state;
    const wanted = encode({ ...prepared, lesson: lesson.id }, baseOf(prepared));
    await expect.poll(() => hashOf(page), { message: `${lesson.id} opens in its state` }).toBe(wanted);
    const { tab } = prepared;
    if (tab === "run") await playground.fullSpeed();
    await runOut(page, playground, tab);
    await press(page, "Check");
    await expect(said(page), `${lesson.id}: fails before`).toContainText("Not yet");
    for (const [k, step] of lesson.steps.entries()) {
      await press(page, `Set and run step ${k + 1}`);
      const item = panel(page).locator(".tries > li").nth(k);
      await expect(item, `${lesson.id}: ${step.try}`).toHaveAttribute("data-met", "true", { timeout: RUN_MS });
      const asked = withSet(prepared, step.set, baseState);
      const is = async () => isSet(decode(await hashOf(page), baseState).state, asked, step.set);
      await expect.poll(is, { message: `${lesson.id}: ${step.set}` }).toBe(true);
    }
    await press(page, "Show one answer");
    if (BY_HAND[lesson.id]) {
      await playground.ended();
      await BY_HAND[lesson.id]?.(page);
    }
    await expect(said(page), `${lesson.id}: passes after`).toHaveText("Done.", { timeout: RUN_MS });
    await expect(panel(page)).toHaveAttribute("data-done", "true");
    table.push(`| ${i + 1} | ${lesson.title} | ${lesson.steps.map(() => "yes").join(", ")} | no | yes |`);
  }
  console.log(
    [
      "| | lesson | steps did what they say | check before | check after |",
      "|---|---|---|---|---|",
      ...table,
      `${LESSONS.length} lessons in ${((Date.now() - began) / 1000).toFixed(0)} s`,
    ].join("\n"),
  );
  expect(table.length).toBe(LESSONS.length);
});
