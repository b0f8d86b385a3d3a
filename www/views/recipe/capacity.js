/** The capacity sweep: training and validation loss over the size of the model, or over that of the training set. */

import { Form, pair } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { short } from "../../draw.js";
import { exact } from "../../format.js";
import { readLeaf, readNumber } from "../../state.js";
import { Chart } from "../tune/chart.js";
import { finderOf } from "../tune/figure.js";
import { lossSweep, scoreOf } from "../tune/model.js";
import { valuesOf } from "../tune/spec.js";
import { button, createBar, createTable, note, pill, progressOf, section, statusOf, textCell } from "./parts.js";
import { held, kindsOf, regimeOf, sizeOf, sizesOf, specOf } from "./sizes.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("./sizes.js").Kind} Kind */
/** @typedef {import("../tune/study.js").Row} Row */

/** Where the text of the fault stands. */
const FAULT = "capacity-fault";

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createCapacity(context) {
  const study = context.study();
  /** @type {unknown[]} */
  let known = [];
  /** @type {Scene} */
  let scene;
  /** @type {Kind | null} */
  let kind = null;
  let log = true;

  const form = new Form(FAULT);
  const faultText = h("p", { class: "fault", id: FAULT, role: "alert", hidden: true });
  const over = h("select", {
    "aria-label": T.over,
    onchange: () =>
      context.edit((recipe) => {
        recipe.capacity = /** @type {Kind} */ (over.value);
        recipe.sizes = [];
      }),
  });
  const sizes = form.lines(
    {
      path: "axes",
      label: T.sizes,
      get: () => (kind ? sizesOf(kind, scene).map(exact).join(", ") : ""),
      set: (text) =>
        context.edit((recipe) => {
          recipe.sizes = valuesOf(String(text).replaceAll("−", "-"), readLeaf);
        }),
    },
    { class: "field mono" },
  );
  const folds = form.choice(
    {
      path: "folds",
      label: T.folds,
      get: () => String(scene?.recipe.folds ?? 1),
      set: (value) =>
        context.edit((recipe) => {
          recipe.folds = readNumber(String(value));
        }),
    },
    T.foldChoices.map(([value, title]) => ({ value, title })),
  );
  const title = h("h1");
  const sub = h("span", { class: "muted" });
  const scale = h("button", {
    class: "scale",
    type: "button",
    onclick() {
      log = !log;
      context.soon();
    },
  });
  const key = h(
    "ul",
    { class: "key" },
    ...T.key.map((name, i) => h("li", {}, h("i", { class: i === 0 ? "line dashed" : "line" }), name)),
  );
  const chart = new Chart();
  const refusal = h("div", { class: "refusal", hidden: true });
  const bar = createBar({ press, cancel: () => study.cancel() });
  const words = h("ul", { class: "regimes" });
  const table = createTable(T.capacityTable, [
    ...T.capacityColumns.map((name, i) => ({ title: name, right: i < 5 })),
    { title: "" },
  ]);
  chart.onpick = (hit) => {
    if (hit.row) use(hit.row);
  };

  function press() {
    if (study.status === "done") return study.clear().then(() => study.start());
    return study.start();
  }

  /** @param {Row} row */
  function use(row) {
    if (!study.spec || !kind) return;
    if (kind !== "degree") context.load(study.spec, row.index);
    else
      context.app.edit((state) => {
        state.config.problem.degree = sizeOf(row, "degree");
        state.tab = "run";
      });
  }

  function follow() {
    const kinds = kindsOf(scene);
    const { capacity } = scene.recipe;
    kind = kinds.find((k) => k === capacity) ?? kinds[0] ?? null;
    const now = [scene.config, scene.recipe.sizes, scene.recipe.folds, kind, scene.record.points];
    if (now.every((part, i) => part === known[i])) return;
    known = now;
    over.replaceChildren(...kinds.map((k) => h("option", { value: k, selected: k === kind }, T.overs[k])));
    study.set(kind ? specOf(kind, scene) : null);
  }

  /** @param {Row[]} rows */
  function draw(rows) {
    if (!kind) return;
    const axis = { path: "size", name: T.axisNames[kind] };
    const model = lossSweep(rows, axis, log, true, true);
    const is = model.log ? "log" : "linear";
    if (scale.textContent !== is) {
      setText(scale, is);
      scale.setAttribute("aria-label", T.logSwitch(is));
    }
    const score = scoreOf("val_loss", undefined);
    const several = held(study);
    const regime = regimeOf(rows, kind);
    const flags = regime?.best && kind !== "rows" && rows.length > 2 ? [[model.place(regime.best.size), T.best]] : [];
    chart.draw(
      `${study.version} ${kind} ${is}`,
      (canvas, painter, ratio) => {
        const deviations = new Map(rows.map((row) => [row.index, row.result?.score_std ?? 0]));
        const spec = {
          ...model.spec,
          flags,
          lines: model.spec.lines.map((line, i) => ({
            ...line,
            means: line.means.map(([x, y, none], place) => [
              x,
              y,
              i === 1 && several ? (deviations.get(model.shown[place]?.index ?? -1) ?? 0) : none,
            ]),
          })),
        };
        return finderOf(
          { spec, shown: model.shown },
          painter.sweep(canvas, ratio, spec),
          /** @type {any} */ ({ axes: [axis], score }),
        );
      },
      () =>
        `${T.capacityTitles[kind ?? "width"]}: ${rows
          .map((row) => `${row.values.size}: ${lossText(row, "train_loss")}, ${lossText(row, "val_loss")}`)
          .join("; ")}.`,
    );
  }

  /** @param {Row[]} rows */
  function say(rows) {
    const regime = kind && regimeOf(rows, kind);
    const texts = regime && study.status === "done" ? regime.texts : [T.capacityNone];
    const said = texts.join();
    if (words.dataset.said === said) return;
    words.dataset.said = said;
    words.replaceChildren(...texts.map((text) => h("li", {}, text)));
  }

  /** @param {Row[]} rows */
  function list(rows) {
    const best = kind && regimeOf(rows, kind)?.best;
    const usable = kind !== "degree" || scene.config.problem.model === "polynomial";
    table.render(
      rows.map((row) => {
        const { train_loss: train, val_loss: val, score_std: deviation } = row.result ?? {};
        const gap = typeof train === "number" && typeof val === "number" ? short(val - train) : T.none;
        const status = statusOf(row);
        const size = String(row.values.size);
        return {
          key: `${kind} ${row.index} ${size}`,
          on: best?.row.index === row.index,
          cells: [
            textCell(size),
            textCell(lossText(row, "train_loss")),
            textCell(lossText(row, "val_loss")),
            textCell(held(study) && typeof deviation === "number" ? short(deviation) : T.none),
            textCell(gap),
            { key: status.join(), make: () => [pill(status)] },
            {
              key: String(usable && Boolean(row.result)),
              make: () =>
                usable && row.result
                  ? [
                      button(T.useInRun, () => use(row), {
                        "aria-label": T.useInRunOf(`${size} ${kind && T.axisNames[kind]}`),
                      }),
                    ]
                  : [],
            },
          ],
        };
      }),
    );
  }

  return {
    settings: [
      section(
        T.over,
        "",
        h("div", { class: "axis" }, over, h("label", { for: sizes.id }, T.sizes), sizes),
        pair(T.folds, folds),
        faultText,
        h("p", { class: "hint" }, T.foldsHint),
      ),
    ],
    picture: [
      h("div", { class: "bar" }, title, sub, h("span", { class: "spring" }), key, scale),
      h("div", { class: "stage" }, chart.plot.box, refusal),
    ],
    controls: bar.element,
    side: [note(T.regimes, words)],
    below: table.element,
    start: () => study.rerun(),
    found() {
      const rows = kind ? study.rows().filter(({ result }) => typeof result?.score_mean === "number") : [];
      const sizes = rows.map((row) => sizeOf(row, kind ?? "width"));
      return {
        status: study.status,
        size: kind ? regimeOf(rows, kind)?.best.size : undefined,
        smallest: Math.min(...sizes),
        largest: Math.max(...sizes),
      };
    },
    render(next) {
      scene = next;
      follow();
      const { fault } = study;
      form.sync(fault);
      faultText.hidden = !fault;
      if (fault) setText(faultText, `${fault.path ? `${fault.path}: ` : ""}${fault.message}`);
      refusal.hidden = kind !== null;
      chart.plot.box.hidden = kind === null;
      bar.element.hidden = kind === null;
      table.element.hidden = kind === null;
      scale.hidden = kind === null;
      setText(title, kind ? T.capacityTitles[kind] : T.topics.capacity);
      setText(sub, kind ? T.capacitySub[kind] : "");
      if (!kind) {
        const fit = scene.info.kind === "least_squares";
        const said = fit ? T.notCapacityFit(scene.title) : T.notCapacity(scene.title);
        if (refusal.dataset.said !== said) {
          refusal.dataset.said = said;
          refusal.replaceChildren(
            h("p", {}, said),
            h("h2", {}, T.elsewhere),
            context.elsewhere(["method", "range", "rates"]),
          );
        }
      }
      const rows = study
        .rows()
        .map((row) => ({ ...row, values: { ...row.values, size: kind ? sizeOf(row, kind) : 0 } }));
      const over = rows.filter(({ result }) => typeof result?.score_mean === "number");
      draw(over);
      say(over);
      list(rows);
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

/** @param {Row} row @param {"train_loss" | "val_loss"} key */
function lossText(row, key) {
  const v = row.result?.[key];
  return typeof v === "number" ? short(v) : T.none;
}
