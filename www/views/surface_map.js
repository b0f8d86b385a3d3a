/**
 * The map of a function of two variables, or of the plane of two parameters of many: the path of every lane, the start,
 * which can be moved, the trials that were rejected, the populations, and the model that the selected lane's next step
 * minimises.
 */

import { h } from "../dom.js";
import { atMostEvery, canDraw, cover, paint, ratio, short, surfaceAt, surfaceValues, themeVersion } from "../draw.js";
import { shownPlane } from "../protocol.js";
import { T } from "../texts.js";
import { layer, Plot, Readout } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../draw.js").Placed} Placed */
/**
 * f over a plane of two parameters: [ny][nx], row 0 below; null if the run has gone.
 * @typedef {(axes: [number, number], view: number[], nx: number, ny: number) => Promise<Float64Array | null>} AskPlane
 */
/**
 * Each constraint over the same plane.
 * @typedef {(axes: [number, number], view: number[], nx: number, ny: number) => Promise<Float64Array[] | null>} AskConstraints
 */
/**
 * What a map shows of a problem.
 * @typedef {object} Shown
 * @property {[number, number]} axes the two parameters
 * @property {{ view: number[], equal: boolean, names: [string, string] }} plane
 * @property {[number, number]} start
 * @property {number[][]} minima
 * @property {boolean} log whether contour levels are best spaced by the logarithm
 * @property {boolean} local whether the function can be evaluated here; else the worker is asked
 */

/** CSS pixels between two samples of the function, and how long sampling may take before the next frame gets its turn. */
const STEP = 2;
const SLICE_MS = 6;
/** The same where the worker is asked; it has the lanes to run. */
const ASKED_STEP = 4;
/** A plane that moves with a lane is sampled again after so many ms. */
const MOVED_MS = 400;
const RATE = 30;

/** @param {Record} record @param {State} state @returns {Shown | null} */
export function shownOf({ info }, state) {
  const { surface, least_squares: fit, constrained, dim } = info;
  const named = surface ?? fit ?? constrained;
  if (!named || dim < 2) return null;
  const local = surface !== undefined && dim === 2;
  const axes = local ? /** @type {[number, number]} */ ([0, 1]) : shownPlane(state.axes, dim);
  const [i, j] = axes;
  const names = local ? ["x", "y"] : (fit?.parameters ?? constrained?.variables);
  const name = (/** @type {number} */ k) => names?.[k] ?? `x${k + 1}`;
  const range = (/** @type {number} */ k) => info.ranges[k] ?? [-1, 1];
  const minima = surface?.minima ?? (dim === 2 && fit?.certified ? [fit.certified.parameters] : []);
  return {
    axes,
    plane: {
      view: local && surface ? surface.view : [...range(i), ...range(j)],
      equal: fit === undefined,
      names: [name(i), name(j)],
    },
    start: [named.start[i] ?? 0, named.start[j] ?? 0],
    minima: minima.map((m) => [m[i] ?? Number.NaN, m[j] ?? Number.NaN]),
    log: surface?.log_levels ?? false,
    local,
  };
}

