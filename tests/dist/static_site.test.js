/** The site on the poorest of hosts: in some folder, with no headers, and without the type of the engine's files. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BROWSERS, listen } from "./browsers.js";
import { serve } from "./site.js";
import { hire } from "./visitor.js";

for (const [name, launch] of BROWSERS)
  describe(name, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    test("it trains and searches in a folder of a host that does not know .wasm, and asks no other", async (t) => {
      const site = await serve({ wasm: "application/octet-stream" });
      t.after(site.close);
      const visit = await browser.createBrowserContext();
      const page = await visit.newPage();
      const { faults, asked } = listen(page);
      await page.goto(site.address);
      const visitor = await hire(page.mainFrame());
      await visitor.opened();
      await visitor.race();
      await visitor.trainOn("Iris");
      const { first, last } = await visitor.race();
      for (const [lane, loss] of last.entries()) assert.ok(loss < Number(first[lane]), `lane ${lane + 1}`);
      assert.match(await visitor.search(), /^2 trials done in/);
      assert.ok(site.asked.includes("pkg/descent_rest.wasm"));
      assert.deepEqual(faults, []);
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(site.address) && !/^(data|blob|about):/.test(url)),
        [],
      );
      await visit.close();
    });
  });
