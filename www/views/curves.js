/** The curves of all lanes over one common x: loss, accuracy, residual, gradient norm, damping, learning rate. */

import { h, setText, svg, swatch } from "../dom.js";
import { atMostEvery, canDraw, onTheme, ratio, short, smoothedAt, themeVersion } from "../draw.js";
import { exact } from "../format.js";
import { rowOf } from "../record.js";
import { X_AXES } from "../state.js";
import { T } from "../texts.js";
import { layer, Plot } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").XAxis} XAxis */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../record.js").LaneRecord} LaneRecord */
/** @typedef {keyof import("../state.js").LogScales} LogName */
/** @typedef {{ lane: LaneRecord, kind: "raw" | "line" | "validation" | "training", column: string, smoothing: number }} Series */

/** @type {{ value: XAxis, text: string, label: string }[]} */
const AXES = X_AXES.map((value) => ({
  value,
  text: T.axisTexts[value][0] ?? "",
  label: T.axisTexts[value][1] ?? "",
}));
/** As many choices as a row has room for; more stand in a list. */
const SWITCH_MAX = 4;
/** Axes that are offered before anything has run. */
const ALWAYS = new Set(["iteration", "gradient_evals", "ms"]);
/** So many iterations are drawn for where a run has no budget. */
const UNBOUNDED = 1000;
/** Redraws a second at most. */
const RATE = 20;
/** Of a frame's 16 ms the curves take about so many, ms. */
const SLICE_MS = 6;

/**
 * @param {HTMLElement} root
 * @param {{
 *   setXAxis(v: XAxis): void, toggleLog(name: LogName): void, setSmoothing(ema: number): void,
 *   restoreBest(lane: number): void,
 * } & import("./draw_schedule.js").DrawActions} on
 */
export function createCurves(root, on) {
  const axis = axisSwitch(on.setXAxis);
  const learning = learningBar(on);
  const charts = [
    ...learningCharts(on.toggleLog),
    new Chart("residual", "Residual", on.toggleLog, column("residual")),
    new Chart("error", "Error", on.toggleLog, column("error")),
    new Chart("grad_norm", "Gradient norm", on.toggleLog, normSeries),
    new Chart("violation", "Violation", on.toggleLog, column("violation")),
    new Chart("primal_residual", "Primal residual", on.toggleLog, column("primal_residual")),
    new Chart("dual_residual", "Dual residual", on.toggleLog, column("dual_residual")),
    new Chart("gap", "Gap", on.toggleLog, column("gap_size")),
    new Chart("lambda", "Damping", on.toggleLog, column("lambda")),
    new Chart("gain", "Gain ratio", on.toggleLog, column("gain_held")),
    new Chart("spread", "Spread", on.toggleLog, column("spread")),
    new Chart("acceptance_rate", "Acceptance", on.toggleLog, column("acceptance_rate")),
    new Chart("temperature", "Temperature", on.toggleLog, column("temperature")),
    new Chart("lr", "Learning rate", on.toggleLog, rateSeries),
  ];
  const loss = /** @type {Chart} */ (charts[0]);
  /** The learning rate drawn by hand over the loss, once that is wanted. @type {ReturnType<typeof import("./draw_schedule.js").createScheduleDrawing> | null} */
  let drawing = null;
  const draw = h(
    "button",
    { class: "scale", type: "button", "aria-label": T.drawTitle, title: T.drawTitle, onclick: () => drawRate() },
    T.draw,
  );
  charts.at(-1)?.tool(draw);

  async function drawRate() {
    if (drawing) return;
    const { createScheduleDrawing } = await import("./draw_schedule.js");
    drawing ??= createScheduleDrawing(loss.plot, on, () => {
      drawing?.close();
      drawing = null;
      delete root.dataset.drawing;
      loss.whole = false;
      set.draw();
      if (document.activeElement === document.body) draw.focus();
    });
    root.dataset.drawing = "";
    loss.whole = true;
    // The points stand at iterations.
    on.setXAxis("iteration");
    set.draw();
    if (shown) drawing.render(...shown);
    drawing.focus();
    loss.element.scrollIntoView({ block: "nearest" });
  }
  /** @type {[State, Record] | null} */
  let shown = null;
  root.append(
    h(
      "div",
      { class: "curves-head" },
      h("div", { class: "bar" }, h("h2", { class: "vh" }, "Curves"), axis.element),
      learning.element,
    ),
    ...charts.map((c) => c.element),
  );
  const set = new ChartSet(root, charts, () => drawing?.place());

  return {
    drawRate,
    /** @param {State} state @param {Record} record */
    render(state, record) {
      shown = [state, record];
      draw.disabled = !record.lanes.find((l) => l.selected)?.rated;
      if (drawing && state.xaxis !== "iteration") on.setXAxis("iteration");
      axis.show(state.xaxis, axesOf(record));
      learning.show(state, record);
      root.dataset.charts = String(titlesOf(record).length);
      set.render(state, record);
      drawing?.render(state, record);
    },
    resize: () => set.draw(),
  };
}

