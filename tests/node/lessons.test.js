import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

import { checkLesson } from "../../scripts/lessons.js";
import { holds, isSet, judge, withSet } from "../../www/lesson_check.js";
import { LESSONS } from "../../www/lessons/index.js";
import { baseState } from "../../www/presets.js";
import { decode } from "../../www/state.js";
import { lessonTable } from "../lesson_table.js";
import { CATALOG, factsOf } from "./lesson_run.js";

/** @typedef {import("../../www/lesson_check.js").Condition} Condition */
/** @typedef {import("../../www/lesson_check.js").Facts} Facts */

/** @param {string} hash */
const stateOf = (hash) => decode(hash, baseState).state;

/** A run that was never run: what each lane has, by column. @param {string} hash @param {{ [column: string]: number[] }[]} lanes @param {string} [status] @returns {Facts} */
function told(hash, lanes, status = "stopped") {
  const state = stateOf(hash);
  const records = state.lanes.map(({ mark }, i) => {
    const columns = lanes[i] ?? {};
    const rows = columns.loss?.length ?? 0;
    return {
      lane: mark,
      status,
      at: rows,
      evals: rows,
      rows,
      columns: Object.fromEntries(
        // More room than rows, as in the page.
        Object.entries({ iteration: [...Array(rows).keys()], ...columns }).map(([name, values]) => [
          name,
          Float64Array.from([...values, 777]),
        ]),
      ),
      path: Float64Array.from([0, 1, 2, 3, 9, 9]),
      dim: 2,
      points: 2,
      best: null,
      tested: null,
    };
  });
  return /** @type {any} */ ({ state, record: { lanes: records }, catalog: CATALOG, pages: { tune: { best: 0.9 } } });
}

const TWO = "lane1=sgd,lr:0.1&lane2=momentum,lr:0.2";
const facts = told(TWO, [
  { loss: [8, 4, 2, 1], lr: [0.1, 0.1, 0.1, 0.1], accepted: [1, 0, 1, 0] },
  { loss: [8, 1, 0.5, 3], val_loss: [Number.NaN, 2, Number.NaN, Number.NaN], epoch: [0, 2, 4, 6] },
]);

test("each comparison holds where it should, and only there", () => {
  /** @type {[Condition, boolean][]} */
  const table = [
    [{ lane: 1, read: "loss", below: 1.5 }, true],
    [{ lane: 1, read: "loss", below: 1 }, false],
    [{ lane: "momentum", read: "loss", above: 2 }, true],
    [{ lane: 2, read: "loss", of: "lowest", below: 0.6 }, true],
    [{ lane: 2, read: "loss", of: "highest", above: 7 }, true],
    [{ lane: 2, read: "loss", of: "first", is: 8 }, true],
    [{ lane: 2, read: "loss", at: 1, is: 1 }, true],
    [{ lane: 2, read: "loss", at: 100, above: -1 }, false],
    [{ lane: 2, read: "loss", within: 1, below: 1.5 }, true],
    [{ lane: 2, read: "loss", within: 1, below: 1 }, false],
    [{ lane: 2, read: "loss", within: 1, above: 7 }, true],
    [{ lane: 2, read: "loss", within: 3, by: "epoch", below: 1.5 }, true],
    [{ lane: 2, read: "loss", within: 1, by: "epoch", below: 1.5 }, false],
    [{ lane: 2, read: "val_loss", is: 2 }, true],
    [{ lane: 2, read: "loss", reaches: 1, is: 1 }, true],
    [{ lane: 2, read: "loss", reaches: 1, by: "epoch", is: 2 }, true],
    [{ lane: 2, read: "loss", reaches: 1, below: { lane: 1, read: "loss", reaches: 1, times: 0.5 } }, true],
    [{ lane: 1, read: "loss", reaches: 1, below: { lane: 2, read: "loss", reaches: 1 } }, false],
    [{ lane: 1, read: "loss", reaches: 0.1, above: 1e9 }, true],
    [{ lane: 1, read: "rejected", is: 2 }, true],
    [{ lane: 1, read: "status", is: ["stopped", "converged"] }, true],
    [{ lane: 1, read: "status", is_not: "stopped" }, false],
    [{ lane: 1, read: "point.1", is: 3 }, true],
    [{ lane: 2, setting: "lr", is: 0.2 }, true],
    [{ lane: 2, setting: "beta", is: 0.9 }, true],
    [{ lane: 2, setting: "schedule", is: "constant" }, true],
    [{ setting: "seed", is: 42 }, true],
    [{ setting: "start", is: "-1.5,1" }, true],
    [{ page: "tune", read: "best", above: 0.8 }, true],
    [{ page: "recipe", read: "verdict", is: "done" }, false],
    [{ lane: "adam", read: "loss", below: 1e9 }, false],
    [
      {
        any: [
          { lane: "adam", read: "loss", below: 1 },
          { lane: 1, read: "loss", below: 2 },
        ],
      },
      true,
    ],
    [
      {
        lane: 2,
        has: [
          { setting: "lr", above: 0.1 },
          { read: "loss", below: 4 },
        ],
      },
      true,
    ],
    [
      {
        lane: 2,
        has: [
          { setting: "lr", above: 0.1 },
          { read: "loss", below: 2 },
        ],
      },
      false,
    ],
  ];
  for (const [condition, met] of table) {
    const [judged] = judge([condition], facts);
    assert.equal(judged?.met, met, `${JSON.stringify(condition)}: ${judged?.said}`);
    assert.ok(judged?.said);
  }
});

