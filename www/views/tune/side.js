/** Beside the picture: folds and losses over one hyper-parameter, the curves of chosen trials, grid against random. */

import { h, setText, swatch } from "../../dom.js";
import { short } from "../../draw.js";
import { panel } from "./chart.js";
import { finderOf, scoreText } from "./figure.js";
import { foldSweep, latest, lossSweep, raceOf, sliceOf } from "./model.js";
import { T } from "./texts.js";

/** @typedef {import("./tune.js").Shown} Shown */
/** @typedef {import("./chart.js").Hit} Hit */

/** @param {HTMLElement} root @param {{ setBy(path: string): void, toggleLog(): void, load(row: import("./study.js").Row, search: number): void }} on */
export function createSide(root, on) {
  const by = h("select", { "aria-label": T.overAxis, onchange: () => on.setBy(by.value) });
  const scale = h("button", { class: "scale", type: "button", onclick: on.toggleLog });
  const lossKey = h(
    "ul",
    { class: "key" },
    ...T.lossKey.map((name, i) => h("li", {}, h("i", { class: i === 0 ? "line dashed" : "line" }), name)),
  );
  const race = panel(
    "race",
    h("ul", { class: "key" }, ...T.rivalKey.map((name, i) => h("li", {}, swatch(i + 1), name))),
  );
  const folds = panel("folds", by);
  const losses = panel("losses", lossKey, scale);
  const curves = panel("curves");
  const panels = [race, folds, losses, curves];
  root.append(h("h2", { class: "vh" }, T.figure), ...panels.map(({ element }) => element));
  for (const { chart } of [folds, losses])
    chart.onpick = (hit) => {
      if (hit.row?.result) on.load(hit.row, 0);
    };
  let listed = "";

  return {
    /** @param {Shown} shown */
    render(shown) {
      const { axes, score, best, rival } = shown;
      const list = JSON.stringify(axes);
      if (list !== listed) {
        listed = list;
        by.replaceChildren(...axes.map(({ path, name }) => h("option", { value: path }, T.by(name))));
        by.hidden = axes.length < 2;
      }
      const axis = shown.by;
      if (axis && by.value !== axis.path) by.value = axis.path;
      race.element.hidden = !rival;
      losses.element.hidden = !shown.network;
      root.dataset.charts = String(panels.filter(({ element }) => !element.hidden).length);
      if (rival) {
        race.head(T.race, T.raceNote);
        drawRace(race.chart, shown);
      }
      const name = axis?.name ?? "";
      const rows = latest(
        shown.rows,
        axes.map(({ path }) => path),
      );
      const { slice, joined } = axis ? sliceOf(rows, axis, axes, best) : { slice: rows, joined: false };
      const several = shown.folds === null || shown.folds > 1;
      folds.head(
        axes.length === 1 ? `${T.scoreNames[score.key]} ${T.by(name)}` : T.scoreNames[score.key],
        several ? T.foldNote(shown.folds === null ? T.looFolds : String(shown.folds)) : "",
      );
      losses.head(T.lossBy(name), several ? T.mean : "");
      const along = axis ?? { path: "", name: "" };
      const version = [shown.version, along.path, shown.pointed].join();
      folds.chart.draw(
        version,
        (canvas, painter, ratio) => {
          const model = foldSweep(slice, along, score, joined);
          return finderOf(model, painter.sweep(canvas, ratio, model.spec), shown);
        },
        () => `${T.scoreTitles[score.key]} by ${name}: ${slice.length} means with their standard deviations.`,
      );
      curves.head(T.chosen, shown.network ? T.chosenNote : "");
      drawCurves(curves.chart, shown);
      if (!shown.network) return;
      const model = lossSweep(slice, along, shown.log, joined);
      const is = model.log ? "log" : "linear";
      if (scale.textContent !== is) {
        setText(scale, is);
        scale.setAttribute("aria-label", `${T.lossBy(name)}: vertical axis ${is}, switch`);
      }
      losses.chart.draw(
        `${version} ${shown.log}`,
        (canvas, painter, ratio) => finderOf(model, painter.sweep(canvas, ratio, model.spec), shown),
        () => `${T.lossBy(name)}, training and validation, ${is} scale.`,
      );
    },
  };
}

