/** The schedule of a lane: which one, its numbers, and the learning rate that comes of them. */

import { Form, iconButton, pair } from "../controls.js";
import { h, icon, setText, svg } from "../dom.js";
import { short } from "../format.js";
import { at, same } from "../state.js";
import { T } from "../texts.js";
import { createPopover } from "./popover.js";

/** @typedef {import("../state.js").ScheduleConfig} ScheduleConfig */
/** @typedef {import("../app.js").View} View */
/** Learning rates at equally spaced iterations of a run. */
/** @typedef {(schedule: object, lr: number, points: number) => Promise<{ values: Float64Array, iterations: number }>} AskSchedule */

/** @type {Record<string, string>} */
const LINES = {
  constant: "M1 5h20",
  inverse_time: "M1 1.5C4 7 9 8.5 21 8.8",
  step: "M1 1.5h7v3.5h7v3.5h6",
  exponential: "M1 1.5C6 6 12 8 21 8.5",
  inverse_sqrt: "M1 1.5C3 6 8 7.5 21 8",
  piecewise: "M1 2h6v3h5v-1.5h4v5h5",
  warmup: "M1 8.5L8 2h13",
  cosine: "M1 1c7 0 8 8 20 8",
  one_cycle: "M1 8.5C4 8.5 5 1.5 8 1.5S14 8.5 21 8.5",
};

/** The shape of a schedule in small. @param {string} name */
export function sparkline(name) {
  return svg("svg", { viewBox: "0 0 22 10", "aria-hidden": "true" }, svg("path", { d: LINES[name] ?? LINES.constant }));
}

/** The schedules that follow a warm-up are schedules themselves, except another warm-up. */
const NO_THEN = "warmup";
const POINTS = 120;
const WIDTH = 260;
const HEIGHT = 64;

