/** What the topics of the page Recipe are made of: a bar of controls, sections, a table whose rows stay, words in a chart. */

import { h, icon, setText } from "../../dom.js";
import { count } from "../../format.js";
import { T } from "./texts.js";

/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {import("../tune/study.js").Study} Study */

/** @param {string} title @param {string} small @param {...Child} children */
export function section(title, small, ...children) {
  return h("section", {}, h("h2", {}, title, small && h("small", {}, small)), ...children);
}

/** A part of the side, under a heading of its own. @param {string} title @param {...Child} children */
export function note(title, ...children) {
  return h("section", { class: "note" }, h("h3", {}, title), ...children);
}

/** A button. @param {string} text @param {() => void} onclick @param {Record<string, unknown>} [props] */
export function button(text, onclick, props = {}) {
  return h("button", { class: "btn edge", type: "button", onclick, ...props }, text);
}

/**
 * What the bar under the picture shows.
 * @typedef {object} Bar
 * @property {string} label of the first button
 * @property {"play" | "reset" | ""} [picture]
 * @property {boolean} able
 * @property {boolean} busy something runs that can be ended
 * @property {string} text
 * @property {number} [part] that is done, 0 to 1
 * @property {[string, string][]} [counters]
 */
/** @param {{ press(): void, cancel(): void }} on @param {...HTMLElement} more buttons */
export function createBar(on, ...more) {
  const picture = h("span", { class: "pic" });
  const word = h("span");
  const primary = h("button", { class: "btn primary", type: "button", onclick: on.press }, picture, word);
  const cancel = h(
    "button",
    { class: "btn edge", type: "button", onclick: on.cancel },
    icon("stop"),
    h("span", {}, T.cancel),
  );
  const text = h("span", { role: "status" });
  const progress = h("progress", { max: 1, value: 0, "aria-label": T.progress });
  const counters = h("dl", { class: "counters" });
  let drawn = "";
  let counted = "";
  return {
    element: h(
      "fieldset",
      { class: "transport", "aria-label": T.rail },
      h("div", { class: "group" }, primary, ...more, cancel),
      h("div", { class: "done" }, text, progress),
      counters,
    ),
    /** @param {Bar} bar */
    render({ label, picture: name = "play", able, busy, text: said, part, counters: list = [] }) {
      if (`${name} ${label}` !== drawn) {
        drawn = `${name} ${label}`;
        picture.replaceChildren(...(name ? [icon(name, name === "reset" ? "" : "fill")] : []));
        setText(word, label);
      }
      primary.disabled = !able;
      cancel.hidden = !busy;
      setText(text, said);
      progress.hidden = part === undefined;
      progress.value = part ?? 0;
      const key = JSON.stringify(list);
      if (key === counted) return;
      counted = key;
      counters.replaceChildren(...list.map(([what, value]) => h("div", {}, h("dt", {}, what), h("dd", {}, value))));
    },
  };
}

/** How far some studies are, in words and as a part of 1. @param {Study[]} studies @returns {{ text: string, part: number, running: boolean, over: boolean }} */
export function progressOf(studies) {
  const sum = (/** @type {(study: Study) => number} */ of) => studies.reduce((s, study) => s + of(study), 0);
  const [done, total] = [sum((s) => s.done), sum((s) => s.total)];
  const running = studies.some(({ status }) => status === "running");
  const over = studies.length > 0 && studies.every(({ status }) => status === "done");
  const all = T.trainings(count(total));
  const part = total > 0 ? done / total : 0;
  const said = () => {
    if (studies.some(({ status }) => status === "checking")) return T.checking;
    if (running) {
      const left = Math.max(...studies.map(({ progress }) => progress?.left ?? 0));
      return T.doing(
        done,
        all,
        sum((s) => s.running),
        left > 0 ? timeText(left) : "",
      );
    }
    const faulty = studies.find(({ fault }) => fault)?.fault;
    if (faulty) return `${T.refused}: ${faulty.path ? `${faulty.path}: ` : ""}${faulty.message}`;
    if (total === 0) return "";
    if (!over) return done > 0 ? T.keptAt(done, all) : T.ready(all);
    const took = Math.max(...studies.map((study) => study.took));
    return T.finished(all, took > 0 ? timeText(took) : "");
  };
  return { text: said(), part, running, over };
}

