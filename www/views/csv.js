/** Data of the visitor's own: what the text holds, and which column is learnt. */

import { pair } from "../controls.js";
import { h } from "../dom.js";
import { count } from "../format.js";
import { ownData } from "../presets.js";
import { T } from "../texts.js";
import { dropArea } from "./drop.js";

const PREVIEW_ROWS = 4;
const PREVIEW_COLUMNS = 6;

/** @typedef {import("../protocol.js").CsvPreview} CsvPreview */

/** @param {import("./rail.js").RailContext} context */
export function csvEditor({ view, edit, local, preview }) {
  const data = () => view().state.config.problem.data ?? {};
  if (local.csvText === "") local.csvText = data().csv ?? "";
  const table = h("div", { class: "preview" });
  const target = h("select", { id: "csv-target", "data-path": "problem.data.target", onchange: () => area.take() });
  const task = h("select", { id: "csv-task", "data-path": "problem.data.task", onchange: () => area.take() });
  /** What the text held when it could last be read. @type {CsvPreview | null} */
  let seen = null;
  const area = dropArea({
    id: "csv",
    path: "problem.data.csv",
    label: T.csvLabel,
    hint: T.csvHint,
    use: T.csvUse,
    text: local.csvText,
    async look(text) {
      local.csvText = text;
      /** @type {CsvPreview | null} */
      let found = null;
      try {
        if (text.trim() !== "") found = await preview(text);
        seen = found;
      } finally {
        show(table, found);
        offer();
      }
    },
    take(text) {
      if (!seen) return;
      const learned = task.value || seen.tasks[seen.columns.indexOf(target.value)];
      edit((state) => {
        if (state.config.problem.data?.csv === undefined) Object.assign(state, ownData(state));
        const { problem } = state.config;
        problem.data = { csv: text, target: target.value, ...(task.value ? { task: task.value } : {}) };
        const regression = problem.loss === "mse" || problem.loss === "huber";
        if (regression !== (learned === "regression"))
          problem.loss = learned === "regression" ? "mse" : "cross_entropy";
      });
    },
    fault: () => view().fault,
  });
  area.element.append(table, pair(T.csvTarget, target), pair(T.csvTask, task));
  return area;

  /** Fills the choices of target and task from what was found. */
  function offer() {
    const columns = seen?.columns ?? [];
    const chosen = [target.value, data().target, seen?.target].find((name) => columns.includes(name)) ?? "";
    target.replaceChildren(...columns.map((name) => h("option", { value: name }, name)));
    target.value = chosen;
    const guess = seen?.tasks[columns.indexOf(chosen)];
    const wanted = task.value || data().task || "";
    const tasks = [T.csvAuto(guess ? T[guess] : ""), T.classification, T.regression];
    task.replaceChildren(
      ...["", "classification", "regression"].map((value, i) => h("option", { value }, tasks[i] ?? "")),
    );
    task.value = wanted;
    target.disabled = task.disabled = columns.length === 0;
  }
}

/** @param {HTMLElement} root @param {CsvPreview | null} preview */
function show(root, preview) {
  if (!preview) return root.replaceChildren();
  const { columns, first, rows } = preview;
  const cut = (/** @type {string[]} */ cells) =>
    cells.length > PREVIEW_COLUMNS ? [...cells.slice(0, PREVIEW_COLUMNS - 2), "…", cells.at(-1) ?? ""] : cells;
  const head = h("tr", {}, ...cut(columns).map((cell) => h("th", { scope: "col" }, cell)));
  const body = first.slice(0, PREVIEW_ROWS).map((cells) => h("tr", {}, ...cut(cells).map((cell) => h("td", {}, cell))));
  const says = T.csvPreview(count(rows), columns.length);
  root.replaceChildren(
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": says },
      h("table", {}, h("thead", {}, head), h("tbody", {}, ...body)),
    ),
    h("p", { class: "hint" }, says),
  );
}
