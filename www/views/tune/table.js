/** The trials with all their numbers: what the pictures show, for everyone. */

import { h, icon, setText, svg, swatch } from "../../dom.js";
import { short } from "../../draw.js";
import { count } from "../../format.js";
import { scoreText } from "./figure.js";
import { scaled } from "./model.js";
import { written } from "./spec.js";
import { T } from "./texts.js";

/** @typedef {import("./tune.js").Shown} Shown */
/** @typedef {import("./study.js").Row} Row */
/** @typedef {{ key: string, title: string, right: boolean, value(row: Row): unknown, text?(row: Row): string }} Column */
/** @typedef {{ key: string, rises: boolean }} Order */

/** More rows than these are not made; the sort decides which. */
const ROWS_MAX = 200;

/** @param {HTMLElement} root @param {{ load(row: Row, search: number): void, toggle(row: Row): void, point(index: number | null): void }} on */
export function createTable(root, on) {
  const head = h("tr");
  const body = h("tbody");
  const more = h("p", { class: "hint", hidden: true });
  const scroll = h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": T.table },
    h("table", {}, h("caption", { class: "vh" }, T.table), h("thead", {}, head), body),
    more,
  );
  root.append(scroll);
  /** @type {Column[]} */
  let columns = [];
  let shape = "";
  /** @type {Order} */
  let order = { key: "score", rises: false };
  /** @type {Map<number, ReturnType<typeof makeRow>>} */
  let made = new Map();
  /** @type {Shown | null} */
  let shown = null;
  let drawn = "";

  /** @param {Column} column */
  function sortBy(column) {
    const first = column.key === "score" ? !(shown?.score.rises ?? true) : true;
    order = { key: column.key, rises: order.key === column.key ? !order.rises : first };
    sayOrder();
    drawn = "";
    if (shown) fill(shown);
  }

  function sayOrder() {
    for (const cell of head.children)
      if (/** @type {HTMLElement} */ (cell).dataset.key === order.key)
        cell.setAttribute("aria-sort", order.rises ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
  }

  /** @param {Shown} next */
  function build(next) {
    columns = columnsOf(next);
    order = { key: "score", rises: !next.score.rises };
    made = new Map();
    body.replaceChildren();
    head.replaceChildren(
      ...columns.map((column) =>
        h(
          "th",
          { scope: "col", class: column.right ? "r" : "", "data-key": column.key },
          h("button", { class: "sort", type: "button", onclick: () => sortBy(column) }, column.title),
        ),
      ),
      h("th", { scope: "col" }, T.curve),
      h("th", { scope: "col" }, h("span", { class: "vh" }, T.use)),
    );
    sayOrder();
  }

  /** @param {Shown} next */
  function fill(next) {
    const sorted = sortRows(
      next.rows,
      columns.find(({ key }) => key === order.key),
      order.rises,
    );
    const visible = sorted.slice(0, ROWS_MAX);
    more.hidden = sorted.length <= ROWS_MAX;
    setText(more, T.more(count(sorted.length - visible.length)));
    const kept = new Set(visible.map(({ index }) => index));
    for (const [index, row] of made)
      if (!kept.has(index)) {
        row.element.remove();
        made.delete(index);
      }
    visible.forEach((row, place) => {
      const element = made.get(row.index) ?? makeRow(row.index, columns, on);
      made.set(row.index, element);
      element.show(row, next);
      if (body.children[place] !== element.element) body.insertBefore(element.element, body.children[place] ?? null);
    });
  }

  return {
    /** @param {Shown} next */
    render(next) {
      shown = next;
      const now = JSON.stringify([
        next.axes,
        next.score.key,
        next.folds,
        next.network,
        next.halving,
        next.method === "manual",
      ]);
      if (now !== shape) {
        shape = now;
        drawn = "";
        build(next);
      }
      const version = `${next.version} ${next.curves.map(({ row, mark }) => `${row.index}:${mark}`).join()}`;
      if (version === drawn) return;
      drawn = version;
      fill(next);
    },
  };
}

