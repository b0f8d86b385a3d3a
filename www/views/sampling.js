/** What the selected lane has drawn, if it samples: how well its chains agree, and of one parameter trace, histogram and autocorrelation. */

import { h, setText, swatch } from "../dom.js";
import { canDraw, onTheme, paint, ratio, themeVersion } from "../draw.js";
import { count, short } from "../format.js";
import { S } from "../texts_sampling.js";
import { loadStyle } from "./page.js";
import { layer, Plot } from "./plot.js";

/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../record.js").LaneRecord} LaneRecord */
/** @typedef {import("../protocol.js").Drawn} Drawn */
/** @typedef {(lane: number, parameter: number) => Promise<Drawn | null>} AskDrawn */

/** The worker has lanes to run: it is asked so many ms apart at least, and so many times as long as it took. */
const ASK_MS = 400;
const ASK_PART = 8;
/** Above this R-hat, or below so many effective draws a chain, chains are not to be trusted: Vehtari et al. 2021. */
const R_HAT = 1.01;
const ESS = 100;
/** An autocorrelation below this is as good as none. */
const LITTLE = 0.1;

/** @param {HTMLElement} root what the panel follows @param {{ sampling: AskDrawn }} on */
export function createSampling(root, on) {
  const mark = h("span");
  const title = h("span");
  const about = h("p");
  const numbers = h("p", { class: "num" });
  const verdict = h("p", { class: "verdict", role: "status" });
  const choice = h("select", { "aria-label": S.parameter });
  const body = h("tbody");
  const head = h("tr", {}, ...S.heads.map((text, i) => h("th", { scope: "col", class: i > 0 ? "r" : "" }, text)));
  const table = h("table", { class: "num" }, h("thead", {}, head), body);
  const trace = new Chart(S.trace, S.traceSub);
  const histogram = new Chart(S.histogram, S.histogramSub);
  const correlation = new Chart(S.autocorrelation, S.autocorrelationSub);
  const charts = [trace, histogram, correlation];
  const pictures = h("div", { class: "sampling-charts" }, ...charts.map((chart) => chart.element));
  const element = h(
    "section",
    { class: "answer sampling", "aria-label": S.tableLabel, hidden: true },
    h("div", { class: "answer-head" }, h("h2", {}, mark, title), about),
    h("div", { class: "sampling-charts" }, ...charts.map((chart) => chart.element)),
    h(
      "div",
      { class: "sampling-numbers" },
      h("label", { class: "sampling-choice" }, S.parameter, choice),
      numbers,
      verdict,
    ),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": S.tableLabel }, table),
  );
  root.after(element);
  const styled = loadStyle("sampling");
  /** @type {Record | null} */
  let record = null;
  /** @type {Drawn | null} */
  let drawn = null;
  let parameter = 0;
  let namesFor = "";
  /** What `drawn` was asked for, and when another may be. */
  let known = "";
  let next = 0;
  let timer = 0;
  let asking = false;
  let shown = "";

  const position = () => record?.lanes.findIndex((l) => l.selected && l.columns.acceptance_rate) ?? -1;

  async function ask() {
    const lane = record?.lanes[position()];
    const key = record && lane ? [record.run, lane.lane, lane.at, parameter].join() : "";
    if (asking || !lane || key === known) return;
    const wait = next - performance.now();
    if (wait > 0) {
      // What comes last is shown too.
      if (!timer) {
        timer = window.setTimeout(() => {
          timer = 0;
          ask();
        }, wait);
      }
      return;
    }
    asking = true;
    const start = performance.now();
    try {
      drawn = await on.sampling(position(), parameter);
      known = drawn ? key : "";
    } catch {
      // The worker was replaced; the next frame asks again.
    }
    asking = false;
    const now = performance.now();
    next = now + Math.max(ASK_MS, record?.playing ? ASK_PART * (now - start) : 0);
    draw();
    ask();
  }

  function draw() {
    const lane = record?.lanes[position()];
    element.hidden = !lane || !drawn;
    if (!record || !lane || !drawn) return;
    const names = namesOf(record);
    chooseFrom(names);
    const key = [known, themeVersion(), ratio(), ...charts.map((chart) => chart.size())].join("|");
    if (key === shown) return;
    shown = key;
    setText(title, S.title(lane.title));
    mark.replaceChildren(swatch(lane.lane));
    say(record, drawn);
    fill(names, drawn);
    const { sampling, traces, marginal } = drawn;
    pictures.hidden = sampling.draws === 0;
    const name = names[parameter] ?? "";
    const moving = record.playing;
    drawTrace(trace, lane, traces, sampling.stride, () => S.traceWords(name, lane.title, traces.length), moving);
    const own = sampling.parameters[parameter];
    setText(histogram.sub, marginal ? S.histogramSub : S.histogramOnly);
    const words = () => S.histogramWords(name, lane.title, numberOf(own?.mean), numberOf(own?.sd), marginal !== null);
    drawHistogram(histogram, lane, drawn, name, words, moving);
    const rho = own?.autocorrelation ?? [];
    const far = rho.findIndex((r) => r < LITTLE);
    const lag = far < 0 ? Math.max(0, rho.length - 1) : far;
    const lagWords = () => S.autocorrelationWords(name, lane.title, lag, far >= 0);
    drawCorrelation(correlation, lane, rho, lagWords, moving);
  }

  /** @param {string[]} names */
  function chooseFrom(names) {
    const key = names.join();
    if (key === namesFor) return;
    namesFor = key;
    if (parameter >= names.length) parameter = 0;
    choice.replaceChildren(...names.map((name, i) => h("option", { value: i, selected: i === parameter }, name)));
  }

  /** @param {Record} of @param {Drawn} what */
  function say({ info }, { sampling, at }) {
    const { warming, cooling, temperature, chains, draws, stride, acceptance_rate: rate } = sampling;
    const place = sampling.best
      .slice(0, 4)
      .map((v) => short(v))
      .join(", ");
    const known = () =>
      info.least_squares
        ? S.knownNoise(short(temperature), short(Math.sqrt(temperature)))
        : S.constant(short(temperature));
    const what = warming
      ? S.warming(at)
      : cooling
        ? S.cooling(short(temperature), short(sampling.best_value), sampling.best.length > 4 ? `${place}, …` : place)
        : Number.isNaN(temperature)
          ? S.unknownNoise
          : known();
    setText(about, what);
    setText(numbers, `${S.counts(S.chains(chains), count(draws), stride)}; ${S.accepted((100 * rate).toFixed(1))}`);
    const settled = sampling.parameters.length > 0 && !cooling;
    const good = sampling.parameters.every((p) => p.r_hat < R_HAT && Math.min(p.ess_bulk, p.ess_tail) > ESS * chains);
    verdict.hidden = !settled;
    verdict.classList.toggle("bad", !good);
    setText(verdict, good ? S.mixed : S.notMixed);
  }

  /** @param {string[]} names @param {Drawn} what */
  function fill(names, { sampling }) {
    table.hidden = sampling.parameters.length === 0;
    body.replaceChildren(
      ...sampling.parameters.map((p, i) => {
        const [low, , , , high] = p.quantiles;
        const texts = [
          short(p.mean, 4),
          numberOf(p.mcse, 2),
          short(p.sd),
          S.between(short(low ?? Number.NaN), short(high ?? Number.NaN)),
          Number.isNaN(p.ess_bulk) ? S.nothing : count(p.ess_bulk),
          Number.isNaN(p.ess_tail) ? S.nothing : count(p.ess_tail),
          Number.isNaN(p.r_hat) ? S.nothing : p.r_hat.toFixed(3),
        ];
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, names[i] ?? ""),
          ...texts.map((text) => h("td", { class: "r" }, text)),
        );
      }),
    );
  }

  choice.addEventListener("change", () => {
    parameter = Number(choice.value);
    next = 0;
    ask();
  });
  onTheme(draw);
  styled.then(draw);
  new ResizeObserver(draw).observe(element);

  return {
    /** @param {import("../app.js").View} view */
    render({ record: now }) {
      if (now?.run !== record?.run) {
        drawn = null;
        next = 0;
      }
      record = now;
      if (position() < 0) element.hidden = true;
      else if (drawn && element.hidden) draw();
      ask();
    },
  };
}

