/** Data of the visitor's own: typed, dropped or picked, with what is wrong said beside the text. */

import { pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { count } from "../format.js";
import { ownData } from "../presets.js";
import { T } from "../texts.js";

/** The engine reads more, but the page would stall on the text. */
const BYTES_MAX = 5_000_000;
/** Typing is looked at after a pause of so many ms. */
const PAUSE_MS = 250;
const PREVIEW_ROWS = 4;
const PREVIEW_COLUMNS = 6;

/** @typedef {import("../protocol.js").CsvPreview} CsvPreview */
/** @typedef {import("../protocol.js").Fault} Fault */

/** @param {import("./rail.js").RailContext} context */
export function csvEditor({ view, edit, local, preview }) {
  const data = () => view().state.config.problem.data ?? {};
  if (local.csvText === "") local.csvText = data().csv ?? "";
  const message = h("p", { class: "fault", role: "alert", id: "csv-fault", hidden: true });
  const table = h("div", { class: "preview" });
  const area = h("textarea", {
    class: "field mono",
    rows: 6,
    spellcheck: "false",
    "aria-label": T.csvLabel,
    "data-path": "problem.data.csv",
    "aria-describedby": "csv-fault",
    oninput: typed,
  });
  area.value = local.csvText;
  const target = h("select", { id: "csv-target", "data-path": "problem.data.target", onchange: take });
  const task = h("select", { id: "csv-task", "data-path": "problem.data.task", onchange: take });
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
    { class: "csv", ondragover: over, ondragleave: () => element.classList.remove("over"), ondrop: dropped },
    area,
    message,
    h("div", { class: "row" }, file, h("label", { class: "btn edge", for: "csv-file" }, T.csvPick), use),
    h("p", { class: "hint" }, T.csvHint),
    table,
    pair(T.csvTarget, target),
    pair(T.csvTask, task),
  );
  let timer = 0;
  /** @type {CsvPreview | null} */
  let seen = null;
  /** What is wrong with the text as it stands, which the run has not seen. @type {Fault | null} */
  let wrong = null;
  look();

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  }

  /** Asks the engine what the text holds. */
  async function look() {
    local.csvText = area.value;
    use.disabled = area.value.trim() === "";
    wrong = null;
    if (use.disabled) seen = null;
    else {
      try {
        seen = await preview(area.value);
      } catch (fault) {
        wrong = /** @type {Fault} */ (fault);
      }
    }
    show(table, wrong ? null : seen);
    offer();
    tell();
  }

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

  async function take() {
    clearTimeout(timer);
    await look();
    if (!seen || wrong) return;
    const learned = task.value || seen.tasks[seen.columns.indexOf(target.value)];
    const { csvText } = local;
    edit((state) => {
      if (state.config.problem.data?.csv === undefined) Object.assign(state, ownData(state));
      const { problem } = state.config;
      problem.data = { csv: csvText, target: target.value, ...(task.value ? { task: task.value } : {}) };
      const regression = problem.loss === "mse" || problem.loss === "huber";
      if (regression !== (learned === "regression")) problem.loss = learned === "regression" ? "mse" : "cross_entropy";
    });
  }

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    element.classList.add("over");
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    element.classList.remove("over");
    const one = event.dataTransfer?.files[0];
    if (one) read(one);
    else fill(event.dataTransfer?.getData("text") ?? "");
  }

  /** @param {File | undefined} picked */
  async function read(picked) {
    if (!picked) return;
    if (picked.size <= BYTES_MAX) return fill(await picked.text());
    wrong = { path: "", message: T.csvTooLarge(size(picked.size), size(BYTES_MAX)), lane: null };
    tell();
  }

  /** @param {string} text */
  function fill(text) {
    area.value = text;
    return take();
  }

  function tell() {
    const fault = view().fault;
    const text = wrong?.message ?? (fault?.path.startsWith("problem.data") ? fault.message : "");
    setText(message, text);
    message.hidden = text === "";
    if (text) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
  }

  return { element, refresh: tell };
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1e6 ? `${count(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
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
