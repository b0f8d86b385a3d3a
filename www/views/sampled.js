/** What samplers add to a map: their samples as a cloud, and the last proposals of the selected lane. */

import { canDraw, paint, ratio } from "../draw.js";
import { layer } from "./plot.js";

/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("./surface_map.js").Shown} Shown */
/** @typedef {import("./plot.js").Plot} Plot */

export class Clouds {
  #canvas = layer("ground samples");
  #place = "";
  #run = -1;
  /** What is drawn. @type {unknown[]} */
  #drawn = [];

  /** @param {HTMLCanvasElement} above the layer that this one lies under */
  constructor(above) {
    above.before(this.#canvas);
  }

  /** @param {Record} record @param {Shown} shown @param {Plot} plot @param {string} place what the size and the view depend on */
  draw(record, { plane }, plot, place) {
    const now = record.lanes.flatMap((l) => [l.sampled, l.selected, l.lane]);
    const same = now.length === this.#drawn.length && now.every((v, i) => v === this.#drawn[i]);
    if (!canDraw() || !plot.placed || (same && place === this.#place && record.run === this.#run)) return;
    [this.#drawn, this.#place, this.#run] = [now, place, record.run];
    /** @type {Float64Array[]} */
    const columns = [];
    const add = (/** @type {Float64Array} */ column) => columns.push(column) - 1;
    const clouds = record.lanes.flatMap(({ lane, selected, sampled }) =>
      sampled
        ? [
            {
              lane,
              selected,
              samples: add(sampled.samples),
              accepted: add(sampled.accepted),
              rejected: add(sampled.rejected),
            },
          ]
        : [],
    );
    // The selected lane's lie over the others'.
    clouds.sort((a, b) => Number(a.selected) - Number(b.selected));
    this.#canvas.hidden = clouds.length === 0;
    if (clouds.length === 0) return;
    plot.ready(this.#canvas);
    paint().map_samples(this.#canvas, ratio(), { plane, clouds }, columns);
  }
}