/** @param {number} ms */
function timeText(ms) {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  return s < 100 ? `${Math.round(s)} s` : `${Math.round(s / 60)} min`;
}

/** Class, picture and words. @param {import("../tune/study.js").Row} row @returns {[string, string, string]} */
export function statusOf({ state, result }) {
  if (!result) return ["", state === "running" ? "run" : "pause2", T.statuses[state === "running" ? state : "waiting"]];
  const { status, reason } = result;
  const said = T.statuses[status];
  if (status === "diverged" || status === "error") return ["diverged", "warn", reason ? `${said}: ${reason}` : said];
  if (status === "breakdown") return ["", "warn", reason ? `${said}: ${reason}` : said];
  return [status === "converged" ? "converged" : "", "check", said];
}

/** @param {[string, string, string]} status */
export function pill([name, picture, text]) {
  return h("span", { class: `pill ${name}`, title: text }, icon(picture), h("span", {}, text));
}

/**
 * A table whose rows stay while their cells change, so that a button keeps the focus.
 * @param {string} label @param {{ title: string, right?: boolean }[]} columns
 */
export function createTable(label, columns) {
  const body = h("tbody");
  const head = columns.map(({ title, right }) =>
    title ? h("th", { scope: "col", class: right ? "r" : null }, title) : h("td", { class: "empty" }),
  );
  const element = h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, ...head)), body),
  );
  /** @type {Map<string, { row: HTMLElement, cells: HTMLElement[], said: string[] }>} */
  const rows = new Map();
  let order = "";
  return {
    element,
    /** @param {{ key: string, on?: boolean, cells: { key: string, make: () => (Node | string)[] }[] }[]} list a cell is made anew where its key is another */
    render(list) {
      for (const { key, on, cells } of list) {
        const known = rows.get(key) ?? newRow(key);
        known.row.classList.toggle("best", Boolean(on));
        for (const [i, cell] of cells.entries()) {
          if (known.said[i] === cell.key) continue;
          known.said[i] = cell.key;
          known.cells[i]?.replaceChildren(...cell.make());
        }
      }
      const now = JSON.stringify(list.map(({ key }) => key));
      if (now === order) return;
      order = now;
      const kept = new Set(list.map(({ key }) => key));
      for (const key of rows.keys()) if (!kept.has(key)) rows.delete(key);
      body.replaceChildren(...list.map(({ key }) => rows.get(key)?.row ?? ""));
    },
  };

  /** @param {string} key */
  function newRow(key) {
    const cells = columns.map(({ title, right }) => h("td", { class: right ? "r num" : null, "data-label": title }));
    const made = { row: h("tr", {}, ...cells), cells, said: columns.map(() => "\u0000") };
    rows.set(key, made);
    return made;
  }
}

/** A cell with a text. @param {string} text */
export function textCell(text) {
  return { key: text, make: () => [text] };
}

/** Words over a chart, each at a place in it; what would lie upon each other is moved apart. */
export class Words {
  element = h("div", { class: "words", "aria-hidden": "true" });
  /** Height of a line, px. */
  static LINE = 17;

  /** @param {{ x: number, y: number, text: string, mark?: number, left?: boolean }[]} words x and y in CSS pixels of the box; `left` of it rather than right @param {{ top: number, height: number }} within */
  show(words, { top, height }) {
    const sorted = [...words].sort((a, b) => a.y - b.y);
    /** @type {number[]} */
    const ys = [];
    for (const { y } of sorted) ys.push(Math.max(y, (ys[ys.length - 1] ?? Number.NEGATIVE_INFINITY) + Words.LINE));
    let limit = top + height - Words.LINE / 2;
    for (let i = ys.length - 1; i >= 0; i -= 1) {
      ys[i] = Math.min(ys[i] ?? 0, limit);
      limit = (ys[i] ?? 0) - Words.LINE;
    }
    this.element.replaceChildren(
      ...sorted.map(({ x, text, mark, left }, i) =>
        h(
          "span",
          {
            class: `${mark ? `lane-${mark}` : ""}${left ? " left" : ""}`,
            style: `left:${x}px;top:${ys[i]}px`,
          },
          text,
        ),
      ),
    );
  }
}

/** A part of 1 as per cent. @param {number} v */
export function percent(v) {
  return `${(100 * v).toFixed(1).replace("-", "−")} %`;
}
