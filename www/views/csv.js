/** Data of the visitor's own: typed, dropped or picked, with what is wrong said beside the text. */

import { pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { count } from "../format.js";
import { T } from "../texts.js";

/** The engine reads more, but a page would stall on the text. */
const BYTES_MAX = 5_000_000;
const PREVIEW_ROWS = 3;
const PREVIEW_COLUMNS = 6;

/** @param {import("./rail.js").RailContext} context */
export function csvEditor({ view, edit, local }) {
  const data = () => view().state.config.problem.data ?? {};
  if (local.csvText === "") local.csvText = data().csv ?? "";
  const message = h("p", { class: "fault", role: "alert", id: "csv-fault", hidden: true });
  const preview = h("div", { class: "preview" });
  const area = h("textarea", {
    class: "field mono",
    rows: 6,
    spellcheck: "false",
    "aria-label": T.csvLabel,
    "data-path": "problem.data.csv",
    "aria-describedby": "csv-fault",
    oninput: () => typed(area.value),
  });
  area.value = local.csvText;
  const target = h("select", { "aria-label": T.csvTarget, "data-path": "problem.data.target" });
  const task = h(
    "select",
    { "aria-label": T.csvTask, "data-path": "problem.data.task" },
    h("option", { value: "" }, T.csvAuto),
    h("option", { value: "classification" }, T.classification),
    h("option", { value: "regression" }, T.regression),
  );
  task.value = data().task ?? "";
  const file = h("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv",
    class: "vh",
    id: "csv-file",
    onchange: () => read(file.files?.[0]),
  });
  const use = h("button", { class: "btn edge", type: "button", onclick: take }, T.csvUse);
  const element = h(
    "div",
    { class: "csv" },
    area,
    message,
    h("div", { class: "row" }, file, h("label", { class: "btn edge", for: "csv-file" }, T.csvPick), use),
    h("p", { class: "hint" }, T.csvHint),
    preview,
    pair(T.csvTarget, target),
    pair(T.csvTask, task),
  );
  target.addEventListener("change", take);
  task.addEventListener("change", take);
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("over");
    const dropped = event.dataTransfer?.files[0];
    if (dropped) read(dropped);
    else fill(event.dataTransfer?.getData("text") ?? "");
  });
  typed(local.csvText);

  /** @param {string} text */
  function fill(text) {
    area.value = text;
    typed(text);
  }

  /** @param {string} text */
  function typed(text) {
    local.csvText = text;
    const table = glance(text);
    show(preview, table);
    const chosen = target.value || data().target || "";
    target.replaceChildren(
      h("option", { value: "" }, T.csvLast),
      ...table.header.map((name) => h("option", { value: name }, name)),
    );
    target.value = table.header.includes(chosen) ? chosen : "";
    use.toggleAttribute("disabled", text.trim() === "");
  }

  function take() {
    if (local.csvText.trim() === "") return;
    edit((state) => {
      state.config.problem.data = {
        csv: local.csvText,
        ...(target.value ? { target: target.value } : {}),
        ...(task.value ? { task: task.value } : {}),
      };
      suit(state.config.problem, task.value, target.value);
    });
  }

  /** A loss that fits the task, as far as the text tells. @param {Record<string, any>} problem @param {string} wanted @param {string} column */
  function suit(problem, wanted, column) {
    const regression = wanted ? wanted === "regression" : looksContinuous(local.csvText, column);
    if (regression === (problem.loss === "mse" || problem.loss === "huber")) return;
    problem.loss = regression ? "mse" : "cross_entropy";
  }

  /** @param {File | undefined} picked */
  async function read(picked) {
    if (!picked) return;
    if (picked.size > BYTES_MAX) return tell(T.csvTooLarge(size(picked.size), size(BYTES_MAX)));
    fill(await picked.text());
    take();
  }

  /** @param {string} text */
  function tell(text) {
    setText(message, text);
    message.hidden = text === "";
    if (text) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
  }

  return {
    element,
    refresh() {
      const fault = view().fault;
      tell(fault?.path.startsWith("problem.data") ? fault.message : "");
    },
  };
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1e6 ? `${count(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @typedef {{ header: string[], rows: string[][], lines: number, columns: number }} Glance */

/** A first look at the text, for the preview only; it is the engine that reads it. @param {string} text @returns {Glance} */
function glance(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const separator = [",", ";", "\t"].find((s) => lines[0]?.includes(s)) ?? ",";
  const cells = lines
    .slice(0, PREVIEW_ROWS + 1)
    .map((line) => line.split(separator).map((cell) => cell.trim().replace(/^"|"$/g, "")));
  const first = cells[0] ?? [];
  const named = first.some((cell) => cell !== "" && Number.isNaN(Number(cell)));
  return {
    header: named ? first : [],
    rows: cells.slice(named ? 1 : 0, PREVIEW_ROWS + 1),
    lines: lines.length,
    columns: first.length,
  };
}

/** Whether the target column holds fractions, or many different numbers. @param {string} text @param {string} column */
function looksContinuous(text, column) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const { header } = glance(text);
  const i = column ? header.indexOf(column) : -1;
  const separator = [",", ";", "\t"].find((s) => lines[0]?.includes(s)) ?? ",";
  const values = lines.slice(header.length > 0 ? 1 : 0).map((line) => line.split(separator).at(i)?.trim() ?? "");
  if (values.some((v) => v === "" || Number.isNaN(Number(v)))) return false;
  const distinct = new Set(values);
  return distinct.size > 20 || values.some((v) => !Number.isInteger(Number(v)));
}

/** @param {HTMLElement} root @param {Glance} table */
function show(root, { header, rows, lines, columns }) {
  if (lines === 0) return root.replaceChildren();
  const cut = (/** @type {string[]} */ cells) =>
    cells.length > PREVIEW_COLUMNS ? [...cells.slice(0, PREVIEW_COLUMNS - 2), "…", cells.at(-1) ?? ""] : cells;
  const head =
    header.length > 0
      ? h("thead", {}, h("tr", {}, ...cut(header).map((cell) => h("th", { scope: "col" }, cell))))
      : null;
  const body = h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cut(cells).map((cell) => h("td", {}, cell)))));
  root.replaceChildren(
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": T.csvPreview(lines, columns) },
      h("table", {}, head, body),
    ),
    h("p", { class: "hint" }, T.csvPreview(lines, columns)),
  );
}
