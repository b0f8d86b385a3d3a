/** What networks of two inputs answer over the plane: the field of the selected lane, the line of every lane, the data. */

import { atMostEvery, canDraw, cover, paint, ratio, short, themeVersion } from "../draw.js";
import { layer, Plot, Readout, standings } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

const RATE = 15;

export function createBoundary() {
  const field = layer("field");
  const ink = layer("paths");
  const dots = layer("dots");
  const plot = new Plot(field, ink, dots);
  const readout = new Readout();
  plot.box.append(readout.element);
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  let placedFor = "";
  let dotsFor = "";
  /** What the last picture showed. @type {unknown[]} */
  let drawn = [];

  const draw = atMostEvery(1000 / RATE, () => {
    const grid = record?.grid;
    if (!state || !record?.info.network || !grid || !canDraw() || !plot.measure()) return;
    const painter = plot.ready(ink);
    plot.ready(dots);
    const view = Float64Array.of(grid.x0, grid.x1, grid.y0, grid.y1);
    const place = [plot.width, plot.height, ratio(), themeVersion(), view.join(), record.run].join("|");
    if (place !== placedFor) {
      placedFor = place;
      plot.placed = painter.field_place(ink, ratio(), view);
      if (plot.placed) cover(field, plot.placed, 1.5);
      dotsFor = "";
      drawn = [];
    }
    drawField(record, [...view]);
    drawDots(state, record, [...view]);
  });

  /** @param {Record} of @param {number[]} view */
  function drawField(of, view) {
    const { grid } = of;
    const lanes = of.lanes.filter((l) => l.field && l.status !== "diverged");
    const shows = lanes.flatMap((l) => [l.lane, l.field, l.selected]);
    if (!grid || (shows.length === drawn.length && shows.every((v, i) => v === drawn[i]))) return;
    drawn = shows;
    const between = betweenOf(of);
    const selected = of.lanes.find((l) => l.selected)?.field;
    if (selected) paint().field(field, { grid, between }, selected);
    const network = of.info.network;
    const spec = {
      view,
      grid,
      level: between ? 0.5 * (between[0] + between[1]) : 0,
      lanes: lanes.map((l, i) => ({ lane: l.lane, selected: l.selected, values: i })),
      x_name: network?.features[0] ?? "x₁",
      y_name: network?.features[1] ?? "x₂",
    };
    paint().decisions(
      ink,
      ratio(),
      spec,
      lanes.map((l) => /** @type {Float64Array} */ (l.field)),
    );
    plot.say(() => words(of), of.playing);
  }

  /** @param {State} now @param {Record} of @param {number[]} view */
  function drawDots(now, of, view) {
    const key = [placedFor, now.show].join("|");
    if (!of.points || key === dotsFor) return;
    dotsFor = key;
    const outputs = of.info.network?.task === "regression" ? (of.info.network.sizes.at(-1) ?? 1) : 1;
    const sets = setsOf(now, of);
    const columns = sets.flatMap(({ points }) => [
      strided(points.inputs, 2, 0),
      strided(points.inputs, 2, 1),
      strided(points.targets, outputs, 0),
    ]);
    const regression = of.info.network?.task === "regression";
    paint().data(
      dots,
      ratio(),
      { view, sets: sets.map((s) => s.filled), between: regression ? betweenOf(of) : null },
      columns,
    );
  }

  plot.box.addEventListener("pointermove", (event) => {
    const at = plot.at(event);
    const lane = record?.lanes.find((l) => l.selected);
    if (!at || !record?.info.network || !record.grid || !lane?.field) return readout.hide();
    const [x, y] = record.info.network.features;
    readout.element.classList.toggle("left", at.px > plot.width / 2 && at.py < 90);
    readout.show([[`${x ?? "x₁"}, ${y ?? "x₂"}`, `${short(at.x)}, ${short(at.y)}`], answerAt(record, lane.field, at)]);
  });
  plot.box.addEventListener("pointerleave", () => readout.hide());

  return {
    element: plot.box,
    /** @param {State} nextState @param {Record} nextRecord */
    render(nextState, nextRecord) {
      state = nextState;
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** The training and validation data that is to be shown. @param {State} state @param {Record} record */
export function setsOf(state, record) {
  if (!record.points) return [];
  const sets = [];
  if (state.show !== "val") sets.push({ points: record.points.train, filled: true });
  if (state.show !== "train") sets.push({ points: record.points.val, filled: false });
  return sets;
}

/** Every `stride`-th number from `offset`. @param {Float64Array} values @param {number} stride @param {number} offset */
export function strided(values, stride, offset) {
  if (stride === 1) return values;
  return Float64Array.from(
    { length: Math.floor(values.length / stride) },
    (_, i) => values[stride * i + offset] ?? Number.NaN,
  );
}

/** The ends of a diverging field: 0 and 1 for two classes, the range of the targets for numbers; null for scores of classes. @param {Record} record @returns {[number, number] | null} */
function betweenOf(record) {
  const network = record.info.network;
  if (network?.task === "classification") return network.classes.length > 2 ? null : [0, 1];
  const targets = record.points?.train.targets ?? new Float64Array();
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of targets) [low, high] = [Math.min(low, t), Math.max(high, t)];
  return low < high ? [low, high] : [low - 1 || -1, low + 1 || 1];
}

/** What the selected lane answers at a point: the node of the grid nearest to it. @param {Record} record @param {Float64Array} field @param {{ x: number, y: number }} at @returns {[string, string]} */
function answerAt(record, field, { x, y }) {
  const { grid } = record;
  const network = record.info.network;
  if (!grid || !network) return ["", ""];
  const i = Math.round(((x - grid.x0) / (grid.x1 - grid.x0)) * (grid.nx - 1));
  const j = Math.round(((y - grid.y0) / (grid.y1 - grid.y0)) * (grid.ny - 1));
  const node = j * grid.nx + i;
  if (network.task === "regression") return [network.target || "output", short(field[node] ?? Number.NaN)];
  if (network.classes.length <= 2)
    return [`P(${network.classes[1] ?? "class 1"})`, (field[node] ?? Number.NaN).toFixed(3)];
  const scores = network.classes.map((_, k) => field[k * grid.nx * grid.ny + node] ?? Number.NEGATIVE_INFINITY);
  const best = scores.indexOf(Math.max(...scores));
  return ["class", `${network.classes[best] ?? best} (${(scores[best] ?? 0).toFixed(2)})`];
}

/** @param {Record} record */
function words(record) {
  const lane = record.lanes.find((l) => l.selected);
  const network = record.info.network;
  const what = network?.task === "classification" ? "Decision field" : "Output";
  const lines = network?.task === "classification" ? "the decision lines" : "the middle lines";
  return `${what} of lane ${lane?.lane ?? 1}, ${lane?.title ?? ""}, over ${network?.features.join(" and ") ?? ""}, with ${lines} of all ${record.lanes.length} lanes and the data. Now: ${standings(record.lanes)}.`;
}
