/** From the trials of a search to what the charts draw. Pure; knows no document. */

import { distinct, layOf, written } from "./spec.js";

/** @typedef {import("./study.js").Row} Row */
/** @typedef {import("../../pool_protocol.js").TrialResult} TrialResult */
/** @typedef {"val_accuracy" | "val_loss" | "val_r2" | "loss"} ScoreKey */
/** @typedef {{ key: ScoreKey, rises: boolean, percent: boolean, unit: string }} Score */
/** @typedef {{ name: string, labels?: string[], ends?: [number, number], log?: boolean, room?: boolean }} SpanSpec */
/** @typedef {{ path: string, span: SpanSpec, place(value: unknown): number }} Along where values stand along an axis */
/** @typedef {{ path: string, name: string }} Axis */

/** More names have no room along an axis. */
const NAMES_MAX = 12;

/** @param {string} score as the spec says, or empty @param {"classification" | "regression" | undefined} task @returns {Score} */
export function scoreOf(score, task) {
  const suited = task === "classification" ? "val_accuracy" : task === "regression" ? "val_loss" : "loss";
  const key = /** @type {ScoreKey} */ (score || suited);
  const percent = key === "val_accuracy";
  return { key, rises: percent || key === "val_r2", percent, unit: percent ? " %" : "" };
}

/** In the unit of the charts. @param {number | null | undefined} v @param {Score} score */
export function scaled(v, { percent }) {
  if (v === null || v === undefined || !Number.isFinite(v)) return null;
  return percent ? 100 * v : v;
}

/** The best of the last rung that has any, the first of equals. @param {Row[]} rows @param {Score} score @returns {Row | null} */
export function bestOf(rows, { rises }) {
  const scored = rows.filter(({ result }) => typeof result?.score_mean === "number");
  const last = Math.max(...scored.map(({ rung }) => rung ?? 0));
  /** @type {Row | null} */
  let best = null;
  for (const row of scored) {
    if ((row.rung ?? 0) !== last) continue;
    const [a, b] = [Number(row.result?.score_mean), Number(best?.result?.score_mean)];
    if (!best || (rises ? a > b : a < b)) best = row;
  }
  return best;
}

/** Of successive halving, the last row of each candidate; else all. @param {Row[]} rows @param {string[]} paths */
export function latest(rows, paths) {
  if (!rows.some(({ rung }) => rung !== undefined)) return rows;
  /** @type {Map<string, Row>} */
  const found = new Map();
  for (const row of rows) {
    const key = JSON.stringify(paths.map((path) => row.values[path]));
    const before = found.get(key);
    if (!before || (row.rung ?? 0) >= (before.rung ?? 0)) found.set(key, row);
  }
  return [...found.values()];
}

/** How the values of one path stand along an axis. @param {Row[]} rows @param {Axis} axis @param {boolean} [cells] one by one, also numbers @returns {Along} */
export function along(rows, { path, name }, cells = false) {
  const values = distinct(rows.map((row) => row.values[path]).filter((v) => v !== undefined));
  const lay = cells ? "named" : layOf(values);
  // Among many numbers 0 has a place below the others of a logarithmic axis.
  const positive = values.filter((v) => typeof v === "number" && v > 0).map(Number);
  if (
    lay === "named" &&
    !cells &&
    values.length > NAMES_MAX &&
    positive.length === values.length - 1 &&
    values[0] === 0
  ) {
    const lowest = Math.min(...positive);
    const zero = lowest / 4;
    return {
      path,
      span: { name: `${name} (log; 0 lowest)`, ends: [zero, Math.max(...positive)], log: true, room: true },
      place: (value) => (value === 0 ? zero : Number(value)),
    };
  }
  if (lay === "named") {
    const keys = new Map(values.map((value, i) => [JSON.stringify(value), i]));
    const labels = values.length > 0 ? values.map(written) : [" "];
    return {
      path,
      span: { name: cells && layOf(values) === "log" ? `${name} (log)` : name, labels },
      place: (value) => keys.get(JSON.stringify(value)) ?? Number.NaN,
    };
  }
  const numbers = values.map(Number);
  return {
    path,
    span: {
      name: lay === "log" ? `${name} (log)` : name,
      ends: [Math.min(...numbers), Math.max(...numbers)],
      log: lay === "log",
      room: true,
    },
    place: (value) => (typeof value === "number" ? value : Number.NaN),
  };
}

/** @param {Row} row @param {Score} score @param {Row | null} best the one to beat */
function beats(row, score, best) {
  const [a, b] = [row.result?.score_mean, best?.result?.score_mean];
  if (typeof a !== "number") return false;
  if (typeof b !== "number") return true;
  return score.rises ? a > b : a < b;
}

