/** Under- and overfitting side by side: three runs in a worker of their own, which differ in one setting. */

import { iconButton } from "../controls.js";
import { h, setText } from "../dom.js";
import { short } from "../draw.js";
import { configsOf } from "../plan.js";
import { addFrame, last, newRecord } from "../record.js";
import { variantsOf, verdictsOf } from "../regimes.js";
import { put, same } from "../state.js";
import { T } from "../texts.js";
import { L } from "../texts_learning.js";
import { createBoundary } from "./boundary.js";
import { createLossChart } from "./curves.js";
import { createFit } from "./fit.js";
import { createConfusion, createPredicted } from "./predicted.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../client.js").Client} Client */
/** @typedef {import("../regimes.js").Axis} Axis */
/** @typedef {import("../regimes.js").Variant} Variant */
/** @typedef {import("../regimes.js").Outcome} Outcome */
/**
 * @typedef {object} RegimeActions
 * @property {(on: import("../client.js").Listener) => Promise<Client>} beside a second engine
 * @property {(client: Client, problem: any) => Promise<void>} bring gives an engine the data that a problem needs
 * @property {() => import("../protocol.js").Catalog} catalog
 * @property {(axis: Axis) => void} setPanel
 * @property {(name: keyof import("../state.js").LogScales) => void} toggleLog
 */

const AXES = /** @type {const} */ (["size", "samples", "noise"]);
/** Settings may still be changing so long, ms. */
const CALM_MS = 400;

/** @param {RegimeActions} on */
export function createRegimes(on) {
  const axis = h(
    "select",
    { "aria-label": L.regimeAxis, onchange: () => on.setPanel(/** @type {Axis} */ (axis.value)) },
    ...AXES.map((value) => h("option", { value }, L.regimeAxes[value])),
  );
  const again = iconButton("reset", L.regimesAgain, () => start(), { class: "btn edge square" });
  const note = h("p", { class: "hint", role: "status" });
  const columns = [0, 1, 2].map(() => new Column(on.toggleLog));
  const element = h(
    "div",
    { class: "regimes" },
    h("div", { class: "regimes-head" }, axis, again, note),
    h("div", { class: "regimes-columns" }, ...columns.map((c) => c.element)),
  );
  /** @type {State | null} */
  let state = null;
  /** @type {Promise<Client> | null} */
  let client = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {Variant[]} */
  let variants = [];
  /** What the runs were made from. @type {unknown} */
  let made = null;
  /** What they are about to be made from. @type {unknown} */
  let awaited = null;
  let timer = 0;
  let building = false;

  const open = () =>
    on.beside({
      frame(frame) {
        if (record?.run !== frame.run) return;
        addFrame(record, frame);
        show();
        client?.then((c) => c.send({ type: "drawn", run: frame.run }));
        if (!frame.playing && record.lanes.every((lane) => lane.status !== "paused")) judge();
      },
      failing: (why) => setText(note, why),
      recovered: () => start(),
      lost: (why) => setText(note, why),
    });

  /** What is to be run. @param {State} from */
  function wantedOf(from) {
    const { methods, datasets } = on.catalog();
    const config = configsOf(from, methods)[from.selected];
    const data = datasets.find((d) => d.name === from.config.problem.data?.name);
    const settings = variantsOf(from, /** @type {Axis} */ (from.panel), data?.fields.map((f) => f.name) ?? []);
    const configs = settings.map(({ path, value }) => {
      const own = structuredClone(config ?? {});
      put(own, `problem.${path}`, value);
      return own;
    });
    return { settings, configs };
  }

  async function start() {
    if (!state || building) return;
    building = true;
    const wanted = wantedOf(state);
    made = wanted;
    awaited = null;
    variants = wanted.settings;
    const mark = state.lanes[state.selected]?.mark ?? 1;
    const method = on.catalog().methods.find((m) => m.name === state?.lanes[state.selected]?.optimizer.name);
    const title = method?.title ?? "";
    record = null;
    for (const column of columns) column.clear();
    setText(note, variants.length === 0 ? L.noSuchNoise : L.regimeNote(title));
    try {
      if (variants.length === 0) return;
      client ??= open();
      const engine = await client;
      await on.bring(engine, wanted.configs[0]?.problem);
      const built = await engine.build(wanted.configs);
      const { run } = engine;
      // Before anything else is waited for: the first frame is on its way.
      record = newRecord(
        run,
        built,
        variants.map(() => ({ mark, title, detail: "", rated: true })),
      );
      const points = await Promise.all(variants.map((_, lane) => engine.request({ type: "points", run, lane })));
      for (const [i, column] of columns.entries()) column.begin(built.info, i, points[i], variants[i]);
      engine.send({ type: "play", speed: Number.POSITIVE_INFINITY });
    } catch (fault) {
      setText(note, /** @type {import("../protocol.js").Fault} */ (fault).message);
    } finally {
      building = false;
      follow();
    }
  }

  /** Begins anew where something else is wanted by now. */
  function follow() {
    if (building || !state) return;
    const wanted = wantedOf(state);
    if (same(wanted, made) || same(wanted, awaited)) return;
    awaited = wanted;
    clearTimeout(timer);
    timer = setTimeout(start, made === null ? 0 : CALM_MS);
  }

  function show() {
    if (state && record) for (const column of columns) column.show(state, record);
  }

  /** What the three have come to, once they have ended. */
  async function judge() {
    const [engine, of] = [await client, record];
    if (!engine || !of) return;
    const { run } = of;
    /** @type {(import("../protocol.js").Quality | null)[]} */
    const found = await Promise.all(variants.map((_, lane) => engine.request({ type: "metrics", run, lane })));
    if (record !== of || found.some((quality) => !quality?.val)) return;
    const outcomes = found.map((quality, i) => ({
      train: quality?.train.loss ?? Number.NaN,
      val: quality?.val?.loss ?? Number.NaN,
      best: of.lanes[i]?.best ?? null,
    }));
    const verdicts = verdictsOf(outcomes, /** @type {Variant} */ (variants[0]).axis);
    for (const [i, column] of columns.entries()) column.judge(outcomes[i], verdicts[i]);
  }

  return {
    element,
    /** @param {State} next @param {Record} _record */
    render(next, _record) {
      state = next;
      if (axis.value !== state.panel) axis.value = state.panel;
      follow();
      show();
    },
    resize() {
      for (const column of columns) column.resize();
    },
  };
}

