/** The rail's part for networks: layers, activations, loss, and how they are trained. */

import { iconButton, pair } from "../controls.js";
import { h, icon } from "../dom.js";
import { put } from "../state.js";
import { T } from "../texts.js";
import { configBound } from "./rail_run.js";

const L2 = [0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1];
const BATCHES = [1, 4, 8, 16, 32, 64, 128, 256];
const NEW_UNITS = 8;

/** @param {import("./rail.js").RailContext} context */
export function networkSection(context) {
  const { form, view } = context;
  const { activations, losses, inits } = view().catalog;
  /** @param {string} path @param {string} label */
  const bound = (path, label) => configBound(context, path, label);
  /** @param {string} path @param {string} label @param {import("../controls.js").Option[]} options */
  const choice = (path, label, options) => {
    const to = bound(path, label);
    return pair(label, form.choice({ ...to, set: (value) => to.set(value === "" ? undefined : value) }, options));
  };
  const batch = form.text(
    {
      ...bound("batch_size", T.batch),
      set: (v) => bound("batch_size", "").set(batchOf(String(v))),
      get: () => view().state.config.batch_size ?? T.full,
    },
    { list: "batches", title: T.batchHint },
  );
  const section = h(
    "section",
    {},
    h("h2", {}, T.network),
    layers(context),
    ...activation(context, activations.map(option)),
    choice("problem.loss", T.loss, losses.map(option)),
    choice("problem.init", T.init, [{ value: "", title: T.initAuto }, ...inits.map(option)]),
    pair(T.batch, batch),
    h("datalist", { id: "batches" }, ...[...BATCHES, T.full].map((value) => h("option", { value }))),
    pair(T.l2, form.slider({ ...bound("problem.l2", T.l2), get: () => view().state.config.problem.l2 ?? 0 }, L2)),
    pair(T.clip, form.number(bound("clip_norm", T.clip), undefined, { placeholder: T.none })),
    pair(
      T.precision,
      form.choice(
        { ...bound("precision", T.precision), get: () => view().state.config.precision ?? "f64" },
        Object.entries(T.precisions).map(([value, title]) => ({ value, title })),
      ),
    ),
  );
  return { sections: [section] };
}

/** @param {import("../protocol.js").Named | string} named @returns {import("../controls.js").Option} */
function option(named) {
  return typeof named === "string" ? { value: named, title: named } : { value: named.name, title: named.title };
}

/** `full`, or a number of rows. @param {string} text */
function batchOf(text) {
  const plain = text.trim();
  return plain === "" || plain === T.full ? "full" : Number.isNaN(Number(plain)) ? plain : Number(plain);
}

/** @param {import("./rail.js").RailContext} context */
function layers({ form, view, edit }) {
  /** @type {unknown[]} */
  const widths = view().state.config.problem.layers ?? [];
  const rows = widths.map((_, i) => {
    const label = T.hiddenLayer(i + 1);
    /** @type {import("../controls.js").Bound} */
    const bound = {
      path: `problem.layers[${i}]`,
      label,
      get: () => view().state.config.problem.layers?.[i],
      set: (value) => edit((state) => state.config.problem.layers.splice(i, 1, value)),
    };
    const remove = iconButton("x", T.removeLayer(i + 1), () =>
      edit(({ config: { problem } }) => {
        problem.layers.splice(i, 1);
        if (Array.isArray(problem.activation)) problem.activation.splice(i, 1);
      }),
    );
    return h("li", {}, form.number(bound, undefined, { inputmode: "numeric" }), remove);
  });
  const add = h(
    "button",
    { class: "btn edge", type: "button", "data-path": "problem.layers", onclick: () => edit(addLayer) },
    icon("plus"),
    T.addLayer,
  );
  return h(
    "div",
    { class: "layers", role: "group", "aria-label": T.hidden },
    h("span", {}, T.hidden),
    widths.length > 0 ? h("ol", {}, ...rows) : h("p", { class: "hint first" }, T.noHidden),
    add,
  );
}

/** @param {import("../state.js").State} state */
function addLayer({ config: { problem } }) {
  const last = problem.layers?.at(-1);
  problem.layers = [...(problem.layers ?? []), typeof last === "number" ? last : NEW_UNITS];
  if (Array.isArray(problem.activation)) problem.activation.push(problem.activation.at(-1) ?? "relu");
}

const SEVERAL = "";

/** One activation for all, and a fold with one each. @param {import("./rail.js").RailContext} context @param {import("../controls.js").Option[]} options */
function activation({ form, view, edit }, options) {
  const now = () => view().state.config.problem.activation;
  /** @type {unknown[]} */
  const widths = view().state.config.problem.layers ?? [];
  const all = form.choice(
    {
      path: "problem.activation",
      label: T.activation,
      get: () => (Array.isArray(now()) ? SEVERAL : now()),
      set: (value) => value !== SEVERAL && edit((state) => put(state.config.problem, "activation", value)),
    },
    Array.isArray(now()) ? [{ value: SEVERAL, title: T.severally }, ...options] : options,
  );
  const each = widths.map((_, i) => {
    const label = T.activationOf(i + 1);
    const get = () => (Array.isArray(now()) ? now()[i] : now());
    /** @param {unknown} value */
    const set = (value) => edit((state) => put(state.config.problem, "activation", several(state, i, value)));
    return pair(
      label,
      form.choice({ path: `problem.activation[${i}]`, label: `${T.activation}, ${label}`, get, set }, options),
    );
  });
  const fold = h("details", { class: "fold activations" }, h("summary", {}, T.perLayer), ...each);
  return widths.length > 1 ? [pair(T.activation, all), fold] : [pair(T.activation, all)];
}

/** @param {import("../state.js").State} state @param {number} i @param {unknown} value */
function several({ config: { problem } }, i, value) {
  /** @type {unknown[]} */
  const list = Array.isArray(problem.activation)
    ? [...problem.activation]
    : problem.layers.map(() => problem.activation);
  list[i] = value;
  return list.every((one) => one === list[0]) ? list[0] : list;
}
