/** The problem's own picture, with its title, its controls and its legend. */

import { h, setText, svg, swatch } from "../dom.js";
import { onTheme } from "../draw.js";
import { count, short } from "../format.js";
import { PICTURES } from "../state.js";
import { T } from "../texts.js";
import { createBoundary } from "./boundary.js";
import { createTrainingGraph } from "./curves.js";
import { createDiagram, layersChanged } from "./diagram.js";
import { createFit } from "./fit.js";
import { mathOf } from "./math.js";
import { createConfusion, createPredicted } from "./predicted.js";
import { createSurfaceMap, shownOf } from "./surface_map.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {{ element: HTMLElement, render(state: State, record: Record): void, resize(): void }} View */
/** @typedef {"map" | "boundary" | "fit" | "predicted" | "confusion" | "curve" | "implicit" | "columns" | "system" | "graph" | "metrics" | "regimes" | "landscape"} Kind */
/**
 * @typedef {object} FigureActions
 * @property {(axes: [number, number], x: number, y: number) => void} setStart
 * @property {import("./surface_map.js").AskPlane} plane
 * @property {import("./surface_map.js").AskConstraints} planeConstraints
 * @property {(axes: [number, number]) => void} setAxes
 * @property {(picture: import("../state.js").Picture) => void} setPicture
 * @property {(layers: number[]) => void} setLayers
 * @property {(index: number) => void} pickWeight
 * @property {(show: "train" | "val" | "both") => void} setShow
 * @property {(panel: import("../state.js").Panel) => void} setPanel
 * @property {(part: import("../state.js").Part) => void} setPart
 * @property {(name: keyof import("../state.js").LogScales) => void} toggleLog
 * @property {import("./metrics.js").AskQuality} quality
 * @property {() => void} breakSeal
 * @property {import("./landscape.js").LandscapeActions["landscape"]} landscape
 * @property {import("./landscape.js").LandscapeActions["pool"]} pool
 * @property {import("./regimes.js").RegimeActions["beside"]} beside
 * @property {import("./regimes.js").RegimeActions["bring"]} bring
 * @property {import("./regimes.js").RegimeActions["catalog"]} catalog
 */

/** What the bar offers of a network: the first of the panels that compare stands for all of them. */
const PANEL_CHOICES = /** @type {const} */ (["model", "curves", "metrics", "landscape", "size"]);
/** Pictures whose marks need no key. */
const BARE = new Set(["graph", "metrics", "regimes", "landscape"]);
/** @type {("train" | "val" | "both")[]} */
const SHOWS = ["train", "val", "both"];

/**
 * @param {HTMLElement} root what the figure is put at the beginning of
 * @param {FigureActions} on
 */
export function createFigure(root, on) {
  const bar = new Bar(on);
  /** The three runs side by side have a worker of their own, so they stay. @type {View | null} */
  let regimes = null;
  const stage = h("div", { class: "stage" });
  const keys = h("ul", { class: "map-key" });
  const legend = h("ul", { class: "legend", "aria-label": "Legend" });
  root.prepend(h("div", { class: "figure" }, bar.element, stage, h("div", { class: "figure-keys" }, keys, legend)));
  /** @type {Kind | null} */
  let kind = null;
  let parts = "";
  /** @type {View[]} */
  let views = [];
  let keyFor = "";
  let legendFor = "";

  /** @param {Kind} next @param {import("../state.js").Picture} picture */
  function show(next, picture) {
    const key = isFitted(next) ? `${next} ${picture}` : next;
    if (parts === key) return;
    kind = next;
    parts = key;
    if (next === "regimes") {
      regimes ??= later(async () => (await import("./regimes.js")).createRegimes(on));
      views = [regimes];
    } else views = viewsOf(next, picture, on);
    const elements = views.map((v) => v.element);
    const shown = elements.length > 1 ? [h("div", { class: "duo" }, ...elements)] : elements;
    stage.replaceChildren(...shown);
  }

  /** @param {State} state @param {Record} record */
  function drawKeys(state, record) {
    const items = kind === null || BARE.has(kind) ? [] : keyOf(kind, state, record);
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
      show(shownKind(state, record), pictureOf(state, record));
      bar.render(state, record);
      drawKeys(state, record);
      drawLegend(record);
      for (const view of views) view.render(state, record);
    },
    resize,
  };
}

