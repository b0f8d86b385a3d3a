/** The rail's part for linear systems: the matrix, by name or typed, and the right-hand side. */

import { pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { count, exact } from "../format.js";
import { put, readNumber } from "../state.js";
import { T } from "../texts.js";
import { dropArea } from "./drop.js";
import { configBound } from "./rail_run.js";

const OWN = "own";

/** @param {import("./rail.js").RailContext} context */
export function systemSections(context) {
  const { form, view, edit, begin } = context;
  const problem = () => view().state.config.problem;
  const { matrices } = view().catalog;
  const matrix = matrices.find((m) => m.name === problem().a?.name);
  const choice = form.choice(
    {
      path: "problem.a.name",
      label: T.matrix,
      get: () => matrix?.name ?? OWN,
      set: (name) => begin("linear_system", String(name)),
    },
    [...matrices.map(({ name, title }) => ({ value: name, title })), { value: OWN, title: T.ownMatrix }],
  );
  const fields = (matrix?.fields ?? []).map((field) =>
    form.field(field, configBound(context, `problem.a.${field.name}`, field.label)),
  );
  const typed = matrix
    ? null
    : dropArea({
        id: "entries",
        path: "problem.a.csv",
        label: T.entries,
        hint: T.entriesHint,
        use: T.useMatrix,
        text: problem().a?.csv ?? "",
        take: (text) => edit((state) => put(state.config.problem, "a", { csv: text })),
        fault: () => view().fault,
      });
  const rhs = form.text(
    {
      path: "problem.b",
      label: T.rhs,
      get: () => (Array.isArray(problem().b) ? problem().b.map(exact).join(", ") : ""),
      set: (text) => edit((state) => put(state.config.problem, "b", numbers(String(text)))),
    },
    { placeholder: T.rhsDefault, class: "field mono" },
  );
  const size = h("small");
  const section = h(
    "section",
    {},
    h("h2", {}, T.kinds.linear_system ?? "", size),
    pair(T.matrix, choice),
    ...fields,
    matrix ? h("p", { class: "hint" }, matrix.about) : null,
    typed?.element,
    pair(T.rhs, rhs),
    h("p", { class: "hint" }, T.rhsHint),
  );
  return {
    sections: [section],
    refresh() {
      const info = view().record?.info.linear_system;
      setText(size, info ? T.unknowns(count(info.n)) : "");
      typed?.refresh();
    },
  };
}

/** Numbers, however they are parted; nothing where there are none. @param {string} text */
function numbers(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  return parts.length > 0 ? parts.map(readNumber) : undefined;
}
