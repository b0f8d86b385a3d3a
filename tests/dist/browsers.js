/** The browsers that `cargo xtask test` found or installed: it names them in the environment. */

import puppeteer from "puppeteer-core";

const { CHROMIUM, FIREFOX } = process.env;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @type {[name: string, launch: () => Promise<import("puppeteer-core").Browser>][]} */
export const BROWSERS = [];
if (CHROMIUM)
  BROWSERS.push(["Chromium", () => puppeteer.launch({ executablePath: CHROMIUM, headless: true, args: ARGS })]);
if (FIREFOX)
  BROWSERS.push(["Firefox", () => puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true })]);
if (BROWSERS.length === 0)
  throw new Error("name a browser: CHROMIUM=/usr/bin/chromium or FIREFOX=/usr/bin/firefox-esr");

/**
 * What a page says and asks from now on.
 * @param {import("puppeteer-core").Page} page
 */
export function listen(page) {
  /** @type {string[]} */
  const faults = [];
  /** @type {string[]} */
  const asked = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => asked.push(request.url()));
  return { faults, asked };
}
