/**
 * The loss of the network over a plane of its parameters, computed by the pool, with the way of every lane in it.
 *
 * The plane goes through the selected lane's parameters. It is computed when the run rests; while the run goes on the last
 * picture stays, and the note says of when it is.
 */

import { iconButton, segments } from "../controls.js";
import { h, setText, swatch } from "../dom.js";
import { atMostEvery, canDraw, cover, ratio, short, themeVersion } from "../draw.js";
import { count } from "../format.js";
import { L } from "../texts_learning.js";
import { layer, Plot, Readout } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../protocol.js").Landscape} Landscape */
/** @typedef {"principal" | "random"} Directions */
/**
 * @typedef {object} LandscapeActions
 * @property {(directions: Directions, seed: number) => Promise<Landscape | null>} landscape
 * @property {() => Promise<import("../pool.js").Pool>} pool that knows the data of the run
 */

/** Points a side: first a rough picture, then the fine one. */
const SIDES = [16, 56];
/** Rows that a worker computes at a time. */
const BAND = 4;
/** Around what there is to show, as a part of it. */
const MARGIN = 0.2;

/** @param {LandscapeActions} on */
export function createLandscape(on) {
  const field = layer("field");
  const ground = layer("ground");
  const ink = layer("paths");
  const plot = new Plot(field, ground, ink);
  const readout = new Readout();
  plot.box.append(readout.element);
  const directions = segments(
    "directions",
    L.directions,
    [
      { value: "principal", title: L.principal },
      { value: "random", title: L.random },
    ],
    "principal",
    (value) => choose(/** @type {Directions} */ (value), seed),
  );
  const others = iconButton("dice", L.otherDirections, () => choose(chosen, seed + 1), { class: "btn edge square" });
  const note = h("p", { class: "hint", role: "status" });
  const ways = h("ul", { class: "legend", "aria-label": L.ways });
  const element = h(
    "div",
    { class: "landscape" },
    h("div", { class: "regimes-head" }, directions, others, note),
    plot.box,
    ways,
  );
  /** @type {Directions} */
  let chosen = "principal";
  let seed = 0;
  /** @type {Record | null} */
  let record = null;
  /** What `shown` was asked for. */
  let asked = "";
  /** @type {Landscape | null} */
  let shown = null;
  /** @type {{ values: Float64Array, side: number } | null} */
  let sampled = null;
  let placedFor = "";
  let drawn = "";
  let rest = "";
  /** Counts the pictures begun, so that a later one ends an earlier. */
  let turn = 0;

  /** @param {Directions} next @param {number} other */
  function choose(next, other) {
    [chosen, seed] = [next, other];
    others.hidden = chosen === "principal";
    look();
  }
  others.hidden = true;

  /** Whether there is another picture to be made. */
  function look() {
    if (!record || record.playing || record.lanes.length === 0) return;
    const lanes = record.lanes.map((l) => [l.lane, l.at, l.selected].join(":")).join();
    const key = [record.run, lanes, chosen, seed].join("|");
    if (key !== asked) {
      asked = key;
      make();
    }
  }

  async function make() {
    turn += 1;
    const mine = turn;
    setText(note, L.planeSought);
    try {
      const found = await on.landscape(chosen, seed);
      if (mine !== turn || !found) return;
      shown = found;
      sampled = null;
      placedFor = "";
      sayWays(found);
      draw();
      await sample(found, mine);
    } catch (fault) {
      if (mine === turn) setText(note, /** @type {import("../protocol.js").Fault} */ (fault).message ?? String(fault));
    }
  }

  /** @param {Landscape} of @param {number} mine */
  async function sample(of, mine) {
    const pool = await on.pool();
    for (const side of SIDES) {
      const at = plot.placed;
      if (!at) return;
      const view = [...at.x, ...at.y];
      const values = new Float64Array(side * side);
      let done = 0;
      const bands = Array.from({ length: side / BAND }, (_, i) => i * BAND);
      await Promise.all(
        bands.map(async (from) => {
          if (mine !== turn) return;
          const part = await pool.call("landscape_values", of.config, of.plane, view, side, side, from, from + BAND);
          values.set(part, from * side);
          done += 1;
          if (mine === turn && side === SIDES.at(-1))
            setText(note, L.landscapeDone(Math.round((100 * done) / bands.length)));
        }),
      );
      if (mine !== turn) return;
      sampled = { values, side };
      drawn = "";
      draw();
    }
    rest = L.landscapeOf(count(of.at), of.directions === "principal");
    setText(note, rest);
  }

  const draw = atMostEvery(30, () => {
    if (!shown || !canDraw() || !plot.measure()) return;
    const painter = plot.ready(ground);
    plot.ready(ink);
    const spec = { view: viewOf(shown), equal: true, names: L.axes(shown.directions === "principal") };
    const place = [plot.width, plot.height, ratio(), themeVersion(), turn].join("|");
    if (place !== placedFor) {
      placedFor = place;
      plot.placed = painter.map_place(ground, ratio(), spec);
      if (plot.placed) cover(field, plot.placed, 1.5);
      drawn = "";
    }
    if (drawn === place) return;
    drawn = place;
    const none = new Float64Array(4).fill(Number.NaN);
    const { values, side } = sampled ?? { values: none, side: 2 };
    painter.map_ground(field, ground, ratio(), spec, values, side, new Float64Array(), spread(values));
    const columns = shown.shadows.map(({ points }) => points);
    const paths = shown.shadows.map(({ lane, selected, diverged, points }, i) => ({
      lane,
      selected,
      diverged,
      points: i,
      rows: points.length / 2,
      rejected: null,
      members: null,
    }));
    const start = columns.find((points) => points.length > 1)?.subarray(0, 2) ?? [Number.NaN, Number.NaN];
    painter.map_paths(
      ink,
      ratio(),
      { plane: spec, start: [start[0], start[1]], paths, model: null, arrows: undefined },
      columns,
    );
    const said = shown;
    plot.say(() => L.landscapeWords(short(low(values)), short(high(values)), said.shadows.map(waySaid)), false);
  });

  /** @param {Landscape} of */
  function sayWays(of) {
    ways.replaceChildren(...of.shadows.map((s) => h("li", {}, swatch(s.lane), waySaid(s))));
  }

  plot.box.addEventListener("pointermove", (event) => {
    const at = plot.at(event);
    if (!at || !sampled || !plot.placed) return readout.hide();
    const { values, side } = sampled;
    const place = (/** @type {number} */ v, /** @type {[number, number]} */ [a, b]) =>
      Math.round(((v - a) / (b - a)) * (side - 1));
    const loss = values[place(at.y, plot.placed.y) * side + place(at.x, plot.placed.x)] ?? Number.NaN;
    readout.element.classList.toggle("left", at.px > plot.width / 2 && at.py < 90);
    readout.show([
      ["a, b", `${short(at.x)}, ${short(at.y)}`],
      [L.lossThere, short(loss)],
    ]);
  });
  plot.box.addEventListener("pointerleave", () => readout.hide());

  return {
    element,
    /** @param {State} _ @param {Record} next */
    render(_, next) {
      record = next;
      if (record.playing && shown && asked !== "") {
        asked = "";
        setText(note, L.landscapeOld(count(shown.at)));
      }
      look();
    },
    resize: draw,
  };
}

