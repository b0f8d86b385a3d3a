/** How good the selected lane is: a table of all parts of the data, and of one of them the classes, or what is missed. */

import { segments } from "../controls.js";
import { h, icon, setText } from "../dom.js";
import { atMostEvery, canDraw, paint, ratio, short, themeVersion } from "../draw.js";
import { PARTS } from "../state.js";
import { T } from "../texts.js";
import { L } from "../texts_learning.js";
import { layer, Plot } from "./plot.js";
import { confusionTable } from "./predicted.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Part} Part */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../record.js").LaneRecord} LaneRecord */
/** @typedef {import("../protocol.js").Metrics} Metrics */
/** @typedef {import("../protocol.js").Quality} Quality */
/** @typedef {(lane: number) => Promise<Quality | null>} AskQuality */

/** A look at all rows costs time that training would use: so many ms between two at least. */
const ASK_MS = 300;

/**
 * @param {{ quality: AskQuality, setPart(part: Part): void, breakSeal(): void }} on
 */
export function createMetrics(on) {
  const scores = new Scores(on.breakSeal);
  const confusion = confusionTable();
  const confusionBox = box(L.confusion, confusion.element);
  const classes = new Classes();
  const classesBox = box(L.byClass, classes.element);
  const roc = new Chart(L.roc);
  const residuals = new Chart(L.residuals);
  const parts = segments(
    "part",
    L.partShown,
    PARTS.map((value) => ({ value, title: L.parts[value] })),
    "",
    (value) => on.setPart(/** @type {Part} */ (value)),
  );
  const note = h("p", { class: "hint" });
  const detail = h("div", { class: "metrics-grid" }, confusionBox, classesBox, roc.element, residuals.element);
  const element = h(
    "div",
    { class: "metrics" },
    scores.element,
    h("div", { class: "metrics-part" }, parts, note),
    detail,
  );
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {Quality | null} */
  let quality = null;
  /** What `quality` was asked for. */
  let known = "";
  let asking = false;
  let drawn = "";

  const selected = () => record?.lanes.findIndex((l) => l.selected) ?? -1;

  const ask = atMostEvery(ASK_MS, async () => {
    const lane = record?.lanes[selected()];
    const key = record && lane ? [record.run, lane.lane, lane.at, lane.status].join() : "";
    if (asking || !lane || key === known) return;
    asking = true;
    try {
      quality = await on.quality(selected());
      known = quality ? key : "";
    } catch {
      // The worker was replaced; the next frame asks again.
    }
    asking = false;
    draw();
  });

  function draw() {
    const lane = record?.lanes[selected()];
    const network = record?.info.network;
    if (!state || !record || !network || !lane || !quality) return;
    for (const input of parts.querySelectorAll("input")) input.checked = input.value === state.part;
    const key = [known, state.part, record.opened, lane.tested?.at, network.classes, themeVersion(), ratio()].join("|");
    if (key === drawn && !roc.resized() && !residuals.resized()) return;
    drawn = key;
    const { part } = state;
    const of = { train: quality.train, val: quality.val, test: lane.tested?.metrics ?? null };
    scores.show(record, lane, of);
    const shown = of[part];
    setText(note, noteOf(record, lane, part, quality.at));
    const classified = network.task === "classification";
    confusionBox.hidden = classesBox.hidden = !classified || !shown;
    if (shown?.confusion) {
      confusion.show(network.classes, shown.confusion);
      setText(confusion.caption, L.confusionOf(lane.title, L.partNames[part]));
    }
    if (shown?.classes) classes.show(network.classes, shown.classes);
    roc.element.hidden = !shown?.roc;
    if (shown?.roc) drawRoc(roc, lane, network.classes[1] ?? "", of, part);
    const misses = part === "test" ? null : quality.misses?.[part];
    residuals.element.hidden = !misses;
    if (misses) drawResiduals(residuals, lane, network.target || L.target, misses, part);
  }

  return {
    element,
    /** @param {State} nextState @param {Record} nextRecord */
    render(nextState, nextRecord) {
      if (record?.run !== nextRecord.run) quality = null;
      state = nextState;
      record = nextRecord;
      ask();
      draw();
    },
    resize: draw,
  };
}

/** @param {string} title @param {HTMLElement} content */
function box(title, content) {
  return h("section", { class: "metric" }, h("h2", {}, title), content);
}

/** What the numbers below are of. @param {Record} record @param {LaneRecord} lane @param {Part} part @param {number} at */
function noteOf({ info, opened }, lane, part, at) {
  const rows = info.network?.rows[part] ?? 0;
  if (rows === 0) return L.noRows;
  if (part !== "test") return L.qualityAt(lane.title, at);
  return lane.tested ? L.testedAt(lane.title, lane.tested.at, opened) : L.stillSealed;
}

/** Rows, loss and scores of each part of the data; the test set's place is kept, under seal. */
class Scores {
  #head = h("tr");
  #body = h("tbody");
  #shape = "";
  /** @type {HTMLElement[][]} */
  #cells = [];

