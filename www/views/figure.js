/** The problem's own picture, with its title, its controls and its legend. */

import { h, setText, svg, swatch } from "../dom.js";
import { onTheme } from "../draw.js";
import { T } from "../texts.js";
import { createBoundary } from "./boundary.js";
import { createDiagram, layersChanged } from "./diagram.js";
import { createFit } from "./fit.js";
import { mathOf } from "./math.js";
import { createConfusion, createPredicted } from "./predicted.js";
import { createSurfaceMap } from "./surface_map.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {{ element: HTMLElement, render(state: State, record: Record): void, resize(): void }} View */
/** @typedef {"map" | "boundary" | "fit" | "predicted" | "confusion"} Kind */

/** @type {("train" | "val" | "both")[]} */
const SHOWS = ["train", "val", "both"];

/**
 * @param {HTMLElement} root what the figure is put at the beginning of
 * @param {{ setStart(x: number, y: number): void, setLayers(layers: number[]): void, pickWeight(index: number): void, setShow(v: "train" | "val" | "both"): void }} on
 */
export function createFigure(root, on) {
  const bar = new Bar(on);
  const stage = h("div", { class: "stage" });
  const keys = h("ul", { class: "map-key" });
  const legend = h("ul", { class: "legend", "aria-label": "Legend" });
  root.prepend(h("div", { class: "figure" }, bar.element, stage, h("div", { class: "figure-keys" }, keys, legend)));
  /** @type {Kind | null} */
  let kind = null;
  /** @type {View[]} */
  let views = [];
  let keyFor = "";
  let legendFor = "";

  /** @param {Kind} next */
  function show(next) {
    if (kind === next) return;
    kind = next;
    views = viewsOf(next, on);
    const elements = views.map((v) => v.element);
    const shown = elements.length > 1 ? [h("div", { class: "duo" }, ...elements)] : elements;
    stage.replaceChildren(...shown);
  }

  /** @param {Record} record */
  function drawKeys(record) {
    const items = kind === null ? [] : keyOf(kind, record);
    const key = items.map((i) => i.join("\t")).join("\n");
    if (key === keyFor) return;
    keyFor = key;
    keys.hidden = items.length === 0;
    keys.replaceChildren(
      ...items.map(([name, text]) => h("li", { class: name === "note" ? "muted" : "" }, SIGNS[name]?.() ?? null, text)),
    );
  }

  /** @param {Record} record */
  function drawLegend(record) {
    const key = record.lanes.map((l) => [l.lane, l.title, l.detail, l.selected].join("\t")).join("\n");
    if (key === legendFor) return;
    legendFor = key;
    const twice = (/** @type {string} */ title) => record.lanes.filter((l) => l.title === title).length > 1;
    legend.replaceChildren(
      ...record.lanes.map((l) =>
        h(
          "li",
          { class: l.selected ? "on" : "" },
          swatch(l.lane),
          l.title,
          twice(l.title) && l.detail ? h("span", { class: "muted" }, l.detail) : null,
        ),
      ),
    );
  }

  const resize = () => {
    for (const view of views) view.resize();
  };
  new ResizeObserver(resize).observe(stage);
  onTheme(resize);

  return {
    /** @param {State} state @param {Record} record */
    render(state, record) {
      show(kindOf(record));
      bar.render(state, record);
      drawKeys(record);
      drawLegend(record);
      for (const view of views) view.render(state, record);
    },
    resize,
  };
}

/** @param {Record} record @returns {Kind} */
function kindOf({ info }) {
  if (!info.network) return "map";
  const inputs = info.network.sizes[0] ?? 0;
  if (inputs === 1) return "fit";
  if (inputs === 2) return "boundary";
  return info.network.task === "classification" ? "confusion" : "predicted";
}

/** @param {Kind} kind @param {Parameters<typeof createFigure>[1]} on @returns {View[]} */
function viewsOf(kind, on) {
  if (kind === "map") return [createSurfaceMap(on)];
  const answers = { boundary: createBoundary, fit: createFit, predicted: createPredicted, confusion: createConfusion }[
    kind
  ];
  return [createDiagram(on), answers()];
}

/** Title, formula or shape, and what there is to choose. */
class Bar {
  #title = h("h1");
  #detail = h("span", { class: "formula" });
  /** @type {HTMLInputElement[]} */
  #shows;
  #show;
  #layers = h("div", { class: "stepper", role: "group", "aria-label": "Hidden layers" });
  #count = h("b");
  #latex = "";
  /** @type {number[]} */
  #hidden = [];

