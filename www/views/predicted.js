/** What the selected lane predicts for data of many inputs: against the truth, or as a table of who is taken for whom. */

import { h, setText } from "../dom.js";
import { atMostEvery, canDraw, paint, ratio, themeVersion } from "../draw.js";
import { layer, Plot, standings } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

const RATE = 8;

/** Predicted against true, for regression. */
export function createPredicted() {
  const ink = layer("paths");
  const plot = new Plot(ink);
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown[]} */
  let drawn = [];

  const draw = atMostEvery(1000 / RATE, () => {
    const lane = record?.lanes.find((l) => l.selected);
    if (!state || !record?.points || !lane?.predicted || !canDraw() || !plot.measure()) return;
    const shows = [plot.width, plot.height, ratio(), themeVersion(), state.show, lane.lane, lane.predicted];
    if (shows.length === drawn.length && shows.every((v, i) => v === drawn[i])) return;
    drawn = shows;
    const { train, val } = record.points;
    const sets = [];
    const columns = [];
    const whole = record.info.network === undefined;
    if (whole || state.show !== "val")
      sets.push({ filled: true, x: columns.push(train.targets) - 1, y: columns.push(lane.predicted.train) - 1 });
    if (!whole && state.show !== "train")
      sets.push({ filled: false, x: columns.push(val.targets) - 1, y: columns.push(lane.predicted.val) - 1 });
    plot.ready(ink);
    plot.placed = paint().predicted(
      ink,
      ratio(),
      { lane: lane.lane, sets, name: record.info.network?.target || record.info.least_squares?.target || "target" },
      columns,
    );
    plot.say(
      () => `Predicted against true values, ${standings([lane])}; a perfect prediction lies on the diagonal.`,
      record.playing,
    );
  });

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

/** Who is taken for whom: a row for each true class, a column for each predicted one. */
export function confusionTable() {
  const caption = h("caption");
  const table = h("table", { class: "confusion num" });
  let builtFor = "";
  /** @type {HTMLElement[][]} */
  let cells = [];

  /** @param {string[]} classes */
  function build(classes) {
    const head = h(
      "tr",
      {},
      h("td", { class: "corner" }),
      ...classes.map((c) => h("th", { scope: "col", title: c }, c)),
      h("th", { scope: "col", class: "share" }, "right"),
    );
    cells = classes.map(() => [...classes.map(() => h("td")), h("td", { class: "share" })]);
    const rows = classes.map((c, k) => h("tr", {}, h("th", { scope: "row", title: c }, c), ...(cells[k] ?? [])));
    table.replaceChildren(caption, h("thead", {}, head), h("tbody", {}, ...rows));
    table.classList.toggle("many", classes.length > 6);
  }

  return {
    caption,
    element: h(
      "div",
      { class: "confusion-box", tabindex: "0", role: "group", "aria-label": "Confusion matrix" },
      table,
    ),
    /** Shows counts, and returns how many are right. @param {string[]} classes @param {number[][]} counts */
    show(classes, counts) {
      if (builtFor !== classes.join("\n")) {
        builtFor = classes.join("\n");
        build(classes);
      }
      let right = 0;
      for (const [k, row] of counts.entries()) {
        const total = row.reduce((a, b) => a + b, 0);
        right += row[k] ?? 0;
        for (const [j, count] of row.entries()) {
          const cell = cells[k]?.[j];
          if (!cell) continue;
          setText(cell, String(count));
          cell.className = j === k ? "hit" : count > 0 ? "miss" : "none";
          cell.style.setProperty("--share", total > 0 ? (count / total).toFixed(3) : "0");
        }
        const share = cells[k]?.[classes.length];
        if (share) setText(share, total > 0 ? `${((100 * (row[k] ?? 0)) / total).toFixed(0)} %` : "–");
      }
      return right;
    },
  };
}

/** The confusion matrix of the validation set, for classification. */
export function createConfusion() {
  const table = confusionTable();
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown} */
  let drawn = null;

  const draw = atMostEvery(1000 / RATE, () => {
    const lane = record?.lanes.find((l) => l.selected);
    const classes = record?.info.network?.classes;
    if (!record?.points || !lane?.predicted || !classes || drawn === lane.predicted) return;
    drawn = lane.predicted;
    const validated = record.points.val.rows > 0;
    const truth = validated ? record.points.val.targets : record.points.train.targets;
    const counts = countPairs(truth, validated ? lane.predicted.val : lane.predicted.train, classes.length);
    const right = table.show(classes, counts);
    const set = validated ? "validation" : "training";
    setText(
      table.caption,
      `${lane.title}: ${right} of ${truth.length} right on the ${set} set (${((100 * right) / Math.max(1, truth.length)).toFixed(1)} %). Rows: true; columns: predicted.`,
    );
  });

  return {
    element: table.element,
    /** @param {State} _state @param {Record} nextRecord */
    render(_state, nextRecord) {
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** How often each class (row) is taken for each (column). `scores` are P(class 1), or one a class. @param {Float64Array} truth @param {Float64Array} scores @param {number} classes */
function countPairs(truth, scores, classes) {
  const counts = Array.from({ length: classes }, () => new Array(classes).fill(0));
  const outputs = truth.length > 0 ? scores.length / truth.length : 1;
  for (const [r, t] of truth.entries()) {
    let best = 0;
    if (outputs === 1) best = (scores[r] ?? 0) >= 0.5 ? 1 : 0;
    else
      for (let k = 1; k < outputs; k += 1)
        if ((scores[r * outputs + k] ?? 0) > (scores[r * outputs + best] ?? 0)) best = k;
    const row = counts[t];
    if (row) row[best] += 1;
  }
  return counts;
}
