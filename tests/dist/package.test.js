/** The package for npm: a fresh project installs it, and trains with it in Node, in a browser and with its types. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sirv from "sirv";

import { initSync, Session } from "../../pkg/descent.js";
import { BROWSERS } from "./browsers.js";
import { dist } from "./site.js";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url);
const CONFIG = {
  problem: { kind: "network", data: { name: "moons" }, layers: [4] },
  optimizer: { name: "adam", lr: 0.02 },
  seed: 7,
};
const STEPS = 50;
let project = "";
/** What the engine of the repository makes of the config. */
let expected = "";

before(async () => {
  initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });
  const session = new Session(/** @type {any} */ (CONFIG));
  session.train_step(STEPS);
  expected = String(session.digest());
  project = await mkdtemp(join(tmpdir(), "descent-"));
  const pack = ["pack", "--json", "--pack-destination", project];
  const { stdout } = await run("npm", pack, { cwd: fileURLToPath(new URL("npm/", dist)) });
  const [{ filename, files }] = JSON.parse(stdout);
  assert.deepEqual(
    ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "descent.d.ts"].filter(
      (name) => !files.some((/** @type {{ path: string }} */ { path }) => path === name),
    ),
    [],
  );
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], { cwd: project });
});
after(() => rm(project, { recursive: true, force: true }));

test("in Node, opened by itself and with bytes", async () => {
  await writeFile(
    join(project, "train.js"),
    `import { readFileSync } from "node:fs";
import init, { initSync, Session } from "descent";
if (process.argv[2] === "sync") initSync({ module: readFileSync(new URL(import.meta.resolve("descent/descent_bg.wasm"))) });
else await init();
const session = new Session(${JSON.stringify(CONFIG)});
session.train_step(${STEPS});
console.log(String(session.digest()));
`,
  );
  for (const way of ["init", "sync"]) {
    const { stdout } = await run("node", ["train.js", way], { cwd: project });
    assert.equal(stdout.trim(), expected, way);
  }
});

test("its types are found, and they tell a wrong call", async () => {
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const check = async (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ modules) => {
    await writeFile(join(project, name), text);
    const options = ["--noEmit", "--strict", "--target", "es2022", "--types", "", ...modules.split(" "), name];
    return run("node", [tsc, ...options], { cwd: project }).then(
      () => "",
      ({ stdout }) => String(stdout),
    );
  };
  const right = `import init, { Session, type SessionConfig } from "descent";
const config: SessionConfig = ${JSON.stringify(CONFIG)};
init().then(() => { const loss: number = new Session(config).train_step(1).loss; console.log(loss); });
`;
  assert.equal(await check("right.ts", right, "--module esnext --moduleResolution bundler --lib es2022,dom"), "");
  assert.equal(await check("right.ts", right, "--module nodenext --moduleResolution nodenext --lib es2022,dom"), "");
  const wrong = right.replace("train_step(1)", 'train_step("one")');
  const said = await check("wrong.ts", wrong, "--module esnext --moduleResolution bundler --lib es2022,dom");
  assert.match(said, /wrong\.ts.*string.*number/);
});

for (const [name, launch] of BROWSERS)
  describe(name, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    test("as a plain ES module, whole and in two parts", async (t) => {
      const server = createServer(sirv(project, { dev: true }));
      await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
      t.after(() => {
        server.close();
        server.closeAllConnections();
      });
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      for (const first of ["", "descent_first.wasm"]) {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/package.json`);
        const digest = await page.evaluate(
          async (config, steps, part) => {
            const folder = `${location.origin}/node_modules/descent/`;
            /** @type {typeof import("../../pkg/descent.js")} */
            const descent = await import(`${folder}descent.js`);
            await descent.default(part ? { module_or_path: `${folder}${part}` } : undefined);
            if (part) await descent.load_rest();
            const session = new descent.Session(/** @type {any} */ (config));
            session.train_step(steps);
            return String(session.digest());
          },
          CONFIG,
          STEPS,
          first,
        );
        assert.equal(digest, expected, first);
        await page.close();
      }
    });
  });