/**
 * A cell for each pair of values; where other axes vary, it shows the best over them.
 * @param {Row[]} rows @param {Axis} across @param {Axis} up @param {Score} score @param {(v: number) => string} write @param {Row | null} best @param {number | null} chosen
 */
export function mapOf(rows, across, up, score, write, best, chosen) {
  const x = along(rows, across, true);
  const y = along(rows, up, true);
  const columns = x.span.labels?.length ?? 1;
  /** @type {(Row | null)[]} */
  const shown = new Array(columns * (y.span.labels?.length ?? 1)).fill(null);
  /** @type {Row[][]} */
  const within = shown.map(() => []);
  for (const row of rows) {
    const at = y.place(row.values[up.path]) * columns + x.place(row.values[across.path]);
    if (Number.isNaN(at)) continue;
    within[at]?.push(row);
    const there = shown[at] ?? null;
    if (!there || beats(row, score, there)) shown[at] = row;
  }
  const cells = shown.map((row, i) => {
    const v = scaled(row?.result?.score_mean, score);
    if (!row) return { state: "empty", score: null, text: "" };
    if (v !== null) return { state: "over", score: v, text: write(v) };
    const states = new Set(within[i]?.map(({ state }) => state));
    return {
      state: states.has("running") ? "running" : states.has("waiting") ? "pending" : "over",
      score: null,
      text: "",
    };
  });
  const cellOf = (/** @type {number | null | undefined} */ index) => {
    const at = within.findIndex((group) => group.some((row) => row.index === index));
    return at < 0 ? null : at;
  };
  const spec = {
    x: x.span,
    y: y.span,
    columns,
    cells,
    best: best ? cellOf(best.index) : null,
    chosen: chosen === null ? null : cellOf(chosen),
    rises: score.rises,
    unit: score.unit,
  };
  return { spec, shown, columns };
}

/** Trials of one or two searches over two axes. @param {Row[][]} searches @param {Axis} across @param {Axis} up @param {Score} score @param {(Row | null)[]} best @param {number | null} chosen of the first search */
export function planeOf(searches, across, up, score, best, chosen) {
  const all = searches.flat();
  const x = along(all, across);
  const y = along(all, up);
  /** @type {{ row: Row, search: number }[]} */
  const shown = [];
  const dots = searches.flatMap((rows, search) =>
    rows.map((row) => {
      shown.push({ row, search });
      return {
        x: x.place(row.values[across.path]),
        y: y.place(row.values[up.path]),
        score: scaled(row.result?.score_mean, score),
        over: row.state === "over",
        search,
      };
    }),
  );
  const place = (/** @type {Row | null | undefined} */ row, /** @type {number} */ search) =>
    shown.findIndex((s) => row && s.search === search && s.row.index === row.index);
  const at = shown.findIndex((s) => s.search === 0 && s.row.index === chosen);
  const spec = {
    x: x.span,
    y: y.span,
    dots: dots.map((dot) => ({ ...dot, x: finiteOr(dot.x, 0), y: finiteOr(dot.y, 0) })),
    best: best.map(place).filter((i) => i >= 0),
    chosen: at < 0 ? null : at,
    rises: score.rises,
    unit: score.unit,
  };
  return { spec, shown };
}

/** @param {Row[]} rows that are over @param {Axis[]} axes @param {Score} score @param {string} scoreName @param {Row | null} best @param {number | null} chosen */
export function parallelOf(rows, axes, score, scoreName, best, chosen) {
  const over = rows.filter(({ state }) => state === "over");
  const spans = axes.map((axis) => along(rows, axis));
  const scores = over.map(({ result }) => scaled(result?.score_mean, score));
  const known = scores.filter((v) => v !== null);
  const ends = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const log = !score.rises && Number(ends[0]) > 0 && Number(ends[1]) / Number(ends[0]) > 20;
  const spec = {
    axes: [
      ...spans.map(({ span }) => span),
      { name: `${scoreName}${score.unit && ","}${score.unit}`, ends, log, room: false },
    ],
    traces: over.map((row, i) => ({
      at: [...spans.map(({ path, place }) => finiteOr(place(row.values[path]), null)), scores[i]],
      score: scores[i],
    })),
    best: placeOf(over, best?.index),
    chosen: placeOf(over, chosen),
    rises: score.rises,
  };
  return { spec, shown: over };
}

/**
 * Trials over one hyper-parameter, the others as in `best`; of a random search, all of them.
 * @param {Row[]} rows @param {Axis} axis @param {Axis[]} axes @param {Row | null} best
 */
