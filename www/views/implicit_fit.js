/** A model of two inputs that is to be 0, such as a circle: the data, and the line on which every lane's model is 0. */

import { atMostEvery, canDraw, paint, ratio, themeVersion } from "../draw.js";
import { layer, Plot, standings } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

const RATE = 15;

export function createImplicitFit() {
  const ink = layer("paths");
  const dots = layer("dots");
  const plot = new Plot(ink, dots);
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown[]} */
  let drawn = [];

  const draw = atMostEvery(1000 / RATE, () => {
    const { grid, points, info } = record ?? {};
    if (!record || !grid || !points || !info?.least_squares || !canDraw() || !plot.measure()) return;
    const lanes = record.lanes.filter((l) => l.field);
    const size = [plot.width, plot.height, ratio(), themeVersion(), record.run];
    const shows = [...size, ...lanes.flatMap((l) => [l.lane, l.field, l.selected])];
    if (shows.length === drawn.length && shows.every((v, i) => v === drawn[i])) return;
    drawn = shows;
    const view = [grid.x0, grid.x1, grid.y0, grid.y1];
    const [x_name = "x1", y_name = "x2"] = info.least_squares.features;
    const spec = {
      view,
      grid,
      level: 0,
      lanes: lanes.map((l, i) => ({ lane: l.lane, selected: l.selected, values: i })),
      x_name,
      y_name,
    };
    const of = record;
    plot.ready(ink);
    paint().decisions(
      ink,
      ratio(),
      spec,
      lanes.map((l) => /** @type {Float64Array} */ (l.field)),
    );
    const { inputs, targets } = points.train;
    const column = (/** @type {number} */ k) => Float64Array.from(targets, (_, i) => inputs[2 * i + k] ?? Number.NaN);
    plot.ready(dots);
    const data = [column(0), column(1), new Float64Array(targets.length)];
    paint().data(dots, ratio(), { view, sets: [true], between: null }, data);
    plot.say(() => words(of), of.playing);
  });

  return {
    element: plot.box,
    /** @param {State} _state @param {Record} nextRecord */
    render(_state, nextRecord) {
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** @param {Record} record */
function words({ info, lanes }) {
  return `The data, and where ${info.least_squares?.formula ?? "the model"} is 0 for ${standings(lanes)}.`;
}
