/** The sweep of learning rates: too low, good, high, too high in one picture, as the lecture draws it. */

import { Form } from "../../controls.js";
import { h, setText, swatch } from "../../dom.js";
import { short } from "../../draw.js";
import { Chart } from "../tune/chart.js";
import { judge, endOf as lossOf } from "./judge.js";
import { createBar, createTable, note, pill, progressOf, section, statusOf, textCell, Words } from "./parts.js";
import { hasRate, rateButton } from "./range.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("../tune/study.js").Row} Row */
/** @typedef {import("./judge.js").Judged} Judged */

/** Where the text of the fault stands. */
const FAULT = "ladder-fault";
/** Points of a curve. */
const POINTS = 160;
/** Rates of a ladder, half a decade apart, and how far it reaches on both sides of the lane's own. */
const RUNGS = 9;
const REACH = 100;

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createRates(context) {
  const study = context.study();
  /** @type {unknown[]} */
  let known = [];
  /** @type {Scene} */
  let scene;
  let log = true;

  const form = new Form(FAULT);
  const faultText = h("p", { class: "fault", id: FAULT, role: "alert", hidden: true });
  const paths = ["min", "max", "steps"];
  const fields = T.ladderFields.map((title, k) => {
    const input = form.number({
      path: `axes.optimizer.lr.${paths[k]}`,
      label: `${T.ladder}: ${title}`,
      get: () => (scene ? ladderOf(scene)[k] : ""),
      set: (value) =>
        context.edit((recipe) => {
          recipe.ladder = ladderOf(scene);
          recipe.ladder[k] = value;
          if (value === undefined) recipe.ladder = [];
        }),
    });
    return h("div", { class: "stack" }, h("label", { for: input.id }, title), input);
  });
  const chart = new Chart();
  const words = new Words();
  chart.plot.box.append(words.element);
  const refused = h("p");
  const refusal = h(
    "div",
    { class: "refusal", hidden: true },
    refused,
    h("p", { class: "muted" }, T.noRateHint),
    h("h2", {}, T.elsewhere),
    context.elsewhere(["method"]),
  );
  const scale = h("button", {
    class: "scale",
    type: "button",
    onclick() {
      log = !log;
      context.soon();
    },
  });
  const bar = createBar({ press, cancel: () => study.cancel() });
  const found = h("ul", { class: "judged" });
  const missing = h("p", { class: "hint" });
  const table = createTable(T.ratesTitle, [
    ...T.ratesColumns.map((title, i) => ({ title, right: i > 0 && i < 3 })),
    { title: "" },
  ]);

  function press() {
    if (study.status === "done") return study.clear().then(() => study.start());
    return study.start();
  }

  function follow() {
    const key = [scene.config, scene.recipe.ladder];
    if (key.every((part, i) => part === known[i])) return;
    known = key;
    const [min, max, steps] = ladderOf(scene);
    const axes = /** @type {any} */ ({ "optimizer.lr": { min, max, scale: "log", steps } });
    const { schedule: _, ...base } = scene.config;
    const spec = { base: /** @type {any} */ (base), method: /** @type {const} */ ("grid"), axes, curves: POINTS };
    study.set(hasRate(scene) ? { ...spec, score: "loss" } : null);
  }

  /** @param {Judged[]} judged */
  function draw(judged) {
    const lines = judged.map(({ row }) => ({
      x: Float64Array.from(row.result?.curves?.iteration ?? []),
      y: Float64Array.from(row.result?.curves?.loss ?? []),
    }));
    const end = Number(scene.config.stop?.iterations) || 1000;
    chart.draw(
      [study.version, log, judged.map(({ row, label }) => `${row.index}${label}`)].join(),
      (canvas, painter, ratio) => {
        const series = judged.map(({ mark, label, row }, i) => ({
          lane: mark,
          selected: label === "good",
          diverged: label === "wild" || row.result?.score_mean === null,
          kind: "line",
          smoothing: 0,
          x: 2 * i,
          y: 2 * i + 1,
          rows: lines[i]?.x.length ?? 0,
        }));
        const spec = { series, x_name: T.iterations, x_end: end, whole: true, log, bounds: null };
        const at = painter.curves(
          canvas,
          ratio,
          spec,
          lines.flatMap(({ x, y }) => [x, y]),
        );
        words.show(
          judged.flatMap(({ mark, label, lr }, i) => {
            const place = endOf(lines[i], at);
            return place
              ? [{ ...place, mark, text: `${T.labels[label]}, α ${short(lr)}`, left: place.x > at.left + at.width / 2 }]
              : [];
          }),
          at,
        );
        return (px, py) => {
          if (px < at.left || px > at.left + at.width || py < at.top || py > at.top + at.height) return null;
          const x = at.x[0] + ((px - at.left) / at.width) * (at.x[1] - at.x[0]);
          /** @type {[string, string][]} */
          const read = judged.flatMap(({ lr, label }, i) => {
            const row = lines[i]?.x.findLastIndex((v) => v <= x) ?? -1;
            const v = lines[i]?.y[row];
            return v === undefined || Number.isNaN(v) ? [] : [[`α ${short(lr)}, ${T.labels[label]}`, short(v)]];
          });
          return read.length > 0 ? { x: px, y: py, head: `${T.iterations} ${Math.round(x)}`, lines: read } : null;
        };
      },
      () =>
        `${T.ratesTitle}: ${judged.map(({ lr, label }) => `${short(lr)} ${T.labels[label]}`).join(", ") || T.none}.`,
    );
  }

  /** @param {Judged[]} judged */
  function say(judged) {
    const said = JSON.stringify(judged.map(({ label, lr, mark }) => [label, lr, mark]));
    if (found.dataset.said !== said) {
      found.dataset.said = said;
      found.replaceChildren(
        ...judged.map(({ label, lr, mark }) =>
          h(
            "li",
            {},
            swatch(mark),
            h("b", {}, T.labels[label]),
            h("span", { class: "num" }, short(lr)),
            h("p", {}, T.labelAbout[label]),
            label === "good" ? rateButton(context, lr) : null,
          ),
        ),
      );
    }
    const has = (/** @type {Judged["label"]} */ label) => judged.some((j) => j.label === label);
    const over = study.status === "done";
    const texts = [
      over && !has("good") && T.noGood,
      over && has("good") && !has("low") && T.noLow,
      over && has("good") && !has("wild") && T.noWild,
      study.done === 0 && T.ladderHint,
    ];
    setText(missing, texts.filter(Boolean).join(" "));
  }

  /** @param {Row[]} rows @param {Judged[]} judged */
  function list(rows, judged) {
    table.render(
      rows.map((row) => {
        const own = judged.find((j) => j.row.index === row.index);
        const lr = Number(row.values["optimizer.lr"]);
        const loss = lossOf(row);
        const status = statusOf(row);
        return {
          key: `${row.index} ${lr}`,
          on: own?.label === "good",
          cells: [
            textCell(String(row.index + 1)),
            textCell(short(lr)),
            textCell(loss === null ? T.none : short(loss)),
            {
              key: own?.label ?? "",
              make: () => (own ? [h("span", { class: "with" }, swatch(own.mark), T.labels[own.label])] : []),
            },
            { key: status.join(), make: () => [pill(status)] },
            { key: String(lr), make: () => [rateButton(context, Number(lr.toPrecision(3)))] },
          ],
        };
      }),
    );
  }

  return {
    settings: [
      section(
        T.ladder,
        "",
        h("div", { class: "three" }, ...fields),
        faultText,
        h("p", { class: "hint" }, T.ladderHint),
      ),
    ],
    picture: [
      h(
        "div",
        { class: "bar" },
        h("h1", {}, T.ratesTitle),
        h("span", { class: "muted" }, T.ratesSub),
        h("span", { class: "spring" }),
        scale,
      ),
      h("div", { class: "stage" }, chart.plot.box, refusal),
    ],
    controls: bar.element,
    side: [note(T.rangeFound, found, missing)],
    below: table.element,
    start: () => study.rerun(),
    found: () => ({
      status: study.status,
      ...Object.fromEntries(judge(study.rows()).map(({ label, lr }) => [label, lr])),
    }),
    render(next) {
      scene = next;
      follow();
      const rated = hasRate(scene);
      const { fault } = study;
      form.sync(fault);
      faultText.hidden = !fault;
      if (fault) setText(faultText, `${fault.path}: ${fault.message}`);
      refusal.hidden = rated;
      chart.plot.box.hidden = !rated;
      bar.element.hidden = !rated;
      table.element.hidden = !rated;
      scale.hidden = !rated;
      setText(refused, T.noRate(scene.method));
      const is = log ? "log" : "linear";
      if (scale.textContent !== is) {
        setText(scale, is);
        scale.setAttribute("aria-label", T.logSwitch(is));
      }
      const rows = study.rows();
      const judged = judge(rows);
      if (rated) draw(judged);
      say(judged);
      list(rows, judged);
      const progress = progressOf([study]);
      bar.render({
        label: progress.over ? T.sweepAgain : T.sweep,
        picture: progress.over ? "reset" : "play",
        able: !progress.running && (study.status === "ready" || study.status === "done"),
        busy: progress.running,
        text: progress.text,
        part: progress.part,
      });
    },
  };
}

/** The ends and the number of the rates. @param {Scene} scene @returns {unknown[]} */
function ladderOf({ recipe, config, described }) {
  if (recipe.ladder.length > 0) return [...recipe.ladder];
  const own = Number(config.optimizer.lr ?? described?.fields.find(({ name }) => name === "lr")?.default) || 0.01;
  return [tidy(own / REACH), tidy(own * REACH), RUNGS];
}

/** @param {number} v */
function tidy(v) {
  return Number(v.toPrecision(6));
}

/** Where a line ends in the picture. @param {{ x: Float64Array, y: Float64Array } | undefined} line @param {import("../../draw.js").Placed} at */
function endOf(line, at) {
  if (!line || line.x.length === 0) return null;
  const [low, high] = at.y;
  const place = (/** @type {number} */ v) => {
    const t = at.log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
    return at.top + (1 - t) * at.height;
  };
  const inside = line.y.findLastIndex((v) => v >= low && v <= high);
  const i = inside < 0 ? line.x.length - 1 : inside;
  const x = at.left + (((line.x[i] ?? 0) - at.x[0]) / (at.x[1] - at.x[0])) * at.width;
  return { x, y: inside < 0 ? at.top : place(line.y[i] ?? low) - Words.LINE / 2 };
}