/** @param {number | undefined} v @param {number} [digits] */
function numberOf(v, digits = 3) {
  return v === undefined || Number.isNaN(v) ? S.nothing : short(v, digits);
}

/** What the parameters are called; those of a network by their place. @param {Record} record */
function namesOf({ info }) {
  const named = info.least_squares?.parameters ?? info.constrained?.variables;
  const plane = info.surface && info.dim === 2 ? ["x", "y"] : undefined;
  const name = (/** @type {number} */ i) => (info.network ? `θ${i + 1}` : `x${i + 1}`);
  return named ?? plane ?? Array.from({ length: Math.min(info.dim, 50) }, (_, i) => name(i));
}

/** A chart with a title, drawn when it has a size. */
class Chart {
  ink = layer("paths");
  plot = new Plot(this.ink);
  sub;

  /** @param {string} title @param {string} sub */
  constructor(title, sub) {
    this.sub = h("span", { class: "muted" }, sub);
    this.element = h("div", { class: "sampling-chart" }, h("h3", {}, title, " ", this.sub), this.plot.box);
  }

  size() {
    return `${this.plot.box.clientWidth} ${this.plot.box.clientHeight}`;
  }

  /** Makes the canvas ready; null where there is nothing to draw on. */
  ready() {
    return canDraw() && this.plot.measure() ? this.plot.ready(this.ink) : null;
  }
}

