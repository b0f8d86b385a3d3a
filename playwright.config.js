import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

/** The installed Chromium: nothing is downloaded. */
const chromium =
  process.env.CHROMIUM ??
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
    .find(existsSync);

/** `cargo xtask test` serves the page and says where; alone, the tests serve it themselves. */
const alone = "http://127.0.0.1:8099";
const baseURL = process.env.DESCENT_URL ?? alone;

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  reporter: "list",
  // Several tests measure time: one at a time.
  workers: 1,
  forbidOnly: true,
  // A machine that builds something else meanwhile is several times as slow.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [{ name: "chromium", use: { browserName: "chromium" } }],
  webServer: process.env.DESCENT_URL
    ? undefined
    : { command: "cargo xtask serve --port 8099", url: alone, reuseExistingServer: true, timeout: 600_000 },
});
