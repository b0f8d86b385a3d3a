/** The picture of a search: a heatmap over two axes, marks in their plane, parallel coordinates, or one axis. */

import { h, setText } from "../../dom.js";
import { short } from "../../draw.js";
import { Chart, nearest, pixelOf } from "./chart.js";
import { foldSweep, latest, mapOf, parallelOf, planeOf, scaled, sliceOf } from "./model.js";
import { written } from "./spec.js";
import { T } from "./texts.js";

/** @typedef {import("./tune.js").Shown} Shown */
/** @typedef {import("./study.js").Row} Row */
/** @typedef {import("./chart.js").Hit} Hit */
/** @typedef {keyof typeof T.views} ViewName */

/** A line of parallel coordinates is hit so far away, px. */
const REACH = 12;

/** @param {HTMLElement} root @param {{ load(row: Row, search: number): void, setView(view: ViewName): void, setAxes(across: string, up: string): void }} on */
export function createFigure(root, on) {
  const chart = new Chart();
  const title = h("h1");
  const sub = h("span", { class: "muted" });
  const views = h("div", { class: "seg views", role: "radiogroup", "aria-label": T.viewsLabel });
  const pickers = h("div", { class: "pickers" });
  const key = h("ul", { class: "legend rival-key", hidden: true }, ...T.rivalKey.map((name, i) => keyItem(name, i)));
  root.append(
    h("div", { class: "bar" }, title, sub, h("span", { class: "spring" }), pickers, views),
    h("div", { class: "stage" }, chart.plot.box),
    key,
  );
  chart.onpick = (hit) => {
    if (hit.row?.result) on.load(hit.row, hit.search ?? 0);
  };
  let offered = "";
  let listed = "";

  /** @param {Shown} shown @param {ViewName[]} names @param {ViewName} view */
  function offer(shown, names, view) {
    const said = `${names.join()} ${view}`;
    if (said !== offered) {
      offered = said;
      views.replaceChildren(
        ...names.map((name) =>
          h(
            "label",
            {},
            h("input", { type: "radio", name: "tune-view", checked: name === view, onchange: () => on.setView(name) }),
            h("span", {}, T.views[name]),
          ),
        ),
      );
      views.hidden = names.length < 2;
    }
    const choose = view === "map" || view === "plane" || view === "rival";
    const list = choose && shown.axes.length > 2 ? JSON.stringify([shown.axes, shown.across, shown.up]) : "";
    if (list === listed) return;
    listed = list;
    const select = (
      /** @type {string} */ label,
      /** @type {string} */ value,
      /** @type {(path: string) => void} */ set,
    ) => {
      const input = h(
        "select",
        { "aria-label": label, onchange: () => set(input.value) },
        ...shown.axes.map(({ path, name }) => h("option", { value: path, selected: path === value }, name)),
      );
      return input;
    };
    pickers.replaceChildren(
      ...(list
        ? [
            select(T.mapAxes[0] ?? "", shown.across.path, (path) => on.setAxes(path, shown.up.path)),
            select(T.mapAxes[1] ?? "", shown.up.path, (path) => on.setAxes(shown.across.path, path)),
          ]
        : []),
    );
  }

  return {
    /** @param {Shown} shown */
    render(shown) {
      const names = viewsOf(shown);
      const view = names.includes(/** @type {ViewName} */ (shown.view))
        ? /** @type {ViewName} */ (shown.view)
        : names[0];
      setText(title, T.scoreTitles[shown.score.key]);
      setText(sub, subtitle(shown, view));
      offer(shown, names, view ?? "map");
      key.hidden = view !== "rival";
      const version = [shown.version, view, shown.across.path, shown.up.path, shown.pointed].join();
      chart.draw(
        version,
        (canvas, painter, ratio) => {
          if (view === "parallel") return parallel(canvas, painter, ratio, shown);
          if (view === "plane" || view === "rival") return plane(canvas, painter, ratio, shown, view === "rival");
          if (view === "sweep") return sweep(canvas, painter, ratio, shown);
          return map(canvas, painter, ratio, shown);
        },
        () => wordsOf(shown, view ?? "map"),
      );
    },
  };
}

