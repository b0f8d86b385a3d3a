/** The box of one chart: canvases above each other, a layer for what follows the pointer, and what they say in words. */

import { h } from "../dom.js";
import { fit, paint, short } from "../draw.js";
import { last } from "../record.js";

/** @typedef {import("../draw.js").Placed} Placed */

const SAY_MS = 2000;

/** Where each lane stands, in words. @param {import("../record.js").LaneRecord[]} lanes */
export function standings(lanes) {
  return lanes
    .map((l) =>
      l.status === "diverged"
        ? `lane ${l.lane}, ${l.title}, diverged: ${l.reason}`
        : `lane ${l.lane}, ${l.title}, at iteration ${l.at}${l.rows > 0 ? `, loss ${short(last(l, "loss"))}` : ""}`,
    )
    .join("; ");
}

/** A canvas that nobody but the eye is told of. @param {string} name */
export function layer(name) {
  return h("canvas", { class: name, "aria-hidden": "true" });
}

export class Plot {
  /** @type {HTMLElement} */ box = h("div", { class: "plot" });
  /** The picture, in words. */
  #image = h("div", { class: "ink", role: "img" });
  /** Where the axes lie, once they are drawn. @type {Placed | null} */
  placed = null;
  width = 0;
  height = 0;
  #said = 0;
  #later = 0;

  /** @param {...HTMLCanvasElement} layers from below */
  constructor(...layers) {
    this.#image.append(...layers);
    this.box.append(this.#image);
    this.layers = layers;
  }

  /** Reads the size of the box; false if it is not shown. */
  measure() {
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    return this.width > 40 && this.height > 40;
  }

  /** A canvas made as large as the box. @param {HTMLCanvasElement} canvas */
  ready(canvas) {
    fit(canvas, this.width, this.height);
    return paint();
  }

  /** Says what the picture shows; while it moves every two seconds, and then of the last that was drawn. @param {() => string} words @param {boolean} moving */
  say(words, moving) {
    clearTimeout(this.#later);
    const wait = moving ? this.#said + SAY_MS - performance.now() : 0;
    if (wait > 0) {
      this.#later = window.setTimeout(() => this.say(words, false), wait);
      return;
    }
    this.#said = performance.now();
    const text = words();
    if (this.#image.getAttribute("aria-label") !== text) this.#image.setAttribute("aria-label", text);
  }

  /** The pointer in CSS pixels of the box, and in the chart's own numbers; null outside the axes. @param {MouseEvent} event */
  at(event) {
    const at = this.placed;
    if (!at) return null;
    const box = this.box.getBoundingClientRect();
    const px = event.clientX - box.left;
    const py = event.clientY - box.top;
    const s = (px - at.left) / at.width;
    const t = 1 - (py - at.top) / at.height;
    if (s < 0 || s > 1 || t < 0 || t > 1) return null;
    return { px, py, x: at.x[0] + s * (at.x[1] - at.x[0]), y: at.y[0] + t * (at.y[1] - at.y[0]) };
  }

  /** The pixel of a point on linear axes. @param {number} x @param {number} y @returns {[number, number]} */
  pixel(x, y) {
    const at = this.placed;
    if (!at) return [0, 0];
    return [
      at.left + ((x - at.x[0]) / (at.x[1] - at.x[0])) * at.width,
      at.top + (1 - (y - at.y[0]) / (at.y[1] - at.y[0])) * at.height,
    ];
  }
}

/** What is read off at the pointer. */
export class Readout {
  element = h("dl", { class: "readout num", hidden: true });
  /** @type {HTMLElement[]} */
  #values = [];
  #names = "";

  /** @param {[string, string][]} rows */
  show(rows) {
    const names = rows.map(([name]) => name).join("\n");
    if (names !== this.#names) {
      this.#names = names;
      this.#values = rows.map(() => h("dd"));
      this.element.replaceChildren(...rows.flatMap(([name], i) => [h("dt", {}, name), this.#values[i] ?? ""]));
    }
    for (const [i, [, value]] of rows.entries()) {
      const cell = this.#values[i];
      if (cell && cell.textContent !== value) cell.textContent = value;
    }
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }
}
