/** The lanes: one method a row, with its hyper-parameters, schedule, results and status. */

import { Form, iconButton } from "../controls.js";
import { h, icon, setText, swatch } from "../dom.js";
import { count, short } from "../format.js";
import { last } from "../record.js";
import { at, LANES_MAX } from "../state.js";
import { T } from "../texts.js";
import { COLUMNS, changeMethod, setHyper } from "./hyper.js";
import { createDetails } from "./lane_details.js";
import { createScheduleEditor, sparkline } from "./schedule.js";

/** @typedef {import("../app.js").View} View */
/** @typedef {import("../state.js").State} State */
/** @typedef {import("../protocol.js").MethodInfo} MethodInfo */
/**
 * @typedef {object} LaneActions
 * @property {(change: (state: State) => void) => void} edit
 * @property {(lane: number) => void} select
 * @property {() => void} add
 * @property {() => void} keep the selected run, to be compared
 * @property {import("./schedule.js").AskSchedule} askSchedule
 * @property {(lane: number) => void} openSolve
 * @property {(lane: number) => void} drawSchedule
 * @property {(lane: number) => Promise<import("../protocol.js").StepCost[] | null>} measureCosts
 */
/** A longer reason is cut in its row, and stands below the table. */
const REASON_MAX = 20;

/** @param {HTMLElement} root @param {LaneActions} on */
export function createLanes(root, on) {
  /** @type {View} */
  let view;
  let form = new Form();
  let shape = "";
  /** @type {Row[]} */
  let rows = [];
  const schedule = createScheduleEditor(root, on, () => view);
  const details = createDetails(root, on, () => view);
  const validated = h("th", { scope: "col", class: "r" });
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, h("span", { class: "vh" }, T.line)),
    h("th", { scope: "col", class: "c-name" }, T.method),
    ...COLUMNS.map((c) => h("th", { scope: "col", class: `${c.class} f` }, c.symbol)),
    h("th", { scope: "col" }, T.schedule),
    ...[T.lossHead, "‖∇f‖", T.gradients].map((title) => h("th", { scope: "col", class: "r" }, title)),
    validated,
    h("th", { scope: "col", class: "r hide-m" }, "ms"),
    h("th", { scope: "col" }, T.status),
    h("th", { scope: "col" }, h("span", { class: "vh" }, T.remove)),
  );
  const body = h("tbody");
  const table = h("table", {}, h("caption", { class: "vh" }, T.lanesCaption), h("thead", {}, head), body);
  const addButton = h("button", { class: "btn", type: "button", onclick: on.add }, icon("plus"), T.addMethod);
  const keepButton = h(
    "button",
    { class: "btn", type: "button", title: T.keepRunHint, onclick: on.keep },
    icon("pin"),
    T.keepRun,
  );
  const fair = h("p");
  const warnings = h("ul", { class: "warnings", "aria-live": "polite" });
  root.append(
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": T.lanes }, table),
    h("div", { class: "add-row" }, addButton, keepButton, fair),
    warnings,
  );

  function rebuild() {
    const focused = /** @type {HTMLElement | null} */ (
      body.contains(document.activeElement) ? document.activeElement : null
    )?.dataset;
    form = new Form();
    rows = view.state.lanes.map((_, i) =>
      laneRow(i, { form, view: () => view, on, openSchedule: schedule.open, openDetails: details.open }),
    );
    body.replaceChildren(...rows.map((row) => row.element));
    if (focused?.path)
      /** @type {HTMLElement | null} */ (
        body.querySelector(`[data-path="${CSS.escape(focused.path)}"][data-lane="${focused.lane}"]`)
      )?.focus();
  }

  return {
    /** @param {View} next */
    render(next) {
      view = next;
      const { state } = view;
      const oracles = view.record?.info.oracles ?? [];
      const now = JSON.stringify([state.lanes.map((l) => [l.mark, l.optimizer.name]), oracles]);
      if (now !== shape) {
        shape = now;
        rebuild();
      }
      form.sync(view.fault);
      validated.hidden = !view.record?.info.network;
      setText(validated, T.validated[view.record?.info.network?.task ?? "classification"]);
      for (const row of rows) row.render(view);
      schedule.render(view.fault);
      details.render(view.fault);
      const apart = state.lanes.some((l) => l.batch_size !== undefined);
      const text = apart ? T.fairApart : (T.fair[state.config.problem.kind] ?? "");
      setText(fair, state.lanes.length < LANES_MAX ? text : T.lanesFull);
      addButton.disabled = state.lanes.length >= LANES_MAX;
      showWarnings(warnings, view);
    },
    /** @param {import("../protocol.js").Fault} fault */
    find(fault) {
      return form.find(fault) ?? schedule.find(fault) ?? details.find(fault);
    },
  };
}

/** What the engine has to say of the lanes, each sentence once. @param {HTMLElement} root @param {View} view */
function showWarnings(root, { warnings, good, catalog, record }) {
  const lines = [...said(warnings, record), ...unlike(good, catalog.methods), ...refusals(record)];
  const key = lines.join("\n");
  if (root.dataset.key === key) return;
  root.dataset.key = key;
  root.replaceChildren(...lines.map((line) => h("li", {}, icon("warn"), line)));
}

