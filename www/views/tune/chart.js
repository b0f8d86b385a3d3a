/** A chart of a search: drawn by the engine when something has changed, and read off at the pointer. */

import { h, setText } from "../../dom.js";
import { canDraw, ratio, themeVersion } from "../../draw.js";
import { layer, Plot } from "../plot.js";

/** @typedef {{ left: number, top: number, width: number, height: number }} Place */
/** @typedef {{ x: number, y: number, head: string, lines: [string, string][], row?: import("./study.js").Row, search?: number }} Hit what stands at a place, in CSS pixels of the box */

export class Chart {
  #canvas = layer("");
  plot = new Plot(this.#canvas);
  #tip = h("div", { class: "tip num", hidden: true });
  #drawn = "";
  /** @type {((x: number, y: number) => Hit | null)} */
  #find = () => null;
  /** @type {((hit: Hit) => void) | null} */
  onpick = null;

  constructor() {
    const { box } = this.plot;
    box.append(this.#tip);
    box.addEventListener("pointermove", (event) => this.#point(event));
    box.addEventListener("pointerleave", () => {
      this.#tip.hidden = true;
    });
    box.addEventListener("click", (event) => {
      const hit = this.#at(event);
      if (hit) this.onpick?.(hit);
    });
  }

  /**
   * Draws, if `key` or the size or the colours are others than at the last time.
   * @param {string} key @param {(canvas: HTMLCanvasElement, painter: import("../../../pkg/descent.js").Painter, ratio: number) => (x: number, y: number) => Hit | null} paint gives what finds the thing at a place
   * @param {() => string} words
   */
  draw(key, paint, words) {
    if (!canDraw() || !this.plot.measure()) return;
    const now = [key, this.plot.width, this.plot.height, ratio(), themeVersion()].join("|");
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#find = paint(this.#canvas, this.plot.ready(this.#canvas), ratio());
    this.plot.say(words, false);
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const box = this.plot.box.getBoundingClientRect();
    return this.#find(event.clientX - box.left, event.clientY - box.top);
  }

  /** @param {MouseEvent} event */
  #point(event) {
    const hit = this.#at(event);
    this.#tip.hidden = !hit;
    this.plot.box.classList.toggle("hot", Boolean(hit?.row && this.onpick));
    if (!hit) return;
    const { width } = this.plot;
    this.#tip.replaceChildren(
      h("b", {}, hit.head),
      h("ul", {}, ...hit.lines.map(([name, value]) => h("li", {}, h("span", {}, name), h("span", {}, value)))),
    );
    this.#tip.style.top = `${Math.max(0, hit.y - 12)}px`;
    this.#tip.style.left = hit.x < 0.55 * width ? `${hit.x + 14}px` : "";
    this.#tip.style.right = hit.x < 0.55 * width ? "" : `${width - hit.x + 14}px`;
  }
}

/** The pixel of a number along an axis of a chart. @param {number} v @param {import("./model.js").SpanSpec} span @param {[number, number]} ends as placed @param {number} from @param {number} length */
export function pixelOf(v, span, [low, high], from, length) {
  const t = span.log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
  return from + t * length;
}

/** The nearest of some points, within `reach` pixels; −1 if none is. @param {[number, number][]} points @param {number} x @param {number} y @param {number} reach */
export function nearest(points, x, y, reach) {
  let best = -1;
  let least = reach * reach;
  points.forEach(([px, py], i) => {
    const d = (px - x) ** 2 + (py - y) ** 2;
    if (d <= least) {
      least = d;
      best = i;
    }
  });
  return best;
}

/** A chart with its title, for the side. @param {string} name for its id @param {HTMLElement[]} tools */
export function panel(name, ...tools) {
  const chart = new Chart();
  const title = h("span", { class: "t" });
  const note = h("span");
  const id = `tune-${name}`;
  const element = h(
    "section",
    { class: "curve", "aria-labelledby": id },
    h("header", {}, h("h3", { id }, title, " ", note), ...tools),
    chart.plot.box,
  );
  return {
    chart,
    element,
    /** @param {string} what @param {string} more */
    head(what, more) {
      setText(title, what);
      setText(note, more);
    },
  };
}
