/**
 * Makes docs/page.png, the picture in the README: a finished race on Rosenbrock's valley.
 *
 *     cargo xtask serve                              # in another terminal; it prints the address
 *     node scripts/picture.js http://127.0.0.1:8080
 */

import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import config from "../playwright.config.js";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const file = fileURLToPath(new URL("../docs/page.png", import.meta.url));

const browser = await chromium.launch(config.use?.launchOptions);
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
await page.goto(`${address}/#speed=300`);
await page.locator("#run:enabled").click();
await page.getByText("400 / 400").waitFor();
await page.locator("#run", { hasText: "Run" }).waitFor();
// The curves are drawn some times a second, not at once.
await page.waitForTimeout(1000);
await page.mouse.move(0, 0);
await page.screenshot({ path: file });
await browser.close();
console.log(file);