/** @param {Shown} shown @returns {Column[]} */
function columnsOf({ axes, score, folds, network, halving }) {
  const number = (
    /** @type {keyof import("../../pool_protocol.js").TrialResult} */ key,
    /** @type {string} */ title,
  ) => ({
    key,
    title,
    right: true,
    value: (/** @type {Row} */ { result }) => result?.[key],
  });
  const inScore = (/** @type {number} */ v) => scoreText(v, score);
  return [
    { key: "index", title: T.number, right: true, value: ({ index }) => index + 1 },
    ...(halving
      ? [{ key: "rung", title: T.rungColumn, right: true, value: (/** @type {Row} */ { rung }) => (rung ?? 0) + 1 }]
      : []),
    ...axes.map(({ path, name }) => ({
      key: `axis ${path}`,
      title: name,
      right: true,
      value: (/** @type {Row} */ { values }) => values[path],
      text: (/** @type {Row} */ { values }) => (path in values ? written(values[path]) : T.none),
    })),
    {
      key: "score",
      title: T.scoreNames[score.key],
      right: true,
      value: ({ result }) => scaled(result?.score_mean, score),
      text: ({ result }) => {
        const v = scaled(result?.score_mean, score);
        return v === null ? T.none : `${inScore(v)}${score.unit}`;
      },
    },
    ...(folds === 1
      ? []
      : [
          {
            key: "std",
            title: T.deviation,
            right: true,
            value: (/** @type {Row} */ { result }) => scaled(result?.score_std, score),
            text: (/** @type {Row} */ { result }) => {
              const v = scaled(result?.score_std, score);
              return v === null ? T.none : inScore(v);
            },
          },
          { key: "folds", title: T.foldsColumn, right: false, value: (/** @type {Row} */ { result }) => worst(result) },
        ]),
    ...(network || score.key !== "loss" ? [number("train_loss", T.trainLoss)] : []),
    ...(network
      ? [
          number("val_loss", T.valLoss),
          { key: "gap", title: T.gap, right: true, value: (/** @type {Row} */ { result }) => gapOf(result) },
        ]
      : []),
    {
      key: "ms",
      title: T.took,
      right: true,
      value: ({ result }) => result?.ms,
      text: ({ result }) => (result ? result.ms.toFixed(result.ms < 10 ? 1 : 0) : T.none),
    },
    { key: "status", title: T.status, right: false, value: (row) => statusOf(row)[2] },
  ];
}

/** @param {Row["result"]} result */
function gapOf(result) {
  if (typeof result?.val_loss !== "number" || typeof result.train_loss !== "number") return null;
  return result.val_loss - result.train_loss;
}

/** @param {Row["result"]} result */
function worst(result) {
  return result && result.fold_scores.length > 0 ? Math.min(...result.fold_scores) : null;
}

