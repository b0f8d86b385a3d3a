/** The network: a wire for each weight, by sign and size; a box for each unit, with what it computes where that can be drawn. */

import { h, svg } from "../dom.js";
import { atMostEvery, canDraw, paint, short, themeVersion } from "../draw.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {{ from: number, to: number, layer: number, index: number, path: SVGElement, hit: SVGElement }} Wire */
/** @typedef {{ layer: number, unit: number, canvas: HTMLCanvasElement }} Neuron */

/** At most so many units of a layer are drawn, and so many layers can be had. */
const UNITS = 9;
const LAYERS = 6;
const WIDEST = 256;
/** Nodes a side of a neuron's picture. */
const SIDE = 24;
const RATE = 10;

/** @param {{ setLayers(layers: number[]): void, pickWeight(index: number): void }} on */
export function createDiagram(on) {
  const wires = svg("svg", { class: "wires", "aria-hidden": "true" });
  const tip = h("div", { class: "tip num", hidden: true });
  const element = h("div", { class: "diagram", role: "group" });
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  let builtFor = "";
  let shownFor = -1;
  /** @type {{ wires: Wire[], neurons: Neuron[] }} */
  let parts = { wires: [], neurons: [] };
  /** @type {unknown} */
  let parameters = null;
  /** @type {unknown} */
  let neurons = null;
  let picked = -1;
  let extent = "";

  const draw = atMostEvery(1000 / RATE, () => {
    const network = record?.info.network;
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (!state || !record || !network || !canDraw() || width < 80 || height < 60) return;
    const key = [network.sizes.join("-"), width, height, network.features.join(), themeVersion()].join("|");
    if (key !== builtFor) {
      // A button that is used stays under the finger: it is found again by its name.
      const used = element.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
      builtFor = key;
      parts = build(width, height, network);
      parameters = neurons = null;
      picked = -1;
      if (used)
        /** @type {HTMLElement | null} */ (element.querySelector(`[aria-label="${CSS.escape(used)}"]`))?.focus();
    }
    const lane = record.lanes.find((l) => l.selected);
    if (lane?.parameters && (lane.parameters !== parameters || state.weight !== picked)) {
      parameters = lane.parameters;
      picked = state.weight;
      drawWires(lane.parameters);
    }
    if (lane?.neurons && (lane.neurons !== neurons || shownFor !== themeVersion())) {
      neurons = lane.neurons;
      shownFor = themeVersion();
      drawNeurons(lane.neurons);
    }
    const hidden = network.sizes.slice(1, -1);
    const says = `Network: ${network.sizes[0]} inputs, ${hidden.length ? `hidden layers of ${hidden.join(", ")}` : "no hidden layer"}, ${network.sizes.at(-1)} output${network.sizes.at(-1) === 1 ? "" : "s"}. Wires show weights: width is size, dashed is negative.`;
    if (!record.playing) extent = extentOf();
    if (element.getAttribute("aria-label") !== says + extent) element.setAttribute("aria-label", says + extent);
  });

  /** The range of the weights that are shown, in words. */
  function extentOf() {
    const all = /** @type {Float64Array | null} */ (parameters);
    const values = parts.wires.map(({ index }) => all?.[index] ?? Number.NaN).filter(Number.isFinite);
    return values.length > 0
      ? ` Those shown go from ${short(Math.min(...values))} to ${short(Math.max(...values))}.`
      : "";
  }

  /** @param {number} width @param {number} height @param {import("../protocol.js").NetworkInfo} network */
  function build(width, height, network) {
    const u = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const { sizes } = network;
    const top = (matchMedia("(max-width: 719px)").matches ? 70 : 46) * u;
    const pictures = sizes[0] === 2;
    const most = Math.min(UNITS, Math.max(3, Math.floor((height - top) / (24 * u))));
    const shown = sizes.map((n) => (n > most ? most - 1 : n));
    const rows = sizes.map((n, l) => (shown[l] ?? 0) + (n > most ? 1 : 0));
    const tallest = Math.max(...rows);
    const widest = (width - 60 * u) / sizes.length;
    const size = Math.max(
      12 * u,
      Math.min((pictures ? 44 : 26) * u, (height - top - 6 * u) / tallest - (pictures ? 10 : 6) * u, 0.62 * widest),
    );
    const named = network.features.length <= most ? network.features : network.features.slice(0, most - 1);
    const label = Math.min(0.24 * width, 14 * u + 7.4 * u * Math.max(2, ...named.map((f) => Math.min(14, f.length))));
    const left = label;
    const right = width - size - Math.max(4 * u, sizes.at(-1) === 1 ? 18 * u : 4 * u);
    const step = Math.min((height - top) / Math.max(2, tallest), size + (pictures ? 22 : 14) * u);
    /** The upper left corner of a box. @type {(l: number, i: number) => [number, number]} */
    const corner = (l, i) => [
      left + (l / Math.max(1, sizes.length - 1)) * (right - left),
      top + (height - top) / 2 + (i - ((rows[l] ?? 1) - 1) / 2) * step - size / 2,
    ];
    wires.replaceChildren();
    element.replaceChildren(wires, tip);
    /** @type {Wire[]} */
    const made = [];
    let offset = 0;
    for (let l = 0; l + 1 < sizes.length; l += 1) {
      const [inputs, outputs] = [sizes[l] ?? 0, sizes[l + 1] ?? 0];
      for (let to = 0; to < (shown[l + 1] ?? 0); to += 1) {
        for (let from = 0; from < (shown[l] ?? 0); from += 1) {
          const d = curve(corner(l, from), corner(l + 1, to), size);
          const path = svg("path", { class: "wire", d });
          const hit = svg("path", { class: "wire-hit", d });
          const index = offset + to * inputs + from;
          hit.addEventListener("click", () => on.pickWeight(index));
          made.push({ from, to, layer: l, index, path, hit });
        }
      }
      offset += inputs * outputs + outputs;
    }
    wires.append(...made.map((w) => w.path), ...made.map((w) => w.hit));
    for (const wire of made) {
      wire.hit.addEventListener("pointerenter", (event) =>
        sayWeight(wire, network, /** @type {PointerEvent} */ (event)),
      );
      wire.hit.addEventListener("pointerleave", () => {
        tip.hidden = true;
        wire.path.classList.remove("near");
      });
    }
    /** @type {Neuron[]} */
    const boxes = [];
    for (let l = 0; l < sizes.length; l += 1) {
      for (let i = 0; i < (shown[l] ?? 0); i += 1) {
        const [x, y] = corner(l, i);
        const canvas = h("canvas", { class: "neuron", width: SIDE, height: SIDE, "aria-hidden": "true" });
        canvas.style.cssText = `left:${x}px;top:${y}px;width:${size}px;height:${size}px`;
        boxes.push({ layer: l, unit: i, canvas });
        element.append(canvas);
        if (l === 0) element.append(text("node-label", network.features[i] ?? `x${i + 1}`, x, y + size / 2, label - 4));
      }
      const more = (sizes[l] ?? 0) - (shown[l] ?? 0);
      if (more > 0) {
        const [x, y] = corner(l, shown[l] ?? 0);
        element.append(text("more", `+${more} more`, x + size / 2, y + size / 2));
      }
    }
    for (let l = 0; l < sizes.length; l += 1) element.append(tag(l, sizes, corner(l, 0)[0] + size / 2));
    // What stands at the edge moves inwards.
    for (const t of element.querySelectorAll(".layer-tag, .more")) {
      const tagged = /** @type {HTMLElement} */ (t);
      const half = tagged.offsetWidth / 2;
      tagged.style.left = `${Math.min(width - half, Math.max(half, parseFloat(tagged.style.left)))}px`;
    }
    return { wires: made, neurons: boxes };
  }

  /** The name of a layer, and how to change it. @param {number} l @param {number[]} sizes @param {number} x */
  function tag(l, sizes, x) {
    const last = sizes.length - 1;
    const hidden = sizes.slice(1, -1);
    const name = l === 0 ? "input" : l === last ? "output" : sizes.length > 5 ? `h${l}` : `hidden ${l}`;
    const element = h("div", { class: "layer-tag" }, name);
    element.style.left = `${x}px`;
    if (l === 0 || l === last) return element;
    const change = (/** @type {number} */ by) => on.setLayers(hidden.map((n, k) => (k === l - 1 ? n + by : n)));
    const units = sizes[l] ?? 1;
    element.append(
      h(
        "div",
        {},
        h(
          "button",
          {
            type: "button",
            "aria-label": `One unit less in hidden layer ${l}`,
            disabled: units <= 1,
            onclick: () => change(-1),
          },
          "−",
        ),
        h("b", {}, String(units)),
        h(
          "button",
          {
            type: "button",
            "aria-label": `One unit more in hidden layer ${l}`,
            disabled: units >= WIDEST,
            onclick: () => change(1),
          },
          "+",
        ),
      ),
    );
    return element;
  }

  /** @param {Float64Array} values */
  function drawWires(values) {
    let largest = 1.5;
    // Where there are many, thick wires would hide each other.
    const thick = parts.wires.length <= 40 ? 5 : parts.wires.length <= 120 ? 3.2 : 2.2;
    for (const w of parts.wires) largest = Math.max(largest, Math.abs(values[w.index] ?? 0) || 0);
    for (const { index, path } of parts.wires) {
      const w = values[index] ?? 0;
      const width = Number.isFinite(w) ? (0.5 + (thick * Math.abs(w)) / largest).toFixed(1) : "0.5";
      if (path.getAttribute("stroke-width") !== width) path.setAttribute("stroke-width", width);
      const cls = `wire ${w < 0 ? "neg" : "pos"}${index === picked ? " picked" : ""}`;
      if (path.getAttribute("class") !== cls) path.setAttribute("class", cls);
    }
  }

  /** @param {Float64Array[]} layers */
  function drawNeurons(layers) {
    const nodes = SIDE * SIDE;
    const last = layers.length - 1;
    const probability = record?.info.network?.task === "classification";
    for (const { layer, unit, canvas } of parts.neurons) {
      const values = layers[layer]?.subarray(unit * nodes, (unit + 1) * nodes);
      if (values?.length !== nodes) continue;
      const [middle, half] = layer === last && probability ? [0.5, 0.5] : spread(values, layer === 0);
      paint().neuron(canvas, values, SIDE, middle, half);
    }
  }

  /** @param {Wire} wire @param {import("../protocol.js").NetworkInfo} network @param {PointerEvent} event */
  function sayWeight(wire, network, event) {
    const values = /** @type {Float64Array | null} */ (parameters);
    if (!values) return;
    wire.path.classList.add("near");
    const from = wire.layer === 0 ? (network.features[wire.from] ?? `x${wire.from + 1}`) : `unit ${wire.from + 1}`;
    tip.replaceChildren(
      h("b", {}, `w = ${short(values[wire.index] ?? Number.NaN)}`),
      h("span", {}, `${from} → unit ${wire.to + 1}`),
    );
    tip.hidden = false;
    const box = element.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + 10, element.clientWidth - tip.offsetWidth - 2);
    tip.style.cssText = `left:${Math.max(0, x)}px;top:${Math.max(0, event.clientY - box.top - tip.offsetHeight - 8)}px`;
  }

  return {
    element,
    /** @param {State} nextState @param {Record} nextRecord */
    render(nextState, nextRecord) {
      state = nextState;
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** How many hidden layers there may be, and how wide a new one is. @param {number[]} hidden @param {number} by @returns {number[] | null} */
export function layersChanged(hidden, by) {
  const count = hidden.length + by;
  if (count < 0 || count > LAYERS) return null;
  return by < 0 ? hidden.slice(0, count) : [...hidden, hidden.at(-1) ?? 4];
}

/** @param {[number, number]} from @param {[number, number]} to @param {number} size */
function curve([x0, y0], [x1, y1], size) {
  const [a, b, c, d] = [x0 + size, y0 + size / 2, x1, y1 + size / 2];
  const bend = 0.45 * (c - a);
  return `M${a.toFixed(1)} ${b.toFixed(1)}C${(a + bend).toFixed(1)} ${b.toFixed(1)} ${(c - bend).toFixed(1)} ${d.toFixed(1)} ${c.toFixed(1)} ${d.toFixed(1)}`;
}

/** @param {string} cls @param {string} words @param {number} x @param {number} y @param {number} [width] */
function text(cls, words, x, y, width) {
  const element = h("span", { class: cls, title: words }, words);
  element.style.cssText = `left:${x}px;top:${y}px${width ? `;max-width:${width}px` : ""}`;
  return element;
}

/** What a unit's picture is centred on, and how far it reaches: an input's own range, or the largest size of an activation. @param {Float64Array} values @param {boolean} centred @returns {[number, number]} */
function spread(values, centred) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  return centred ? [(low + high) / 2, (high - low) / 2] : [0, Math.max(Math.abs(low), Math.abs(high))];
}
