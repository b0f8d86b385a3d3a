/** What leaves the page and comes back: pictures, animations, data, links with a proof, files that are opened. */

import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { unzipSync } from "fflate";
import jsQR from "jsqr";

import { expect, test } from "./playground.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

/** @param {Page} page */
const dialog = (page) => page.locator("#export-dialog");
/** @param {Page} page */
const verdict = (page) => page.locator("#verdict");

/** Opens the dialog at a topic. @param {Page} page @param {string} topic */
async function exporting(page, topic) {
  if (!(await dialog(page).isVisible())) await page.locator("#export").click();
  await dialog(page).getByRole("radio", { name: topic }).check({ force: true });
}

/** What a button of the dialog saves. @param {Page} page @param {string} name @returns {Promise<{ name: string, bytes: Buffer, text: string }>} */
async function saved(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog(page).getByRole("button", { name, exact: true }).click(),
  ]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/**
 * The same without the browser's downloads, of which it may lose one of fifty in a row: what the page hands over to be saved.
 * @param {Page} page @param {string} name @returns {Promise<{ name: string, bytes: Buffer, text: string }>}
 */
async function handedOver(page, name) {
  const handed = page.evaluate(
    () =>
      new Promise((/** @type {(file: [string, string]) => void} */ done) => {
        const { click } = HTMLAnchorElement.prototype;
        const { createObjectURL } = URL;
        /** @type {Map<string, Blob>} */
        const blobs = new Map();
        URL.createObjectURL = (blob) => {
          const url = createObjectURL.call(URL, blob);
          blobs.set(url, /** @type {Blob} */ (blob));
          return url;
        };
        HTMLAnchorElement.prototype.click = async function () {
          HTMLAnchorElement.prototype.click = click;
          URL.createObjectURL = createObjectURL;
          const bytes = new Uint8Array((await blobs.get(this.href)?.arrayBuffer()) ?? []);
          done([this.download, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))]);
        };
      }),
  );
  await dialog(page).getByRole("button", { name, exact: true }).click();
  const [file, base64] = await handed;
  const bytes = Buffer.from(base64, "base64");
  return { name: file, bytes, text: bytes.toString("utf8") };
}

/** Drops a file on the page. @param {Page} page @param {string} name @param {string} text */
async function drop(page, name, text) {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: name.endsWith(".json") ? "application/json" : "text/plain" }));
      return transfer;
    },
    /** @type {const} */ ([name, text]),
  );
  await page.locator("body").dispatchEvent("drop", { dataTransfer: data });
}

/** The cells of a CSV that has no quotes. @param {string} text */
function cells(text) {
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
}

/**
 * How far an SVG, as this browser draws it, is from a PNG of the same chart at twice its size: the mean difference of a
 * channel, and the part of all pixels that differ by more than 48 of 255 in one. Both images lose one pixel in two and are
 * blurred, so that only what is drawn differs, not how its edges are smoothed.
 * @param {Page} page @param {string} svg @param {Buffer} png
 */
async function apart(page, svg, png) {
  return page.evaluate(
    async ([svg, png]) => {
      const picture = async (/** @type {string} */ url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        return image;
      };
      const drawn = await picture(`data:image/png;base64,${png}`);
      const vector = await picture(URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" })));
      const [w, h] = [drawn.naturalWidth, drawn.naturalHeight];
      const pixels = (/** @type {HTMLImageElement} */ image) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: w >> 1, height: h >> 1 });
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.filter = "blur(1px)";
        context.drawImage(image, 0, 0, w >> 1, h >> 1);
        return context.getImageData(0, 0, canvas.width, canvas.height).data;
      };
      const [a, b] = [pixels(drawn), pixels(vector)];
      let sum = 0;
      let far = 0;
      for (let i = 0; i < a.length; i += 4) {
        const d = [0, 1, 2].map((k) => Math.abs((a[i + k] ?? 0) - (b[i + k] ?? 0)));
        sum += d.reduce((x, y) => x + y, 0) / 3;
        if (Math.max(...d) > 48) far += 1;
      }
      return { mean: sum / (a.length / 4), far: far / (a.length / 4), ratio: vector.naturalWidth / (w / 2) };
    },
    /** @type {const} */ ([svg, png.toString("base64")]),
  );
}