/** @param {Landscape["shadows"][number]} shadow */
function waySaid({ title, hidden, off }) {
  return L.way(title, Math.round(100 * hidden), short(off.at(-1) ?? Number.NaN));
}

/** A square around all that there is to show. @param {Landscape} of */
function viewOf({ plane, shadows }) {
  const points = shadows.flatMap(({ points }) => [...points]);
  const along = (/** @type {number} */ k) => points.filter((_, i) => i % 2 === k);
  const ends = [0, 1].map((k) => [Math.min(0, ...along(k)), Math.max(0, ...along(k))]);
  const widest = Math.max(...ends.map(([a = 0, b = 0]) => b - a));
  const half = Math.max((0.5 + MARGIN) * widest, plane.reach, 1e-6);
  return ends.flatMap(([a = 0, b = 0]) => [(a + b) / 2 - half, (a + b) / 2 + half]);
}

const finite = (/** @type {Float64Array} */ values) => values.filter(Number.isFinite);
const low = (/** @type {Float64Array} */ values) =>
  finite(values).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const high = (/** @type {Float64Array} */ values) =>
  finite(values).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Whether the values spread so far that lines are best spaced by the logarithm. @param {Float64Array} values */
function spread(values) {
  return low(values) > 0 && high(values) / low(values) > 50;
}
