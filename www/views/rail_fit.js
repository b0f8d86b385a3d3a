/** The rail's part for curve fits: the model, its data, and where the parameters start. */

import { pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { exact } from "../format.js";
import { put, same } from "../state.js";
import { T } from "../texts.js";
import { dropArea } from "./drop.js";
import { configBound } from "./rail_run.js";

const OWN = "";

/** @typedef {import("./rail.js").RailContext} RailContext */
/** @typedef {import("../protocol.js").Fault} Fault */

/** @param {RailContext} context */
export function fitSections(context) {
  const { form, view, edit, begin, local } = context;
  const problem = () => view().state.config.problem;
  const { models } = view().catalog;
  const model = models.find((m) => m.name === problem().model);
  const bound = (/** @type {string} */ path, /** @type {string} */ label) => configBound(context, path, label);
  const choice = form.choice(
    {
      path: "problem.model",
      label: T.model,
      get: () => model?.name ?? OWN,
      set: (name) => (name === OWN ? edit((state) => toFormula(state, view())) : begin("least_squares", String(name))),
    },
    [...models.map(({ name, title }) => ({ value: name, title })), { value: OWN, title: T.ownModel }],
  );
  const formula = model ? null : formulaField(form, bound("problem.model", T.modelFormula));
  const own = problem().data?.csv !== undefined || local.ownCsv;
  const fields = (model?.fields ?? [])
    .filter((field) => !own || !["n", "noise"].includes(field.name))
    .map((field) => form.field(field, bound(`problem.${field.name}`, field.label)));
  const source = form.choice(
    {
      path: "problem.data",
      label: T.data,
      get: () => (own ? "own" : "model"),
      set(value) {
        local.ownCsv = value === "own";
        if (value === "own") edit((state) => takeData(state, view()));
        else
          edit((state) => {
            delete state.config.problem.data;
          });
      },
    },
    [
      { value: "model", title: T.fitModelData },
      { value: "own", title: T.fitOwnData },
    ],
  );
  const csv = own ? fitEditor(context) : null;
  const size = h("small");
  const sections = [
    h("section", {}, h("h2", {}, T.kinds.least_squares ?? ""), choice, formula, model ? hint(model.about) : null),
    h("section", {}, h("h2", {}, T.data, size), model ? pair(T.data, source) : null, csv?.element, ...fields),
    startSection(context, model),
  ];
  return {
    sections,
    refresh() {
      const info = view().record?.info.least_squares;
      setText(size, info ? T.fitData(info.rows) : "");
      csv?.refresh();
    },
  };
}

/** @param {string} text */
function hint(text) {
  return h("p", { class: "hint" }, text);
}

/** @param {import("../controls.js").Form} form @param {import("../controls.js").Bound} bound */
function formulaField(form, bound) {
  const input = form.text(bound, { class: "field mono" });
  return h("div", { class: "stack" }, h("label", { for: input.id }, T.modelFormula), input, hint(T.modelHint));
}

/** A field for each parameter, and the starts that belong to the model. @param {RailContext} context @param {import("../protocol.js").Catalog["models"][number] | undefined} model */
function startSection({ form, view, edit }, model) {
  const starts = model?.starts ?? [];
  const title = (/** @type {number} */ i) => (model?.certified ? T.startsOfNist[i] : null) ?? T.startNumber(i + 1);
  const names = view().record?.info.least_squares?.parameters ?? [];
  const given = () => view().state.config.problem.start;
  const now = () => (Array.isArray(given()) ? given() : (view().record?.info.least_squares?.start ?? starts[0] ?? []));
  const chosen = () => {
    const i = starts.findIndex((start) => same(start, now()));
    return i < 0 ? OWN : String(i);
  };
  const select = form.choice(
    {
      path: "problem.start",
      label: T.starts,
      get: chosen,
      set(value) {
        const start = starts[Number(value)];
        if (value !== OWN && start)
          edit((state) => put(state.config.problem, "start", value === "0" ? undefined : [...start]));
      },
    },
    [...starts.map((_, i) => ({ value: String(i), title: title(i) })), { value: OWN, title: T.ownStart }],
  );
  const fields = names.map((name, i) =>
    pair(
      name,
      form.number({
        path: `problem.start[${i}]`,
        label: T.startOf(name),
        get: () => now()[i],
        set(value) {
          const start = [...now()];
          start[i] = value ?? 0;
          edit((state) => put(state.config.problem, "start", start));
        },
      }),
    ),
  );
  return h("section", {}, h("h2", {}, T.start), starts.length > 1 ? pair(T.starts, select) : null, ...fields);
}

/** Rows of the visitor's own, typed, dropped or picked. @param {RailContext} context */
function fitEditor({ view, edit, local, preview }) {
  const data = () => view().state.config.problem.data ?? {};
  const target = h("select", { id: "csv-target", "data-path": "problem.data.target", onchange: () => area.take() });
  const area = dropArea({
    id: "fit-csv",
    path: "problem.data.csv",
    label: T.fitCsvLabel,
    hint: T.fitCsvHint,
    use: T.csvUse,
    text: data().csv ?? local.csvText,
    async look(text) {
      if (text.trim() === "") return;
      const seen = await preview(text);
      const { columns } = seen;
      const last = columns.at(-1) ?? "";
      const wanted = [target.value, data().target].find((name) => columns.includes(name)) ?? last;
      target.replaceChildren(...columns.map((name) => h("option", { value: name }, name)));
      target.value = wanted;
    },
    take(text) {
      local.csvText = text;
      edit((state) => {
        const { problem } = state.config;
        problem.data = { csv: text, ...(target.value ? { target: target.value } : {}) };
        for (const field of ["n", "noise"]) delete problem[field];
      });
    },
    fault: () => view().fault,
  });
  area.element.append(pair(T.csvTarget, target));
  return area;
}

/** From a named model to its own formula, on the data and from the start that it has. @param {import("../state.js").State} state @param {import("../app.js").View} view */
function toFormula(state, view) {
  const fit = view.record?.info.least_squares;
  takeData(state, view);
  const { data } = state.config.problem;
  state.config.problem = {
    kind: "least_squares",
    model: fit?.formula ?? "b1 + b2*x",
    data,
    ...(fit ? { start: [...fit.start] } : {}),
  };
}

/** The rows that are shown, as the visitor's own. @param {import("../state.js").State} state @param {import("../app.js").View} view */
function takeData({ config: { problem } }, { record }) {
  if (problem.data?.csv) return;
  const fit = record?.info.least_squares;
  const train = record?.points?.train;
  for (const field of ["n", "noise"]) delete problem[field];
  if (!fit || !train) {
    problem.data = { csv: "x,y\n0,0\n1,1\n2,3" };
    return;
  }
  // A model that is to be 0 takes its last column for one more input.
  const whole = fit.implicit && problem.model === fit.model;
  const target = whole ? (fit.features.at(-1) ?? "y") : fit.target || "y";
  const head = whole ? fit.features : [...fit.features, target];
  const columns = fit.features.length;
  const rows = Array.from(train.targets, (y, i) => {
    const inputs = [...train.inputs.subarray(i * columns, (i + 1) * columns)];
    return (whole ? inputs : [...inputs, y]).map((v) => exact(v).replaceAll("−", "-")).join(",");
  });
  problem.data = { csv: [head.join(","), ...rows].join("\n"), target };
}