/** What an SVG is, as an XML parser sees it. @param {Page} page @param {string} svg */
async function parsed(page, svg) {
  return page.evaluate((text) => {
    const xml = new DOMParser().parseFromString(text, "image/svg+xml");
    const root = xml.documentElement;
    return {
      wrong: xml.querySelector("parsererror")?.textContent ?? "",
      width: root.getAttribute("width") ?? "",
      viewBox: root.getAttribute("viewBox") ?? "",
      texts: [...xml.querySelectorAll("text")].map((t) => t.textContent ?? ""),
      lines: xml.querySelectorAll("path[stroke]").length,
      images: xml.querySelectorAll("image").length,
    };
  }, svg);
}

/**
 * The most that may differ. Texts are set part of a pixel apart and edges are smoothed differently, which comes to 0.3 to
 * 1.0 of 255 in the mean, and to one pixel in 2,400 that is far off. Without one label of three digits it is one in 620, with
 * one line moved by two pixels one in 44: the test after this plants both.
 */
const MEAN = 1.5;
const FAR = 1 / 1500;

/** A link, whether its pictures have a ground that is an image, and a text that is to be in the first. @type {[hash: string, images: boolean, text: string][]} */
const FIGURES = [
  ["", true, "minimum (1, 1)"],
  ["kind=network&data=moons&iterations=60", true, "hidden 1"],
  ["kind=least_squares&iterations=30", true, "x"],
  ["kind=linear_system&iterations=20", true, "A"],
  ["kind=constrained&iterations=20", true, "x"],
];

test("every chart is saved as SVG and PNG, and both show the same", async ({ playground, page }) => {
  test.slow();
  await playground.open("lane1=sgd,lr:0.001&lane2=adam,lr:0.3");
  for (const [hash, images, text] of FIGURES) {
    if (hash) await playground.follow(hash);
    await playground.runOut();
    await exporting(page, "Picture");
    const list = page.locator("#export-chart");
    await expect(list).toBeVisible();
    const labels = await list.locator("option").allTextContents();
    expect(labels.length).toBeGreaterThan(1);
    expect(new Set(labels).size).toBe(labels.length);
    let grounds = 0;
    for (const [i, label] of labels.entries()) {
      await list.selectOption({ label });
      const svg = await handedOver(page, "SVG");
      const png = await handedOver(page, "PNG, 2×");
      expect(svg.name).toMatch(/^descent-[a-z0-9-]+\.svg$/);
      expect(png.name).toBe(svg.name.replace(/svg$/, "png"));
      const { wrong, width, viewBox, texts, lines, images: rasters } = await parsed(page, svg.text);
      expect(wrong, label).toBe("");
      expect(width).toMatch(/^[\d.]+pt$/);
      expect(Number.parseFloat(width)).toBeCloseTo(0.75 * Number(viewBox.split(" ")[2]), 1);
      if (i === 0) expect(texts.join("\n"), label).toContain(text);
      expect(texts.length + lines, label).toBeGreaterThan(0);
      grounds += rasters;
      const { mean, far, ratio } = await apart(page, svg.text, png.bytes);
      // Points are 4/3 of a CSS pixel; the PNG has two pixels for each.
      expect(ratio).toBeCloseTo(1, 2);
      expect(mean, `${hash}: ${label}`).toBeLessThan(MEAN);
      expect(far, `${hash}: ${label}`).toBeLessThan(FAR);
    }
    expect(grounds > 0, hash).toBe(images);
    await page.keyboard.press("Escape");
  }
});

