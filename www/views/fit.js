/** The fit of networks of one input: the data, and the curve of every lane. */

import { atMostEvery, canDraw, paint, ratio, short, themeVersion } from "../draw.js";
import { setsOf, strided } from "./boundary.js";
import { layer, Plot, Readout, standings } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

const RATE = 15;

export function createFit() {
  const ink = layer("paths");
  const plot = new Plot(ink);
  const readout = new Readout();
  plot.box.append(readout.element);
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown[]} */
  let drawn = [];

  const draw = atMostEvery(1000 / RATE, () => {
    const { grid, info } = record ?? {};
    const network = info?.network;
    if (!state || !record || !grid || !network || !canDraw() || !plot.measure()) return;
    const lanes = record.lanes.filter((l) => l.curve);
    const shows = [
      plot.width,
      plot.height,
      ratio(),
      themeVersion(),
      record.run,
      state.show,
      ...lanes.flatMap((l) => [l.lane, l.curve, l.selected]),
    ];
    if (shows.length === drawn.length && shows.every((v, i) => v === drawn[i])) return;
    drawn = shows;
    const xs = Float64Array.from({ length: grid.nx }, (_, i) => grid.x0 + ((grid.x1 - grid.x0) * i) / (grid.nx - 1));
    const outputs = network.sizes.at(-1) ?? 1;
    /** @type {Float64Array[]} */
    const columns = [xs];
    const add = (/** @type {Float64Array} */ column) => columns.push(column) - 1;
    const spec = {
      sets: setsOf(state, record).map(({ points, filled }) => ({
        filled,
        x: add(points.inputs),
        y: add(strided(points.targets, network.task === "regression" ? outputs : 1, 0)),
      })),
      lanes: lanes.map((l) => ({
        lane: l.lane,
        selected: l.selected,
        x: 0,
        y: add(
          strided(/** @type {Float64Array} */ (l.curve), outputs, network.task === "regression" ? 0 : outputs - 1),
        ),
      })),
      x_name: network.features[0] ?? "x",
      y_name: network.task === "regression" ? network.target || "y" : `P(${network.classes[1] ?? "class 1"})`,
    };
    plot.ready(ink);
    plot.placed = paint().fit(ink, ratio(), spec, columns);
    const of = record;
    plot.say(() => words(of), of.playing);
  });

  plot.box.addEventListener("pointermove", (event) => {
    const at = plot.at(event);
    const grid = record?.grid;
    if (!at || !record || !grid) return readout.hide();
    const i = Math.round(((at.x - grid.x0) / (grid.x1 - grid.x0)) * (grid.nx - 1));
    const outputs = record.info.network?.sizes.at(-1) ?? 1;
    const rows = record.lanes
      .filter((l) => l.curve)
      .map(
        (l) =>
          /** @type {[string, string]} */ ([
            `${l.lane} ${l.title}`,
            short(l.curve?.[outputs * i + outputs - 1] ?? Number.NaN),
          ]),
      );
    readout.element.classList.toggle("left", at.px > plot.width / 2);
    readout.show([[record.info.network?.features[0] ?? "x", short(at.x)], ...rows]);
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

/** @param {Record} record */
function words(record) {
  const network = record.info.network;
  return `The data, and the fits of ${standings(record.lanes)}: ${network?.target || "output"} against ${network?.features[0] ?? "input"}.`;
}