test("what is missing is said with the lane, the number and what is wanted", () => {
  const said = (/** @type {Condition} */ condition) => judge([condition], facts)[0]?.said;
  assert.equal(said({ lane: 1, read: "loss", below: 0.001 }), "Gradient descent (SGD): loss 1, wanted below 0.001");
  assert.equal(
    said({ lane: 2, read: "loss", within: 1, below: 0.1 }),
    "Momentum: lowest loss within 1 iterations 1, wanted below 0.1",
  );
  assert.equal(said({ lane: "adam", read: "loss", below: 1 }), "there is no lane with Adam");
  assert.equal(said({ lane: 1, read: "nothing", below: 1 }), "Gradient descent (SGD): nothing: the run has no nothing");
  assert.match(String(said({ lane: 2, read: "loss", at: 9, below: 1 })), /it is at iteration 4 only/);
});

test("of several lanes with a method the one that lacks least is told of", () => {
  const twins = told("lane1=sgd,lr:0.1&lane2=sgd,lr:0.2", [{ loss: [1] }, { loss: [3] }]);
  const [judged] = judge(
    [
      {
        lane: "sgd",
        has: [
          { setting: "lr", above: 0.15 },
          { read: "loss", below: 2 },
        ],
      },
    ],
    twins,
  );
  assert.match(String(judged?.said), /^Lane 2, /);
  assert.ok(holds([{ lane: "sgd", read: "loss", below: 2 }], twins));
});

test("a run that is not over has reached nothing for good", () => {
  const early = told(TWO, [{ loss: [8, 4] }, { loss: [8, 1] }], "running");
  const slow = { lane: 1, read: "loss", reaches: 0.5 };
  assert.equal(holds([{ ...slow, above: 1000 }], early), false);
  assert.equal(holds([{ ...slow, below: 1e9 }], early), false);
  assert.equal(holds([{ lane: 2, read: "loss", reaches: 1, above: slow }], early), false);
});

test("a step is the lesson's state with what it sets", () => {
  const prepared = stateOf("f=quadratic&condition=100&lane1=sgd,lr:0.1&lane2=adam,lr:0.2&lane=1");
  const set = withSet(prepared, "lane2=adam,lr:0.5&condition=10", baseState);
  assert.deepEqual(
    set.lanes.map(({ optimizer }) => optimizer.lr),
    [0.1, 0.5],
  );
  assert.equal(set.config.problem.condition, 10);
  assert.equal(set.selected, 1);
  assert.equal(prepared.config.problem.condition, 100);
  assert.deepEqual(
    withSet(prepared, "lane2=&lane3=sgd", baseState).lanes.map(({ mark }) => mark),
    [1, 3],
  );
  assert.deepEqual(withSet(prepared, "kind=network&data=iris", baseState), stateOf("kind=network&data=iris"));
  assert.deepEqual(withSet(prepared, "", baseState), prepared);
  assert.ok(isSet(set, set, "lane2=adam,lr:0.5&condition=10"));
  assert.ok(!isSet(prepared, set, "lane2=adam,lr:0.5"));
  assert.ok(isSet(prepared, prepared, ""));
});

const good = () => structuredClone(/** @type {any} */ (LESSONS[0]));

