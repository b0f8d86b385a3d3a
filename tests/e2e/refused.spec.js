/** What cannot be run is refused by name, and takes nothing away: not the last good run, not what was typed. */

import { expect, test } from "./playground.js";

/** A link, and what the page answers: the path, and what is allowed there. @type {[hash: string, answer: RegExp][]} */
const LINKS = [
  ["kind=banana", /^problem\.kind: "banana" .*network, surface/],
  ["f=nowhere", /^problem\.name: "nowhere" .*rosenbrock/],
  ["f=beale&start=1,x", /^problem\.start\[1\]: "x" is not a finite number/],
  ["start=1,2,3", /^problem\.start: .*2/],
  ["start=1e400,0", /^problem\.start\[0\]: /],
  ["gnoise=-1", /^problem\.noise: -1 is outside/],
  ["formula=sin(x", /^problem\.formula: column 6: .*expected/],
  ["formula=x%2Bq", /^problem\.formula: column 3: .*q/],
  ["kind=network&data=titanic", /^problem\.data\.name: "titanic" .*iris/],
  ["kind=network&data=moons&n=5", /^problem\.data\.n: 5 .* from 10 to 20000/],
  ["kind=network&data=moons&n=1e9", /^problem\.data\.n: 1000000000 .* from 10 to 20000/],
  ["kind=network&noise=7", /^problem\.data\.noise: 7 is outside \[0, 1\]/],
  ["kind=network&split=0.9,0.9,0.1", /^problem\.split: .*1/],
  ["kind=network&split=0,0.5,0.5", /^problem\.split/],
  ["kind=network&layers=8,-2", /^problem\.layers\[1\]: -2 /],
  ["kind=network&layers=100000,8", /^problem\.layers\[0\]: 100000 .* from 1 to 4096/],
  ["kind=network&layers=4096,4096", /^problem\.layers: .*parameters/],
  ["kind=network&layers=eight", /^problem\.layers: .*whole numbers from 1 to 4096/],
  ["kind=network&activation=swish", /^problem\.activation: "swish" .*relu/],
  ["kind=network&loss=hinge", /^problem\.loss: "hinge" .*mse/],
  ["kind=network&init=zero", /^problem\.init: "zero" .*xavier/],
  ["kind=network&l2=-1", /^problem\.l2: -1 is outside/],
  ["kind=network&batch=0", /^batch_size: 0 /],
  ["kind=network&batch=half", /^batch_size: "half" .*full/],
  ["seed=-1", /^seed: -1 .* from 0 to/],
  ["seed=abc", /^seed: "abc" is not a whole number/],
  ["precision=f16", /^precision: "f16" .*f64.*f32/],
  ["iterations=1.5", /^stop\.iterations: 1\.5 /],
  ["gtol=-2", /^stop\.gradient_tol: -2 is outside/],
  ["clip=0", /^clip_norm: 0 is outside/],
  ["lane1=sdg", /^optimizer\.name: "sdg" .*adam/],
  ["lane1=adam,lr:-1", /^optimizer\.lr: -1 is outside/],
  ["lane1=adam,beta1:1", /^optimizer\.beta1: 1 is outside \[0, 1\)/],
  ["lane1=adam,beta3:0.5", /^optimizer\.beta3: .*beta1/],
  ["lane1=sgd;wobbly", /^schedule\.name: "wobbly" .*cosine/],
  ["lane1=sgd;step,every:0", /^schedule\.every: 0 /],
  ["speed=0", /^speed: 0 is not a number from 1/],
  ["x=years", /^x: years is not one of iteration, epoch/],
  ["theme=pink", /^theme: pink is not one of .*dark/],
  ["lane9=sgd", /^lane: lanes are numbered from 1 to 6/],
  ["f=%E0%A4", /^f: this part of the link is cut or damaged/],
];

test("a link that asks for what cannot be run is refused by name", async ({ playground, page }) => {
  await playground.open("lane1=sgd,lr:0.001&lane2=adam,lr:0.3");
  await playground.runOut();
  // The address follows a moment later.
  await expect(page).toHaveURL(/speed=max/);
  const address = await page.evaluate(() => location.href);
  const run = await playground.runNumber();
  const good = await playground.heard();
  /** @type {string[]} */
  const wrong = [];
  for (const [hash, answer] of LINKS) {
    await playground.follow(hash);
    await expect(playground.alert).toHaveClass(/on/);
    const said = await playground.alert.locator("strong").innerText();
    if (!answer.test(said)) wrong.push(`${hash}: ${said}`);
    if ((await playground.runNumber()) !== run) wrong.push(`${hash}: the run is another`);
    if (await playground.run.isDisabled()) wrong.push(`${hash}: the run is closed`);
    await playground.alert.getByRole("button", { name: "Dismiss" }).click();
    await expect(playground.alert).not.toHaveClass(/on/);
  }
  expect(wrong).toEqual([]);
  await expect.poll(() => page.evaluate(() => location.href)).toBe(address);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rosenbrock's valley");
  expect(await playground.heard()).toEqual(good);
});