test("the comparison of pictures finds a label that is missing and a line that is moved", async ({
  playground,
  page,
}) => {
  await playground.open("lane1=sgd,lr:0.001&lane2=adam,lr:0.3");
  await playground.runOut();
  await exporting(page, "Picture");
  await page.locator("#export-chart").selectOption({ label: "Loss against iterations" });
  const { text } = await saved(page, "SVG");
  const png = await saved(page, "PNG, 2×");
  const less = text.replace(/<text [^>]*>200<\/text>\n/, "");
  const moved = text.replace(/(<path fill="none" stroke="#bf4a00")/, '$1 transform="translate(0 2)"');
  for (const planted of [less, moved]) {
    expect(planted).not.toBe(text);
    expect((await apart(page, planted, png.bytes)).far).toBeGreaterThan(FAR);
  }
});

test("charts of a search are saved too", async ({ page }) => {
  await page.goto(
    "/#kind=network&data=moons&budget=20&folds=2&over=optimizer.lr:values:0.01/0.1;problem.l2:values:0/0.01&tab=tune",
  );
  await page.locator("#tune .transport .primary").click();
  await expect(page.locator("#tune .done > span")).toHaveText(/^4 trials done in/, { timeout: 60_000 });
  await exporting(page, "Picture");
  const list = page.locator("#export-chart");
  await list.selectOption({ label: "Heatmap" });
  const svg = await saved(page, "SVG");
  const png = await saved(page, "PNG, 2×");
  expect(svg.name).toBe("descent-moons-heatmap.svg");
  expect((await parsed(page, svg.text)).texts).toContain("Validation accuracy");
  expect((await apart(page, svg.text, png.bytes)).far).toBeLessThan(FAR);
  await exporting(page, "Animation");
  await expect(dialog(page)).toContainText("Choose the page Run");
});

