/** The rail's part for constraints: the objective, a field for each constraint, bounds, and the start. */

import { pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { count, exact } from "../format.js";
import { put, readBounds, readNumber, readObject, writeBounds } from "../state.js";
import { T } from "../texts.js";

const MONO = { class: "field mono" };

/** @param {import("./rail.js").RailContext} context */
export function constrainedSections({ form, view, edit }) {
  const problem = () => view().state.config.problem;
  /** @param {(problem: any) => void} change */
  const change = (change) => edit(({ config }) => change(config.problem));
  const objective = form.text(
    {
      path: "problem.objective",
      label: T.minimise,
      get: () => shown(problem().objective),
      set: (text) => change((p) => put(p, "objective", readObject(String(text)))),
    },
    MONO,
  );
  /** @param {"equality" | "inequality"} key @param {(i: number) => string} label @param {string} example */
  const rows = (key, label, example) => {
    const given = problem()[key];
    if (given !== undefined && !Array.isArray(given))
      return [
        form.text(
          {
            path: `problem.${key}`,
            label: label(1),
            get: () => shown(problem()[key]),
            set: (text) => change((p) => put(p, key, text === "" ? undefined : readObject(String(text)))),
          },
          MONO,
        ),
      ];
    return Array.from({ length: (given?.length ?? 0) + 1 }, (_, i) =>
      form.text(
        {
          path: `problem.${key}[${i}]`,
          label: label(i + 1),
          get: () => problem()[key]?.[i] ?? "",
          set: (text) => change((p) => put(p, key, replaced(p[key] ?? [], i, String(text).trim()))),
        },
        i === (given?.length ?? 0) ? { ...MONO, placeholder: example } : MONO,
      ),
    );
  };
  /** @param {"lower" | "upper"} key @param {string} label */
  const bounds = (key, label) =>
    pair(
      label,
      form.text(
        {
          path: `problem.${key}`,
          label,
          get: () => writeBounds(problem()[key]).replaceAll(",", ", "),
          set: (text) => change((p) => put(p, key, readBounds(String(text)))),
        },
        { ...MONO, placeholder: T.noBounds },
      ),
    );
  const start = form.text({
    path: "problem.start",
    label: T.startList,
    get() {
      const now = problem().start ?? view().record?.info.constrained?.start ?? [];
      return Array.isArray(now) ? now.map(exact).join(", ") : now;
    },
    set(text) {
      const parts = String(text)
        .split(/[\s,;]+/)
        .filter(Boolean);
      change((p) => put(p, "start", parts.length > 0 ? parts.map(readNumber) : undefined));
    },
  });
  const size = h("small");
  const section = h(
    "section",
    {},
    h("h2", {}, T.kinds.constrained ?? "", size),
    h("label", { for: objective.id }, T.minimise),
    objective,
    ...group(T.equalities, rows("equality", T.equalityAt, T.addEquality)),
    ...group(T.inequalities, rows("inequality", T.inequalityAt, T.addInequality)),
    h("p", { class: "hint" }, T.constraintHint),
    bounds("lower", T.lowerBounds),
    bounds("upper", T.upperBounds),
    h("p", { class: "hint" }, T.boundsHint),
    pair(T.start, start),
    h("p", { class: "hint" }, T.startHint),
  );
  return {
    sections: [section],
    refresh() {
      const { dim } = view().record?.info ?? {};
      setText(size, dim ? T.unknowns(count(dim)) : "");
    },
  };
}

/** @param {string} title @param {HTMLElement[]} fields */
function group(title, fields) {
  return [
    h("label", { for: fields[0]?.id ?? "" }, title),
    h("div", { class: "stack", role: "group", "aria-label": title }, ...fields),
  ];
}

/** @param {unknown} value */
function shown(value) {
  return typeof value === "string" || value === undefined ? (value ?? "") : JSON.stringify(value);
}

/** The list with another text in one place; an empty one drops the place, and none are no list. @param {string[]} list @param {number} i @param {string} text */
function replaced(list, i, text) {
  const next = [...list.slice(0, i), text, ...list.slice(i + 1)].filter(Boolean);
  return next.length > 0 ? next : undefined;
}
