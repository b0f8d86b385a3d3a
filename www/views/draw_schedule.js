/**
 * The learning rate of the selected lane, drawn over its loss: points are set, moved and removed with the mouse or the
 * keyboard. What is drawn is the lane's manual schedule, from the next iteration on.
 */

import { h, setText, svg } from "../dom.js";
import { short } from "../draw.js";
import { added, decades, moved, pointsOf, removed, scheduleOf } from "../rate_points.js";
import { same } from "../state.js";
import { L } from "../texts_learning.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../rate_points.js").RatePoint} RatePoint */
/** @typedef {import("./schedule.js").AskSchedule} AskSchedule */
/**
 * @typedef {object} DrawActions
 * @property {(change: (state: State) => void) => void} edit
 * @property {AskSchedule} askSchedule
 * @property {(lane: import("../state.js").Lane) => number} rateOf before the schedule
 */

/** Points of a schedule that is not of points, to be drawn over. */
const SAMPLES = 160;
/** A point that is dragged so far out of the picture is taken away, CSS pixels. */
const OUT = 28;

/** @param {import("./plot.js").Plot} plot of the loss, over iterations @param {DrawActions} on @param {() => void} done */
export function createScheduleDrawing(plot, on, done) {
  const former = svg("path", { class: "rate-former" });
  const line = svg("path", { class: "rate-line" });
  const ticks = svg("g", { class: "rate-ticks", "aria-hidden": "true" });
  const handles = svg("g");
  const sheet = svg("svg", { class: "rate-sheet" }, ticks, former, line, handles);
  const words = h("p", { class: "hint" });
  const clear = h("button", { class: "btn edge", type: "button", onclick: () => commit(null) }, L.drawClear);
  const close = h("button", { class: "btn edge", type: "button", onclick: () => done() }, L.drawDone);
  const bar = h("div", { class: "rate-bar" }, words, clear, close);
  plot.box.append(sheet);
  plot.box.parentElement?.append(bar);
  plot.box.classList.add("drawn-over");
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {RatePoint[]} */
  let points = [];
  /** Position of the point under the mouse, −1 for none. */
  let held = -1;
  /** @type {[number, number]} */
  let range = [-4, 0];
  /** What the points were read from. @type {unknown} */
  let readFrom = null;

  const lane = () => state?.lanes[state.selected];
  const end = () => plot.placed?.x[1] ?? 1;

  /** @param {number} t @param {number} rate @returns {[number, number]} */
  function pixel(t, rate) {
    const at = plot.placed;
    if (!at) return [0, 0];
    const part = (Math.log10(Math.max(rate, 1e-300)) - range[0]) / (range[1] - range[0]);
    return [
      at.left + (at.width * (t - at.x[0])) / (at.x[1] - at.x[0]),
      at.top + at.height * (1 - Math.max(0, Math.min(1, part))),
    ];
  }

  /** What the pointer means, and how far it is from the picture. @param {MouseEvent} event */
  function meant(event) {
    const at = plot.placed;
    const box = plot.box.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    if (!at) return { t: 0, rate: 1, out: 0 };
    const part = 1 - (py - at.top) / at.height;
    const out = Math.max(at.left - px, px - at.left - at.width, at.top - py, py - at.top - at.height);
    return {
      t: at.x[0] + ((px - at.left) / at.width) * (at.x[1] - at.x[0]),
      rate: 10 ** (range[0] + Math.max(0, Math.min(1, part)) * (range[1] - range[0])),
      out,
    };
  }

  /** Makes the points the lane's schedule; null is none. @param {RatePoint[] | null} next */
  function commit(next) {
    on.edit((wanted) => {
      const target = wanted.lanes[wanted.selected];
      if (!target) return;
      if (next) target.schedule = scheduleOf(next);
      else delete target.schedule;
    });
    if (next) points = next;
    show();
  }

  sheet.addEventListener("pointerdown", (event) => {
    const target = /** @type {Element} */ (event.target).closest("[data-point]");
    const at = meant(event);
    if (event.button !== 0 || (!target && at.out > 0)) return;
    event.preventDefault();
    if (target) held = Number(/** @type {SVGElement} */ (target).dataset.point);
    else {
      const more = added(points, at.t, at.rate);
      if (!more) return;
      points = more.points;
      held = more.at;
      show();
    }
    sheet.setPointerCapture(event.pointerId);
    focus(held);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (held < 0) return;
    const { t, rate, out } = meant(event);
    points = moved(points, held, t, rate, end());
    handles.children[held]?.classList.toggle("out", held > 0 && out > OUT);
    place();
  });
  const drop = (/** @type {PointerEvent} */ event) => {
    if (held < 0) return;
    const out = event.type === "pointerup" && meant(event).out > OUT;
    const next = out ? removed(points, held) : points;
    held = -1;
    commit(next);
  };
  sheet.addEventListener("pointerup", drop);
  sheet.addEventListener("pointercancel", drop);
  sheet.addEventListener("dblclick", (event) => {
    const target = /** @type {Element} */ (event.target).closest("[data-point]");
    if (target) remove(Number(/** @type {SVGElement} */ (target).dataset.point));
  });

  /** @param {number} i */
  function remove(i) {
    if (i === 0) return;
    commit(removed(points, i));
    focus(Math.min(i, points.length - 1));
  }

  /** @param {KeyboardEvent} event @param {number} i */
  function press(event, i) {
    const [t, rate] = points[i] ?? [0, 1];
    const far = event.shiftKey ? 10 : 1;
    const step = Math.max(1, Math.round(end() / 100));
    /** @type {{ [key: string]: () => RatePoint[] }} */
    const moves = {
      ArrowLeft: () => moved(points, i, t - far * step, rate, end()),
      ArrowRight: () => moved(points, i, t + far * step, rate, end()),
      ArrowUp: () => moved(points, i, t, rate * 10 ** (far / 20), end()),
      ArrowDown: () => moved(points, i, t, rate / 10 ** (far / 20), end()),
    };
    const move = moves[event.key];
    if (move) commit(move());
    else if (event.key === "Delete" || event.key === "Backspace") remove(i);
    else if (event.key === "Enter" || event.key === "Insert" || event.key === "+") {
      const more = added(points, (t + (points[i + 1]?.[0] ?? end())) / 2, rate);
      if (!more) return;
      commit(more.points);
      focus(more.at);
    } else if (event.key === "Escape") done();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} i */
  function focus(i) {
    /** @type {SVGElement | undefined} */ (handles.children[i])?.focus();
  }

  /** The points as they are. */
  function show() {
    while (handles.children.length > points.length) handles.lastChild?.remove();
    while (handles.children.length < points.length) {
      const i = handles.children.length;
      const handle = svg(
        "g",
        {
          class: "rate-point",
          tabindex: "0",
          role: "slider",
          "data-point": i,
          "data-path": "schedule",
          "aria-valuemin": 0,
          onkeydown: (/** @type {KeyboardEvent} */ event) => press(event, i),
        },
        svg("circle", { class: "reach", r: 14 }),
        svg("circle", { class: "dot", r: 5.5 }),
      );
      handles.append(handle);
    }
    if (held < 0) range = decades([...points.map(([, rate]) => rate), lane() ? rate() : 1]);
    place();
  }

  /** Puts everything where the axes are now. */
  function place() {
    const at = plot.placed;
    if (!at) return;
    setPath(line, steps());
    for (const [i, [t, rate]] of points.entries()) {
      const handle = handles.children[i];
      const [x, y] = pixel(t, rate);
      handle?.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      handle?.setAttribute("aria-label", L.ratePoint(i + 1));
      handle?.setAttribute("aria-valuemax", String(end()));
      handle?.setAttribute("aria-valuenow", String(t));
      handle?.setAttribute("aria-valuetext", L.rateFrom(t, short(rate)));
    }
    const marks = Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i);
    ticks.replaceChildren(
      ...marks.flatMap((power) => {
        const [, y] = pixel(0, 10 ** power);
        const right = at.left + at.width;
        const below = y < at.top + 14 ? 12 : -3;
        return [
          svg("path", { d: `M${at.left} ${y}H${right}` }),
          svg("text", { x: right - 4, y: y + below, "text-anchor": "end" }, powerOfTen(power)),
        ];
      }),
    );
  }

  /** The staircase, to the end of the picture. @returns {[number, number][]} */
  function steps() {
    return points.flatMap(([t, rate], i) => [pixel(t, rate), pixel(points[i + 1]?.[0] ?? end(), rate)]);
  }

  const rate = () => {
    const own = lane();
    return own ? on.rateOf(own) : 1;
  };

  /** What is there already, if it was not drawn by hand. */
  async function showFormer() {
    const schedule = lane()?.schedule;
    if (!schedule || schedule.name === "piecewise") return setPath(former, []);
    const { values, iterations } = await on.askSchedule(schedule, rate(), SAMPLES);
    range = decades([...values, rate()]);
    setPath(
      former,
      [...values].map((value, i) => pixel((i * iterations) / (values.length - 1), value)),
    );
    place();
  }

  return {
    /** @param {State} nextState @param {Record} nextRecord */
    render(nextState, nextRecord) {
      [state, record] = [nextState, nextRecord];
      const own = lane();
      if (!own || !Number.isFinite(rate())) return done();
      const perEpoch = record.info.network?.batches_per_epoch ?? 1;
      const from = [own.mark, own.schedule, rate(), perEpoch];
      const title = record.lanes[state.selected]?.title ?? "";
      setText(words, L.drawHint(title));
      if (held >= 0) return;
      if (!same(from, readFrom)) {
        readFrom = structuredClone(from);
        points = pointsOf(own.schedule, rate(), perEpoch);
        show();
        showFormer().catch(() => setPath(former, []));
      }
    },
    place,
    focus: () => focus(0),
    close() {
      plot.box.classList.remove("drawn-over");
      sheet.remove();
      bar.remove();
    },
  };
}

/** @param {number} exponent */
function powerOfTen(exponent) {
  return `10${String(exponent)
    .replace("-", "⁻")
    .replaceAll(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)))}`;
}

/** @param {SVGElement} path @param {[number, number][]} points */
function setPath(path, points) {
  path.setAttribute("d", points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""));
}