  /** @param {Parameters<typeof createFigure>[1]} on */
  constructor(on) {
    this.#shows = SHOWS.map((v) =>
      h("input", {
        type: "radio",
        name: "show",
        "aria-label": v === "both" ? "both" : v === "val" ? "validation data" : "training data",
        onchange: () => on.setShow(v),
      }),
    );
    this.#show = h(
      "div",
      { class: "seg", role: "radiogroup", "aria-label": "Data shown" },
      ...SHOWS.map((v, i) => h("label", {}, this.#shows[i] ?? "", h("span", {}, v))),
    );
    const change = (/** @type {number} */ by) => {
      const layers = layersChanged(this.#hidden, by);
      if (layers) on.setLayers(layers);
    };
    this.less = h("button", { type: "button", "aria-label": "One hidden layer less", onclick: () => change(-1) }, "−");
    this.more = h("button", { type: "button", "aria-label": "One hidden layer more", onclick: () => change(1) }, "+");
    this.#layers.append(this.less, this.#count, this.more);
    this.element = h(
      "div",
      { class: "bar" },
      this.#title,
      this.#detail,
      h("span", { class: "spring" }),
      this.#layers,
      this.#show,
    );
  }

  /** @param {State} state @param {Record} record */
  render(state, { info }) {
    const { problem } = state.config;
    const own = problem.formula !== undefined ? T.ownFormula : problem.data?.csv !== undefined ? T.ownCsv : "";
    setText(this.#title, own || info.title);
    const network = info.network;
    this.#layers.hidden = !network;
    this.#show.hidden = !network || kindOf(/** @type {Record} */ ({ info })) === "confusion";
    if (!network) {
      const latex = info.surface?.latex ?? "";
      if (this.#latex !== latex) {
        this.#latex = latex;
        this.#detail.replaceChildren(latex ? mathOf(`f = ${latex}`) : "");
        // What has to be scrolled must be reached with the keyboard.
        if (this.#detail.scrollWidth > this.#detail.clientWidth) this.#detail.tabIndex = 0;
        else this.#detail.removeAttribute("tabindex");
      }
      return;
    }
    this.#latex = "";
    this.#hidden = network.sizes.slice(1, -1);
    const kinds = [...new Set(network.activations.slice(0, this.#hidden.length))].join(", ");
    setText(
      this.#detail,
      [network.sizes.join(" · "), kinds, `${info.dim.toLocaleString("en").replaceAll(",", "\u202f")} parameters`]
        .filter(Boolean)
        .join(", "),
    );
    setText(this.#count, this.#hidden.length === 1 ? "1 hidden layer" : `${this.#hidden.length} hidden layers`);
    this.less.disabled = layersChanged(this.#hidden, -1) === null;
    this.more.disabled = layersChanged(this.#hidden, 1) === null;
    for (const [i, input] of this.#shows.entries())
      if (input.checked !== (SHOWS[i] === state.show)) input.checked = SHOWS[i] === state.show;
  }
}

/** What the marks of a picture mean. @param {Kind} kind @param {Record} record @returns {[string, string][]} */
function keyOf(kind, { info, lanes }) {
  const network = info.network;
  if (!network)
    return info.dim > 2 ? [["note", "The plane of x₁ and x₂ through the start; the paths as seen on it."]] : [];
  const title = lanes.find((l) => l.selected)?.title ?? "";
  /** @type {[string, string][]} */
  const wires = [
    ["pos", "weight > 0"],
    ["neg", "weight < 0"],
  ];
  const classes = network.classes
    .slice(0, 6)
    .map((c, k) => /** @type {[string, string]} */ ([`class${k}`, /^\d+$/.test(c) ? `class ${c}` : c]));
  if (kind === "boundary" && network.task === "classification") {
    const line = network.classes.length > 2 ? "where each lane changes its mind" : "where each lane says 0.5";
    return [...classes, ["hollow", "validation"], ...wires, ["note", `Field, weights: ${title}. Lines: ${line}.`]];
  }
  if (kind === "boundary")
    return [
      ["number", "training"],
      ["numberVal", "validation"],
      ...wires,
      ["note", `Colour: ${network.target || "output"}, field and weights: ${title}. Lines: each lane's middle value.`],
    ];
  if (kind === "fit")
    return [
      ["dot", "training"],
      ["ring", "validation"],
      ...wires,
      ["note", `Weights: ${title}. Lines: what each lane answers.`],
    ];
  if (kind === "predicted")
    return [
      ["dot", "training"],
      ["ring", "validation"],
      ...wires,
      ["note", `${title}. On the diagonal the prediction is right.`],
    ];
  return [...wires, ["note", `Weights and table: ${title}.`]];
}

const sign = (/** @type {(SVGElement)[]} */ ...kids) =>
  svg("svg", { viewBox: "0 0 22 12", "aria-hidden": "true" }, ...kids);
const wire = (/** @type {string} */ cls) =>
  sign(svg("path", { class: `wire ${cls}`, "stroke-width": 2.5, d: "M1 6h20" }));
const MARKS = [
  { tag: "circle", props: { cx: 11, cy: 6, r: 3.6 } },
  { tag: "rect", props: { x: 7.7, y: 2.7, width: 6.6, height: 6.6 } },
  { tag: "path", props: { d: "M11 1.7L15 8.9H7Z" } },
  { tag: "path", props: { d: "M11 1.3L15.7 6L11 10.7L6.3 6Z" } },
  { tag: "path", props: { d: "M11 10.3L15 3.1H7Z" } },
  { tag: "path", props: { d: "M6.8 4.6H9.6V1.8H12.4V4.6H15.2V7.4H12.4V10.2H9.6V7.4H6.8Z" } },
];
const classSign = (/** @type {number} */ k) => () => {
  const { tag, props } = /** @type {typeof MARKS[0]} */ (MARKS[k]);
  return sign(svg(tag, { ...props, class: `pt pt-${"abcdef"[k]}` }));
};
/** @type {{ [name: string]: () => SVGElement }} */
const SIGNS = {
  ...Object.fromEntries(MARKS.map((_, k) => [`class${k}`, classSign(k)])),
  hollow: () =>
    sign(
      svg("circle", { cx: 6, cy: 6, r: 3.3, class: "pt-a hollow" }),
      svg("rect", { x: 13, y: 3, width: 6, height: 6, class: "pt-b hollow" }),
    ),
  pos: () => wire("pos"),
  neg: () => wire("neg"),
  dot: () => sign(svg("circle", { cx: 11, cy: 6, r: 3.2, class: "pt-plain" })),
  ring: () => sign(svg("circle", { cx: 11, cy: 6, r: 3, class: "pt-plain hollow" })),
  number: () => sign(svg("circle", { cx: 11, cy: 6, r: 3.4, class: "pt-number" })),
  numberVal: () => sign(svg("path", { d: "M11 1.3L15.7 6L11 10.7L6.3 6Z", class: "pt-number" })),
};
