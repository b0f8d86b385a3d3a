import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

/** The examples in JavaScript of a document. @param {string} path */
async function examples(path) {
  const text = await readFile(new URL(path, root), "utf8");
  return [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
}

/**
 * Runs an example as it stands, but for where the package is and how Node reads it; gives what it declares by `names`
 * and what it prints.
 * @param {string} code @param {string[]} names
 */
async function run(code, names = []) {
  const bytes = `(await import("node:fs")).readFileSync(new URL("${new URL("pkg/descent_bg.wasm", root)}"))`;
  const here = code
    .replace('"./pkg/descent.js"', JSON.stringify(new URL("pkg/descent.js", root).href))
    .replace("await init()", `await init({ module_or_path: ${bytes} })`);
  assert.notEqual(here, code);
  /** @type {unknown[]} */
  const printed = [];
  const log = console.log;
  console.log = (...values) => printed.push(...values);
  try {
    const module = await import(
      `data:text/javascript,${encodeURIComponent(`${here}\nexport { ${names.join(", ")} };`)}`
    );
    return { ...module, printed };
  } finally {
    console.log = log;
  }
}

test("the README's example in JavaScript runs", async () => {
  const [example = "", ...others] = await examples("README.md");
  assert.deepEqual(others, []);
  const { printed } = await run(example);
  const [loss, [x, y]] = printed;
  assert.ok(loss < 1e-3 && Math.abs(x - 1) < 0.1 && Math.abs(y - 1) < 0.1, String(printed));
});

test("the example of docs/api.md runs", async () => {
  const [example = "", ...others] = await examples("docs/api.md");
  assert.deepEqual(others, []);
  const { iteration, loss, status, accuracy, losses } = await run(example, [
    ...["iteration", "loss", "status", "accuracy", "losses"],
  ]);
  assert.deepEqual([iteration, status, losses.length], [1000, "running", 1000]);
  assert.equal(losses.at(-1), loss);
  assert.ok(accuracy > 0.9, `${accuracy}`);
});

test("docs/api.md names everything that the package offers", async () => {
  const { Painter, Session, default: init, initSync, ...functions } = await import("../../pkg/descent.js");
  const drawing = ["short_number", "smoothed_at"];
  const generated = ["constructor", "free", "__destroy_into_raw"];
  const members = Object.getOwnPropertyNames(Session.prototype).filter((name) => !generated.includes(name));
  const text = await readFile(new URL("docs/api.md", root), "utf8");
  const missing = [...members, ...Object.keys(functions)].filter(
    (name) => !drawing.includes(name) && !text.includes(`\`${name}(`) && !text.includes(`\`new ${name}(`),
  );
  assert.deepEqual(missing, []);
});
