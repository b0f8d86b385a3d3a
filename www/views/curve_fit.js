/** A model fitted to data of one input: the data, the curve of every lane, the selected lane's band, and its residuals. */

import { h } from "../dom.js";
import { atMostEvery, canDraw, paint, ratio, short, themeVersion } from "../draw.js";
import { T } from "../texts.js";
import { layer, Plot, Readout, standings } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

const RATE = 15;

export function createCurveFit() {
  const curve = new Plot(layer("paths"));
  const rest = new Plot(layer("paths"));
  const readout = new Readout();
  curve.box.append(readout.element);
  const element = h("div", { class: "fit-stack" }, curve.box, rest.box);
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown[]} */
  let drawn = [];

  const draw = atMostEvery(1000 / RATE, () => {
    const { grid, points, info } = record ?? {};
    if (!record || !grid || !points || !info?.least_squares || !canDraw()) return;
    if (!curve.measure() || !rest.measure()) return;
    const size = [curve.width, curve.height, rest.height, ratio(), themeVersion(), record.run];
    const shows = [...size, ...record.lanes.flatMap((l) => [l.lane, l.curve, l.selected, l.band, l.predicted])];
    if (shows.length === drawn.length && shows.every((v, i) => v === drawn[i])) return;
    drawn = shows;
    drawCurves(record, grid);
    drawResiduals(record);
  });

  /** @param {Record} of @param {import("../protocol.js").Grid} grid */
  function drawCurves(of, grid) {
    const { points, info } = of;
    const xs = Float64Array.from({ length: grid.nx }, (_, i) => grid.x0 + ((grid.x1 - grid.x0) * i) / (grid.nx - 1));
    /** @type {Float64Array[]} */
    const columns = [xs];
    const add = (/** @type {Float64Array} */ column) => columns.push(column) - 1;
    const train = points?.train;
    const sure = of.lanes.find((l) => l.selected && l.band);
    const spec = {
      sets: train ? [{ filled: true, x: add(train.inputs), y: add(train.targets) }] : [],
      lanes: of.lanes.flatMap((l) => (l.curve ? [{ lane: l.lane, selected: l.selected, x: 0, y: add(l.curve) }] : [])),
      outer: sure?.band?.predictive_lower
        ? {
            lane: sure.lane,
            x: 0,
            lower: add(sure.band.predictive_lower),
            upper: add(sure.band.predictive_upper ?? xs),
          }
        : null,
      band: sure?.band ? { lane: sure.lane, x: 0, lower: add(sure.band.lower), upper: add(sure.band.upper) } : null,
      x_name: info.least_squares?.features[0] ?? "x",
      y_name: info.least_squares?.target || "y",
    };
    const [canvas] = curve.layers;
    if (!canvas) return;
    curve.ready(canvas);
    curve.placed = paint().fit(canvas, ratio(), spec, columns);
    curve.say(() => words(of), of.playing);
  }

  /** @param {Record} of */
  function drawResiduals(of) {
    const lane = of.lanes.find((l) => l.selected);
    const train = of.points?.train;
    const [canvas] = rest.layers;
    if (!lane?.predicted || !train || !canvas) return;
    const residuals = lane.predicted.train.map((v, i) => v - (train.targets[i] ?? Number.NaN));
    const ends = Float64Array.of(of.grid?.x0 ?? 0, of.grid?.x1 ?? 1);
    const spec = {
      sets: [{ filled: true, x: 0, y: 1 }],
      lanes: [{ lane: lane.lane, selected: false, x: 2, y: 3 }],
      x_name: "",
      y_name: T.residualOf(lane.title),
    };
    rest.ready(canvas);
    rest.placed = paint().fit(canvas, ratio(), spec, [train.inputs, residuals, ends, Float64Array.of(0, 0)]);
    rest.say(() => `Residuals: ${T.residualOf(lane.title)}; the largest is ${short(largest(residuals))}.`, of.playing);
  }

  curve.box.addEventListener("pointermove", (event) => {
    const at = curve.at(event);
    const grid = record?.grid;
    if (!at || !record || !grid) return readout.hide();
    const i = Math.round(((at.x - grid.x0) / (grid.x1 - grid.x0)) * (grid.nx - 1));
    /** @type {[string, string][]} */
    const rows = record.lanes
      .filter((l) => l.curve)
      .map((l) => [`${l.lane} ${l.title}`, short(l.curve?.[i] ?? Number.NaN)]);
    readout.element.classList.toggle("left", at.px > curve.width / 2);
    readout.show([[record.info.least_squares?.features[0] ?? "x", short(at.x)], ...rows]);
  });
  curve.box.addEventListener("pointerleave", () => readout.hide());

  return {
    element,
    /** @param {State} _state @param {Record} nextRecord */
    render(_state, nextRecord) {
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** The number that is largest in magnitude. @param {Float64Array} values */
function largest(values) {
  return values.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
}

/** @param {Record} record */
function words({ info, lanes }) {
  const fit = info.least_squares;
  return `The data, and the model ${fit?.formula ?? ""} as fitted by ${standings(lanes)}: ${fit?.target || "y"} against ${fit?.features[0] ?? "x"}.`;
}
