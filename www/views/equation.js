/**
 * The update rule of the selected lane, and below it the same with the numbers of the last step.
 *
 * The MathML of each line is made at build time, from the LaTeX of the catalogue; in the second line `@name` stands where
 * a number belongs.
 */

import { h, setText, swatch } from "../dom.js";
import { loadEquations } from "../files.js";
import { shownPlane, shownWeight, WATCHED_MAX } from "../protocol.js";
import { T } from "../texts.js";

/** @typedef {import("../app.js").View} View */

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** The numbers change at most so often, ms: faster nobody reads them. */
const PERIOD = 100;

/** @param {HTMLElement} root */
export function createEquation(root) {
  const mark = h("span");
  const name = h("span");
  const about = h("p");
  const box = h("div", { class: "eq-lines", role: "group", tabindex: "0", "aria-label": T.equationLines });
  root.append(h("div", { class: "eq-head" }, h("h2", {}, mark, name), about), box);
  /** MathML by LaTeX. @type {Record<string, string>} */
  let equations = {};
  /** What is being loaded, or was: the methods of first order, and all others. @type {Set<boolean>} */
  const asked = new Set();
  let failed = false;
  /** @type {View | null} */
  let last = null;
  let shown = "";
  let filled = "";
  let when = 0;
  /** @type {Part[]} */
  let parts = [];

  /** @param {boolean} others */
  function load(others) {
    if (asked.has(others)) return;
    asked.add(others);
    const loaded = loadEquations(others).then(
      (found) => {
        equations = { ...equations, ...found };
      },
      () => {
        failed = true;
      },
    );
    loaded.then(() => last && render(last));
  }
  load(false);

  /** @param {View} view */
  function showHead({ state, catalog, record }) {
    const lane = state.lanes[state.selected];
    const method = catalog.methods.find((m) => m.name === lane?.optimizer.name);
    const dim = record?.info.dim ?? 0;
    const which = record && dim > 2 ? ` ${whichOf(state, record.info)}` : "";
    const step = record?.explanation ? T.shownStep(record.explanation.iteration) : T.notYet;
    setText(name, method?.title ?? "");
    setText(about, `${firstSentence(method?.about ?? "")}${which} ${step}`);
    if (mark.dataset.mark !== String(lane?.mark)) {
      mark.dataset.mark = String(lane?.mark);
      mark.replaceChildren(...(lane ? [swatch(lane.mark)] : []));
    }
  }

  /** @param {View} view */
  function showLines({ state, catalog }) {
    const optimizer = state.lanes[state.selected]?.optimizer;
    const method = catalog.methods.find((m) => m.name === optimizer?.name);
    if (!optimizer || !method) return;
    load(method.family !== "first_order");
    const given = Object.fromEntries(method.fields.map((f) => [f.name, String(optimizer[f.name] ?? f.default)]));
    const lines = method.equation.filter((line) =>
      Object.entries(line.when ?? {}).every(([key, value]) => given[key] === value),
    );
    if (!failed && lines.some((line) => !(line.symbols in equations))) return;
    const key = `${method.name} ${lines.map((l) => l.symbols).join()}`;
    if (key === shown) return;
    shown = key;
    filled = "";
    if (failed) return box.replaceChildren(h("p", { class: "hint" }, T.noEquations));
    parts = lines.map((line) => partOf(equations[line.symbols] ?? "", equations[line.numbers] ?? ""));
    box.classList.toggle("many", parts.length > 2);
    box.replaceChildren(...parts.flatMap((part) => [part.symbols, part.numbers]));
  }

  /** @param {View} view */
  function showNumbers({ record, playing }) {
    const explanation = record?.explanation;
    const now = performance.now();
    if (playing && now - when < PERIOD) return;
    const key = explanation ? `${record.run} ${explanation.iteration} ${JSON.stringify(explanation.values)}` : "none";
    if (key === filled) return;
    filled = key;
    when = now;
    const digits = parts.length > 2 ? 3 : 4;
    for (const part of parts) {
      part.numbers.classList.toggle("waiting", !explanation);
      for (const { element, symbol, leading } of part.places) {
        const values = explanation?.values[symbol];
        element.replaceChildren(values ? quantity(values, digits, leading) : blank());
      }
    }
  }

  /** @param {View} view */
  function render(view) {
    last = view;
    root.hidden = view.state.lanes.length === 0;
    if (root.hidden) return;
    showHead(view);
    showLines(view);
    showNumbers(view);
  }

  return { render };
}

