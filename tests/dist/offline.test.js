/** The installed page: after one visit it needs no server, and a new version comes whole. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { BROWSERS, listen } from "./browsers.js";
import { dist, serve, textOf } from "./site.js";
import { hire } from "./visitor.js";

/** @typedef {import("puppeteer-core").Page} Page */

/** Waits until the page is served from what is kept. @param {Page} page */
const kept = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((later) => setTimeout(later, 20));
  });

/** The keys of what is kept. @param {Page} page @returns {Promise<string[]>} */
const keys = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return found.flat().map(({ url }) => url);
  });

/**
 * Waits until the page has come anew, in its new version. The browser may still count a page that is being left when the next
 * one asks; then the version waits for the opening after that.
 * @param {Page} page
 */
async function renewed(page) {
  const began = performance.now();
  let opened = began;
  // What is asked of a page that is left is not answered.
  while ((await page.title().catch(() => "")) !== "Descent, changed") {
    if (performance.now() - began > 20_000) throw new Error("the new version does not take over");
    if (performance.now() - opened < 4000) continue;
    opened = performance.now();
    await page.reload().catch(() => {});
  }
}

/** @param {string} text */
const digest = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

test("the manifest names icons that are there", async () => {
  const manifest = JSON.parse(await textOf("manifest.webmanifest"));
  assert.equal(manifest.start_url, "./");
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await readFile(new URL(src, dist));
    // Width and height in the head of a PNG.
    if (type === "image/png") assert.equal(sizes, `${icon.readUInt32BE(16)}x${icon.readUInt32BE(20)}`);
  }
});

for (const [name, launch] of BROWSERS)
  describe(name, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    test("after one visit it trains, searches and has its data sets without a server", async (t) => {
      const site = await serve();
      t.after(site.close);
      const visit = await browser.createBrowserContext();
      const page = await visit.newPage();
      const { faults } = listen(page);
      await page.goto(site.address);
      await (await hire(page.mainFrame())).opened();
      await kept(page);
      await site.close();

      await page.goto("about:blank");
      await page.goto(`${site.address}#kind=network&iterations=20`);
      const visitor = await hire(page.mainFrame());
      await visitor.opened();
      const { first, last } = await visitor.race();
      for (const [lane, loss] of last.entries()) assert.ok(loss < Number(first[lane]), `lane ${lane + 1}`);
      await visitor.trainOn("Iris");
      assert.match(await visitor.search(), /^2 trials done in/);
      await visitor.recipe();
      assert.deepEqual(faults, []);
      await visit.close();
    });

    test("a new version brings what has changed, and takes over when the page is opened anew", async (t) => {
      const site = await serve();
      t.after(site.close);
      const visit = await browser.createBrowserContext();
      const page = await visit.newPage();
      const { faults } = listen(page);
      await page.goto(site.address);
      await kept(page);
      // What it is still loading when it is left would count as failed.
      await (await hire(page.mainFrame())).opened();
      const former = await keys(page);

      const html = await textOf("index.html");
      const changed = html.replace("<title>Descent</title>", "<title>Descent, changed</title>");
      const worker = await textOf("service_worker.js");
      site.replace("", changed);
      site.replace("service_worker.js", worker.replace(digest(html), digest(changed)));
      site.asked.length = 0;
      await page.goto("about:blank");
      await page.goto(`${site.address}#speed=300`);
      assert.equal(await page.title(), "Descent");
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        while (!registration.waiting) await new Promise((later) => setTimeout(later, 20));
      });
      assert.deepEqual([...new Set(site.asked)].sort(), ["", "service_worker.js"]);

      await page.reload();
      await renewed(page);
      await (await hire(page.mainFrame())).opened();
      assert.match(page.url(), /#.*speed=300/);
      const now = await keys(page);
      assert.equal(now.length, former.length);
      assert.equal(now.filter((key) => !former.includes(key)).length, 1);
      assert.deepEqual(faults, []);
      await visit.close();
    });

    test("no page that is framed keeps anything", async (t) => {
      const site = await serve();
      t.after(site.close);
      site.replace("host.html", '<iframe src="./"></iframe>');
      const visit = await browser.createBrowserContext();
      const page = await visit.newPage();
      await page.goto(`${site.address}host.html`);
      const frame = page.mainFrame().childFrames()[0];
      assert.ok(frame);
      await (await hire(frame)).opened();
      // Longer than it takes to register.
      await new Promise((later) => setTimeout(later, 2500));
      assert.equal(await frame.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
      await visit.close();
    });
  });
