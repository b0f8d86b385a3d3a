/**
 * The lessons of www/lessons/, checked, and their equations as MathML.
 *
 * Reads www/lessons/index.js, writes www/generated/lessons.js: `equations[id]` is the MathML of each line of a lesson's
 * equation. A lesson that cannot be used ends this with the file and the field, and what is allowed there.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { baseState } from "../www/presets.js";
import { decode, TABLE } from "../www/state.js";
import { mathml } from "./equations.js";

/** @typedef {import("../www/lessons/lesson.js").Lesson} Lesson */
/** @typedef {import("../www/lesson_check.js").Condition} Condition */

const QUANTITY = ["lane", "page", "read", "setting", "of", "at", "reaches", "times", "by"];
const COMPARISONS = ["below", "above", "is", "is_not"];
const NUMBERS = ["at", "reaches", "times", "within"];
const LANES_MAX = 6;
/** `lane3=`, and what no table has: the run's start. */
const OTHER_KEYS = /^(lane[1-6]|run)$/;

/**
 * Checks that a lesson can be shown, set and judged.
 * @param {any} lesson @param {string} file
 * @throws {Error} `<file>: <field>: <what is wrong, what is allowed>`
 */
export function checkLesson(lesson, file) {
  const fail = (/** @type {string} */ field, /** @type {string} */ what) => {
    throw new Error(`${file}: ${field}: ${what}`);
  };
  object(lesson, "", ["id", "title", "section", "look", "equation", "state", "steps", "question"], fail);
  if (`${lesson.id}.js` !== file.split("/").at(-1)) fail("id", `${lesson.id} is not the name of the file without .js`);
  for (const field of ["title", "section", "look"]) text(lesson[field], field, fail);
  list(lesson.equation, "equation", 1, 6, fail).forEach((line, i) => {
    text(line, `equation[${i}]`, fail);
    try {
      mathml(lesson.id, line);
    } catch (error) {
      fail(`equation[${i}]`, error instanceof Error ? error.message : String(error));
    }
  });
  hash(lesson.state, "state", fail);
  list(lesson.steps, "steps", 2, 3, fail).forEach((step, i) => {
    const path = `steps[${i}]`;
    object(step, path, ["try", "set", "happens", "expect"], fail);
    for (const field of ["try", "happens"]) text(step[field], `${path}.${field}`, fail);
    hash(step.set, `${path}.set`, fail);
    conditions(step.expect, `${path}.expect`, fail);
  });
  const { question } = lesson;
  object(question, "question", ["ask", "check", "answer"], fail);
  text(question.ask, "question.ask", fail);
  conditions(question.check, "question.check", fail);
  object(question.answer, "question.answer", ["set", "because"], fail);
  hash(question.answer.set, "question.answer.set", fail);
  text(question.answer.because, "question.answer.because", fail);
}

/** @typedef {(field: string, what: string) => void} Fail */

/** @param {any} value @param {string} path @param {string[]} fields that it has, all of them @param {Fail} fail */
function object(value, path, fields, fail) {
  if (!value || typeof value !== "object" || Array.isArray(value)) fail(path || "export default", "is not an object");
  const at = (/** @type {string} */ key) => (path ? `${path}.${key}` : key);
  for (const key of Object.keys(value))
    if (!fields.includes(key)) fail(at(key), `is not known; the fields are ${fields.join(", ")}`);
  for (const key of fields) if (!Object.hasOwn(value, key)) fail(at(key), "is missing");
}

/** @param {unknown} value @param {string} path @param {Fail} fail */
function text(value, path, fail) {
  if (typeof value !== "string" || value.trim() === "") fail(path, "is not a text, or an empty one");
}

/** @param {any} value @param {string} path @param {number} least @param {number} most @param {Fail} fail @returns {any[]} */
function list(value, path, least, most, fail) {
  if (!Array.isArray(value) || value.length < least || value.length > most)
    fail(path, `is not a list of ${least} to ${most}`);
  return value;
}

/** The part of a link after the #. @param {unknown} value @param {string} path @param {Fail} fail */
function hash(value, path, fail) {
  if (typeof value !== "string") return fail(path, "is not a text: the part of a link after the #");
  const known = TABLE.map(([key]) => key).filter((key) => key !== "lesson");
  for (const part of value.split("&").filter(Boolean)) {
    const key = part.split("=")[0] ?? "";
    if (!part.includes("=") || !(known.includes(key) || OTHER_KEYS.test(key)))
      fail(path, `${key} is no key of a link; they are ${known.join(", ")}, lane1 to lane${LANES_MAX}`);
  }
  const [error] = decode(value, baseState).errors;
  if (error) fail(path, `${error.path}: ${error.message}`);
}