/** Rows without a value come last, whatever the direction. @param {Row[]} rows @param {Column | undefined} column @param {boolean} rises */
function sortRows(rows, column, rises) {
  const keyed = rows.map((row) => ({ row, value: column?.value(row) }));
  // Scores of different budgets do not compare.
  const byRung = column?.key === "score" ? 1 : 0;
  const none = (/** @type {unknown} */ v) =>
    v === null || v === undefined || (typeof v === "number" && !Number.isFinite(v));
  const compare = (/** @type {unknown} */ a, /** @type {unknown} */ b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  keyed.sort((a, b) => {
    if (none(a.value) !== none(b.value)) return none(a.value) ? 1 : -1;
    const by = none(a.value) ? 0 : compare(a.value, b.value);
    const rung = byRung * ((b.row.rung ?? 0) - (a.row.rung ?? 0));
    return (none(a.value) ? 0 : rung) || (rises ? by : -by) || a.row.index - b.row.index;
  });
  return keyed.map(({ row }) => row);
}

/** @param {number} index @param {Column[]} columns @param {{ load(row: Row, search: number): void, toggle(row: Row): void, point(index: number | null): void }} on */
function makeRow(index, columns, on) {
  /** @type {Row | null} */
  let row = null;
  const cells = columns.map((column) => h("td", { class: column.right ? "r num" : "", "data-label": column.title }));
  const curve = h("button", {
    class: "btn pick",
    type: "button",
    "aria-pressed": "false",
    onclick: () => row && on.toggle(row),
  });
  const use = h("button", { class: "btn", type: "button", onclick: () => row && on.load(row, 0) }, T.use);
  const element = h(
    "tr",
    { onmouseenter: () => on.point(index), onmouseleave: () => on.point(null) },
    ...cells,
    h("td", {}, curve),
    h("td", { class: "r" }, use),
  );
  use.setAttribute("aria-label", T.useOf(index + 1));
  curve.setAttribute("aria-label", T.showCurve(index + 1));
  let drawn = "";
  return {
    element,
    /** @param {Row} next @param {Shown} shown */
    show(next, shown) {
      row = next;
      const mark = shown.curves.find((c) => c.row.index === index)?.mark ?? 0;
      const best = shown.best?.index === index;
      const key = `${next.state} ${next.kept} ${next.result?.score_mean} ${next.result?.ms} ${mark} ${best}`;
      if (key === drawn) return;
      drawn = key;
      element.className = best ? "best" : "";
      columns.forEach((column, i) => {
        const cell = cells[i];
        if (!cell) return;
        if (column.key === "folds") cell.replaceChildren(strip(next, shown));
        else if (column.key === "status") cell.replaceChildren(pill(next));
        else setText(cell, textOf(column, next));
      });
      curve.hidden = !next.result?.curves;
      curve.setAttribute("aria-pressed", String(mark > 0));
      curve.replaceChildren(mark > 0 ? swatch(mark) : icon("plus"));
      use.hidden = !next.result;
    },
  };
}

/** @param {Column} column @param {Row} row */
function textOf(column, row) {
  if (column.text) return column.text(row);
  const v = column.value(row);
  if (typeof v !== "number" || Number.isNaN(v)) return T.none;
  if (column.key === "index" || column.key === "rung") return String(v);
  return column.key === "gap" && v > 0 ? `+${short(v)}` : short(v);
}

/** The score of each fold on a line, and their mean. @param {Row} row @param {Shown} shown */
function strip({ result }, { score, rows }) {
  const scores = (result?.fold_scores ?? []).map((v) => scaled(v, score) ?? Number.NaN);
  if (scores.length < 2) return h("span", { class: "na" }, T.none);
  const all = rows
    .flatMap((row) => row.result?.fold_scores.map((v) => scaled(v, score) ?? Number.NaN) ?? [])
    .filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (/** @type {number} */ v) => 3 + (66 * (v - low)) / (high - low || 1);
  const label = T.foldScores(scores.map((v) => scoreText(v, score)).join(", "));
  const mean = scaled(result?.score_mean, score);
  return svg(
    "svg",
    { class: "spark", viewBox: "0 0 72 18", role: "img", "aria-label": label },
    svg("line", { x1: 2, x2: 70, y1: 9, y2: 9 }),
    ...scores.slice(0, 60).map((v) => svg("circle", { cx: x(v).toFixed(1), cy: 9, r: 2.6 })),
    mean === null ? null : svg("path", { d: `M${x(mean).toFixed(1)} 3v12` }),
  );
}

/** Class, picture and words. @param {Row} row @returns {[string, string, string]} */
function statusOf({ state, result, kept }) {
  if (kept && result)
    return ["", result.status === "diverged" ? "warn" : "pin", `${T.statuses.kept}, ${result.reason}`];
  if (!result) return state === "running" ? ["", "run", T.statuses.running] : ["", "pause2", T.statuses.waiting];
  const { status, reason } = result;
  const said = T.statuses[/** @type {keyof typeof T.statuses} */ (status)] ?? status;
  if (status === "diverged" || status === "error") return ["diverged", "warn", reason ? `${said}: ${reason}` : said];
  if (status === "breakdown") return ["", "warn", reason ? `${said}: ${reason}` : said];
  if (status === "converged") return ["converged", "check", said];
  return ["", "check", reason && !/iterations|budget/.test(reason) ? `${said}: ${reason}` : said];
}

/** @param {Row} row */
function pill(row) {
  const [name, picture, text] = statusOf(row);
  return h("span", { class: `pill ${name}`, title: text }, icon(picture), h("span", {}, text));
}