/** Loss and score side by side, large: the training graph. @param {{ toggleLog(name: LogName): void }} on */
export function createTrainingGraph(on) {
  const charts = learningCharts(on.toggleLog);
  // The side has landmarks of the same names.
  for (const chart of charts) chart.element.removeAttribute("aria-labelledby");
  const title = h("h2", { class: "vh" }, T.trainingGraph);
  const element = h("div", { class: "training-graph" }, title, ...charts.map((c) => c.element));
  const set = new ChartSet(element, charts);
  return {
    element,
    /** @param {State} state @param {Record} record */
    render: (state, record) => set.render(state, record),
    resize: () => set.draw(),
  };
}

/** The loss alone, of runs that stand beside others. @param {{ toggleLog(name: LogName): void }} on */
export function createLossChart(on) {
  const chart = new Chart("loss", "Loss", on.toggleLog, lossSeries);
  const element = h("div", { class: "loss-alone" }, chart.element);
  // Its heading says what it is; three landmarks of one name would not help.
  chart.element.removeAttribute("aria-labelledby");
  const set = new ChartSet(element, [chart]);
  return {
    element,
    /** @param {State} state @param {Record} record */
    render: (state, record) => set.render(state, record),
    resize: () => set.draw(),
  };
}

/** @param {(name: LogName) => void} toggle */
function learningCharts(toggle) {
  return [
    new Chart("loss", "Loss", toggle, lossSeries),
    new Chart("accuracy", "Accuracy", toggle, scoreSeries("val_accuracy"), [0, 1]),
    new Chart("accuracy", "R²", toggle, scoreSeries("val_r2"), [-1, 1]),
  ];
}

