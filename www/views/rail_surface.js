/** The rail's part for surfaces: which function, from where, with how much noise. */

import { pair, steps } from "../controls.js";
import { h } from "../dom.js";
import { exact } from "../format.js";
import { at, fitStart, put, readNumber } from "../state.js";
import { T } from "../texts.js";

const OWN = "";
const NOISE = [0, 0.001, 0.003, 0.01, 0.03, ...steps(0.1, 1, 0.1), 2, 3, 5, 10];

/** @param {import("./rail.js").RailContext} context */
export function surfaceSections({ form, view, edit, begin }) {
  const problem = () => view().state.config.problem;
  const surface = view().catalog.surfaces.find((s) => s.name === problem().name);
  /** @param {string} name @param {string} label @returns {import("../controls.js").Bound} */
  const bound = (name, label) => ({
    path: `problem.${name}`,
    label,
    get: () => at(problem(), name),
    set: (value) => edit((state) => put(state.config.problem, name, value)),
  });
  const ownFormula = {
    ...bound("formula", T.formula),
    set: (/** @type {unknown} */ value) =>
      edit(({ config: { problem } }) => {
        put(problem, "formula", value);
        if (typeof value === "string") fitStart(problem);
      }),
  };
  /** @param {0 | 1} i @param {string} label @returns {import("../controls.js").Bound} */
  const start = (i, label) => ({
    path: `problem.start[${i}]`,
    label,
    get: () => startOf(view())[i],
    set(value) {
      const both = startOf(view());
      both[i] = value ?? 0;
      edit((state) => put(state.config.problem, "start", both));
    },
  });
  const choice = form.choice(
    {
      path: "problem.name",
      label: T.function,
      get: () => problem().name ?? OWN,
      set: (name) =>
        name === OWN ? edit((state) => toFormula(state, surface?.formula)) : begin("surface", String(name)),
    },
    [
      ...view().catalog.surfaces.map(({ name, title }) => ({ value: name, title })),
      { value: OWN, title: T.ownFormula },
    ],
  );
  const own = problem().formula === undefined ? null : h("div", { class: "stack" }, ...formula(form, ownFormula));
  const fields = surface?.fields.map((field) => form.field(field, bound(field.name, field.label))) ?? [];
  const dim = view().record?.info.dim ?? 2;
  if (surface && surface.most_variables > surface.least_variables) fields.unshift(variables(form, view, edit, surface));
  const sections = [
    h(
      "section",
      {},
      h("h2", {}, T.kinds.surface),
      choice,
      own,
      ...fields,
      dim > 2
        ? pair(T.start, allOfStart(form, view, edit))
        : h(
            "div",
            { class: "pair two" },
            h("span", {}, T.start),
            h("span", { class: "prefix" }, h("span", { "aria-hidden": "true" }, "x"), form.number(start(0, T.startX))),
            h("span", { class: "prefix" }, h("span", { "aria-hidden": "true" }, "y"), form.number(start(1, T.startY))),
          ),
      pair(
        T.gradientNoise,
        form.slider({ ...bound("noise", T.gradientNoise), get: () => problem().noise ?? 0 }, NOISE, (v) =>
          T.sigma(exact(v)),
        ),
      ),
      h("p", { class: "hint" }, dim > 2 ? T.startHintMany : T.startHint),
    ),
    h("section", {}, h("h2", {}, T.data), h("p", { class: "hint first" }, T.noData)),
  ];
  return { sections };
}

/** How many variables a surface has that is defined in any number. @param {import("../controls.js").Form} form @param {() => import("../app.js").View} view @param {(change: (state: import("../state.js").State) => void) => void} edit @param {import("../protocol.js").Catalog["surfaces"][number]} surface */
function variables(form, view, edit, surface) {
  const field = {
    name: "dim",
    symbol: "n",
    label: T.variables,
    type: /** @type {const} */ ("integer"),
    default: surface.variables,
    min: surface.least_variables,
    max: surface.most_variables,
  };
  return form.field(field, {
    path: "problem.dim",
    label: T.variables,
    get: () => view().state.config.problem.dim,
    set: (value) =>
      edit(({ config: { problem } }) => {
        if (value === undefined) delete problem.dim;
        else problem.dim = value;
        // A start belongs to its number of variables.
        delete problem.start;
      }),
  });
}

/** The start as a list of numbers, where it is no point of the plane. @param {import("../controls.js").Form} form @param {() => import("../app.js").View} view @param {(change: (state: import("../state.js").State) => void) => void} edit */
function allOfStart(form, view, edit) {
  const now = () => view().state.config.problem.start ?? view().record?.info.surface?.start ?? [];
  return form.text({
    path: "problem.start",
    label: T.startList,
    get: () => (Array.isArray(now()) ? now().map(exact).join(", ") : now()),
    set(text) {
      const parts = String(text)
        .split(/[\s,;]+/)
        .filter(Boolean);
      edit((state) => put(state.config.problem, "start", parts.length > 0 ? parts.map(readNumber) : undefined));
    },
  });
}

/** @param {import("../controls.js").Form} form @param {import("../controls.js").Bound} bound */
function formula(form, bound) {
  const input = form.text(bound, { class: "field mono" });
  return [h("label", { for: input.id }, T.formula), input, h("p", { class: "hint" }, T.formulaHint)];
}

/** The start of the run, or the one that the surface suggests. @param {import("../app.js").View} view @returns {unknown[]} */
function startOf({ state, catalog, record }) {
  const { problem } = state.config;
  const suggested = catalog.surfaces.find((s) => s.name === problem.name)?.start ?? record?.info.surface?.start;
  return [...(Array.isArray(problem.start) ? problem.start : (suggested ?? [0, 0]))];
}

/** From a named surface to its own formula, to be changed. @param {import("../state.js").State} state @param {string} [text] */
function toFormula(state, text = "x^2 + 2*y^2") {
  const { start, noise } = state.config.problem;
  state.config.problem = { kind: "surface", formula: text, ...(start ? { start } : {}), ...(noise ? { noise } : {}) };
}
