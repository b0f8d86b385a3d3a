import { expect, test } from "./playground.js";

test("a run is taken back with the slider or a key, and goes on to the same numbers", async ({ page, playground }) => {
  await playground.open("iterations=400");
  const time = playground.field("Iteration shown");
  await expect(time).toBeHidden();
  await playground.runOut();
  const end = (await playground.heard()).losses;
  await time.fill("120");
  await expect.poll(() => playground.iteration()).toBe(120);
  await playground.settled();
  const { losses } = await playground.heard();
  expect(losses[0]).toEqual(end[0]?.slice(0, 120));
  await expect(playground.pills.nth(1)).toHaveText("paused");
  await time.blur();
  await page.keyboard.press(",");
  await expect.poll(() => playground.iteration()).toBe(119);
  await page.keyboard.press(".");
  await expect.poll(() => playground.iteration()).toBe(120);
  await expect(time).toHaveValue("120");
  await expect(time).toHaveAttribute("aria-valuetext", "iteration 120 of 400");
  await playground.run.click();
  await playground.ended();
  expect((await playground.heard()).losses).toEqual(end);
});

test("a change in the past makes another future", async ({ playground }) => {
  await playground.open("iterations=200");
  await playground.runOut();
  const time = playground.field("Iteration shown");
  await time.fill("50");
  await expect.poll(() => playground.iteration()).toBe(50);
  const end = (await playground.heard()).losses;
  await playground.type(playground.at("optimizer.lr", 3), 0.1);
  await expect(time).toHaveAttribute("aria-valuetext", "iteration 50 of 50");
  await playground.run.click();
  await playground.ended();
  const { losses } = await playground.heard();
  expect(losses[3]?.slice(0, 50)).toEqual(end[3]?.slice(0, 50));
  expect(losses[3]).toHaveLength(200);
});