/** @param {unknown} value @param {string} path @param {Fail} fail */
function conditions(value, path, fail) {
  list(value, path, 1, 12, fail).forEach((condition, i) => {
    conditionAt(condition, `${path}[${i}]`, fail);
  });
}

/** @param {any} condition @param {string} path @param {Fail} fail */
function conditionAt(condition, path, fail) {
  if (!condition || typeof condition !== "object" || Array.isArray(condition)) return fail(path, "is not an object");
  const keys = Object.keys(condition);
  if (keys.includes("any")) {
    if (keys.length > 1) fail(path, "any stands alone");
    return conditions(condition.any, `${path}.any`, fail);
  }
  if (keys.includes("has")) {
    if (keys.length > 2 || !keys.includes("lane")) fail(path, "has stands beside lane alone");
    lane(condition.lane, `${path}.lane`, fail);
    return conditions(condition.has, `${path}.has`, fail);
  }
  quantity(condition, path, [...QUANTITY, ...COMPARISONS, "within"], fail);
  const compares = keys.filter((key) => COMPARISONS.includes(key));
  if (compares.length === 0) fail(path, `compares with nothing; it needs one of ${COMPARISONS.join(", ")}`);
  for (const key of compares) {
    const side = condition[key];
    if (key === "is" || key === "is_not") {
      const plain = [side].flat().every((v) => ["string", "number", "boolean"].includes(typeof v));
      if (!plain || [side].flat().length === 0) fail(`${path}.${key}`, "is not a text, number, true, false, or a list");
    } else if (typeof side === "object" && side) quantity(side, `${path}.${key}`, QUANTITY, fail);
    else if (typeof side !== "number" || Number.isNaN(side))
      fail(`${path}.${key}`, "is neither a number nor a quantity");
  }
  if (condition.within !== undefined && compares.some((key) => key.startsWith("is")))
    fail(`${path}.within`, "goes with below or above only");
}

/** @param {any} value @param {string} path @param {string[]} fields @param {Fail} fail */
function quantity(value, path, fields, fail) {
  for (const key of Object.keys(value))
    if (!fields.includes(key)) fail(`${path}.${key}`, `is not known; the fields are ${fields.join(", ")}`);
  if (value.lane !== undefined) lane(value.lane, `${path}.lane`, fail);
  if ((value.read === undefined) === (value.setting === undefined)) fail(path, "needs either read or setting");
  for (const key of ["read", "setting"]) if (value[key] !== undefined) text(value[key], `${path}.${key}`, fail);
  if (value.page !== undefined && !["tune", "recipe"].includes(value.page))
    fail(`${path}.page`, "is not tune or recipe");
  if (value.of !== undefined && !["last", "first", "lowest", "highest"].includes(value.of))
    fail(`${path}.of`, "is not one of last, first, lowest, highest");
  for (const key of NUMBERS)
    if (value[key] !== undefined && (typeof value[key] !== "number" || Number.isNaN(value[key])))
      fail(`${path}.${key}`, "is not a number");
}

/** @param {unknown} value @param {string} path @param {Fail} fail */
function lane(value, path, fail) {
  if (Array.isArray(value)) {
    list(value, path, 1, 12, fail).forEach((one, i) => {
      lane(one, `${path}[${i}]`, fail);
    });
    return;
  }
  const number = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LANES_MAX;
  if (!number && (typeof value !== "string" || value === ""))
    fail(path, `is neither a number from 1 to ${LANES_MAX} nor the name of a method`);
}

/** @param {readonly Lesson[]} lessons @returns {{ [id: string]: string[] }} MathML of each line, by lesson */
export function lessonEquations(lessons) {
  return Object.fromEntries(lessons.map(({ id, equation }) => [id, equation.map((line) => mathml(id, line))]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { LESSONS } = await import("../www/lessons/index.js");
  for (const lesson of LESSONS) checkLesson(lesson, `www/lessons/${lesson.id}.js`);
  const lines = Object.entries(lessonEquations(LESSONS)).map(
    ([id, maths]) => `  ${JSON.stringify(id)}: ${JSON.stringify(maths)},\n`,
  );
  const out = new URL("../www/generated/", import.meta.url);
  await mkdir(out, { recursive: true });
  await writeFile(
    new URL("lessons.js", out),
    `// Made by scripts/lessons.js from www/lessons/.

/** MathML of each line of a lesson's equation. @type {Readonly<Record<string, string[]>>} */
export const equations = {
${lines.join("")}};
`,
  );
}
