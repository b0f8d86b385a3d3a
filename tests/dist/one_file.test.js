/** The page in one file: it trains and searches wherever it is opened, alone and framed, and asks for nothing. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { BROWSERS, listen } from "./browsers.js";
import { dist, serve } from "./site.js";
import { hire } from "./visitor.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("puppeteer-core").Frame} Frame */

const KB = 1024;
/** The most that the file may be, compressed: 1.2 MB. */
const MOST = 1_200_000;
const file = new URL("descent.html", dist);
const html = await readFile(file, "utf8");

test("the file is light, compressed", () => {
  const packed = gzipSync(html, { level: 9 }).length;
  assert.ok(packed <= MOST, `${(packed / KB).toFixed(0)} KB`);
});

test("its policy allows what is in it and nothing else", () => {
  const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? "";
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src( 'sha256-[^']+')+;/,
  );
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
});

/** Where it is opened. @type {Record<string, (page: Page, site: string) => Promise<Frame>>} */
const PLACES = {
  "the file system": async (page) => {
    await page.goto(file.href);
    return page.mainFrame();
  },
  "the file system, without a network": async (page) => {
    await page.setOfflineMode(true);
    await page.goto(file.href);
    return page.mainFrame();
  },
  srcdoc: (page) => framed(page, { srcdoc: html }),
  "srcdoc, sandboxed, without a network": async (page) => {
    await page.setOfflineMode(true);
    return framed(page, { srcdoc: html, sandbox: "allow-scripts" });
  },
  "a sandboxed frame of another site": (page, site) =>
    framed(page, { src: `${site}descent.html`, sandbox: "allow-scripts" }),
};

/** @param {Page} page @param {Record<string, string>} attributes @returns {Promise<Frame>} */
async function framed(page, attributes) {
  await page.evaluate((given) => {
    const frame = document.createElement("iframe");
    for (const [name, value] of Object.entries(given)) frame.setAttribute(name, value);
    frame.style.cssText = "position: fixed; inset: 0; width: 100%; height: 100%; border: 0";
    const loaded = new Promise((done) => frame.addEventListener("load", done));
    document.body.append(frame);
    return loaded.then(() => undefined);
  }, attributes);
  const frame = page.mainFrame().childFrames()[0];
  assert.ok(frame);
  return frame;
}

for (const [name, launch] of BROWSERS)
  describe(name, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {import("./site.js").Site} */
    let site;
    before(async () => {
      [browser, site] = await Promise.all([launch(), serve()]);
    });
    after(() => Promise.all([browser?.close(), site?.close()]));

    for (const [place, open] of Object.entries(PLACES))
      test(`it trains and searches: ${place}`, async () => {
        // What one visit has stored is no business of the next.
        const visit = await browser.createBrowserContext();
        const page = await visit.newPage();
        await page.setViewport({ width: 1280, height: 900 });
        const { faults, asked } = listen(page);
        const visitor = await hire(await open(page, site.address));
        await visitor.opened();
        fell(await visitor.race());
        await visitor.trainOn("Iris");
        fell(await visitor.race());
        assert.match(await visitor.search(), /^2 trials done in/);
        await visitor.recipe();
        await visitor.run();
        assert.deepEqual(faults, []);
        const strangers = asked.filter((url) => !/^(file|blob|data|about):|\/descent\.html$/.test(url));
        assert.deepEqual(strangers, []);
        await visit.close();
      });
  });

/** Each lane's loss, but for those that are meant to diverge. @param {import("./visitor.js").Race} race */
function fell({ first, last, ends }) {
  const went = ends.flatMap((end, lane) => (end.includes("diverged") ? [] : [lane]));
  assert.ok(went.length > 1, ends.join(", "));
  for (const lane of went)
    assert.ok(Number(last[lane]) < Number(first[lane]), `lane ${lane + 1}: ${first[lane]}, then ${last[lane]}`);
}