/** @param {{ setStart(axes: [number, number], x: number, y: number): void, plane: AskPlane, planeConstraints: AskConstraints }} on */
export function createSurfaceMap(on) {
  const field = layer("field");
  const ground = layer("ground");
  const ink = layer("paths");
  const veil = layer("field");
  veil.hidden = true;
  const limits = layer("ground");
  const plot = new Plot(field, ground, veil, limits, ink);
  /** What only problems with constraints need; loaded when the first of them is shown. */
  let constraints = /** @type {typeof import("./feasible.js") | null} */ (null);
  let feasible = /** @type {import("./feasible.js").Feasible | null} */ (null);
  /** What only samplers need, likewise. @type {import("./sampled.js").Clouds | null} */
  let clouds = null;
  const readout = new Readout();
  const handle = h("button", { class: "start-handle", type: "button" });
  plot.box.append(handle, readout.element);
  const sampler = new Sampler(on.plane);
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {Shown | null} */
  let shown = null;
  /** @type {[number, number] | null} */
  let dragged = null;
  /** The last sampled values. @type {{ values: Float64Array, nx: number } | null} */
  let sampled = null;
  let placedFor = "";
  let groundFor = "";
  let inkFor = "";
  /** The populations that are drawn. @type {(Float64Array | null)[]} */
  let crowdsFor = [];
  let sampledAt = 0;

  const start = () => dragged ?? shown?.start ?? /** @type {[number, number]} */ ([0, 0]);

  const draw = atMostEvery(1000 / RATE, () => {
    shown = record && state ? shownOf(record, state) : null;
    if (!state || !record || !shown || !canDraw() || !plot.measure()) return;
    const painter = plot.ready(ground);
    plot.ready(ink);
    const { plane } = shown;
    const place = [plot.width, plot.height, ratio(), themeVersion(), JSON.stringify(plane)].join("|");
    if (place !== placedFor) {
      placedFor = place;
      plot.placed = painter.map_place(ground, ratio(), plane);
      if (plot.placed) cover(field, plot.placed, 1.5);
      groundFor = "";
      inkFor = "";
    }
    sampleGround(state, record, shown, place);
    if (record.info.constrained && !feasible) loadConstraints();
    if (!clouds && record.lanes.some((l) => l.sampled)) loadClouds();
    clouds?.draw(record, shown, plot, place);
    feasible?.draw(record, shown, plot, place);
    drawPaths(record, shown);
  });

  async function loadConstraints() {
    if (constraints) return;
    constraints = await import("./feasible.js");
    feasible = new constraints.Feasible(on.planeConstraints, veil, limits);
    veil.hidden = false;
    inkFor = "";
    draw();
  }

  async function loadClouds() {
    const { Clouds } = await import("./sampled.js");
    clouds ??= new Clouds(ink);
    draw();
  }

  /** @param {State} now @param {Record} of @param {Shown} what @param {string} place */
  function sampleGround(now, of, what, place) {
    const { problem } = now.config;
    const { plane, minima, log, local } = what;
    // In the plane of two variables the start and the noise change nothing; a plane of more goes through a lane's point.
    const shape = local ? { ...problem, start: null, noise: null } : [of.run, pointOf(of)];
    const key = `${place}|${JSON.stringify(shape)}`;
    if (!plot.placed || key === groundFor) return;
    const time = performance.now();
    const moved = groundFor.startsWith(place) && !local;
    if (moved && (sampler.busy || (of.playing && time - sampledAt < MOVED_MS))) {
      if (!of.playing) setTimeout(draw, MOVED_MS / 4);
      return;
    }
    groundFor = key;
    sampledAt = time;
    const points = Float64Array.from(minima.flat());
    sampler.sample(problem, plot.placed, local ? null : what.axes, (values, nx) => {
      sampled = { values, nx };
      paint().map_ground(field, ground, ratio(), plane, values, nx, points, log);
    });
  }

  /** @param {Record} of @param {Shown} what */
  function drawPaths(of, { plane, axes }) {
    const lanes = of.lanes
      .map(
        (l) =>
          `${l.lane}:${l.points}:${l.selected}:${l.status}:${l.trials.length}:${(l.model ?? l.forces)?.at.join() ?? ""}`,
      )
      .join();
    const key = [placedFor, of.run, lanes, start().join()].join("|");
    const crowds = of.lanes.map((l) => l.population);
    if (key === inkFor && crowds.every((crowd, i) => crowd === crowdsFor[i])) return;
    inkFor = key;
    crowdsFor = crowds;
    // The path of a chain would hide what it draws: of it the end is shown.
    const from = (/** @type {import("../record.js").LaneRecord} */ l) => (l.sampled ? Math.max(0, l.points - 1) : 0);
    const columns = of.lanes.map((l) => projected(l.path.subarray(from(l) * l.dim), l.dim, l.points - from(l), axes));
    const paths = of.lanes.map((l, i) => ({
      lane: l.lane,
      selected: l.selected,
      diverged: l.status === "diverged",
      points: i,
      rows: l.points - from(l),
      rejected:
        l.trials.length > 0 ? columns.push(projected(l.trials, l.dim, l.trials.length / l.dim, axes)) - 1 : null,
      members: l.population
        ? columns.push(projected(l.population, l.dim, l.population.length / l.dim, axes)) - 1
        : null,
    }));
    const spec = { plane, start: start(), paths, model: modelOf(of, axes), arrows: constraints?.arrowsOf(of, axes) };
    paint().map_paths(ink, ratio(), spec, columns);
    placeHandle();
    plot.say(() => words(of, plane.names), of.playing);
  }

  function placeHandle() {
    const [x, y] = start();
    const [px, py] = plot.pixel(x, y);
    const [xName, yName] = shown?.plane.names ?? ["x", "y"];
    const at = plot.placed;
    handle.hidden = !at || px < at.left || px > at.left + at.width || py < at.top || py > at.top + at.height;
    handle.style.cssText = `left:${px}px;top:${py}px`;
    handle.setAttribute("aria-label", `Start at ${xName} ${short(x)}, ${yName} ${short(y)}: move with the arrow keys`);
  }

  /** As many digits as a pixel tells apart. @param {{ x: number, y: number }} at @returns {[number, number]} */
  function rounded({ x, y }) {
    const at = plot.placed;
    const round = (/** @type {number} */ v, /** @type {number} */ span) => {
      const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(span))));
      return Number(v.toFixed(digits));
    };
    return at ? [round(x, (at.x[1] - at.x[0]) / at.width), round(y, (at.y[1] - at.y[0]) / at.height)] : [x, y];
  }

  /** @param {{ x: number, y: number }} at */
  function move(at) {
    if (shown) on.setStart(shown.axes, ...rounded(at));
  }

  /** @param {{ x: number, y: number }} at */
  function read(at) {
    const [rx, ry] = rounded(at);
    const names = shown?.plane.names.join(", ") ?? "";
    /** @type {[string, string]} */
    const where = [names, `${short(rx)}, ${short(ry)}`];
    if (!shown?.local) return readout.show([where, ["f ≈", short(near(at))]]);
    try {
      const { value, gradient } = surfaceAt(state?.config.problem, at.x, at.y);
      readout.show([where, ["f", short(value)], ["‖∇f‖", short(Math.hypot(...gradient))]]);
    } catch {
      readout.hide();
    }
  }

  /** The sampled value that lies nearest. @param {{ x: number, y: number }} at */
  function near({ x, y }) {
    const at = plot.placed;
    if (!sampled || !at) return Number.NaN;
    const { values, nx } = sampled;
    const ny = values.length / nx;
    const i = Math.round(((x - at.x[0]) / (at.x[1] - at.x[0])) * (nx - 1));
    const j = Math.round(((y - at.y[0]) / (at.y[1] - at.y[0])) * (ny - 1));
    return values[j * nx + i] ?? Number.NaN;
  }

  plot.box.addEventListener("pointermove", (event) => {
    const at = plot.at(event);
    if (!at || !canDraw()) return readout.hide();
    readout.element.classList.toggle("left", at.px > plot.width / 2 && at.py < 90);
    read(at);
    if (handle.hasPointerCapture(event.pointerId)) {
      dragged = rounded(at);
      draw();
    }
  });
  plot.box.addEventListener("pointerleave", () => readout.hide());
  plot.box.addEventListener("click", (event) => {
    const at = plot.at(event);
    if (at && event.target !== handle) move(at);
  });
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointerup", () => {
    if (dragged) move({ x: dragged[0], y: dragged[1] });
  });
  handle.addEventListener("pointercancel", () => {
    dragged = null;
    draw();
  });
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const at = plot.placed;
    if (!way || !at) return;
    event.preventDefault();
    const pixels = event.shiftKey ? 20 : 4;
    const [x, y] = start();
    move({
      x: x + (pixels * (at.x[1] - at.x[0]) * (way[0] ?? 0)) / at.width,
      y: y + (pixels * (at.y[1] - at.y[0]) * (way[1] ?? 0)) / at.height,
    });
  });

  return {
    element: plot.box,
    /** @param {State} nextState @param {Record} nextRecord */
    render(nextState, nextRecord) {
      if (nextRecord !== record) dragged = null;
      state = nextState;
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** Where the plane goes through: the point of the selected lane, as far as it is known here. @param {Record} record */
function pointOf({ lanes, info }) {
  const lane = lanes.find((l) => l.selected);
  return info.dim > 2 && lane ? [lane.lane, lane.at] : null;
}

/** The model of the selected lane's next step, in the plane. @param {Record} record @param {[number, number]} axes */
function modelOf({ lanes }, [i, j]) {
  const lane = lanes.find((l) => l.selected && l.model);
  if (!lane?.model) return null;
  const { at, dim, matrix, rhs } = lane.model;
  const entry = (/** @type {number} */ r, /** @type {number} */ c) => matrix[r * dim + c] ?? Number.NaN;
  return {
    lane: lane.lane,
    at: [at[i], at[j]],
    slope: [-(rhs[i] ?? Number.NaN), -(rhs[j] ?? Number.NaN)],
    matrix: [entry(i, i), entry(i, j), entry(j, j)],
  };
}

/** Two coordinates of each of `points` points. @param {Float64Array} path @param {number} dim @param {number} points @param {[number, number]} axes */
function projected(path, dim, points, [i, j]) {
  if (dim === 2 && i === 0 && j === 1) return path.subarray(0, 2 * points);
  return Float64Array.from({ length: 2 * points }, (_, k) => path[dim * (k >> 1) + (k & 1 ? j : i)] ?? Number.NaN);
}

/** @param {Record} record @param {[string, string]} names */
function words(record, names) {
  const { info, lanes } = record;
  const minima = info.surface?.minima.map((m) => `(${m.map(short).join(", ")})`).join(" and ") ?? "";
  const ends = lanes.map((l) => {
    const end = Array.from(l.path.subarray(l.dim * (l.points - 1), l.dim * l.points), short).join(", ");
    const rejected = l.trials.length > 0 ? `, after ${l.trials.length / (2 * l.dim)} rejected trials` : "";
    const many = (l.population?.length ?? 0) / l.dim;
    const crowd = l.sampled ? `, the first of ${many} chains` : l.population ? `, the best of ${many} points` : "";
    return l.status === "diverged"
      ? `lane ${l.lane}, ${l.title}, diverged: ${l.reason}`
      : `lane ${l.lane}, ${l.title}, is at ${end}${rejected}${crowd}`;
  });
  const map = info.surface || info.constrained ? "Contour map" : T.costMap;
  const plane = !info.least_squares && info.dim === 2 ? "" : ` over ${names.join(" and ")}`;
  return `${map} of ${info.title}${plane}${minima ? `, minimum at ${minima}` : ""}. ${ends.join("; ")}.`;
}

/** Samples a function on a grid over a map, some rows a frame: one that the visitor has typed may be slow. */
class Sampler {
  #turn = 0;
  #ask;
  busy = false;

  /** @param {AskPlane} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @param {any} problem @param {Placed} placed @param {[number, number] | null} axes where the worker is asked @param {(values: Float64Array, nx: number) => void} done */
  sample(problem, placed, axes, done) {
    this.#turn += 1;
    if (axes) this.#asked(placed, axes, done);
    else this.#here(problem, placed, done);
  }

  /** The same with values from the worker, strip by strip, so that its lanes go on. @param {Placed} placed @param {[number, number]} axes @param {(values: Float64Array, nx: number) => void} done */
  async #asked(placed, axes, done) {
    const turn = this.#turn;
    const nx = Math.max(8, Math.min(160, Math.round(placed.width / ASKED_STEP) + 1));
    const ny = Math.max(8, Math.min(120, Math.round(placed.height / ASKED_STEP) + 1));
    const values = new Float64Array(nx * ny);
    const y = (/** @type {number} */ j) => placed.y[0] + ((placed.y[1] - placed.y[0]) * j) / (ny - 1);
    this.busy = true;
    try {
      for (let row = 0, strip = 4; row < ny; ) {
        const from = Math.min(row, ny - 2);
        const rows = Math.max(2, Math.min(strip, ny - from));
        const before = performance.now();
        const part = await this.#ask(axes, [...placed.x, y(from), y(from + rows - 1)], nx, rows);
        if (!part || turn !== this.#turn) return;
        values.set(part, from * nx);
        row = from + rows;
        strip = performance.now() - before < 2 * SLICE_MS ? 2 * strip : Math.max(2, strip >> 1);
      }
      done(values, nx);
    } catch {
      // The engine was restarted, or refuses the plane: the last picture stays.
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  /** @param {any} problem @param {Placed} placed @param {(values: Float64Array, nx: number) => void} done */
  #here(problem, placed, done) {
    const turn = this.#turn;
    const nx = Math.max(8, Math.min(480, Math.round(placed.width / STEP) + 1));
    const ny = Math.max(8, Math.min(360, Math.round(placed.height / STEP) + 1));
    const values = new Float64Array(nx * ny);
    const y = (/** @type {number} */ j) => placed.y[0] + ((placed.y[1] - placed.y[0]) * j) / (ny - 1);
    let row = 0;
    let strip = 8;
    const work = () => {
      if (turn !== this.#turn) return;
      try {
        sampleRows();
      } catch {
        // The engine refuses this function: the page says so where it is typed, and the last picture stays.
        return;
      }
      if (row < ny) requestAnimationFrame(work);
      else done(values, nx);
    };
    const sampleRows = () => {
      const until = performance.now() + SLICE_MS;
      while (row < ny && performance.now() < until) {
        // At least two rows make a strip with a height.
        const from = Math.min(row, ny - 2);
        const rows = Math.max(2, Math.min(strip, ny - from));
        const before = performance.now();
        const part = surfaceValues(problem, [...placed.x, y(from), y(from + rows - 1)], nx, rows);
        values.set(part, from * nx);
        row = from + rows;
        strip = performance.now() - before < SLICE_MS / 4 ? Math.min(ny, 2 * strip) : Math.max(2, strip >> 1);
      }
    };
    work();
  }
}
