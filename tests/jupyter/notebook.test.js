/** The notebook in JupyterLab: its cells run, the page trains in both frames, and the engine's record comes back to Python. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { initSync, Session } from "../../pkg/descent.js";
import { BROWSERS } from "../dist/browsers.js";
import { hire } from "../dist/visitor.js";

const root = new URL("../../", import.meta.url);
const { DESCENT_PYTHON } = process.env;
const LONG = 60_000;
if (!DESCENT_PYTHON) throw new Error("DESCENT_PYTHON names a Python with JupyterLab; `cargo xtask test jupyter` does");

/** Asks until the answer is one. @template T @param {string} what @param {() => Promise<T | null | undefined | false>} ask @returns {Promise<T>} */
async function until(what, ask) {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() - began > LONG) throw new Error(`waited in vain: ${what}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

test("the notebook runs in JupyterLab", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "descent-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(fileURLToPath(new URL("examples/jupyter", root)), folder, { recursive: true });
  // Run once more by itself, when the engine has been at work: until then Python hears nothing of it.
  const notebook = JSON.parse(await readFile(join(folder, "descent.ipynb"), "utf8"));
  const source = 'print("HELD", len(run.losses), run.losses[-1] if run.losses else None, run.digest, repr(run.fault))';
  notebook.cells.push({ cell_type: "code", id: "held", metadata: {}, execution_count: null, outputs: [], source });
  await writeFile(join(folder, "descent.ipynb"), JSON.stringify(notebook));

  const options = ["--no-browser", "--allow-root", "--port=0", "--expose-app-in-browser", "--IdentityProvider.token=t"];
  const lab = spawn(String(DESCENT_PYTHON), ["-m", "jupyterlab", ...options, `--ServerApp.root_dir=${folder}`], {
    env: { ...process.env, DESCENT_DIST: fileURLToPath(new URL("dist", root)) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => lab.kill());
  let said = "";
  lab.stderr.on("data", (part) => {
    said += part;
  });
  const address = await until("JupyterLab", async () => /http:\/\/127\.0\.0\.1:\d+\/lab/.exec(said)?.[0]);

  const [, launch] = BROWSERS[0] ?? [];
  const browser = await /** @type {NonNullable<typeof launch>} */ (launch)();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 3000 });
  await page.goto(`${address}/tree/descent.ipynb?token=t`);
  /** @param {string} command @returns {Promise<void>} */
  const execute = (command) =>
    page.evaluate((name) => /** @type {any} */ (window).jupyterapp.commands.execute(name), command);
  await page.waitForFunction(
    () =>
      /** @type {any} */ (window).jupyterapp?.shell.currentWidget?.context?.sessionContext.session?.kernel?.status ===
      "idle",
    { timeout: LONG },
  );
  await execute("notebook:run-all-cells");

  const frames = await until("two pages", async () => {
    const found = [];
    for (const frame of page.frames().slice(1))
      if (await frame.evaluate(() => document.querySelector("#run") !== null).catch(() => false)) found.push(frame);
    return found.length === 2 && found;
  });
  for (const frame of frames) {
    const visitor = await hire(frame);
    await visitor.opened();
    const { first, last, ends } = await visitor.race();
    const fell = last.filter((loss, lane) => loss < Number(first[lane]));
    assert.ok(fell.length > 1, ends.join(", "));
  }
  const states = await Promise.all(frames.map((frame) => frame.evaluate(() => location.hash)));
  assert.equal(states.filter((state) => state.includes("spiral")).length, 1, states.join(", "));

  const outputs = () =>
    page.evaluate(() => [...document.querySelectorAll(".jp-OutputArea-output")].map((e) => e.textContent ?? ""));
  await until("the run", async () => (await outputs()).some((text) => text.includes("after 3000 iterations")));
  initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });
  const session = new Session({
    problem: { kind: "surface", name: "rosenbrock", start: [-1.5, 1] },
    optimizer: { name: "adam", lr: 0.1 },
  });
  session.train_step(3000);
  const { loss } = session.history();
  const held = `HELD ${loss.length} ${loss.at(-1)} ${session.digest()} ''`;
  await execute("notebook:run-cell");
  const heard = await until("the record in Python", async () => {
    const text = (await outputs()).find((output) => output.includes("HELD 3"));
    if (!text) await execute("notebook:run-cell");
    return text;
  });
  // Python writes the exponent with two digits at least, as e-05.
  assert.equal(heard.trim().replace(/e-0(\d)\b/, "e-$1"), held);
});