  /** @param {() => void} breakSeal */
  constructor(breakSeal) {
    this.breakSeal = breakSeal;
    this.element = h(
      "table",
      { class: "scores num" },
      h("caption", { class: "vh" }, L.scoresCaption),
      h("thead", {}, this.#head),
      this.#body,
    );
  }

  /** @param {Record} record @param {LaneRecord} lane @param {{ [part in Part]: Metrics | null }} of */
  show({ info }, lane, of) {
    const network = /** @type {NonNullable<Record["info"]["network"]>} */ (info.network);
    const classified = network.task === "classification";
    const names = classified ? [L.accuracy, ...(of.train?.roc ? [L.area] : [])] : ["R²", L.absoluteError];
    const shape = [...names, lane.tested !== null].join();
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(["", L.rows, T.lossHead, ...names], lane.tested !== null);
    }
    for (const [i, part] of PARTS.entries()) {
      const metrics = of[part];
      const numbers = classified
        ? [metrics?.accuracy, ...(of.train?.roc ? [metrics?.roc?.auc] : [])]
        : [metrics?.r2, metrics?.mae];
      const texts = [String(network.rows[part]), ...[metrics?.loss, ...numbers].map(numberOf)];
      for (const [j, text] of texts.entries()) {
        const cell = this.#cells[i]?.[j];
        if (cell) setText(cell, text);
      }
    }
  }

  /** @param {string[]} heads @param {boolean} opened */
  #build(heads, opened) {
    this.#head.replaceChildren(
      ...heads.map((text, i) =>
        h("th", { scope: "col", class: i ? "r" : null }, text || h("span", { class: "vh" }, L.partShown)),
      ),
    );
    this.#cells = PARTS.map((part) =>
      heads.slice(1, part === "test" && !opened ? 2 : undefined).map(() => h("td", { class: "r" })),
    );
    const sealed = h(
      "td",
      { colspan: heads.length - 2, class: "r" },
      h("button", { class: "btn edge", type: "button", onclick: this.breakSeal }, icon("lock"), T.breakSeal),
    );
    this.#body.replaceChildren(
      ...PARTS.map((part, i) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, L.parts[part]),
          ...(this.#cells[i] ?? []),
          part === "test" && !opened ? sealed : null,
        ),
      ),
    );
  }
}

/** @param {number | null | undefined} v */
function numberOf(v) {
  return v == null || Number.isNaN(v) ? "–" : short(v);
}

/** Precision, recall and F1 of each class. */
class Classes {
  #body = h("tbody");
  element = h(
    "div",
    { class: "confusion-box", tabindex: "0", role: "group", "aria-label": L.byClass },
    h(
      "table",
      { class: "by-class num" },
      h("caption", { class: "vh" }, L.byClass),
      h(
        "thead",
        {},
        h("tr", {}, ...L.classHeads.map((text, i) => h("th", { scope: "col", class: i ? "r" : null }, text))),
      ),
      this.#body,
    ),
  );

  /** @param {string[]} names @param {NonNullable<Metrics["classes"]>} classes */
  show(names, classes) {
    this.#body.replaceChildren(
      ...classes.map(({ precision, recall, f1, support }, k) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, names[k] ?? String(k)),
          ...[precision, recall, f1].map((v) => h("td", { class: "r" }, v.toFixed(3))),
          h("td", { class: "r" }, String(support)),
        ),
      ),
    );
  }
}

/** A chart with a title, drawn when it has a size. */
class Chart {
  ink = layer("paths");
  plot = new Plot(this.ink);
  #size = "";

  /** @param {string} title */
  constructor(title) {
    this.element = box(title, this.plot.box);
  }

  /** Whether its box has another size than when it was drawn. */
  resized() {
    return !this.element.hidden && `${this.plot.box.clientWidth} ${this.plot.box.clientHeight}` !== this.#size;
  }

  /** Makes the canvas ready; false where there is nothing to draw on. */
  ready() {
    if (!canDraw() || !this.plot.measure()) return false;
    this.#size = `${this.plot.width} ${this.plot.height}`;
    this.plot.ready(this.ink);
    return true;
  }
}

/** @param {Chart} chart @param {LaneRecord} lane @param {string} name of the second class @param {{ [part in Part]: Metrics | null }} of @param {Part} shown */
function drawRoc(chart, lane, name, of, shown) {
  if (!chart.ready()) return;
  /** @type {Float64Array[]} */
  const columns = [];
  const add = (/** @type {number[]} */ values) => columns.push(Float64Array.from(values)) - 1;
  const curves = PARTS.flatMap((part) => {
    const roc = of[part]?.roc;
    return roc
      ? [{ name: L.partNames[part], shown: part === shown, fpr: add(roc.fpr), tpr: add(roc.tpr), auc: roc.auc }]
      : [];
  });
  chart.plot.placed = paint().roc(chart.ink, ratio(), { lane: lane.lane, curves, class: name }, columns);
  chart.plot.say(() => L.rocWords(lane.title, curves.map((c) => `${c.name} ${short(c.auc)}`).join(", ")), false);
}

/** @param {Chart} chart @param {LaneRecord} lane @param {string} name @param {import("../protocol.js").Misses} misses @param {Part} part */
function drawResiduals(chart, lane, name, misses, part) {
  if (!chart.ready()) return;
  const spec = { lane: lane.lane, sets: [{ filled: part === "train", x: 0, y: 1 }], name };
  chart.plot.placed = paint().residuals(chart.ink, ratio(), spec, [misses.predicted, misses.missed]);
  const most = misses.missed.reduce((far, miss) => (Math.abs(miss) > Math.abs(far) ? miss : far), 0);
  chart.plot.say(() => L.residualWords(lane.title, L.partNames[part], short(most)), false);
}
