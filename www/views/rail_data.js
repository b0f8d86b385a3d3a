/** The rail's part for data: the toys, the real sets, a CSV of the visitor's own, and how the rows are split. */

import { pair, segments } from "../controls.js";
import { h, icon, setText, svg } from "../dom.js";
import { exact } from "../format.js";
import { baseState, PRESETS } from "../presets.js";
import { put, same } from "../state.js";
import { T } from "../texts.js";
import { csvEditor } from "./csv.js";
import { seal } from "./rail_learning.js";
import { configBound, configFlag } from "./rail_run.js";

const NONE = "";
const OWN = "own";

/** @typedef {import("./rail.js").RailContext} RailContext */

/** @param {RailContext} context */
export function dataSections(context) {
  const { form, view, edit, begin, local } = context;
  const { datasets } = view().catalog;
  const data = () => view().state.config.problem.data ?? {};
  const own = local.ownCsv || data().csv !== undefined;
  const info = datasets.find((d) => d.name === data().name);
  const toys = datasets.filter((d) => d.file === null);
  const sets = datasets.filter((d) => d.file !== null);
  const size = h("small");
  const pick = (/** @type {string} */ name) => {
    local.ownCsv = name === OWN;
    if (name === OWN) context.rebuild();
    else if (name !== NONE) begin("network", name);
  };
  const more = form.choice(
    {
      path: "problem.data.name",
      label: T.orSet,
      get: () => (own ? OWN : info?.file ? data().name : NONE),
      set: (v) => pick(String(v)),
    },
    [
      { value: NONE, title: T.noSet },
      ...sets.map(({ name, title }) => ({ value: name, title })),
      { value: OWN, title: T.ownCsv },
    ],
  );
  const fields = own
    ? []
    : (info?.fields ?? []).map((field) => {
        /** @type {import("../controls.js").Bound} */
        const bound = {
          path: `problem.data.${field.name}`,
          label: field.label,
          get: () => data()[field.name],
          set: (value) => edit((state) => put(state.config.problem.data, field.name, value)),
        };
        const named = { ...field, label: T.dataFields[field.name] ?? field.label };
        return field.type === "number" ? form.dial(named, bound) : form.field(named, bound);
      });
  const csv = own ? csvEditor(context) : null;
  const dataSection = h(
    "section",
    {},
    h("h2", { id: "h-data" }, T.data, size),
    h(
      "div",
      { class: "sets", role: "radiogroup", "aria-labelledby": "h-data" },
      ...toys.map((toy) => card(toy, !own && toy.name === data().name, pick)),
    ),
    pair(T.orSet, more),
    csv?.element,
    ...fields,
    configFlag(context, "problem.standardize", T.standardize, true),
  );
  const preset = presets(context);
  const split = splitSection(context);
  return {
    sections: [h("section", {}, h("h2", {}, T.preset), preset.element), dataSection, split.section],
    refresh() {
      const network = view().record?.info.network;
      setText(
        size,
        network ? T.dataSize(network.rows.train + network.rows.val + network.rows.test, network.features.length) : "",
      );
      preset.refresh();
      split.refresh();
      csv?.refresh();
    },
  };
}

/** All settings of a data set at once. @param {RailContext} context */
function presets({ view, begin }) {
  const options = PRESETS.filter((name) => view().catalog.datasets.some((d) => d.name === name));
  const title = (/** @type {string} */ name) => view().catalog.datasets.find((d) => d.name === name)?.title ?? name;
  const select = h(
    "select",
    { "aria-label": T.preset, onchange: () => select.value !== NONE && begin("network", select.value, true) },
    h("option", { value: NONE }, T.presetNone),
    ...options.map((name) => h("option", { value: name }, title(name))),
  );
  return {
    element: select,
    refresh() {
      const { config, lanes } = view().state;
      const name = config.problem.data?.name;
      const base = baseState("network", name);
      const value = options.includes(name) && same(config, base.config) && same(lanes, base.lanes) ? name : NONE;
      if (select.value !== value && document.activeElement !== select) select.value = value;
    },
  };
}

/** @param {import("../protocol.js").DataInfo} toy @param {boolean} checked @param {(name: string) => void} pick */
function card(toy, checked, pick) {
  return h(
    "label",
    {},
    h("input", { type: "radio", name: "set", value: toy.name, checked, onchange: () => pick(toy.name) }),
    svg(
      "svg",
      { viewBox: "0 0 36 36", "aria-hidden": "true" },
      ...dots(toy.name).map(([x, y, c]) =>
        svg("circle", { cx: 18 + 13 * x, cy: 18 - 13 * y, r: 1.7, fill: c ? "var(--class-b)" : "var(--class-a)" }),
      ),
    ),
    h("span", {}, toy.title),
  );
}