/** What can be shown of these trials, the first by default. @param {Shown} shown @returns {ViewName[]} */
function viewsOf({ axes, method, rival }) {
  if (axes.length === 0) return ["parallel"];
  if (axes.length === 1) return ["sweep", "parallel"];
  if (rival) return ["rival", "map", "parallel"];
  const plain = method === "random" ? "plane" : "map";
  return axes.length === 2 && method !== "manual" ? [plain, "parallel"] : ["parallel", plain];
}

/** @param {Shown} shown @param {ViewName | undefined} view */
function subtitle({ folds, network, axes }, view) {
  const over = !network
    ? T.surfaceSub
    : folds === 1
      ? T.oneSplit
      : T.meanOf(folds === null ? T.looFolds : String(folds));
  const others = view === "map" && axes.length > 2 ? `; ${T.bestOthers}` : "";
  return `${T.sub(over)}${others}`;
}

/** @param {number} v @param {Shown["score"]} score */
export function scoreText(v, { percent }) {
  return percent ? v.toFixed(1) : short(v);
}

/** @param {Shown} shown @param {Row | null} row @param {number} [search] @returns {Omit<Hit, "x" | "y">} */
export function hitOf({ axes, score }, row, search = 0) {
  if (!row) return { head: "", lines: [] };
  const { result } = row;
  /** @type {[string, string][]} */
  const lines = axes.flatMap(({ path, name }) =>
    path in row.values ? [/** @type {[string, string]} */ ([name, written(row.values[path])])] : [],
  );
  const v = scaled(result?.score_mean, score);
  const deviation = scaled(result?.score_std, score);
  const spread = deviation && (result?.fold_scores.length ?? 0) > 1 ? ` ± ${scoreText(deviation, score)}` : "";
  if (v !== null) lines.push([T.scoreNames[score.key], `${scoreText(v, score)}${spread}${score.unit}`]);
  if (row.rung !== undefined) lines.push([T.rungColumn, String(row.rung + 1)]);
  if (v === null)
    lines.push([
      T.status,
      result ? T.statuses[result.status] : T.statuses[row.state === "running" ? "running" : "waiting"],
    ]);
  return { head: `${T.number} ${row.index + 1}`, lines, row, search };
}

/** @typedef {(canvas: HTMLCanvasElement, painter: import("../../../pkg/descent.js").Painter, ratio: number, shown: Shown) => (x: number, y: number) => Hit | null} Paint */

/** @type {Paint} */
function map(canvas, painter, ratio, shown) {
  const { across, up, score, best } = shown;
  const rows = latest(
    shown.rows,
    shown.axes.map(({ path }) => path),
  );
  const model = mapOf(rows, across, up, score, (v) => scoreText(v, score), best, shown.pointed);
  const at = painter.score_map(canvas, ratio, model.spec);
  return (px, py) => {
    const s = (px - at.left) / at.width;
    const t = 1 - (py - at.top) / at.height;
    if (s < 0 || s >= 1 || t < 0 || t >= 1) return null;
    const column = Math.floor(s * model.columns);
    const line = Math.floor(t * (model.shown.length / model.columns));
    const row = model.shown[line * model.columns + column] ?? null;
    return row && { x: px, y: py, ...hitOf(shown, row) };
  };
}

/** @param {HTMLCanvasElement} canvas @param {import("../../../pkg/descent.js").Painter} painter @param {number} ratio @param {Shown} shown @param {boolean} both */
function plane(canvas, painter, ratio, shown, both) {
  const { across, up, score, best, rival } = shown;
  const searches = both && rival ? [shown.rows, rival.rows] : [shown.rows];
  const bests = both && rival ? [best, rival.best] : [best];
  // Circles are drawn points, squares those of a grid.
  const drawn = !both && shown.method === "random";
  const model = planeOf(searches, across, up, score, bests, shown.pointed);
  const spec = drawn ? { ...model.spec, dots: model.spec.dots.map((dot) => ({ ...dot, search: 1 })) } : model.spec;
  const at = painter.trial_plane(canvas, ratio, spec);
  /** @type {[number, number][]} */
  const points = spec.dots.map(({ x, y }) => [
    pixelOf(x, spec.x, at.x, at.left, at.width),
    pixelOf(y, spec.y, at.y, at.top + at.height, -at.height),
  ]);
  return (/** @type {number} */ px, /** @type {number} */ py) => {
    const found = nearest(points, px, py, 2 * REACH);
    const dot = model.shown[found];
    return dot ? { x: px, y: py, ...hitOf(shown, dot.row, dot.search) } : null;
  };
}