export function sliceOf(rows, axis, axes, best) {
  const over = rows.filter(({ result }) => result);
  const others = axes.filter(({ path }) => path !== axis.path);
  const alike = (/** @type {Row} */ row) =>
    others.every(({ path }) => JSON.stringify(row.values[path]) === JSON.stringify(best?.values[path]));
  const slice = over.filter(alike);
  // Of a grid, a line through the best; drawn points have no others beside them.
  const joined = slice.length > 1 || over.length <= 1;
  return { slice: joined ? slice : over, joined };
}

/** Folds and their mean over a hyper-parameter. @param {Row[]} rows @param {Axis} axis @param {Score} score @param {boolean} joined */
export function foldSweep(rows, axis, score, joined) {
  const x = along(rows, axis);
  const sorted = inOrder(rows, x);
  const folds = sorted.flatMap(({ row, at }) =>
    (row.result?.fold_scores ?? []).flatMap((fold, i) => {
      const v = scaled(fold, score);
      return v === null ? [] : [{ at, v, i }];
    }),
  );
  const of = Math.max(1, ...rows.map(({ result }) => result?.fold_scores.length ?? 0));
  const means = sorted.map(({ row, at }) => ({
    at,
    mean: scaled(row.result?.score_mean, score),
    deviation: scaled(row.result?.score_std, score) ?? 0,
  }));
  const bars = means.flatMap(({ mean, deviation }) => (mean === null ? [] : [mean - deviation, mean + deviation]));
  const values = [...folds.map(({ v }) => v), ...bars];
  return {
    spec: {
      x: x.span,
      y: { name: "", ends: endsOf(values, score), log: false, room: false },
      lines: [{ manner: "solid", joined, means: means.map((m) => [m.at, m.mean, m.deviation]) }],
      folds: of > 1 ? folds.map(({ at, v, i }) => [[at, v], i]) : [],
      of,
    },
    shown: sorted.map(({ row }) => row),
  };
}

/** Training and validation loss over a hyper-parameter. @param {Row[]} rows @param {Axis} axis @param {boolean} log @param {boolean} joined @param {boolean} [named] whether values stand one by one, whatever their size */
export function lossSweep(rows, axis, log, joined, named = false) {
  const x = along(rows, axis, named);
  const sorted = inOrder(rows, x);
  const line = (/** @type {"train_loss" | "val_loss"} */ key) =>
    sorted.map(({ row, at }) => [at, finiteOr(row.result?.[key] ?? Number.NaN, null), 0]);
  const values = [...line("train_loss"), ...line("val_loss")].flatMap(([, v]) => (v === null ? [] : [Number(v)]));
  const positive = values.length > 0 && values.every((v) => v > 0);
  const val = line("val_loss");
  const hasVal = val.some(([, v]) => v !== null);
  return {
    spec: {
      x: x.span,
      y: {
        name: "",
        ends: values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1],
        log: log && positive,
        room: true,
      },
      lines: [
        { manner: "dashed", joined, means: line("train_loss") },
        ...(hasVal ? [{ manner: "solid", joined, means: val }] : []),
      ],
      folds: [],
      of: 1,
    },
    shown: sorted.map(({ row }) => row),
    log: log && positive,
    place: x.place,
  };
}

/** The best score after each number of trials. @param {Row[]} rows @param {Score} score */
export function raceOf(rows, score) {
  /** @type {number[]} */
  const x = [];
  /** @type {number[]} */
  const y = [];
  let best = Number.NaN;
  for (const { result } of rows.filter((row) => row.result)) {
    const v = scaled(result?.score_mean, score);
    if (v !== null && !(score.rises ? v <= best : v >= best)) best = v;
    x.push(x.length + 1);
    y.push(best);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** Rows with their place along an axis, from the left. @param {Row[]} rows @param {Along} x */
function inOrder(rows, x) {
  return rows
    .map((row) => ({ row, at: x.place(row.values[x.path]) }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
}

/** @param {number[]} values @param {Score} score @returns {[number, number]} */
function endsOf(values, { percent }) {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, percent ? 100 : 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 0.1;
  return percent ? [Math.max(0, low - room), Math.min(100, high + room)] : [low - room, high + room];
}

/** @param {Row[]} rows @param {number | null | undefined} index */
function placeOf(rows, index) {
  const at = rows.findIndex((row) => row.index === index);
  return at < 0 ? null : at;
}

/** @template O @param {number} v @param {O} otherwise @returns {number | O} */
function finiteOr(v, otherwise) {
  return Number.isFinite(v) ? v : otherwise;
}