/** Charts over one horizontal axis, with one cross-hair. */
class ChartSet {
  /** @type {State | null} */
  #state = null;
  /** @type {Record | null} */
  #record = null;
  #cross;
  draw = atMostEvery(1000 / RATE, () => this.#drawFrom(0));

  /** @param {HTMLElement} root that they stand in @param {Chart[]} charts @param {() => void} [drawn] called when they are drawn */
  constructor(root, charts, drawn = () => {}) {
    this.charts = charts;
    this.drawn = drawn;
    this.#cross = new Cross(charts, () => this.#state);
    new ResizeObserver(this.draw).observe(root);
    onTheme(this.draw);
  }

  /** @param {State} state @param {Record} record */
  render(state, record) {
    this.#state = state;
    this.#record = record;
    const titles = titlesOf(record);
    for (const chart of this.charts) chart.head(state, record.info.network !== undefined, titles.includes(chart.title));
    this.draw();
  }

  /** Draws the charts, the rest in the next frame where they take long. @param {number} first */
  #drawFrom(first) {
    const [state, record] = [this.#state, this.#record];
    if (!state || !record || !canDraw()) return;
    const start = performance.now();
    const shown = this.charts.filter((c) => !c.element.hidden && c.plot.measure());
    for (let i = first; i < shown.length; i += 1) {
      const chart = shown[i];
      chart?.draw(state, record, i === shown.length - 1);
      chart?.sayScale(state);
      if (performance.now() - start > SLICE_MS && i + 1 < shown.length) {
        requestAnimationFrame(() => this.#drawFrom(i + 1));
        break;
      }
    }
    this.#cross.follow();
    this.drawn();
  }
}

/** The charts that say something of a run, by their titles. @param {Record} record */
function titlesOf({ info, lanes }) {
  const { network, linear_system: system, constrained } = info;
  if (system) return ["Loss", "Residual", ...(system.solution_known ? ["Error"] : [])];
  if (constrained) {
    const violation = lanes.some((l) => l.columns.violation) ? ["Violation"] : [];
    const kkt = lanes.some((l) => l.columns.gap) ? ["Primal residual", "Dual residual", "Gap"] : ["Gradient norm"];
    return ["Loss", ...violation, ...kkt];
  }
  const score = network ? [network.task === "classification" ? "Accuracy" : "R²"] : [];
  const damped = lanes.some((l) => l.columns.lambda);
  const rated = lanes.some((l) => l.rated);
  const own = damped ? ["Damping", "Gain ratio"] : lanes.some((l) => l.columns.spread) ? ["Spread"] : [];
  if (lanes.some((l) => l.columns.acceptance_rate)) own.push("Acceptance");
  if (lanes.some((l) => cools(l.columns.temperature, l.rows))) own.push("Temperature");
  const sloped = lanes.some((l) => !l.columns.spread && !l.columns.temperature) ? ["Gradient norm"] : [];
  return ["Loss", ...score, ...sloped, ...own, ...(rated && !damped ? ["Learning rate"] : [])];
}

/** Whether T falls. @param {Float64Array | undefined} temperature @param {number} rows */
function cools(temperature, rows) {
  return temperature !== undefined && (temperature[rows - 1] ?? 0) < (temperature[0] ?? 0);
}

/** What the curves can stand over: what a lane has spent some of. @param {Record} record @returns {XAxis[]} */
export function axesOf({ info, lanes }) {
  const spent = (/** @type {XAxis} */ name) => lanes.some((l) => (l.columns[name]?.[l.rows - 1] ?? 0) > 0);
  return X_AXES.filter((name) => (name === "epoch" ? info.network !== undefined : ALWAYS.has(name) || spent(name)));
}

/** @param {(v: XAxis) => void} choose */
function axisSwitch(choose) {
  const inputs = AXES.map(({ value, label }) =>
    h("input", { type: "radio", name: "xaxis", "aria-label": label, onchange: () => choose(value) }),
  );
  const labels = AXES.map(({ text }, i) => h("label", {}, inputs[i] ?? "", h("span", {}, text)));
  const row = h("div", { class: "seg", role: "radiogroup", "aria-label": T.xaxis }, ...labels);
  const list = h(
    "select",
    { "aria-label": T.xaxisList, id: "xaxis", onchange: () => choose(/** @type {XAxis} */ (list.value)) },
    ...AXES.map(({ value, label }) => h("option", { value }, label)),
  );
  return {
    element: h("div", { class: "xaxis" }, row, list),
    /** @param {XAxis} value @param {XAxis[]} offered */
    show(value, offered) {
      const many = offered.length > SWITCH_MAX;
      row.hidden = many;
      list.hidden = !many;
      for (const [i, { value: own }] of AXES.entries()) {
        // What was chosen stays on offer, so that what is shown is always named.
        const out = own !== value && !offered.includes(own);
        const [input, label, option] = [inputs[i], labels[i], list.options[i]];
        if (input && input.checked !== (own === value)) input.checked = own === value;
        if (label && label.hidden !== out) label.hidden = out;
        if (option && option.hidden !== out) option.hidden = option.disabled = out;
      }
      if (list.value !== value) list.value = value;
    },
  };
}

/** Weights of the past that the smoothing can have. */
const SMOOTHINGS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99];

/** How much is smoothed, and where the selected lane was best. @param {{ setSmoothing(ema: number): void, restoreBest(lane: number): void }} on */
function learningBar(on) {
  const output = h("output");
  const range = h("input", {
    type: "range",
    id: "smoothing",
    min: 0,
    max: SMOOTHINGS.length - 1,
    step: 1,
    oninput: () => on.setSmoothing(SMOOTHINGS[Number(range.value)] ?? 0),
  });
  let selected = 0;
  const best = h("span", { class: "num" });
  const restore = h(
    "button",
    { class: "btn edge", type: "button", title: T.restoreTitle, onclick: () => on.restoreBest(selected) },
    T.restore,
  );
  const element = h(
    "div",
    { class: "learning" },
    h("label", { for: "smoothing" }, T.smoothing),
    h("div", { class: "with" }, range, output),
    h("div", { class: "best" }, best, restore),
  );
  return {
    element,
    /** @param {State} state @param {Record} record */
    show(state, { info, lanes }) {
      element.hidden = !info.network;
      if (!info.network) return;
      const stop = SMOOTHINGS.findIndex((s) => s >= state.ema);
      range.value = String(stop < 0 ? SMOOTHINGS.length - 1 : stop);
      setText(output, exact(state.ema));
      range.setAttribute("aria-valuetext", output.textContent ?? "");
      selected = lanes.findIndex((l) => l.selected);
      const lane = lanes[selected];
      restore.disabled = !lane?.best;
      setText(best, lane?.best ? T.bestAt(short(lane.best.val_loss), lane.best.iteration) : T.noBest);
    },
  };
}

/** The score of every lane on the validation rows; of the selected one on training rows too. @param {string} name @returns {(lane: LaneRecord) => Series[]} */
function scoreSeries(name) {
  return (lane) => [
    { lane, kind: "line", column: name, smoothing: 0 },
    .../** @type {Series[]} */ (lane.selected ? [{ lane, kind: "training", column: "train_score", smoothing: 0 }] : []),
  ];
}

/** @param {LaneRecord} lane @param {State} state @param {boolean} network @returns {Series[]} */
function lossSeries(lane, state, network) {
  const smoothing = network ? state.ema : 0;
  /** @type {Series[]} */
  const series = [{ lane, kind: "line", column: "loss", smoothing }];
  if (lane.selected && smoothing > 0) series.push({ lane, kind: "raw", column: "loss", smoothing: 0 });
  if (lane.selected && network) series.push({ lane, kind: "validation", column: "val_loss", smoothing: 0 });
  return series;
}

/** One column as it is. @param {string} name @returns {(lane: LaneRecord) => Series[]} */
function column(name) {
  return (lane) => [{ lane, kind: "line", column: name, smoothing: 0 }];
}

/** Of a method that has none, the record says 1. @param {LaneRecord} lane @returns {Series[]} */
function rateSeries(lane) {
  return lane.rated ? [{ lane, kind: "line", column: "lr", smoothing: 0 }] : [];
}

/** @param {LaneRecord} lane @param {State} state @param {boolean} network @returns {Series[]} */
function normSeries(lane, state, network) {
  return [{ lane, kind: "line", column: "grad_norm", smoothing: network ? state.ema : 0 }];
}

let made = 0;

class Chart {
  #canvas = layer("");
  plot = new Plot(this.#canvas);
  #note = h("span");
  #key = h("ul", { class: "key" });
  #scale;
  #drawn = "";
  /** @type {Series[]} */
  series = [];
  /** The column that x is read from. @type {XAxis} */
  xaxis = "iteration";
  /** Whether the horizontal axis reaches to the end of the run before that is there. */
  whole = false;

  /**
   * @param {LogName} name @param {string} title @param {(name: LogName) => void} toggle
   * @param {(lane: LaneRecord, state: State, network: boolean) => Series[]} choose
   * @param {[number, number] | null} bounds that the values have
   */
  constructor(name, title, toggle, choose, bounds = null) {
    this.name = name;
    this.title = title;
    this.choose = choose;
    this.bounds = bounds;
    this.#scale = h("button", { class: "scale", type: "button", onclick: () => toggle(name) });
    made += 1;
    const id = `curve-${made}`;
    const head = h("header", {}, h("h3", { id }, `${title} `, this.#note), this.#key, this.#scale);
    this.element = h(
      "section",
      { class: name === "lr" || name === "gain" ? "curve hide-p" : "curve", "aria-labelledby": id },
      head,
      this.plot.box,
    );
  }

  /** One more button in its head. @param {HTMLElement} button */
  tool(button) {
    this.#scale.before(button);
  }

  /** The parts around the picture. @param {State} state @param {boolean} network @param {boolean} shown */
  head(state, network, shown) {
    if (this.element.hidden === shown) this.element.hidden = !shown;
    this.sayScale(state);
    setText(this.#note, this.#subtitle(state, network));
    const key = this.#keyOf(state, network);
    if (this.#key.dataset.of !== key.join()) {
      this.#key.dataset.of = key.join();
      this.#key.replaceChildren(...key.map((name) => h("li", {}, KEYS[name]?.() ?? "", name)));
    }
  }

  /** Negative values have no logarithm; the chart then says what it is. @param {State} state */
  sayScale(state) {
    const log = state.log[this.name];
    const is = log && this.plot.placed && !this.plot.placed.log ? "linear, as f < 0" : log ? "log" : "linear";
    if (this.#scale.textContent === is) return;
    setText(this.#scale, is);
    this.#scale.setAttribute("aria-label", `${this.title}: vertical axis ${is}, switch`);
  }

  /** @param {State} state @param {boolean} network */
  #subtitle(state, network) {
    if (this.name === "loss") return network ? "" : "f(θ)";
    if (this.name === "accuracy") return "";
    if (this.name === "residual") return "‖b − Ax‖";
    if (this.name === "error") return "‖x − x*‖";
    if (this.name === "lambda") return "λ";
    if (this.name === "violation") return "‖c‖∞, ‖max(g, 0)‖∞";
    if (this.name === "dual_residual") return "‖∇L‖∞";
    if (this.name === "gap") return "f − dual, its size";
    if (this.name === "gain") return "ϱ, held to −1 … 2";
    if (this.name === "spread") return "of the population";
    if (this.name === "acceptance_rate") return "part of the proposals";
    if (this.name === "temperature") return "T";
    if (this.name === "grad_norm") return network && state.ema > 0 ? "EMA" : "‖∇f‖";
    return this.name === "lr" ? "α" : "";
  }

  /** @param {State} state @param {boolean} network */
  #keyOf(state, network) {
    if (!network) return [];
    if (this.name === "loss") return state.ema > 0 ? ["raw", "EMA", "val"] : ["train", "val"];
    return this.name === "accuracy" ? ["validation", "training"] : [];
  }

  /** Draws, if anything has changed. @param {State} state @param {Record} record @param {boolean} lowest the chart that names the axis */
  draw(state, record, lowest) {
    const lanes = record.lanes;
    const network = record.info.network !== undefined;
    const rows = lanes.map((l) => `${l.lane}:${l.rows}:${l.selected}:${ranAway(l)}:${l.best?.iteration}`).join();
    const key = [
      record.run,
      rows,
      state.xaxis,
      state.log[this.name],
      state.ema,
      this.whole,
      lowest,
      this.plot.width,
      this.plot.height,
      ratio(),
      themeVersion(),
    ].join("|");
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.xaxis = state.xaxis;
    this.series = lanes.flatMap((lane) => this.choose(lane, state, network)).filter((s) => s.lane.columns[state.xaxis]);
    /** @type {Float64Array[]} */
    const columns = [];
    /** @type {Map<Float64Array, number>} */
    const known = new Map();
    const column = (/** @type {LaneRecord} */ lane, /** @type {string} */ name) => {
      // A lane without this column counts for the horizontal axis all the same: all charts share it.
      const values = lane.columns[name] ?? blank(lane.rows);
      const index = known.get(values) ?? columns.push(values.subarray(0, lane.rows)) - 1;
      known.set(values, index);
      return index;
    };
    const spec = {
      series: this.series.map((s) => ({
        lane: s.lane.lane,
        selected: s.lane.selected,
        diverged: ranAway(s.lane),
        kind: s.kind,
        smoothing: s.smoothing,
        x: column(s.lane, state.xaxis),
        y: column(s.lane, s.column),
        rows: s.lane.rows,
      })),
      x_name: lowest ? (AXES.find((a) => a.value === state.xaxis)?.label ?? "") : "",
      x_end: endOf(state, record) ?? (this.whole ? UNBOUNDED : null),
      whole: this.whole,
      log: state.log[this.name],
      bounds: this.bounds,
      gaps: network,
      best: this.#bestOf(state, lanes),
    };
    this.plot.placed = this.plot.ready(this.#canvas).curves(this.#canvas, ratio(), spec, columns);
    this.plot.say(() => this.#words(state), record.playing);
  }

  /** Where the selected lane was best by its validations. @param {State} state @param {LaneRecord[]} lanes */
  #bestOf(state, lanes) {
    const lane = lanes.find((l) => l.selected);
    const name =
      this.name === "loss" ? "val_loss" : this.series.find((s) => s.kind === "training") && this.series[0]?.column;
    const row = lane?.best && name ? rowOf(lane, lane.best.iteration) : -1;
    const at = lane && name ? [lane.columns[state.xaxis]?.[row], lane.columns[name]?.[row]] : [];
    return lane && row >= 0 ? [{ lane: lane.lane, at }] : [];
  }

  /** @param {State} state */
  #words(state) {
    const last = this.series.filter((s) => s.kind === "line").map((s) => ({ lane: s.lane, value: lastOf(s) }));
    const finite = last.filter((l) => Number.isFinite(l.value));
    const diverged = last.filter((l) => ranAway(l.lane));
    const best = finite.reduce(
      (b, l) => (b && (this.bounds ? b.value >= l.value : b.value <= l.value) ? b : l),
      /** @type {typeof finite[0] | null} */ (null),
    );
    const axis = AXES.find((a) => a.value === state.xaxis)?.label ?? "";
    const parts = [`${this.title} against ${axis}, ${this.plot.placed?.log ? "log" : "linear"} scale`];
    const ranked = !["lr", "lambda", "gain", "spread", "acceptance_rate", "temperature"].includes(this.name);
    if (best && ranked) parts.push(`best: lane ${best.lane.lane}, ${best.lane.title}, ${short(best.value)}`);
    parts.push(
      ...finite
        .filter((l) => l !== best || !ranked)
        .map((l) => `lane ${l.lane.lane}, ${l.lane.title}: ${short(l.value)}`),
    );
    parts.push(
      ...diverged.map(
        (l) => `lane ${l.lane.lane} ${l.lane.status === "diverged" ? "diverged" : "broke down"}: ${l.lane.reason}`,
      ),
    );
    return `${parts.join("; ")}.`;
  }
}

let nothing = new Float64Array();
/** So many rows without a value. @param {number} rows */
function blank(rows) {
  if (nothing.length < rows) nothing = new Float64Array(2 * rows).fill(Number.NaN);
  return nothing;
}

/** Whether a lane ended in a breakdown or in infinity: its last values must not set the scale for the others. @param {LaneRecord} lane */
function ranAway({ status }) {
  return status === "diverged" || status === "breakdown";
}

/** Where the budget ends on the horizontal axis, if that is known before. @param {State} state @param {Record} record @returns {number | null} */
function endOf({ xaxis, config }, { info }) {
  const iterations = config.stop?.iterations;
  if (typeof iterations !== "number") return null;
  if (xaxis === "iteration") return iterations;
  return xaxis === "epoch" && info.network ? iterations / info.network.batches_per_epoch : null;
}

/** The last value shown of a series. @param {Series} series */
function lastOf({ lane, column, smoothing }) {
  const values = lane.columns[column];
  if (!values) return Number.NaN;
  for (let row = lane.rows - 1; row >= 0; row -= 1)
    if (Number.isFinite(values[row])) return smoothedAt(values, row, smoothing);
  return Number.NaN;
}

const stroke = (/** @type {string} */ cls) =>
  svg(
    "svg",
    { viewBox: "0 0 20 8", "aria-hidden": "true", class: "key-line" },
    svg("path", { class: cls, d: "M0 4H20" }),
  );
const dotted = () =>
  svg(
    "svg",
    { viewBox: "0 0 20 8", "aria-hidden": "true", class: "key-line" },
    svg("path", { class: "key-thin", d: "M0 4H20" }),
    svg("circle", { class: "key-dot", cx: 10, cy: 4, r: 2.6 }),
  );
/** @type {{ [name: string]: () => SVGElement }} */
const KEYS = {
  raw: () => stroke("key-faint"),
  EMA: () => stroke("key-strong"),
  train: () => stroke("key-strong"),
  validation: () => stroke("key-strong"),
  training: () => stroke("key-thin"),
  val: dotted,
};

/** The cross-hair: one x through all charts, and the values there in the chart under the pointer. */
class Cross {
  #tip = h("div", { class: "tip num", hidden: true });
  #lines;
  /** @type {{ chart: Chart, share: number } | null} */
  #at = null;

  /** @param {Chart[]} charts @param {() => State | null} state */
  constructor(charts, state) {
    this.charts = charts;
    this.state = state;
    this.#lines = charts.map((chart) => {
      const line = h("div", { class: "cross", hidden: true });
      chart.plot.box.append(line);
      chart.plot.box.addEventListener("pointermove", (event) => {
        const at = chart.plot.at(event);
        const placed = chart.plot.placed;
        this.#at = at && placed ? { chart, share: (at.px - placed.left) / placed.width } : null;
        this.follow();
      });
      chart.plot.box.addEventListener("pointerleave", () => {
        this.#at = null;
        this.follow();
      });
      return line;
    });
  }

  /** Shows what stands at the pointer now. */
  follow() {
    const at = this.#at;
    for (const [i, chart] of this.charts.entries()) {
      const line = this.#lines[i];
      const placed = chart.plot.placed;
      if (!line) continue;
      line.hidden = !(at && placed);
      if (!at || !placed) continue;
      line.style.cssText = `left:${placed.left + at.share * placed.width}px;top:${placed.top}px;height:${placed.height}px`;
    }
    const placed = at?.chart.plot.placed;
    if (!at || !placed) {
      this.#tip.hidden = true;
      return;
    }
    const x = placed.x[0] + at.share * (placed.x[1] - placed.x[0]);
    this.#fill(at.chart, x);
    const left = placed.left + at.share * placed.width;
    if (this.#tip.parentElement !== at.chart.plot.box) at.chart.plot.box.append(this.#tip);
    this.#tip.hidden = false;
    this.#tip.style.top = `${placed.top}px`;
    this.#tip.style.left = at.share < 0.5 ? `${left + 8}px` : "";
    this.#tip.style.right = at.share < 0.5 ? "" : `${at.chart.plot.width - left + 8}px`;
  }

  /** @param {Chart} chart @param {number} x */
  #fill(chart, x) {
    const unit = AXES.find((a) => a.value === chart.xaxis)?.text ?? "";
    const rows = chart.series
      .filter((s) => s.kind === "line")
      .map((s) => {
        const row = rowAt(s, chart.xaxis, x);
        const value =
          row < 0
            ? Number.NaN
            : smoothedAt(
                /** @type {Float64Array} */ (s.lane.columns[s.column]).subarray(0, s.lane.rows),
                row,
                s.smoothing,
              );
        return h(
          "li",
          { class: s.lane.selected ? "on" : "" },
          swatch(s.lane.lane),
          h("span", {}, row < 0 ? "–" : short(value)),
        );
      });
    const head = chart.xaxis !== "epoch" && chart.xaxis !== "ms" ? `${unit} ${Math.floor(x)}` : `${unit} ${short(x)}`;
    this.#tip.replaceChildren(h("b", {}, head), h("ul", {}, ...rows));
  }
}

/** The last row of a series that has a value and does not lie beyond `x`; −1 if there is none or the lane has ended well before. @param {Series} series @param {XAxis} axis @param {number} x */
function rowAt({ lane, column }, axis, x) {
  const xs = lane.columns[axis];
  const ys = lane.columns[column];
  if (!xs || !ys || lane.rows === 0) return -1;
  let low = 0;
  let high = lane.rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  let row = low - 1;
  const ended = row === lane.rows - 1 && lane.status !== "running" && lane.status !== "paused";
  if (ended && x > 1.02 * (xs[row] ?? 0)) return -1;
  while (row >= 0 && Number.isNaN(ys[row])) row -= 1;
  return row;
}