/** @param {HTMLElement} root @param {Pick<import("./lanes.js").LaneActions, "edit" | "askSchedule" | "drawSchedule">} on @param {() => View} view */
export function createScheduleEditor(root, on, view) {
  const popover = createPopover("schedule-panel");
  const line = svg("path", { class: "lane-line" });
  const picture = svg(
    "svg",
    {
      class: "preview-line",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": T.schedule,
    },
    line,
  );
  const caption = h("p", { class: "hint", role: "status" });
  let form = new Form();
  let shown = -1;
  let shape = "";
  /** @type {unknown} */
  let drawn = null;

  const schedule = () => view().state.lanes[shown]?.schedule ?? { name: "constant" };
  /** @param {(schedule: ScheduleConfig) => ScheduleConfig} make */
  const change = (make) =>
    on.edit((state) => {
      const lane = state.lanes[shown];
      if (!lane) return;
      const next = make(structuredClone(lane.schedule ?? { name: "constant" }));
      if (next.name === "constant") delete lane.schedule;
      else lane.schedule = next;
    });

  function rebuild() {
    form = new Form();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.path;
    const surface = view().state.config.problem.kind !== "network";
    popover.content.replaceChildren(
      ...parts("schedule", "", schedule()),
      surface ? h("p", { class: "hint" }, T.scheduleOfSurface) : "",
      h("figure", { class: `lane-${view().state.lanes[shown]?.mark ?? 1}` }, picture, caption),
      h("button", { class: "btn edge", type: "button", onclick: drawByHand }, T.drawOver),
    );
    if (focused)
      /** @type {HTMLElement | null} */ (
        popover.content.querySelector(`[data-path="${CSS.escape(focused)}"]`)
      )?.focus();
    popover.place();
  }

  function drawByHand() {
    popover.close();
    on.drawSchedule(shown);
  }

  /** The controls of one schedule; `below` is where it stands in the lane's. @param {string} path @param {string} below @param {ScheduleConfig} config @returns {Node[]} */
  function parts(path, below, config) {
    const { schedules } = view().catalog;
    const info = schedules.find((s) => s.name === config.name);
    const options = schedules
      .filter((s) => below === "" || s.name !== NO_THEN)
      .map(({ name, title }) => ({ value: name, title }));
    const key = (/** @type {string} */ name) => (below ? `${below}.${name}` : name);
    /** @param {string} name @param {string} label @returns {import("../controls.js").Bound} */
    const bound = (name, label) => ({
      path: `${path}.${name}`,
      lane: shown,
      label,
      get: () => at(schedule(), key(name)),
      set: (value) => change((s) => withField(s, key(name), value)),
    });
    const choice = form.choice(
      {
        ...bound("name", T.schedule),
        get: () => at(schedule(), key("name")) ?? "constant",
        set: (name) => change((s) => (below ? { ...s, [below]: fresh(String(name)) } : fresh(String(name)))),
      },
      options,
    );
    const units = Object.entries(T.units).map(([value, title]) => ({ value, title }));
    const unit = form.choice(
      { ...bound("unit", T.scheduleUnit), get: () => at(schedule(), key("unit")) ?? "epoch" },
      units,
    );
    return [
      pair(below ? T.andThen : T.schedule, choice),
      h("p", { class: "hint" }, info?.about ?? ""),
      ...(info?.fields.map((field) => form.field(field, bound(field.name, field.label))) ?? []),
      ...(config.name === "piecewise" ? [boundaries(path, key("boundaries"))] : []),
      ...(config.name === "constant" ? [] : [pair(T.scheduleUnit, unit)]),
      ...(config.name === NO_THEN && below === ""
        ? parts(`${path}.then`, "then", /** @type {ScheduleConfig} */ (config.then ?? { name: "constant" }))
        : []),
    ];
  }

  /** @param {string} path @param {string} key */
  function boundaries(path, key) {
    /** @returns {unknown[][]} */
    const list = () => at(schedule(), key) ?? [];
    /** @param {(list: unknown[][]) => unknown[][]} make */
    const set = (make) => change((s) => withField(s, key, make(structuredClone(list()))));
    const cell = (/** @type {number} */ i, /** @type {0 | 1} */ j, /** @type {string} */ label) =>
      form.number({
        path: `${path}.boundaries[${i}]`,
        lane: shown,
        label,
        get: () => list()[i]?.[j],
        set: (value) =>
          set((all) => all.map((row, r) => (r === i ? row.map((old, c) => (c === j ? value : old)) : row))),
      });
    const rows = list().map((_, i) =>
      h(
        "li",
        {},
        cell(i, 0, T.boundary(i + 1)),
        cell(i, 1, T.boundaryRate(i + 1)),
        iconButton("x", T.removeBoundary(i + 1), () => set((all) => all.filter((_row, r) => r !== i))),
      ),
    );
    const next = (/** @type {unknown[][]} */ all) => [
      ...all,
      [Number(all.at(-1)?.[0] ?? -10) + 10, Number(all.at(-1)?.[1] ?? 1) / (all.length ? 10 : 100)],
    ];
    const add = h(
      "button",
      { class: "btn edge", type: "button", onclick: () => set(next) },
      icon("plus"),
      T.addBoundary,
    );
    return h(
      "div",
      { class: "boundaries", role: "group", "aria-label": T.boundaries },
      h("span", {}, T.boundaries),
      h("ol", {}, ...rows),
      add,
    );
  }

  async function preview() {
    const lane = view().state.lanes[shown];
    const rate =
      lane?.optimizer.lr ??
      view()
        .catalog.methods.find((m) => m.name === lane?.optimizer.name)
        ?.fields.find((f) => f.name === "lr")?.default;
    const wanted = [schedule(), rate];
    if (same(wanted, drawn)) return;
    drawn = structuredClone(wanted);
    try {
      const { values, iterations } = await on.askSchedule(schedule(), Number(rate), POINTS);
      line.setAttribute("d", pathOf(values));
      setText(caption, T.preview(short(values[0] ?? 0), short(values.at(-1) ?? 0), iterations));
      picture.setAttribute("aria-label", caption.textContent ?? "");
    } catch {
      // The fault of a schedule is shown where all faults are; the last good picture stays.
    }
  }

  return {
    /** @param {number} lane @param {HTMLElement} anchor */
    open(lane, anchor) {
      shown = lane;
      shape = shapeOf(schedule());
      drawn = null;
      setText(popover.title, T.scheduleOf(view().state.lanes[lane]?.mark ?? lane + 1, "").replace(/: $/, ""));
      rebuild();
      popover.open(anchor);
      preview();
    },
    /** @param {import("../protocol.js").Fault | null} fault */
    render(fault) {
      if (!popover.isOpen) return;
      const now = shapeOf(schedule());
      if (now !== shape) {
        shape = now;
        rebuild();
      }
      form.sync(fault);
      preview();
    },
    /** @param {import("../protocol.js").Fault} fault */
    find(fault) {
      if (!fault.path.startsWith("schedule") || fault.lane === null) return null;
      const anchor = /** @type {HTMLElement | undefined} */ (
        root.querySelectorAll('[data-path="schedule"]')[fault.lane]
      );
      if (anchor && (!popover.isOpen || shown !== fault.lane)) this.open(fault.lane, anchor);
      return form.find(fault);
    },
  };
}

/** What decides which controls there are. @param {any} schedule */
function shapeOf(schedule) {
  return JSON.stringify([
    schedule.name,
    schedule.then?.name,
    schedule.boundaries?.length,
    schedule.then?.boundaries?.length,
  ]);
}

/** A schedule with its defaults; one set by hand needs a first boundary. @param {string} name @returns {ScheduleConfig} */
function fresh(name) {
  return name === "piecewise" ? { name, boundaries: [[0, 0.01]] } : { name };
}

/** @param {ScheduleConfig} schedule @param {string} key @param {unknown} value @returns {ScheduleConfig} */
function withField(schedule, key, value) {
  const [first = "", rest] = key.split(".");
  if (rest)
    return {
      ...schedule,
      [first]: { .../** @type {object} */ (schedule[first] ?? { name: "constant" }), [rest]: value },
    };
  return { ...schedule, [first]: value };
}

/** @param {Float64Array} values */
function pathOf(values) {
  const top = Math.max(...values) || 1;
  return [...values]
    .map(
      (v, i) =>
        `${i ? "L" : "M"}${((WIDTH * i) / Math.max(1, values.length - 1)).toFixed(1)} ${(2 + (HEIGHT - 4) * (1 - v / top)).toFixed(1)}`,
    )
    .join("");
}