/** @type {Paint} */
function parallel(canvas, painter, ratio, shown) {
  const model = parallelOf(
    shown.rows,
    shown.axes,
    shown.score,
    T.scoreNames[shown.score.key],
    shown.best,
    shown.pointed,
  );
  const lain = painter.parallel(canvas, ratio, model.spec);
  return (px, py) => {
    const { xs, ys } = lain;
    const gap = xs.findIndex((/** @type {number} */ x, /** @type {number} */ i) => i > 0 && px <= x + REACH);
    if (gap < 1 || px < xs[0] - REACH) return null;
    const t = Math.min(1, Math.max(0, (px - xs[gap - 1]) / (xs[gap] - xs[gap - 1])));
    let found = -1;
    let least = REACH;
    ys.forEach((/** @type {number[]} */ line, /** @type {number} */ i) => {
      const [a, b] = [line[gap - 1] ?? Number.NaN, line[gap] ?? Number.NaN];
      const away = Math.abs(a + t * (b - a) - py);
      if (away <= least) {
        least = away;
        found = i;
      }
    });
    const row = model.shown[found] ?? null;
    return row && { x: px, y: py, ...hitOf(shown, row) };
  };
}

/** @type {Paint} */
function sweep(canvas, painter, ratio, shown) {
  const rows = latest(
    shown.rows,
    shown.axes.map(({ path }) => path),
  );
  const { slice, joined } = sliceOf(rows, shown.across, shown.axes, shown.best);
  const model = foldSweep(slice, shown.across, shown.score, joined);
  const at = painter.sweep(canvas, ratio, model.spec);
  return finderOf(model, at, shown);
}

/** Finds the mean at the pointer. @param {{ spec: any, shown: Row[] }} model @param {any} at @param {Shown} shown */
export function finderOf(model, at, shown) {
  const xs = model.spec.lines[0].means.map((/** @type {number[]} */ [x]) =>
    pixelOf(Number(x), model.spec.x, at.x, at.left, at.width),
  );
  return (/** @type {number} */ px, /** @type {number} */ py) => {
    if (py < at.top || py > at.top + at.height) return null;
    const found = nearest(
      xs.map((/** @type {number} */ x) => [x, 0]),
      px,
      0,
      3 * REACH,
    );
    const row = model.shown[found] ?? null;
    return row && { x: xs[found], y: py, ...hitOf(shown, row) };
  };
}

/** @param {Shown} shown @param {ViewName} view */
function wordsOf(shown, view) {
  const { best, score, rows } = shown;
  const over = rows.filter(({ state }) => state === "over").length;
  const parts = [`${T.views[view]}: ${T.scoreTitles[score.key]} over ${shown.axes.map(({ name }) => name).join(", ")}`];
  parts.push(`${over} of ${rows.length} trials done`);
  const v = scaled(best?.result?.score_mean, score);
  if (best && v !== null) {
    const values = shown.axes.map(({ path, name }) => `${name} ${written(best.values[path])}`).join(", ");
    parts.push(`best: trial ${best.index + 1}, ${scoreText(v, score)}${score.unit} with ${values}`);
  }
  return `${parts.join("; ")}. The table below has all numbers.`;
}

/** @param {string} name @param {number} i */
function keyItem(name, i) {
  return h("li", {}, h("i", { class: i === 0 ? "mark square" : "mark circle", "aria-hidden": "true" }), name);
}