/** Which of many parameters the numbers are of. @param {import("../state.js").State} state @param {import("../protocol.js").Info} info */
function whichOf({ weight, axes }, info) {
  const shown = shownWeight(weight, info) + 1;
  if (info.network) return T.oneWeight(shown, info.dim);
  if (info.linear_system || info.dim > WATCHED_MAX) return T.oneUnknown(shown, info.dim);
  const [i, j] = shownPlane(axes, info.dim);
  const name = (/** @type {number} */ k) => info.least_squares?.parameters[k] ?? `x${k + 1}`;
  return T.twoOf(name(i), name(j));
}

/** The lane's details have the rest. @param {string} text */
function firstSentence(text) {
  return /^.*?[.:;](?= |$)/.exec(text)?.[0].replace(/[:;]$/, ".") ?? text;
}

/** @typedef {{ symbols: HTMLElement, numbers: HTMLElement, places: { element: Element, symbol: string, leading: boolean }[] }} Part */

/** @param {string} inSymbols @param {string} inNumbers @returns {Part} */
function partOf(inSymbols, inNumbers) {
  const symbols = h("div", { class: "sym" });
  const numbers = h("div", { class: "with" });
  symbols.append(mathOf(inSymbols));
  const math = mathOf(inNumbers);
  math.classList.add("sub");
  numbers.append(math);
  const marks = [...math.querySelectorAll("mtext")].filter((e) => e.textContent?.startsWith("@"));
  const places = marks.map((mark, i) => {
    const element = document.createElementNS(MATHML, "mrow");
    const symbol = (mark.textContent ?? "").slice(1).trim();
    mark.replaceWith(element);
    return { element, symbol, leading: i === 0 };
  });
  return { symbols, numbers, places };
}

/** MathML of the build, which no visitor can change. @param {string} markup @returns {Element} */
export function mathOf(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild ?? document.createElementNS(MATHML, "math");
}

/** One number, or a column of them; its brackets are drawn by the style sheet, as few systems have a font that stretches them. @param {number[]} values @param {number} digits @param {boolean} leading whether it stands first, where a negative needs no brackets */
function quantity(values, digits, leading) {
  const first = values[0] ?? Number.NaN;
  if (values.length === 1)
    return first < 0 && !leading ? m("mrow", {}, mo("("), number(first, digits), mo(")")) : number(first, digits);
  const rows = values.map((v) => m("mtr", {}, m("mtd", {}, number(v, digits))));
  return m("mtable", { class: "column" }, ...rows);
}

function blank() {
  return m("mn", {}, "·");
}

/** @param {number} v @param {number} digits */
function number(v, digits) {
  if (!Number.isFinite(v)) return m("mi", {}, Number.isNaN(v) ? "?" : v > 0 ? "∞" : "−∞");
  const a = Math.abs(v);
  const sign = v < 0 ? [mo("−", true)] : [];
  if (a !== 0 && (a < 1e-3 || a >= 1e5)) {
    const [base = "", power = ""] = a.toExponential(digits - 2).split("e");
    return m(
      "mrow",
      {},
      ...sign,
      m("mn", {}, base),
      mo("·"),
      m("msup", {}, m("mn", {}, "10"), m("mn", {}, String(Number(power)).replace("-", "−"))),
    );
  }
  const rounded = a.toPrecision(digits);
  return m("mrow", {}, ...sign, m("mn", {}, String(Number(rounded)) === String(a) ? String(a) : rounded));
}

/** @param {string} text @param {boolean} [prefix] */
function mo(text, prefix = false) {
  return m("mo", { stretchy: false, ...(prefix ? { form: "prefix" } : {}) }, text);
}

/** @param {string} tag @param {Record<string, unknown>} props @param {...(Node | string)} children */
function m(tag, props, ...children) {
  const element = document.createElementNS(MATHML, tag);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}