test("a picture for print has light colours, and stands without its caption", async ({ playground, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await playground.open();
  await playground.runOut();
  await exporting(page, "Picture");
  const dark = await saved(page, "SVG");
  await dialog(page).getByRole("checkbox", { name: "Light colours, for print" }).check();
  const light = await saved(page, "SVG");
  await dialog(page).getByRole("checkbox", { name: "Title and lanes around it" }).uncheck();
  const bare = await saved(page, "SVG");
  const ground = (/** @type {{ text: string }} */ { text }) => /<rect [^>]*fill="(#[0-9a-f]{6})"/.exec(text)?.[1] ?? "";
  expect(Number.parseInt(ground(dark).slice(1, 3), 16)).toBeLessThan(64);
  expect(ground(light)).toBe("#ffffff");
  expect((await parsed(page, light.text)).texts).toContain("Momentum");
  expect((await parsed(page, bare.text)).texts).not.toContain("Momentum");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
});

test("history, parameters and configs have the bits of the run", async ({ playground, page }) => {
  await playground.open("kind=network&data=moons&layers=3&iterations=40&lane1=adam,lr:0.02&lane2=sgd,lr:0.1");
  await playground.runOut();
  const { losses } = await playground.heard();
  await exporting(page, "Data");
  const csv = await saved(page, "History: CSV");
  expect(csv.name).toBe("descent-moons-history.csv");
  const rows = cells(csv.text);
  for (const lane of [0, 1]) {
    const own = rows.filter((row) => row.lane === String(lane + 1));
    expect(own.map((row) => Number(row.loss))).toEqual(losses[lane]);
    // Between validations there is none.
    expect(own.some((row) => row.val_loss === "NaN")).toBe(true);
  }
  const json = await saved(page, "Record: JSON");
  expect(json.name).toBe("descent-moons-record.json");
  const record = JSON.parse(json.text);
  expect(record.lanes.map((/** @type {any} */ lane) => lane.columns.loss)).toEqual(losses);
  expect(record.lanes[0].columns.val_loss).toContain("NaN");
  const layers = JSON.parse((await saved(page, "Parameters: JSON")).text).lanes[0].layers;
  const shape = layers.map((/** @type {any} */ { weights, biases }) => [
    weights.length,
    weights[0].length,
    biases.length,
  ]);
  expect(shape).toEqual([
    [3, 2, 3],
    [1, 3, 1],
  ]);
  const flat = cells((await saved(page, "Parameters: CSV")).text).filter(({ lane }) => lane === "1");
  expect(flat.length).toBe(3 * 2 + 3 + 3 + 1);
  expect(Number(flat.find((row) => row.layer === "1" && row.out === "2" && row.in === "1")?.value)).toBe(
    layers[0].weights[1][0],
  );
  const config = JSON.parse((await saved(page, "Config: Selected lane")).text);
  const configs = JSON.parse((await saved(page, "Config: All lanes")).text);
  expect(configs[0].optimizer).toMatchObject({ name: "adam", lr: 0.02 });
  expect(configs[1].optimizer).toMatchObject({ name: "sgd", lr: 0.1 });
  // The last lane is the selected one.
  expect(configs[1]).toEqual(config);
  const script = await saved(page, "PyTorch: Script");
  expect(script.name).toBe("descent-moons-run.py");
  expect(script.text).toContain("import torch");
});

test("what PyTorch does not have is refused with the reason", async ({ playground, page }) => {
  await playground.open();
  await exporting(page, "Data");
  await dialog(page).getByRole("button", { name: "PyTorch: Script" }).click();
  await expect(dialog(page).getByRole("alert")).toHaveText(/^problem\.kind: only a network/);
});

test("a record is opened again, replayed, and found to be the same", async ({ playground, page }) => {
  await playground.open("kind=network&data=iris&layers=5&iterations=120&seed=9");
  await playground.runOut();
  await exporting(page, "Data");
  const { text, name } = await saved(page, "Record: JSON");
  await page.keyboard.press("Escape");
  const before = await playground.heard();
  await playground.follow("f=booth");
  await drop(page, name, text);
  await expect(verdict(page)).toContainText(
    "Reproduced: all 4 lanes have the same parameters at iteration 120, bit for bit.",
  );
  expect((await playground.heard()).losses).toEqual(before.losses);
  expect((await playground.heard()).parameters).toEqual(before.parameters);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("data=iris");
  await verdict(page).getByRole("button", { name: "Back to the former run" }).click();
  await expect(page.locator("#picture h1")).toHaveText("Booth");
  await expect(verdict(page)).toBeHidden();

  const forged = JSON.parse(text);
  forged.lanes[1].digest = "0123456789abcdef";
  forged.lanes[1].columns.loss[37] *= 1 + 1e-15;
  await drop(page, "forged.json", JSON.stringify(forged));
  await expect(verdict(page)).toContainText(/Not reproduced\. Lane 2, .*, differs from iteration 37 on\./);
  await expect(verdict(page)).not.toContainText("Lane 1");
});

test("a config is opened, also one that was written for the API", async ({ playground, page }) => {
  await playground.open();
  const config = {
    problem: { kind: "surface", name: "himmelblau", start: [1, 1] },
    optimizer: { name: "momentum", lr: 0.005 },
    schedule: { name: "exponential", base: 0.99 },
    stop: { iterations: 50 },
  };
  await drop(page, "one.json", JSON.stringify(config));
  await expect(page.locator("#picture h1")).toHaveText("Himmelblau");
  await expect(playground.rows).toHaveCount(1);
  await playground.settled();
  await playground.runOut();
  expect(await playground.iteration()).toBe(50);
  await exporting(page, "Data");
  const { text } = await saved(page, "Config: Selected lane");
  expect(JSON.parse(text)).toMatchObject(config);
  await page.keyboard.press("Escape");
  const two = [config, { ...config, optimizer: { name: "adam", lr: 0.1 }, schedule: undefined }];
  await drop(page, "two.json", JSON.stringify(two));
  await expect(playground.rows).toHaveCount(2);
});

/** Files that cannot be opened, and what is said. @type {[name: string, text: string, says: RegExp][]} */
const BAD = [
  ["bad.json", "{ problem", /the file is no JSON: .*\n?.*bad\.json cannot be opened/],
  ["list.json", "[]", /0 configs; from 1 to 6 are lanes/],
  ["other.json", '{"a": 1}', /descent: nothing is not "record"/],
  ["none.json", '{"problem": {"kind": "surface"}}', /optimizer: is not an object with a name/],
  [
    "range.json",
    '{"problem": {"kind": "surface", "name": "booth"}, "optimizer": {"name": "adam", "beta1": 1.5}}',
    /optimizer\.beta1: 1\.5 is outside \[0, 1\)/,
  ],
  ["kind.json", '{"problem": {"kind": "surfaces"}, "optimizer": {"name": "adam"}}', /problem\.kind: .*surfaces/],
  [
    "digest.json",
    '{"descent": "record", "version": 1, "lanes": [{"iteration": 3, "digest": 7}]}',
    /lanes\[0\]\.digest: is not 16 of 0 to 9/,
  ],
  [
    "apart.json",
    '[{"problem": {"kind": "surface"}, "optimizer": {"name": "sgd"}}, {"problem": {"kind": "network"}, "optimizer": {"name": "sgd"}}]',
    /\[1\]\.problem: differs from that of the first config/,
  ],
  [
    "state.json",
    '{"descent": "record", "version": 1, "lanes": [{"iteration": 0, "digest": "0000000000000000", "config": {"problem": {"kind": "surface"}, "optimizer": {"name": "sgd"}}}], "state": {"config": {"problem": {"kind": "surface"}}, "lanes": [], "xaxis": "hours"}}',
    /state\.xaxis: is not one of iteration, epoch/,
  ],
  ["notes.txt", "hello", /notes\.txt is no \.json file/],
];

test("a file that is wrong is refused by the path, and what there was is kept", async ({ playground, page }) => {
  await playground.open("f=beale&iterations=30");
  await playground.runOut();
  const before = await playground.heard();
  const run = await playground.runNumber();
  for (const [name, text, says] of BAD) {
    await drop(page, name, text);
    await expect(dialog(page).getByRole("alert"), name).toHaveText(says);
    await expect(dialog(page).getByRole("alert")).toContainText("What you had is kept.");
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toBeHidden();
  }
  expect(await playground.runNumber()).toBe(run);
  expect(await playground.heard()).toEqual(before);
  await expect(page.locator("#picture h1")).toHaveText("Beale");
});

test("a link with a proof is replayed, and a forged one is found out", async ({ playground, page }) => {
  await playground.open("f=himmelblau&iterations=80&lane1=sgd,lr:0.01&lane2=adam,lr:0.5");
  await exporting(page, "Link");
  const proof = dialog(page).getByLabel("With proof");
  await proof.click();
  await expect(proof).not.toBeChecked();
  await expect(dialog(page)).toContainText("at its start there is nothing to prove");
  await page.keyboard.press("Escape");
  await playground.runOut();
  await exporting(page, "Link");
  await proof.check();
  const field = page.locator("#export-link");
  await expect(field).toHaveValue(/proof=80,[0-9a-f]{16},[0-9a-f]{16}&/);
  const link = await field.inputValue();
  await page.keyboard.press("Escape");
  const former = await playground.heard();

  const hash = new URL(link).hash.slice(1);
  await page.goto("about:blank");
  await playground.open(hash);
  await expect(verdict(page)).toContainText(
    "Reproduced: all 2 lanes have the same parameters at iteration 80, bit for bit.",
  );
  expect((await playground.heard()).losses).toEqual(former.losses);
  // What is changed is no longer what was proved.
  await playground.type(playground.field("Seed"), 5);
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain("proof");

  const forged = hash.replace(/,[0-9a-f]{16}&/, ",0123456789abcdef&");
  await playground.follow(forged);
  await expect(verdict(page)).toContainText(/Not reproduced\. Lane 2, Adam, ends in other parameters\./);
  await playground.follow(hash.replace(/,[0-9a-f]{16}&/, "&"));
  await expect(verdict(page)).toContainText("It speaks of 1 lane, the run has 2.");
  await playground.follow(hash.replace(/proof=[^&]*/, "proof=80,xyz"));
  await expect(playground.alert).toContainText("proof: 80,xyz is not an iteration and the digest of each lane");
});

test("a run that was changed on its way has no proof", async ({ playground, page }) => {
  await playground.open("f=himmelblau&iterations=80&lane1=adam,lr:0.5");
  for (let i = 0; i < 3; i += 1) await page.locator("#step").click();
  await expect.poll(() => playground.iteration()).toBe(3);
  await playground.type(playground.at("optimizer.lr", 0), 0.1);
  await playground.runOut();
  await exporting(page, "Link");
  await dialog(page).getByLabel("With proof").click();
  await expect(dialog(page)).toContainText("Lane 1 was changed at iteration 3, while it ran");
  await expect(page.locator("#export-link")).not.toHaveValue(/proof/);
});

test("the QR code is the link, and a link that is too long is said to be", async ({ playground, page }) => {
  await playground.open("f=himmelblau&iterations=80");
  await exporting(page, "Link");
  await expect(dialog(page).getByRole("img", { name: "QR code of the link" })).toBeVisible();
  const { name, text } = await saved(page, "SVG");
  expect(name).toBe("descent-himmelblau-qr.svg");
  const { data, width, height } = await page.evaluate(async (svg) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 600 });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(image, 0, 0, 600, 600);
    return { data: [...context.getImageData(0, 0, 600, 600).data], width: 600, height: 600 };
  }, text);
  const link = await page.locator("#export-link").inputValue();
  expect(jsQR(Uint8ClampedArray.from(data), width, height)?.data).toBe(link);
  await expect(page.locator("#export-snippet")).toHaveValue(
    /^<iframe src="http:[^"]*\?embed=1#f=himmelblau&amp;iterations=80" width="960" height="540" title="Descent: Himmelblau" loading="lazy"><\/iframe>$/,
  );
  await page.keyboard.press("Escape");
  await playground.follow(
    `kind=least_squares&model=b1*x&csv=${Array.from({ length: 900 }, (_, i) => `${i},${i}`).join("%0A")}`,
  );
  await exporting(page, "Link");
  await expect(dialog(page)).toContainText(/The link has 8\s8\d\d characters; a QR code holds 2\s953 at most/);
  await expect(dialog(page).getByRole("img", { name: "QR code of the link" })).toHaveCount(0);
});