/** One of the three: what is set, its picture, its losses, and what they come to. */
class Column {
  #title = h("h2");
  #numbers = h("p", { class: "num" });
  #verdict = h("p", { class: "verdict", role: "status" });
  #picture = h("div", { class: "regime-picture" });
  #chart;
  /** @type {{ element: HTMLElement, render(state: State, record: Record): void, resize(): void } | null} */
  #view = null;
  #at = 0;
  /** @type {Record["points"]} */
  #points = null;
  #kind = "";

  /** @param {(name: keyof import("../state.js").LogScales) => void} toggleLog */
  constructor(toggleLog) {
    this.#chart = createLossChart({ toggleLog });
    this.element = h(
      "section",
      { class: "regime" },
      this.#title,
      this.#picture,
      this.#chart.element,
      this.#numbers,
      this.#verdict,
    );
  }

  clear() {
    this.element.hidden = true;
    setText(this.#numbers, "");
    setText(this.#verdict, "");
    this.element.dataset.verdict = "";
  }

  /** @param {Record["info"]} info @param {number} at its lane @param {Record["points"]} points @param {Variant | undefined} variant */
  begin(info, at, points, variant) {
    this.#at = at;
    this.#points = points;
    this.element.hidden = false;
    if (variant) setText(this.#title, titleOf(variant));
    const inputs = info.network?.sizes[0] ?? 0;
    const many = info.network?.task === "classification" ? "confusion" : "predicted";
    const kind = inputs === 1 ? "fit" : inputs === 2 ? "boundary" : many;
    if (kind === this.#kind) return;
    this.#kind = kind;
    const create = { fit: createFit, boundary: createBoundary, confusion: createConfusion, predicted: createPredicted };
    this.#view = create[/** @type {keyof typeof create} */ (kind)]();
    this.#picture.replaceChildren(this.#view.element);
  }

  /** @param {State} state @param {Record} record */
  show(state, record) {
    const lane = record.lanes[this.#at];
    if (!lane || !this.#view) return;
    const own = { ...record, points: this.#points, lanes: [{ ...lane, selected: true }] };
    this.#view.render(state, own);
    this.#chart.render({ ...state, selected: 0 }, own);
    if (this.element.dataset.verdict) return;
    const { val_loss: column } = lane.columns;
    const val = column?.subarray(0, lane.rows).findLast((v) => !Number.isNaN(v));
    setText(this.#numbers, L.regimeLosses(short(last(lane, "ema")), short(val ?? Number.NaN)));
  }

  /** @param {Outcome | undefined} outcome @param {import("../regimes.js").Verdict | undefined} verdict */
  judge(outcome, verdict) {
    if (!outcome || !verdict) return;
    this.element.dataset.verdict = verdict;
    setText(this.#numbers, L.regimeLosses(short(outcome.train), short(outcome.val)));
    setText(this.#verdict, L.verdicts[verdict](outcome.best?.iteration ?? 0));
  }

  resize() {
    this.#view?.resize();
    this.#chart.resize();
  }
}

/** What is set, in words. @param {Variant} variant */
function titleOf({ path, value }) {
  if (path === "layers") {
    const layers = /** @type {number[]} */ (value);
    return layers.length === 0 ? L.noHiddenLayer : L.hiddenOf(layers.join(" · "));
  }
  if (path === "train_rows") return value === undefined ? L.allTrainingRows : L.trainingRows(Number(value));
  return path === "data.flips" ? L.wrongLabels(100 * Number(value)) : T.sigma(String(value));
}
