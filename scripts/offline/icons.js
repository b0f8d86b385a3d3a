/** Makes the PNG icons of the installed page from icon.svg, in the installed Chromium: `node scripts/offline/icons.js`. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.js";

const icon = new URL("icons/icon.svg", import.meta.url);
const address = `data:image/svg+xml;base64,${(await readFile(icon)).toString("base64")}`;
const browser = await chromium.launch(config.use?.launchOptions);
for (const size of [180, 192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}img{display:block;width:100vw}</style><img src="${address}">`);
  await page.locator("img").screenshot({ path: fileURLToPath(new URL(`${size}.png`, icon)) });
}
await browser.close();