/** A few points that look like the set: x, y in −1..1 and a class. @param {string} name @returns {[number, number, number][]} */
function dots(name) {
  const n = 24;
  const part = Array.from({ length: n }, (_, i) => i / n);
  const turn = 2 * Math.PI;
  switch (name) {
    case "circle":
      return part.map((t, i) =>
        i % 3 ? [Math.cos(turn * t), Math.sin(turn * t), 0] : [0.3 * Math.cos(turn * t), 0.3 * Math.sin(turn * t), 1],
      );
    case "xor":
      return part.flatMap((_, i) => {
        const x = [-0.85, -0.35, 0.35, 0.85][i % 4] ?? 0;
        const y = [-0.85, -0.35, 0.35, 0.85][Math.floor(i / 4) % 4] ?? 0;
        return i < 16 ? [[x, y, x * y > 0 ? 1 : 0]] : [];
      });
    case "moons":
      return part.map((t, i) =>
        i % 2
          ? [0.4 - 0.65 * Math.cos(3.3 * t), 0.2 - 0.75 * Math.sin(3.3 * t), 1]
          : [-0.4 + 0.65 * Math.cos(3.3 * t), -0.2 + 0.75 * Math.sin(3.3 * t), 0],
      );
    case "spiral":
      return part.map((t, i) => {
        const r = 0.15 + 0.85 * t;
        const a = 7 * t + (i % 2 ? Math.PI : 0);
        return [r * Math.cos(a), r * Math.sin(a), i % 2];
      });
    case "sine":
      return part.map((t, i) => [2 * t - 0.95, 0.75 * Math.sin(turn * t) + 0.12 * Math.sin(9 * i), 1]);
    case "plane":
      return part
        .slice(0, 16)
        .map((_, i) => [(i % 4) * 0.6 - 0.9, Math.floor(i / 4) * 0.6 - 0.9, (i % 4) + Math.floor(i / 4) > 3 ? 1 : 0]);
    default: {
      const spread = (/** @type {number} */ i) => 0.35 * Math.sin(12.9898 * (i + 1));
      return part.map((_, i) =>
        i % 2 ? [0.5 + spread(i), 0.5 + spread(i + 7), 1] : [-0.5 + spread(i), -0.5 + spread(i + 7), 0],
      );
    }
  }
}

const SPLITS = [
  { value: "60", title: "60/20/20", split: { train: 0.6, val: 0.2, test: 0.2 } },
  { value: "80", title: "80/10/10", split: { train: 0.8, val: 0.1, test: 0.1 } },
];
const FREE = { value: "free", title: T.splitFree };
const PARTS = /** @type {const} */ (["train", "val", "test"]);

/** @param {RailContext} context */
function splitSection(context) {
  const { form, view, edit, local } = context;
  const split = () => view().state.config.problem.split ?? { train: 0.6, val: 0.2, test: 0.2 };
  const known = SPLITS.find((s) => same(s.split, split()));
  const free = local.freeSplit || !known;
  const choose = (/** @type {string} */ value) => {
    const chosen = SPLITS.find((s) => s.value === value);
    local.freeSplit = !chosen;
    if (chosen) edit((state) => put(state.config.problem, "split", { ...chosen.split }));
    context.rebuild();
  };
  const bar = h("div", { class: "split", role: "img" }, h("span"), h("span"), h("span"));
  const key = h("div", { class: "split-key" }, h("span"), h("span"), h("span", {}, T.sealed));
  const fields = PARTS.map((part, i) =>
    form.number({
      path: `problem.split.${part}`,
      label: `${T.split}: ${T.splitParts[i]}`,
      get: () => split()[part],
      set: (value) => edit((state) => put(state.config.problem, "split", { ...split(), [part]: value })),
    }),
  );
  const sealed = seal(context);
  const section = h(
    "section",
    {},
    h("h2", {}, T.split),
    segments("split", T.split, [...SPLITS, FREE], free ? FREE.value : (known?.value ?? FREE.value), choose),
    free ? h("div", { class: "three" }, ...fields) : null,
    bar,
    key,
    pair(
      T.trainRows,
      form.number(configBound(context, "problem.train_rows", T.trainRows), undefined, {
        placeholder: T.allRows,
        inputmode: "numeric",
      }),
    ),
    configFlag(context, "problem.stratify", T.stratify, true),
    h("p", { class: "hint" }, T.splitHint),
    sealed.element,
  );
  return {
    section,
    refresh() {
      showSplit(bar, key, split(), view().record?.info.network?.rows);
      sealed.refresh();
    },
  };
}

/** @param {HTMLElement} bar @param {HTMLElement} key @param {Record<string, unknown>} split @param {{ train: number, val: number, test: number }} [rows] */
function showSplit(bar, key, split, rows) {
  const shares = PARTS.map((part) => Math.max(0, Number(split[part]) || 0));
  const percent = shares.map((s) => exact(Math.round(1000 * s) / 10));
  const columns = shares.map((s) => `minmax(2.6rem, ${Math.max(s, 0.01)}fr)`).join(" ");
  bar.style.gridTemplateColumns = key.style.gridTemplateColumns = columns;
  bar.setAttribute("aria-label", T.splitLabel(percent[0] ?? "", percent[1] ?? "", percent[2] ?? ""));
  const words = [`train ${percent[0]}`, `val ${percent[1]}`, percent[2] ?? ""];
  words.forEach((word, i) => {
    const cell = bar.children[i];
    if (!cell || cell.textContent === word) return;
    cell.replaceChildren(...(i === 2 ? [icon("lock"), word] : [word]));
  });
  PARTS.slice(0, 2).forEach((part, i) => {
    const cell = key.children[i];
    if (cell) setText(cell, rows ? (i === 0 ? `${rows[part]} rows` : String(rows[part])) : "");
  });
}