/** What is shown: of a network perhaps its training graph or its metrics in place of itself. @param {State} state @param {Record} record @returns {Kind} */
function shownKind({ panel }, record) {
  if (!record.info.network) return kindOf(record);
  if (panel === "curves") return "graph";
  if (panel === "model") return kindOf(record);
  return panel === "metrics" || panel === "landscape" ? panel : "regimes";
}

/** @param {Record} record @returns {Kind} */
function kindOf({ info }) {
  if (info.linear_system) return "system";
  if (info.least_squares) {
    const { features, implicit } = info.least_squares;
    if (implicit && features.length === 2) return "implicit";
    return features.length === 1 ? "curve" : "columns";
  }
  if (!info.network) return "map";
  const inputs = info.network.sizes[0] ?? 0;
  if (inputs === 1) return "fit";
  if (inputs === 2) return "boundary";
  return info.network.task === "classification" ? "confusion" : "predicted";
}

/** @param {Kind} kind */
function isFitted(kind) {
  return kind === "curve" || kind === "implicit" || kind === "columns";
}

/** A function of one parameter has no plane. @param {State} state @param {Record} record */
function pictureOf({ picture }, { info }) {
  return info.dim < 2 ? "fit" : picture;
}

/** @param {Exclude<Kind, "regimes">} kind @param {import("../state.js").Picture} picture @param {FigureActions} on @returns {View[]} */
function viewsOf(kind, picture, on) {
  if (kind === "map") return [createSurfaceMap(on)];
  if (kind === "system") return [later(async () => (await import("./system.js")).createSystem())];
  if (kind === "graph") return [createTrainingGraph(on)];
  if (kind === "metrics") return [later(async () => (await import("./metrics.js")).createMetrics(on))];
  if (kind === "landscape") return [later(async () => (await import("./landscape.js")).createLandscape(on))];
  if (kind === "curve" || kind === "implicit" || kind === "columns") {
    const fit = {
      curve: () => later(async () => (await import("./curve_fit.js")).createCurveFit()),
      implicit: () => later(async () => (await import("./implicit_fit.js")).createImplicitFit()),
      columns: createPredicted,
    }[kind];
    return [...(picture === "cost" ? [] : [fit()]), ...(picture === "fit" ? [] : [createSurfaceMap(on)])];
  }
  const answers = { boundary: createBoundary, fit: createFit, predicted: createPredicted, confusion: createConfusion }[
    kind
  ];
  return [createDiagram(on), answers()];
}