test("a run is saved as WebM that plays, and as numbered frames", async ({ playground, page }) => {
  await playground.open("f=himmelblau&iterations=24");
  await playground.runOut();
  const before = await playground.heard();
  await exporting(page, "Animation");
  await page.locator("#film-every").fill("2");
  await expect(dialog(page)).toContainText("13 frames up to iteration 24, 0.9 s.");
  await expect(page.locator("#film-latex")).toHaveValue(
    "\\animategraphics[controls,width=\\linewidth]{15}{descent-himmelblau-}{00}{12}",
  );
  const archive = await saved(page, "Frames, .zip");
  expect(archive.name).toBe("descent-himmelblau-frames.zip");
  const files = unzipSync(archive.bytes);
  const frames = Object.keys(files).filter((name) => name.endsWith(".png"));
  expect(frames.sort()).toEqual(
    Array.from({ length: 13 }, (_, i) => `descent-himmelblau-${String(i).padStart(2, "0")}.png`),
  );
  expect(Buffer.from(files["README.txt"] ?? []).toString()).toContain("{descent-himmelblau-}{00}{12}");
  // Each step moves a path, so no two frames are the same.
  const pictures = frames.map((name) => Buffer.from(files[name] ?? []).toString("base64"));
  expect(new Set(pictures).size).toBe(13);
  const sizes = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          return `${image.naturalWidth} ${image.naturalHeight}`;
        }),
      ),
    pictures,
  );
  expect(new Set(sizes).size).toBe(1);
  // The run has been played again, and ends where it stood.
  expect((await playground.heard()).losses).toEqual(before.losses);

  const film = await saved(page, "WebM");
  expect(film.name).toBe("descent-himmelblau.webm");
  // The page's own policy lets no film in.
  const elsewhere = await page.context().newPage();
  const seen = await elsewhere.evaluate(async (data) => {
    const video = document.createElement("video");
    video.muted = true;
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
    await new Promise((loaded, failed) => {
      video.onloadeddata = loaded;
      video.onerror = () => failed(new Error(video.error?.message));
    });
    const ended = new Promise((over) => video.addEventListener("ended", over, { once: true }));
    await video.play();
    await ended;
    const { videoWidth, videoHeight, duration, currentTime } = video;
    return { videoWidth, videoHeight, duration, currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames };
  }, film.bytes.toString("base64"));
  const [width = 0, height = 0] = (sizes[0] ?? "").split(" ").map(Number);
  expect([seen.videoWidth, seen.videoHeight]).toEqual([width & ~1, height & ~1]);
  // The last of 13 frames begins after 0.8 s; a busy machine stretches the recording.
  expect(seen.duration).toBeGreaterThan(0.7);
  expect(seen.duration).toBeLessThan(10);
  expect(seen.currentTime).toBeGreaterThan(0.5);
  expect(seen.frames).toBeGreaterThan(6);
});