/** Each sentence once, with the lanes that it is about, unless it is about all. @param {string[][]} warnings of each lane @param {import("../record.js").Record | null} record */
function said(warnings, record) {
  return [...new Set(warnings.flat())].map((line) => {
    const about = warnings.flatMap((lines, i) => (lines.includes(line) ? [record?.lanes[i]?.title ?? ""] : []));
    const titles = [...new Set(about)].filter(Boolean).join(", ");
    return about.length === warnings.length || !titles ? line : `${titles}: ${line}`;
  });
}

/** Reasons that are too long for a row, in full. @param {import("../record.js").Record | null} record */
function refusals(record) {
  const broken = (record?.lanes ?? []).filter((l) => l.status === "breakdown" && l.reason.length > REASON_MAX);
  return broken.map((l) => `${T.laneOf(l.lane, l.title)}: ${withoutStep(l.reason)}.`);
}

/** Which lanes are not clipped or rounded as the others are. @param {State} good @param {MethodInfo[]} methods */
function unlike({ config, lanes }, methods) {
  if (config.precision !== "f32" && config.clip_norm == null) return [];
  const names = new Set(lanes.map((l) => l.optimizer.name));
  const curved = methods.filter((m) => names.has(m.name) && m.family !== "first_order");
  return curved.length > 0 ? [T.only64(curved.map((m) => m.title).join(", "))] : [];
}

/** The methods by family; those that the problem cannot serve are left out, but for the one that is chosen. @param {View} view @param {string | undefined} chosen */
function groupsOf({ catalog, record }, chosen) {
  const oracles = record?.info.oracles;
  const offered = catalog.methods.filter((m) => !oracles || oracles.includes(m.needs) || m.name === chosen);
  return Object.entries(T.families).flatMap(([family, title]) => {
    const methods = offered.filter((m) => m.family === family);
    const options = methods.map((m) => h("option", { value: m.name }, m.title));
    return options.length > 0 ? [h("optgroup", { label: title }, ...options)] : [];
  });
}

/** @typedef {{ element: HTMLElement, render: (view: View) => void }} Row */
/**
 * @typedef {object} RowContext
 * @property {Form} form @property {() => View} view @property {LaneActions} on
 * @property {(lane: number, anchor: HTMLElement) => void} openSchedule
 * @property {(lane: number, anchor: HTMLElement) => void} openDetails
 */

/** @param {number} i position of the lane @param {RowContext} context @returns {Row} */
function laneRow(i, context) {
  const { form, view, on } = context;
  const lane = () => view().state.lanes[i];
  const mark = lane()?.mark ?? i + 1;
  const { methods } = view().catalog;
  const method = methods.find((m) => m.name === lane()?.optimizer.name);
  const pick = h(
    "button",
    { class: "pick", type: "button", "aria-label": T.pick(mark), onclick: () => on.select(i) },
    swatch(mark),
  );
  const choice = form.choice(
    {
      path: "optimizer.name",
      lane: i,
      label: T.methodOf(mark),
      get: () => lane()?.optimizer.name,
      set: (name) => on.edit((state) => changeMethod(state, i, String(name), methods)),
    },
    [],
  );
  choice.replaceChildren(...groupsOf(view(), lane()?.optimizer.name));
  choice.value = lane()?.optimizer.name ?? "";
  const more = iconButton("more", T.detailsOf(mark, method?.title ?? ""), () => context.openDetails(i, more), {
    "data-path": "optimizer",
    "aria-haspopup": "dialog",
  });
  const rated = method?.fields.some((f) => f.name === "lr") ?? true;
  const chipName = h("span");
  const chipLine = h("span", { class: "line" });
  const chip = h(
    "button",
    {
      class: "chip",
      type: "button",
      "data-path": "schedule",
      "aria-haspopup": "dialog",
      onclick: () => context.openSchedule(i, chip),
    },
    chipLine,
    chipName,
  );
  const out = (/** @type {string} */ label, more = "") =>
    h("td", { class: `r num ${more}`.trim(), "data-label": label, "data-o": "" });
  const loss = out(T.lossHead.toLowerCase());
  const norm = out("‖∇f‖");
  const evals = out(T.gradients);
  const validated = out("", "c-val");
  const ms = out("ms", "hide-m");
  const pill = h("span", { class: "pill" });
  const remove = iconButton("x", T.removeLane(mark), () => on.edit((state) => removeLane(state, i)));
  const element = h(
    "tr",
    {
      class: `lane-${mark}`,
      onclick: (/** @type {MouseEvent} */ event) =>
        event.target instanceof Element && !event.target.closest("input, select, button") && on.select(i),
    },
    h("td", { class: "c-swatch" }, pick),
    h("td", { class: "c-method" }, h("div", { class: "with" }, choice, more)),
    ...COLUMNS.map((column) => hyper(i, column, method, context)),
    h(
      "td",
      { class: "c-sched", "data-label": T.schedule.toLowerCase() },
      rated ? chip : h("span", { class: "na", role: "img", "aria-label": T.notUsed }, "–"),
    ),
    loss,
    norm,
    evals,
    validated,
    ms,
    h("td", { class: "c-status" }, pill),
    h("td", { class: "r c-x" }, remove),
  );
  let line = "";
  return {
    element,
    render({ state, record, catalog }) {
      const selected = i === state.selected;
      element.classList.toggle("on", selected);
      pick.setAttribute("aria-pressed", String(selected));
      const name = state.lanes[i]?.schedule?.name ?? "constant";
      const title = catalog.schedules.find((s) => s.name === name)?.title ?? name;
      setText(chipName, title);
      chip.setAttribute("aria-label", T.scheduleOf(mark, title));
      if (name !== line) {
        line = name;
        chipLine.replaceChildren(sparkline(name));
      }
      const ran = record?.lanes[i];
      const smooth = state.config.problem.kind === "network";
      const begun = ran !== undefined && ran.rows > 0;
      setText(loss, begun ? short(shownLoss(ran, smooth)) : "");
      // A population knows no gradient, nor does a random walk.
      const slopeless =
        begun && (ran.columns.spread ?? ran.columns.acceptance_rate) && Number.isNaN(last(ran, "grad_norm"));
      setText(norm, slopeless ? T.unknown : begun ? short(last(ran, "grad_norm")) : "");
      setText(evals, begun ? count(ran.evals) : "");
      const task = record?.info.network?.task;
      validated.hidden = task === undefined;
      validated.dataset.label = task ? T.validated[task] : "";
      setText(validated, begun && task ? shownScore(ran, task) : "");
      setText(ms, begun ? ran.ms.toFixed(ran.ms < 10 ? 2 : ran.ms < 1000 ? 1 : 0) : "");
      showStatus(pill, ran);
    },
  };
}