/** @param {Chart} chart @param {LaneRecord} lane @param {Float64Array[]} traces @param {number} stride @param {() => string} words @param {boolean} moving */
function drawTrace(chart, { lane }, traces, stride, words, moving) {
  if (!chart.ready()) return;
  const rows = traces[0]?.length ?? 0;
  const draws = Float64Array.from({ length: rows }, (_, k) => k * stride);
  const series = traces.map((_, c) => ({ ...lineOf(lane, rows), selected: c === 0, y: c + 1 }));
  const spec = { series, x_name: S.draw, x_end: null, log: false, bounds: null };
  chart.plot.placed = paint().curves(chart.ink, ratio(), spec, [draws, ...traces]);
  chart.plot.say(words, moving);
}

/** @param {Chart} chart @param {LaneRecord} lane @param {Drawn} drawn @param {string} name @param {() => string} words @param {boolean} moving */
function drawHistogram(chart, { lane }, { histogram, marginal }, name, words, moving) {
  if (!chart.ready()) return;
  const { from, to, density } = histogram ?? { from: Number.NaN, to: Number.NaN, density: new Float64Array() };
  const spec = { lane, from, to, known: marginal !== null, x_name: name };
  const truth = marginal ? [marginal.at, marginal.density] : [];
  chart.plot.placed = paint().histogram(chart.ink, ratio(), spec, [density, ...truth]);
  chart.plot.say(words, moving);
}

/** @param {Chart} chart @param {LaneRecord} lane @param {number[]} rho @param {() => string} words @param {boolean} moving */
function drawCorrelation(chart, { lane }, rho, words, moving) {
  if (!chart.ready()) return;
  const series = [{ ...lineOf(lane, rho.length), selected: true, y: 1 }];
  const spec = { series, x_name: S.lag, x_end: null, log: false, bounds: null };
  const lags = Float64Array.from(rho, (_, k) => k);
  chart.plot.placed = paint().curves(chart.ink, ratio(), spec, [lags, Float64Array.from(rho)]);
  chart.plot.say(words, moving);
}

/** @param {number} lane @param {number} rows */
function lineOf(lane, rows) {
  return { lane, diverged: false, kind: "line", smoothing: 0, x: 0, rows };
}