/** @param {import("./chart.js").Chart} chart @param {Shown} shown */
function drawRace(chart, { rows, rival, score, version }) {
  const lines = [rows, rival?.rows ?? []].map((of) => raceOf(of, score));
  chart.draw(
    String(version),
    (canvas, painter, ratio) => {
      const spec = {
        series: lines.map(({ x }, i) => series(i + 1, "line", 2 * i, 2 * i + 1, x.length, i === 0)),
        x_name: "trials",
        x_end: null,
        log: false,
        bounds: null,
      };
      const at = painter.curves(
        canvas,
        ratio,
        spec,
        lines.flatMap(({ x, y }) => [x, y]),
      );
      return readerOf(at, lines, "trials", (i, v) => [T.rivalKey[i] ?? "", `${scoreText(v, score)}${score.unit}`]);
    },
    () =>
      `${T.race}: ${lines.map(({ y }, i) => `${T.rivalKey[i]} ${y.length > 0 ? scoreText(y[y.length - 1] ?? Number.NaN, score) : "–"}`).join(", ")}.`,
  );
}

/** @param {import("./chart.js").Chart} chart @param {Shown} shown */
function drawCurves(chart, { curves, log, version }) {
  const lines = curves.map(({ row }) => ({
    x: Float64Array.from(row.result?.curves?.iteration ?? []),
    y: Float64Array.from(row.result?.curves?.loss ?? []),
  }));
  const vals = curves.map(({ row }) => ({
    x: Float64Array.from(row.result?.curves?.val_iteration ?? []),
    y: Float64Array.from(row.result?.curves?.val_loss ?? []),
  }));
  chart.draw(
    `${version} ${log} ${curves.map(({ row, mark }) => `${mark}:${row.index}`).join()}`,
    (canvas, painter, ratio) => {
      /** @type {Float64Array[]} */
      const columns = [];
      const all = curves.flatMap(({ mark, row }, i) => {
        const failed = row.result?.score_mean === null;
        return [
          { line: lines[i], kind: "line" },
          { line: vals[i], kind: "validation" },
        ].flatMap(({ line, kind }) => {
          if (!line || line.x.length === 0) return [];
          columns.push(line.x, line.y);
          return [
            { ...series(mark, kind, columns.length - 2, columns.length - 1, line.x.length, false), diverged: failed },
          ];
        });
      });
      const spec = { series: all, x_name: "iterations", x_end: null, log, bounds: null };
      const at = painter.curves(canvas, ratio, spec, columns);
      return readerOf(at, lines, "iterations", (i, v) => [`${T.number} ${(curves[i]?.row.index ?? 0) + 1}`, short(v)]);
    },
    () => `${T.chosen}: loss of trials ${curves.map(({ row }) => row.index + 1).join(", ") || "none"}.`,
  );
}

/** @param {number} lane @param {string} kind @param {number} x @param {number} y @param {number} rows @param {boolean} selected */
function series(lane, kind, x, y, rows, selected) {
  return { lane, selected, diverged: false, kind, smoothing: 0, x, y, rows };
}

/** Reads all lines off at one x. @param {any} at @param {{ x: Float64Array, y: Float64Array }[]} lines @param {string} unit @param {(i: number, v: number) => [string, string]} say @returns {(x: number, y: number) => Hit | null} */
function readerOf(at, lines, unit, say) {
  return (px, py) => {
    if (px < at.left || px > at.left + at.width || py < at.top || py > at.top + at.height) return null;
    const x = at.x[0] + ((px - at.left) / at.width) * (at.x[1] - at.x[0]);
    const read = lines.flatMap(({ x: xs, y: ys }, i) => {
      const row = xs.findLastIndex((v) => v <= x);
      const v = ys[row];
      return v === undefined || Number.isNaN(v) ? [] : [say(i, v)];
    });
    return read.length > 0 ? { x: px, y: py, head: `${unit} ${Math.round(x)}`, lines: read } : null;
  };
}