/** The last score on the validation rows: it is taken once in a while. @param {import("../record.js").LaneRecord} ran @param {"classification" | "regression"} task */
function shownScore(ran, task) {
  const column = ran.columns[task === "classification" ? "val_accuracy" : "val_r2"];
  for (let row = ran.rows - 1; column && row >= 0; row -= 1) {
    const score = column[row] ?? Number.NaN;
    if (!Number.isNaN(score)) return short(score);
  }
  return "";
}

/** Of minibatches the smoothed loss, unless it is no longer finite. @param {import("../record.js").LaneRecord} ran @param {boolean} smooth */
function shownLoss(ran, smooth) {
  const raw = last(ran, "loss");
  const ema = last(ran, "ema");
  return smooth && Number.isFinite(raw) && Number.isFinite(ema) ? ema : raw;
}

/** @param {number} i @param {typeof COLUMNS[number]} column @param {MethodInfo | undefined} method @param {RowContext} context */
function hyper(i, column, method, { form, view, on }) {
  const field = method?.fields.find((f) => column.of(f, method));
  if (!field)
    return h(
      "td",
      { class: "r c-na", "data-label": column.symbol },
      h("span", { class: "na", role: "img", "aria-label": T.notUsed }, "–"),
    );
  const mark = view().state.lanes[i]?.mark ?? i + 1;
  const input = form.number(
    {
      path: `optimizer.${field.name}`,
      lane: i,
      label: T.fieldOf(field.symbol, mark),
      get: () => at(view().state.lanes[i], `optimizer.${field.name}`),
      set: (value) => on.edit((state) => setHyper(state, i, field.name, value)),
    },
    field,
    { "data-h": field.name },
  );
  return h("td", { "data-label": field.symbol }, input);
}

/** @param {State} state @param {number} i */
function removeLane(state, i) {
  state.lanes.splice(i, 1);
  if (state.selected > i || state.selected >= state.lanes.length) state.selected = Math.max(0, state.selected - 1);
}

/** @param {HTMLElement} pill @param {import("../record.js").LaneRecord | undefined} ran */
function showStatus(pill, ran) {
  const [name, picture, text] = statusOf(ran);
  if (pill.dataset.key === text) return;
  pill.dataset.key = text;
  pill.title = text;
  pill.className = `pill ${name}`;
  pill.replaceChildren(icon(picture), h("span", {}, text));
}

/** Class, picture and words for a lane's status. @param {import("../record.js").LaneRecord | undefined} ran @returns {[string, string, string]} */
export function statusOf(ran) {
  if (!ran) return ["", "pause2", T.ready];
  switch (ran.status) {
    case "running":
      return ["", "run", T.running];
    case "paused":
      return ["", "pause2", ran.at === 0 ? T.ready : T.paused];
    case "converged":
      return ["converged", "check", T.converged(ran.at)];
    case "stopped":
      return ["", "stop", ran.reason && !/iterations|budget/.test(ran.reason) ? T.stoppedFor(ran.reason) : T.stopped];
    case "diverged":
      return ["diverged", "warn", T.diverged(ran.at, withoutStep(ran.reason))];
    case "breakdown":
      return ["diverged", "warn", T.broke(ran.at, withoutStep(ran.reason))];
  }
}

/** The status says the step itself. @param {string} reason */
function withoutStep(reason) {
  return reason.replace(/ at step \d+$/, "");
}
