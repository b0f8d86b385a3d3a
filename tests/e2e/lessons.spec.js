/**
 * The lessons of the lecture, each from its prepared state to its answer: what a step foretells happens, and the check
 * of a question fails before and passes after.
 */

import { readFile } from "node:fs/promises";

import { AxeBuilder } from "@axe-core/playwright";

import { isSet, withSet } from "../../www/lesson_check.js";
import { LESSONS } from "../../www/lessons/index.js";
import { baseOf, baseState } from "../../www/presets.js";
import { decode, encode } from "../../www/state.js";
import { lessonTable } from "../lesson_table.js";
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
  // Once its errors are known the page Recipe speaks of what to try next.
  if (tab === "recipe") await expect(primary).toHaveText(/again|Try all/, { timeout: RUN_MS });
  else await expect(page.locator("#tune .transport .done")).toHaveText(/done/, { timeout: RUN_MS });
}

test("each lesson opens in its state, its steps do what they say, its check fails before and passes after", async ({
  page,
  playground,
}) => {
  test.setTimeout(600_000);
  const began = Date.now();
  await playground.open(`lesson=${LESSONS[0]?.id}`);
  /** @type {import("../lesson_table.js").Found[]} */
  const found = [];
  for (const [i, lesson] of LESSONS.entries()) {
    if (i > 0) await page.locator("#lesson-next").click();
    await shown(page, playground, lesson.id);
    const prepared = decode(lesson.state, baseState).state;
    const wanted = encode({ ...prepared, lesson: lesson.id }, baseOf(prepared));
    await expect.poll(() => hashOf(page), { message: `${lesson.id} opens in its state` }).toBe(wanted);
    const { tab } = prepared;
    if (tab === "run") await playground.fullSpeed();
    await runOut(page, playground, tab);
    await press(page, "Check");
    await expect(said(page), `${lesson.id}: fails before`).toContainText("Not yet");
    const before = (await panel(page).getAttribute("data-met")) === "true";
    const steps = [];
    for (const [k, step] of lesson.steps.entries()) {
      await press(page, `Set and run step ${k + 1}: ${step.try}`);
      const item = panel(page).locator(".tries > li").nth(k);
      await expect(item, `${lesson.id}: ${step.try}`).toHaveAttribute("data-met", "true", { timeout: RUN_MS });
      const asked = withSet(prepared, step.set, baseState);
      const is = async () => isSet(decode(await hashOf(page), baseState).state, asked, step.set);
      await expect.poll(is, { message: `${lesson.id}: ${step.set}` }).toBe(true);
      steps.push((await item.getAttribute("data-met")) === "true");
    }
    await press(page, "Show one answer");
    if (BY_HAND[lesson.id]) {
      await playground.ended();
      await BY_HAND[lesson.id]?.(page);
    }
    await expect(said(page), `${lesson.id}: passes after`).toHaveText("Done.", { timeout: RUN_MS });
    const after = (await panel(page).getAttribute("data-done")) === "true";
    found.push({ opens: true, steps, before, after });
  }
  const table = lessonTable(LESSONS, found);
  console.log(`${table}\n${found.length} lessons in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  expect(await readFile(new URL("../../docs/lessons.md", import.meta.url), "utf8")).toContain(table);
});

test("a step by hand is as good as by its button, and what is missing is said with the number", async ({
  page,
  playground,
}) => {
  await playground.open("lesson=momentum");
  await playground.fullSpeed();
  await press(page, "Check");
  await expect(said(page)).toHaveText(
    "Not yet: one thing is missing. Momentum: lowest loss within 100 iterations: not run yet",
  );
  await expect(said(page)).toHaveAttribute("role", "status");
  await playground.type(playground.field("β of lane 2"), "0");
  await playground.runOut();
  const items = panel(page).locator(".tries > li");
  await expect(items.nth(0)).toHaveAttribute("data-met", "true");
  await expect(items.nth(1)).not.toHaveAttribute("data-met");
  await expect(panel(page).locator(".wanted li")).toHaveText(
    /^Momentum: lowest loss within 100 iterations [\d.]+, wanted below 1e−8$/,
  );
  await playground.type(playground.field("α of lane 2"), "0.033");
  await playground.type(playground.field("β of lane 2"), "0.67");
  await page.keyboard.press("Escape");
  await page.locator("#picture").focus();
  await page.keyboard.press("r");
  await playground.settled();
  await playground.runOut();
  await expect(said(page)).toHaveText("Done.");
});

test("the list is reached and walked by keys, and knows what is done after a reload", async ({ page, playground }) => {
  await playground.open("lesson=learning_rate");
  await playground.fullSpeed();
  await press(page, "Show one answer");
  await expect(said(page)).toHaveText("Done.", { timeout: RUN_MS });
  await page.reload();
  await expect(panel(page)).toHaveAttribute("data-lesson", "learning_rate");
  await page.locator("#lecture").focus();
  await page.keyboard.press("Enter");
  const list = page.locator("#chooser");
  await expect(list.getByRole("listitem")).toHaveCount(LESSONS.length);
  await expect(list.locator(".btn:has(.done)")).toHaveText(/Importance of the learning rate/);
  await expect(list.locator("[aria-current]")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await shown(page, playground, "jacobian_hessian");
  await page.locator("#picture").focus();
  await page.keyboard.press("p");
  await shown(page, playground, "learning_rate");
  await page.keyboard.press("n");
  await shown(page, playground, "jacobian_hessian");
  await press(page, "Close the lecture");
  await expect(panel(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/lesson=/);
});

test("where nothing may be kept, it is kept as long as the page", async ({ page, playground }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new Error("refused");
      },
    });
  });
  await playground.open("lesson=newton");
  await playground.fullSpeed();
  await press(page, "Show one answer");
  await expect(said(page)).toHaveText("Done.", { timeout: RUN_MS });
  await page.locator("#lecture").click();
  await expect(page.locator("#chooser .btn:has(.done)")).toHaveText(/Newton's method/);
});

test("a lesson that there is not is named, with those that there are", async ({ page, playground }) => {
  for (const address of ["/#lesson=nope", "/?lesson=nope"]) {
    await page.goto("about:blank");
    await page.goto(address);
    await expect(playground.alert).toContainText("lesson: nope is not one of gradient_descent, momentum, rmsprop");
    await expect(panel(page)).toHaveCount(0);
    await expect(playground.run).toBeEnabled();
  }
});

test("the address asks for a lesson, and keeps what was changed in it", async ({ page, playground }) => {
  await page.goto("/?lesson=momentum");
  await expect(panel(page)).toHaveAttribute("data-lesson", "momentum");
  await expect(page).toHaveURL(/\/#.*lesson=momentum/);
  const beta = playground.field("β of lane 2");
  await beta.fill("0.5");
  await beta.press("Enter");
  await expect(page).toHaveURL(/beta:0.5/);
  await page.reload();
  await expect(panel(page)).toHaveAttribute("data-lesson", "momentum");
  await expect(beta).toHaveValue("0.5");
  // Another page of the same lesson has the panel too.
  await page.locator("#tabs button", { hasText: "Recipe" }).click();
  await expect(page.locator("#recipe > .rail > #lesson")).toBeVisible();
});

test("on a projector, which has no rail, a lesson is a strip too", async ({ page, playground }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await playground.open("lesson=momentum&theme=projector");
  const strip = page.locator("#figure > #lesson");
  await expect(strip.getByRole("button", { name: /^Set and run step 1/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).include("#lesson").analyze()).violations).toEqual([]);
  await strip.getByRole("button", { name: "Next lesson (n)" }).click();
  await shown(page, playground, "rmsprop");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "projector");
});

test("in an embedded figure a lesson is a strip, or hidden", async ({ page }) => {
  await page.goto("/?embed=1&lesson=momentum#speed=max");
  const strip = page.locator("#figure > #lesson");
  await expect(strip).toContainText("Momentum");
  await strip.getByRole("button", { name: "Set and run step 1: Set β of momentum to 0." }).click();
  await expect(strip.locator("li").first()).toHaveAttribute("data-met", "true", { timeout: RUN_MS });
  await page.goto("about:blank");
  await page.goto("/?embed=1&lesson=momentum&hide=lesson");
  await expect(page).toHaveURL(/lesson=momentum/);
  await expect(page.locator("#run")).toBeEnabled();
  await expect(page).toHaveURL(/condition=100/);
  await expect(page.locator("#lesson")).toHaveCount(0);
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing in a lesson at ${width} px, ${colorScheme}, and nothing is wider`, async ({
      page,
      playground,
    }) => {
      await page.setViewportSize({ width: Number(width), height: Number(height) });
      await page.emulateMedia({ colorScheme });
      await playground.open("lesson=adam");
      await expect(panel(page)).toBeVisible();
      if (width === 390) await panel(page).getByRole("button", { name: "Equation, steps and question" }).click();
      if (width === 1440) await playground.fullSpeed();
      await press(page, "Show one answer");
      await expect(panel(page)).toHaveAttribute("data-done", "true", { timeout: RUN_MS });
      const looked = async () =>
        (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [
          id,
          nodes.map(({ html }) => html),
        ]);
      expect(await looked()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await panel(page)
        .getByRole("button", { name: /^Lesson 4 of/ })
        .click();
      expect(await looked()).toEqual([]);
    });
