/** The map of a function of two variables, with the path of every lane and the start, which can be moved. */

import { h } from "../dom.js";
import { atMostEvery, canDraw, cover, paint, ratio, short, surfaceAt, surfaceValues, themeVersion } from "../draw.js";
import { layer, Plot, Readout } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */

/** CSS pixels between two samples of the function, and how long sampling may take before the next frame gets its turn. */
const STEP = 2;
const SLICE_MS = 6;
const RATE = 30;

/** @param {{ setStart(x: number, y: number): void }} on */
export function createSurfaceMap(on) {
  const field = layer("field");
  const ground = layer("ground");
  const ink = layer("paths");
  const plot = new Plot(field, ground, ink);
  const readout = new Readout();
  const handle = h("button", { class: "start-handle", type: "button" });
  plot.box.append(handle, readout.element);
  const sampler = new Sampler();
  /** @type {State | null} */
  let state = null;
  /** @type {Record | null} */
  let record = null;
  /** @type {[number, number] | null} */
  let dragged = null;
  let placedFor = "";
  let groundFor = "";
  let inkFor = "";

  const start = () =>
    dragged ??
    /** @type {[number, number]} */ ([record?.info.surface?.start[0] ?? 0, record?.info.surface?.start[1] ?? 0]);

  const draw = atMostEvery(1000 / RATE, () => {
    const surface = record?.info.surface;
    if (!state || !record || !surface || !canDraw() || !plot.measure()) return;
    const painter = plot.ready(ground);
    plot.ready(ink);
    const plane = { view: surface.view, equal: true, names: ["x", "y"] };
    const problem = state.config.problem;
    const place = [plot.width, plot.height, ratio(), themeVersion(), surface.view.join()].join("|");
    if (place !== placedFor) {
      placedFor = place;
      plot.placed = painter.map_place(ground, ratio(), plane);
      if (plot.placed) cover(field, plot.placed, 1.5);
      groundFor = "";
      inkFor = "";
    }
    // In the plane of two variables the start and the noise change nothing.
    const shape = record.info.dim > 2 ? problem : { ...problem, start: null, noise: null };
    const sampled = `${place}|${JSON.stringify(shape)}`;
    if (plot.placed && sampled !== groundFor) {
      groundFor = sampled;
      const minima = Float64Array.from(surface.minima.flatMap((m) => m.slice(0, 2)));
      sampler.sample(problem, plot.placed, (values, nx) => {
        paint().map_ground(field, ground, ratio(), plane, values, nx, minima, surface.log_levels);
      });
    }
    drawPaths(record, plane);
  });

  /** @param {Record} of @param {object} plane */
  function drawPaths(of, plane) {
    const lanes = of.lanes.map((l) => `${l.lane}:${l.points}:${l.selected}:${l.status}`).join();
    const key = [placedFor, of.run, lanes, start().join()].join("|");
    if (key === inkFor) return;
    inkFor = key;
    const paths = of.lanes.map((l, i) => ({
      lane: l.lane,
      selected: l.selected,
      diverged: l.status === "diverged",
      points: i,
      rows: l.points,
      rejected: null,
    }));
    const columns = of.lanes.map((l) => firstTwo(l.path, l.dim, l.points));
    paint().map_paths(ink, ratio(), { plane, start: start(), paths, model: null }, columns);
    placeHandle();
    plot.say(() => words(of), of.playing);
  }

  function placeHandle() {
    const [x, y] = start();
    const [px, py] = plot.pixel(x, y);
    const at = plot.placed;
    handle.hidden = !at || px < at.left || px > at.left + at.width || py < at.top || py > at.top + at.height;
    handle.style.cssText = `left:${px}px;top:${py}px`;
    handle.setAttribute("aria-label", `Start at x ${short(x)}, y ${short(y)}: move with the arrow keys`);
  }

  /** As many digits as a pixel tells apart. @param {{ x: number, y: number }} at @returns {[number, number]} */
  function rounded({ x, y }) {
    const span = plot.placed ? (plot.placed.x[1] - plot.placed.x[0]) / plot.placed.width : 1;
    const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(span))));
    return [Number(x.toFixed(digits)), Number(y.toFixed(digits))];
  }

  /** @param {{ x: number, y: number }} at */
  function read({ x, y }) {
    try {
      const { value, gradient } = surfaceAt(state?.config.problem, x, y);
      const [rx, ry] = rounded({ x, y });
      readout.show([
        ["x, y", `${short(rx)}, ${short(ry)}`],
        ["f", short(value)],
        ["‖∇f‖", short(Math.hypot(...gradient))],
      ]);
    } catch {
      readout.hide();
    }
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
    if (at && event.target !== handle) on.setStart(...rounded(at));
  });
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointerup", () => {
    if (dragged) on.setStart(...dragged);
  });
  handle.addEventListener("pointercancel", () => {
    dragged = null;
    draw();
  });
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || !plot.placed) return;
    event.preventDefault();
    const step = ((event.shiftKey ? 20 : 4) * (plot.placed.x[1] - plot.placed.x[0])) / plot.placed.width;
    const [x, y] = start();
    on.setStart(...rounded({ x: x + step * (way[0] ?? 0), y: y + step * (way[1] ?? 0) }));
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

/** The first two coordinates of each point of a path. @param {Float64Array} path @param {number} dim @param {number} points */
function firstTwo(path, dim, points) {
  if (dim === 2) return path.subarray(0, 2 * points);
  return Float64Array.from({ length: 2 * points }, (_, i) => path[dim * (i >> 1) + (i & 1)] ?? Number.NaN);
}

/** @param {Record} record */
function words(record) {
  const { info, lanes } = record;
  const minima = info.surface?.minima.map((m) => `(${m.map(short).join(", ")})`).join(" and ") ?? "";
  const ends = lanes.map((l) => {
    const end = Array.from(l.path.subarray(l.dim * (l.points - 1), l.dim * l.points), short).join(", ");
    return l.status === "diverged"
      ? `lane ${l.lane}, ${l.title}, diverged: ${l.reason}`
      : `lane ${l.lane}, ${l.title}, is at ${end}`;
  });
  return `Contour map of ${info.title}${minima ? `, minimum at ${minima}` : ""}. ${ends.join("; ")}.`;
}

/** Samples a function on a grid over a map, some rows a frame: one that the visitor has typed may be slow. */
class Sampler {
  #turn = 0;

  /** @param {any} problem @param {import("../draw.js").Placed} placed @param {(values: Float64Array, nx: number) => void} done */
  sample(problem, placed, done) {
    this.#turn += 1;
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