test("a lesson that cannot be used is refused with its file and field", () => {
  /** @type {[string, (lesson: any) => void, RegExp][]} */
  const table = [
    ["title", (l) => delete l.title, /is missing/],
    ["title", (l) => Object.assign(l, { title: " " }), /empty/],
    ["titel", (l) => Object.assign(l, { titel: "x" }), /the fields are id, title/],
    ["id", (l) => Object.assign(l, { id: "other" }), /name of the file/],
    ["equation[0]", (l) => Object.assign(l, { equation: ["\\nonsense{"] }), /./],
    ["state", (l) => Object.assign(l, { state: "knid=network" }), /knid is no key of a link; they are kind, f/],
    ["state", (l) => Object.assign(l, { state: "theme=pink" }), /theme: pink is not one of/],
    ["state", (l) => Object.assign(l, { state: 3 }), /after the #/],
    ["steps", (l) => l.steps.splice(1), /list of 2 to 3/],
    ["steps[1].set", (l) => Object.assign(l.steps[1], { set: "lane7=sgd" }), /lane1 to lane6/],
    ["steps[0].expect", (l) => Object.assign(l.steps[0], { expect: [] }), /list of 1/],
    ["steps[0].expect[0]", (l) => Object.assign(l.steps[0], { expect: [{ lane: 1, read: "loss" }] }), /nothing/],
    ["steps[0].expect[0].blow", (l) => Object.assign(l.steps[0], { expect: [{ read: "loss", blow: 1 }] }), /fields/],
    ["question.check[0]", (l) => Object.assign(l.question, { check: [{ lane: 1, below: 1 }] }), /read or setting/],
    [
      "question.check[0].lane",
      (l) => Object.assign(l.question, { check: [{ lane: 9, read: "loss", is: 1 }] }),
      /1 to 6/,
    ],
    [
      "question.check[0].below",
      (l) => Object.assign(l.question, { check: [{ lane: 1, read: "loss", below: "x" }] }),
      /number/,
    ],
    [
      "question.check[0].within",
      (l) => Object.assign(l.question, { check: [{ lane: 1, read: "loss", within: 3, is: 1 }] }),
      /below or above/,
    ],
    [
      "question.check[0].of",
      (l) => Object.assign(l.question, { check: [{ lane: 1, read: "loss", of: "mean", is: 1 }] }),
      /last, first/,
    ],
    ["question.check[0]", (l) => Object.assign(l.question, { check: [{ any: [], is: 1 }] }), /alone/],
    ["question.answer.because", (l) => delete l.question.answer.because, /missing/],
  ];
  const file = `www/lessons/${LESSONS[0]?.id}.js`;
  assert.doesNotThrow(() => checkLesson(good(), file));
  for (const [field, spoil, why] of table) {
    const lesson = good();
    spoil(lesson);
    assert.throws(
      () => checkLesson(lesson, file),
      (/** @type {Error} */ { message }) => message.startsWith(`${file}: ${field}: `) && why.test(message),
      `${field} ${why}`,
    );
  }
});

test("every file is a lesson of the list, and plain data", async () => {
  const folder = new URL("../../www/lessons/", import.meta.url);
  const files = (await readdir(folder)).filter((file) => !["index.js", "lesson.js"].includes(file));
  assert.deepEqual(files.map((file) => file.replace(/\.js$/, "")).sort(), LESSONS.map(({ id }) => id).sort());
  for (const file of files) {
    const code = (await readFile(new URL(file, folder), "utf8")).replace(/^\/\*\*.*\*\/$/gm, "");
    assert.doesNotMatch(code, /^import |=>|\bfunction\b *\w*\(|\$\{/m, file);
  }
});

test("every lesson can be used, and no two have one name", () => {
  for (const lesson of LESSONS) checkLesson(lesson, `www/lessons/${lesson.id}.js`);
  assert.equal(new Set(LESSONS.map(({ id }) => id)).size, LESSONS.length);
});

test("docs/lessons.md has every lesson in its table, as the test in the browser finds it", async () => {
  const found = LESSONS.map(({ steps }) => ({ opens: true, steps: steps.map(() => true), before: false, after: true }));
  const text = await readFile(new URL("../../docs/lessons.md", import.meta.url), "utf8");
  assert.ok(text.includes(lessonTable(LESSONS, found)), lessonTable(LESSONS, found));
});

// Those that are about a run need no page for it; the others are tested in the browser.
for (const lesson of LESSONS.filter(({ state }) => stateOf(state).tab === "run")) {
  test(`${lesson.title}: the steps do what they say, and the answer is one`, async () => {
    const prepared = stateOf(lesson.state);
    for (const { set, expect } of lesson.steps) {
      const asked = withSet(prepared, set, baseState);
      if (asked.tab !== "run") continue;
      const found = judge(expect, await factsOf(asked));
      for (const { met, said } of found) assert.ok(met, `${set}: ${said}`);
    }
    const { check, answer } = lesson.question;
    assert.ok(!holds(check, await factsOf(prepared, 0)), "before a run");
    assert.ok(!holds(check, await factsOf(prepared)), "after the prepared run");
    const missing = judge(check, await factsOf(withSet(prepared, answer.set, baseState))).filter(({ met }) => !met);
    // The seal is broken by hand.
    if (lesson.id !== "train_val_test") assert.deepEqual(missing, []);
  });
}
