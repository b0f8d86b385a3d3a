/** What a fit says: the parameters of the selected lane, how far each can be trusted, and what the NIST certifies. */

import { h, setText, swatch } from "../dom.js";
import { exact, short } from "../format.js";
import { T } from "../texts.js";

/** @typedef {import("../protocol.js").FitStatistics} FitStatistics */
/** @typedef {import("../protocol.js").Info} Info */

/** Certified values have eleven digits; more cannot agree. */
const DIGITS = 11;

/** @param {HTMLElement} root */
export function createAnswer(root) {
  const mark = h("span");
  const title = h("span");
  const note = h("p");
  const body = h("tbody");
  const heads = T.answerHeads.map((text, i) => h("th", { scope: "col", class: i > 0 ? "r" : "" }, text));
  const table = h("table", { class: "num" }, h("thead", {}, h("tr", {}, ...heads)), body);
  root.append(
    h("div", { class: "answer-head" }, h("h2", {}, mark, title), note),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": T.answer }, table),
  );
  /** @type {HTMLElement[][]} */
  let cells = [];
  let builtFor = "";
  /** @type {unknown[]} */
  let shown = [];

  /** @param {string[]} names @param {boolean} certified */
  function build(names, certified) {
    cells = names.map((name) => [
      h("th", { scope: "row" }, name),
      ...heads.slice(1).map((_, i) => h("td", { class: "r", hidden: i > 2 && !certified })),
    ]);
    for (const head of heads.slice(4)) head.hidden = !certified;
    body.replaceChildren(...cells.map((row) => h("tr", {}, ...row)));
  }

  return {
    /** @param {import("../app.js").View} view */
    render({ record }) {
      const fit = record?.info.least_squares;
      const lane = record?.lanes.find((l) => l.selected);
      // What a sampler has to say stands in a table of its own.
      root.hidden = !fit || !lane || "acceptance_rate" in lane.columns;
      if (!fit || !lane || root.hidden) return;
      const key = [record?.run, ...fit.parameters].join();
      if (key !== builtFor) {
        builtFor = key;
        build(fit.parameters, fit.certified !== null);
      }
      const now = [lane.statistics, lane.lane, lane.title, key];
      if (now.every((v, i) => v === shown[i])) return;
      shown = now;
      setText(title, T.answerOf(lane.title));
      mark.replaceChildren(swatch(lane.lane));
      setText(note, lane.statistics ? noteOf(lane.statistics, fit) : "");
      for (const [i, row] of cells.entries()) {
        const texts = lane.statistics ? rowOf(lane.statistics, fit, i) : [];
        for (const [k, cell] of row.slice(1).entries()) setText(cell, texts[k] ?? "");
      }
    },
  };
}

/** @param {FitStatistics} s @param {NonNullable<Info["least_squares"]>} fit @param {number} i */
function rowOf(s, fit, i) {
  const value = s.parameters[i] ?? Number.NaN;
  const interval = s.intervals?.[i];
  const certified = fit.certified?.parameters[i];
  return [
    short(value, DIGITS),
    s.standard_errors ? short(s.standard_errors[i] ?? Number.NaN, 5) : T.unknown,
    interval ? T.between(short(interval[0], 5), short(interval[1], 5)) : T.unknown,
    certified === undefined ? "" : short(certified, DIGITS),
    certified === undefined ? "" : digits(value, certified),
  ];
}

/** Digits in which a value agrees with a certified one: −log₁₀ of the relative difference. @param {number} value @param {number} certified */
function digits(value, certified) {
  const agree = -Math.log10(Math.abs(value - certified) / Math.abs(certified));
  if (Number.isNaN(agree)) return T.unknown;
  return Math.min(DIGITS, Math.max(0, agree)).toFixed(1);
}

/** @param {FitStatistics} s @param {NonNullable<Info["least_squares"]>} fit */
function noteOf(s, fit) {
  const sigma = s.residual_standard_deviation;
  const parts = [T.answerNote(short(s.rss, 5), s.degrees_of_freedom, sigma === null ? "" : short(sigma, 4))];
  if (s.r_squared !== null && !fit.implicit) parts.push(T.answerR2(short(s.r_squared, 5)));
  if (fit.certified) parts.push(T.answerRss(short(fit.certified.rss, DIGITS)));
  if (fit.truth) parts.push(T.made(fit.truth.map(exact).join(", ")));
  if (s.reason) parts.push(` ${s.reason}.`);
  return parts.join("");
}