test("a first link that cannot be run leaves a page that works", async ({ playground }) => {
  await playground.open("kind=network&data=moons&layers=-3");
  await expect(playground.alert).toContainText("problem.layers[0]: -3 ");
  await playground.runOut();
  expect(await playground.says(3, "val accuracy")).toMatch(/^(0\.[89]|1)/);
});

/** A field, what is typed there, and the answer. @type {[path: string, lane: number | undefined, text: string, answer: RegExp][]} */
const SURFACE_FIELDS = [
  ["optimizer.lr", 1, "-3", /^optimizer\.lr: -3 is outside \[0, ∞\)/],
  ["optimizer.lr", 0, "fast", /^optimizer\.lr: "fast" is not a number/],
  ["optimizer.beta", 1, "1.5", /^optimizer\.beta: 1\.5 is outside \[0, 1\)/],
  ["problem.start[0]", undefined, "here", /^problem\.start\[0\]: "here" is not a finite number/],
  ["seed", undefined, "1e99", /^seed: /],
  ["stop.iterations", undefined, "0", /^stop\.iterations: 0 /],
  ["stop.gradient_tol", undefined, "tiny", /^stop\.gradient_tol: "tiny" is not a number/],
];

test("a field that is refused is marked, keeps what was typed, and keeps the run", async ({ playground, page }) => {
  await playground.open();
  await playground.runOut();
  const run = await playground.runNumber();
  const good = await playground.heard();
  for (const [path, lane, text, answer] of SURFACE_FIELDS) {
    const field = playground.at(path, lane);
    const before = await field.inputValue();
    await playground.type(field, text);
    await expect(playground.alert.locator("strong"), path).toHaveText(answer);
    await expect(field, path).toHaveAttribute("aria-invalid", "true");
    await expect(field, path).toHaveValue(text);
    await expect(playground.run).toBeDisabled();
    await page.locator("#speed").focus();
    await playground.alert.getByRole("button", { name: "Go to the field" }).click();
    await expect(field, path).toBeFocused();
    expect((await field.inputValue()).replace("−", "-"), path).toBe(text);
    await playground.type(field, before);
    await expect(playground.alert, path).not.toHaveClass(/on/);
    await expect(field, path).not.toHaveAttribute("aria-invalid");
  }
  expect(await playground.runNumber()).toBe(run);
  expect(await playground.heard()).toEqual(good);
});

test("a formula that does not parse names the column", async ({ playground, page }) => {
  await playground.open();
  await playground.field("Function").selectOption({ label: "Own formula" });
  const formula = playground.field("f(x, y) =");
  const map = page.locator("#picture .plot [role=img]");
  await playground.type(formula, "x^2 + 2y^2 - 3x");
  await playground.runOut();
  for (const [text, answer] of /** @type {[string, RegExp][]} */ ([
    ["x^2 +", /column 6: .*expected/],
    ["x^2 + foo(y)", /column 7: .*foo/],
    ["(x + 1", /column 7: .*expected/],
    ["2 * z", /column 5: .*z/],
    ["x $ y", /column 3: /],
    ["", /problem\.formula/],
  ])) {
    await playground.type(formula, text);
    await expect(playground.alert.locator("strong"), text).toHaveText(answer);
    await expect(formula).toHaveValue(text);
  }
  await expect(map).toHaveAttribute("aria-label", /^Contour map of x\^2/);
  await playground.type(formula, "x^2 + 2y^2 - 3x");
  await expect(playground.alert).not.toHaveClass(/on/);
});

test("a CSV that cannot be read names the line, and the text stays", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons");
  await playground.field("or a data set").selectOption({ label: "Own CSV" });
  const text = playground.field("CSV text");
  for (const [csv, answer] of /** @type {[string, RegExp][]} */ ([
    ["a,b,c\n1,2,x\n3,y\n", /line 3 has 2 fields where the header has 3/],
    ["a,a,c\n1,2,x\n", /two columns are called "a"/],
    ["a,b\n1,\n", /line 2: column "b" is empty/],
    ["a\n1\n2\n", /line 1 has one column/],
    ["a,b\n", /has .*no rows|row/],
  ])) {
    await text.fill(csv);
    await expect(page.locator("#csv-fault"), csv).toHaveText(answer);
    await expect(text).toHaveAttribute("aria-invalid", "true");
    await page.getByRole("button", { name: "Use these" }).click();
    await expect(text).toHaveValue(csv);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Moons");
  }
  await text.fill("a,b,kind\n1,2,x\n2,1,y\n1,3,x\n3,1,y\n2,3,x\n3,2,y\n1,4,x\n4,1,y\n2,4,x\n4,2,y\n");
  await expect(page.locator("#csv-fault")).toBeHidden();
  await page.getByRole("button", { name: "Use these" }).click();
  await expect(page.getByText("10 rows, 2 features")).toBeVisible();
  await playground.runOut();
});