test("an animation is cancelled", async ({ playground, page }) => {
  await playground.open("f=himmelblau&iterations=200");
  await playground.runOut();
  await exporting(page, "Animation");
  await page.locator("#film-every").fill("1");
  await dialog(page).getByRole("button", { name: "Frames, .zip" }).click();
  await expect(dialog(page)).toContainText(/Frame [2-9] of 201/);
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(dialog(page)).toContainText("Cancelled.");
  await expect(dialog(page).getByRole("button", { name: "Frames, .zip" })).toBeEnabled();
});

test("the dialog is handled with the keyboard", async ({ playground, page }) => {
  await playground.open();
  await page.locator("#export").focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await dialog(page).getByRole("radio", { name: "Picture" }).focus();
  for (const topic of ["Animation", "Data", "Link", "Open"]) {
    await page.keyboard.press("ArrowRight");
    await expect(dialog(page).getByRole("radio", { name: topic })).toBeChecked();
  }
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(page.locator("#export")).toBeFocused();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing in the dialog at ${viewport.width} px, ${colorScheme}`, async ({ playground, page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await playground.open("f=himmelblau&iterations=30");
      await playground.runOut();
      /** @type {Record<string, string[]>} */
      const found = {};
      for (const topic of ["Picture", "Animation", "Data", "Link", "Open"]) {
        if (!(await dialog(page).isVisible())) {
          if (viewport.width < 720) await page.locator("[popovertarget=menu]").click();
          await page
            .locator(viewport.width < 720 ? "#menu button" : "#export")
            .filter({ hasText: "Export" })
            .click();
          await expect(dialog(page)).toBeVisible();
        }
        await exporting(page, topic);
        if (topic === "Link")
          await expect(dialog(page).getByRole("img", { name: "QR code of the link" })).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include("#export-dialog").analyze();
        found[topic] = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(" ")).join("; ")}`);
        const wide = await dialog(page).evaluate((e) => e.scrollWidth - e.clientWidth);
        expect(wide, topic).toBeLessThanOrEqual(0);
      }
      await page.keyboard.press("Escape");
      await drop(page, "bad.json", "{}");
      await expect(dialog(page).getByRole("alert")).toBeVisible();
      await page.keyboard.press("Escape");
      await playground.follow("f=himmelblau&iterations=30&proof=30,0123456789abcdef");
      await expect(verdict(page)).toContainText("Not reproduced.");
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include("#verdict").analyze();
      found.verdict = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(" ")).join("; ")}`);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    });