/** A view whose module is loaded when it is first shown. @param {() => Promise<View>} load @returns {View} */
function later(load) {
  const place = h("div");
  /** @type {View | null} */
  let view = null;
  /** @type {[State, Record] | null} */
  let last = null;
  load().then((loaded) => {
    view = loaded;
    place.replaceWith(view.element);
    if (last) view.render(...last);
  });
  return {
    get element() {
      return view?.element ?? place;
    },
    render(state, record) {
      last = [state, record];
      view?.render(state, record);
    },
    resize: () => view?.resize(),
  };
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
  /** @type {HTMLInputElement[]} */
  #pictures;
  #picture;
  #axes = [h("select", { "aria-label": T.planeX }), h("select", { "aria-label": T.planeY })];
  #plane;
  #planeFor = "";
  #panels;
  #panel;

  /** @param {FigureActions} on */
  constructor(on) {
    this.#panels = PANEL_CHOICES.map((panel) =>
      h("input", { type: "radio", name: "panel", onchange: () => on.setPanel(panel) }),
    );
    this.#panel = h(
      "div",
      { class: "seg", role: "radiogroup", "aria-label": T.panelLabel },
      ...PANEL_CHOICES.map((panel, i) => h("label", {}, this.#panels[i] ?? "", h("span", {}, T.panels[panel]))),
    );
    this.#pictures = PICTURES.map((v) =>
      h("input", { type: "radio", name: "picture", onchange: () => on.setPicture(v) }),
    );
    this.#picture = h(
      "div",
      { class: "seg", role: "radiogroup", "aria-label": T.pictureLabel },
      ...PICTURES.map((v, i) => h("label", {}, this.#pictures[i] ?? "", h("span", {}, T.pictures[v]))),
    );
    const [first, second] = this.#axes;
    for (const [k, select] of this.#axes.entries())
      select.addEventListener("change", () => {
        const axes = this.#axes.map((s) => Number(s.value));
        // A plane has two different directions: choosing the other's swaps them.
        if (axes[0] === axes[1]) axes[1 - k] = this.#shown[k] ?? 0;
        on.setAxes(/** @type {[number, number]} */ (axes));
      });
    this.#plane = h(
      "div",
      { class: "plane-axes", role: "group", "aria-label": `${T.planeX}, ${T.planeY}` },
      second ?? "",
      h("span", { "aria-hidden": "true" }, T.planeAgainst),
      first ?? "",
    );
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
      this.#plane,
      this.#picture,
      this.#layers,
      this.#show,
      this.#panel,
    );
  }

  /** Which parameters the map shows. @type {number[]} */
  #shown = [0, 1];

  /** What there is to choose of a plane and of a fit. @param {State} state @param {Record} record */
  #renderPlane(state, record) {
    const { info } = record;
    const fitted = isFitted(kindOf(record));
    const picture = pictureOf(state, record);
    this.#picture.hidden = !fitted || info.dim < 2;
    for (const [i, input] of this.#pictures.entries())
      if (input.checked !== (PICTURES[i] === picture)) input.checked = PICTURES[i] === picture;
    const shown = shownOf(record, state);
    this.#plane.hidden = info.dim < 3 || !shown || (fitted && picture === "fit");
    if (this.#plane.hidden || !shown) return;
    const named = info.least_squares?.parameters ?? info.constrained?.variables;
    const names = named ?? Array.from({ length: info.dim }, (_, i) => `x${i + 1}`);
    const key = names.join();
    if (key !== this.#planeFor) {
      this.#planeFor = key;
      for (const select of this.#axes)
        select.replaceChildren(...names.map((name, i) => h("option", { value: i }, name)));
    }
    this.#shown = shown.axes;
    for (const [k, select] of this.#axes.entries())
      if (select.value !== String(shown.axes[k])) select.value = String(shown.axes[k]);
  }

  /** @param {State} state @param {Record} record */
  render(state, { info }) {
    setText(this.#title, ownTitle(state, info) || info.title);
    const network = info.network;
    this.#renderPlane(state, /** @type {Record} */ ({ info }));
    const model = state.panel === "model";
    this.#panel.hidden = !network;
    const panel = PANEL_CHOICES.find((choice) => choice === state.panel) ?? "size";
    for (const [i, input] of this.#panels.entries()) input.checked = PANEL_CHOICES[i] === panel;
    this.#layers.hidden = !network || !model;
    this.#show.hidden = !network || !model || kindOf(/** @type {Record} */ ({ info })) === "confusion";
    if (!network) {
      const latex = latexOf(info);
      const detail = latex || sizeOf(info);
      if (this.#latex !== detail) {
        this.#latex = detail;
        this.#detail.replaceChildren(latex ? mathOf(latex) : detail);
        this.#detail.classList.toggle("plain", latex === "");
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

/** What a problem of the visitor's own is called. @param {State} state @param {Record["info"]} info */
function ownTitle({ config: { problem } }, { least_squares: fit }) {
  if (fit) return fit.model === "formula" ? T.ownFormula : "";
  if (problem.formula !== undefined) return T.ownFormula;
  return problem.data?.csv !== undefined ? T.ownCsv : "";
}

/** What is solved, in LaTeX. @param {Record["info"]} info */
function latexOf({ surface, least_squares: fit, constrained }) {
  if (surface?.latex) return `f = ${surface.latex}`;
  if (constrained) return [`\\min\\ ${constrained.latex}`, ...constrained.constraints].join(",\\quad ");
  if (!fit) return "";
  return fit.implicit ? `0 = ${fit.latex}` : `y = ${fit.latex}`;
}

/** How large a linear system is. @param {Record["info"]} info */
function sizeOf({ linear_system: system }) {
  if (!system) return "";
  const { n, nonzeros, sparse, condition, symmetric, positive_definite: definite } = system;
  const kind = !symmetric ? T.notSymmetric : definite ? T.positiveDefinite : T.symmetric;
  const parts = [T.unknowns(count(n)), sparse ? T.nonzeros(count(nonzeros)) : "", kind];
  if (condition !== null) parts.push(T.conditionOf(short(condition)));
  return parts.filter(Boolean).join(", ");
}

/** What the marks of a map mean, where there are such. @param {State} state @param {Record} record @returns {[string, string][]} */
function keyOfMap(state, record) {
  const { info, lanes } = record;
  const selected = lanes.find((l) => l.selected);
  const shown = shownOf(record, state);
  /** @type {[string, string][]} */
  const items = [];
  if (selected?.model) items.push(["ellipse", T.ellipse]);
  if (lanes.some((l) => l.population && !l.sampled)) items.push(["dot", T.population]);
  if (lanes.some((l) => l.sampled)) items.push(["dot", T.samples]);
  if (selected?.sampled) items.push(["accepted", T.accepted], ["rejected", T.rejectedTrial]);
  if (selected && selected.trials.length > 0) items.push(["rejected", T.rejected]);
  if (info.constrained && info.constrained.equalities + info.constrained.inequalities > 0) {
    items.push(["note", T.feasibleNote]);
    if (selected?.forces) items.push(["note", T.arrowsNote]);
  }
  if (info.dim > 2 && shown) items.push(["note", T.planeNote(selected?.title ?? "", ...shown.plane.names)]);
  return items;
}

/** What the marks of a picture mean. @param {Kind} kind @param {State} state @param {Record} record @returns {[string, string][]} */
function keyOf(kind, state, record) {
  const { info, lanes } = record;
  const network = info.network;
  const title = lanes.find((l) => l.selected)?.title ?? "";
  if (kind === "system") return [["note", T.systemNote(title)]];
  if (!network) {
    const picture = pictureOf(state, record);
    /** @type {[string, string][]} */
    const fit = isFitted(kind) && picture !== "cost" ? [["dot", T.dataPoints]] : [];
    const drawn = lanes.some((l) => l.selected && l.columns.acceptance_rate);
    if (kind === "curve" && picture !== "cost") fit.push(["band", drawn ? T.posteriorBand(title) : T.band(title)]);
    return [...fit, ...(isFitted(kind) && picture === "fit" ? [] : keyOfMap(state, record))];
  }
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
  band: () => sign(svg("rect", { x: 1, y: 1.5, width: 20, height: 9, class: "key-band" })),
  ellipse: () => sign(svg("ellipse", { cx: 11, cy: 6, rx: 9, ry: 4.4, class: "key-ring" })),
  accepted: () =>
    sign(svg("path", { d: "M1 6h12", class: "key-ring" }), svg("circle", { cx: 16, cy: 6, r: 3, class: "key-ring" })),
  rejected: () =>
    sign(svg("path", { d: "M1 6h12", class: "key-dots" }), svg("path", { d: "M13 3l6 6m0-6l-6 6", class: "key-ring" })),
  pos: () => wire("pos"),
  neg: () => wire("neg"),
  dot: () => sign(svg("circle", { cx: 11, cy: 6, r: 3.2, class: "pt-plain" })),
  ring: () => sign(svg("circle", { cx: 11, cy: 6, r: 3, class: "pt-plain hollow" })),
  number: () => sign(svg("circle", { cx: 11, cy: 6, r: 3.4, class: "pt-number" })),
  numberVal: () => sign(svg("path", { d: "M11 1.3L15.7 6L11 10.7L6.3 6Z", class: "pt-number" })),
};
