import { expect, test } from "./playground.js";

test("the loss is drawn over a plane of the parameters, with the way of every lane", async ({ page, playground }) => {
  await playground.open("kind=network&iterations=300&panel=landscape");
  await playground.runOut();
  const note = page.locator(".landscape [role=status]");
  const picture = page.locator(".landscape [role=img]");
  const ways = page.locator(".landscape .legend li");
  await expect(note).toContainText("at iteration 300", { timeout: 30_000 });
  await expect(ways).toHaveCount(await playground.rows.count());
  await expect(ways.first()).toContainText("of the way off the plane");
  await expect(picture).toHaveAttribute("aria-label", /Loss landscape: between [\d.e−-]+ and/);
  const hidden = async () => Number(/(\d+) %/.exec(await ways.last().innerText())?.[1]);
  const principal = await hidden();
  await page.getByRole("radio", { name: "random" }).check({ force: true });
  await expect(note).toContainText("along random directions", { timeout: 30_000 });
  expect(await hidden()).toBeGreaterThan(principal);
  const former = await picture.getAttribute("aria-label");
  await page.getByRole("button", { name: "Other random directions" }).click();
  await expect.poll(() => picture.getAttribute("aria-label")).not.toBe(former);
  await page.locator(".landscape .plot").hover();
  await expect(page.locator(".landscape .readout")).toContainText("loss");
});
