/**
 * The drawing side of the engine: a second instance of the same compiled module, on the page's own thread.
 *
 * Charts are drawn by Rust, in the colours and sizes of the design tokens. This file, worker.js and pool_worker.js are the
 * only ones that name the package.
 */

import { initSync, load_rest, Painter, short_number, smoothed_at, surface_at, surface_values } from "../pkg/descent.js";

/** Where a chart's axes lie in CSS pixels of its box, and what they show. */
/** @typedef {{ left: number, top: number, width: number, height: number, x: [number, number], y: [number, number], log: boolean }} Placed */

let open = false;
/** @type {Painter | null} */
let painter = null;
/** Counts the themes, so that a view knows when its picture is out of date. */
let version = 0;
/** @type {Set<() => void>} */
const waiting = new Set();

/** Makes drawing possible. @param {WebAssembly.Module} module the one that the worker runs too */
export async function openDraw(module) {
  if (open) return;
  initSync({ module });
  open = true;
  new MutationObserver(dropTheme).observe(document.documentElement, {
    attributeFilter: ["data-theme", "style", "class"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dropTheme);
  // The root font size may follow the width of the window.
  let rem = rootSize();
  addEventListener("resize", () => {
    if (rootSize() === rem) return;
    rem = rootSize();
    dropTheme();
  });
  await document.fonts?.ready;
}

/** The part of the engine that a race of methods of first order on a surface does without, for here and for workers. */
export const loadRest = load_rest;

/** Whether anything can be drawn yet. */
export function canDraw() {
  return open;
}

/** Calls back whenever colours or sizes have changed. @param {() => void} listener */
export function onTheme(listener) {
  waiting.add(listener);
}

/** A number that changes with the colours and sizes. */
export function themeVersion() {
  return version;
}

/** A call of the painter. @typedef {{ method: string, args: any[] }} Drawing */

/** What was drawn last on each canvas, so that it can be drawn once more: sharper, or as vectors. @type {WeakMap<HTMLCanvasElement, Drawing>} */
export const drawings = new WeakMap();

/** What draws, in the present theme. @returns {Painter} */
export function paint() {
  painter ??= remembering(new Painter(readTheme()));
  return painter;
}

/** The same painter, whose drawings are kept. @param {Painter} of @returns {Painter} */
function remembering(of) {
  return new Proxy(of, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (/** @type {any[]} */ ...args) => {
        for (const canvas of args) {
          if (!(canvas instanceof HTMLCanvasElement)) break;
          drawings.set(canvas, { method: String(name), args });
        }
        return method.apply(target, args);
      };
    },
  });
}

/** Another painter, of pixels or of vectors, in some theme. @param {"" | "light"} theme empty is the present one @param {boolean} vector */
export function newPainter(theme, vector) {
  const tokens = inTheme(theme, readTheme);
  return { painter: vector ? Painter.vector(tokens) : new Painter(tokens), paper: tokens.paper };
}

/** What `read` finds while another theme holds. @template T @param {"" | "light"} theme empty is the present one @param {() => T} read @returns {T} */
export function inTheme(theme, read) {
  if (!theme) return read();
  const { dataset } = document.documentElement;
  const former = dataset.theme;
  dataset.theme = theme;
  try {
    return read();
  } finally {
    if (former) dataset.theme = former;
    else delete dataset.theme;
  }
}

/** Device pixels that make a CSS pixel; more than three nobody sees. */
export function ratio() {
  return Math.min(3, window.devicePixelRatio || 1);
}

/** Sets how many device pixels a canvas has, if they are others. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height CSS pixels */
export function fit(canvas, width, height) {
  const w = Math.max(1, Math.round(width * ratio()));
  const h = Math.max(1, Math.round(height * ratio()));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

/** Lays a canvas over a chart's axes. @param {HTMLCanvasElement} canvas @param {Placed} at @param {number} sharp device pixels a CSS pixel, at most */
export function cover(canvas, at, sharp) {
  const scale = Math.min(sharp, ratio());
  canvas.width = Math.max(1, Math.round(at.width * scale));
  canvas.height = Math.max(1, Math.round(at.height * scale));
  canvas.style.cssText = `left:${at.left}px;top:${at.top}px;width:${at.width}px;height:${at.height}px`;
}

/** A number to three digits, as the charts write it. @param {number} v */
export const short = (v) => (open ? short_number(v) : String(v));

/** The smoothed value of a row, as the curves show it. @param {Float64Array} column @param {number} row @param {number} smoothing */
export const smoothedAt = (column, row, smoothing) =>
  smoothing > 0 ? smoothed_at(column.subarray(0, row + 1), row, smoothing) : (column[row] ?? Number.NaN);

/** Values over [x0, x1, y0, y1]: [ny][nx], row 0 at y0. @param {any} problem @param {number[]} view @param {number} nx @param {number} ny @returns {Float64Array} */
export const surfaceValues = (problem, view, nx, ny) => surface_values(problem, view, nx, ny);

/** Value and gradient at a point. @param {any} problem @param {number} x @param {number} y @returns {{ value: number, gradient: Float64Array }} */
export const surfaceAt = (problem, x, y) => surface_at(problem, x, y);

/** Draws that wait for their time. @type {Set<() => void>} */
const late = new Set();

/** Draws at once what waits for its time. */
export function drawLate() {
  for (const draw of late) draw();
}

/**
 * Calls `draw` at most once in `ms`, and once more for what came in between.
 * @param {number} ms @param {() => void} draw @returns {() => void}
 */
export function atMostEvery(ms, draw) {
  let last = -ms;
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    timer = 0;
    late.delete(now);
    last = performance.now();
    draw();
    // A drawing that takes long is made less often.
    last += 4 * (performance.now() - last);
  };
  return () => {
    if (timer) return;
    const rest = last + ms - performance.now();
    if (rest <= 0) return now();
    late.add(now);
    timer = window.setTimeout(() => requestAnimationFrame(now), rest);
  };
}

const rootSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

function dropTheme() {
  painter?.free();
  painter = null;
  version += 1;
  for (const listener of waiting) listener();
}

/** The design tokens as the charts need them. */
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const unit = rootSize() / 16;
  const px = (/** @type {string} */ name) => {
    const value = parseFloat(token(name));
    return token(name).endsWith("rem") ? value * rootSize() : value;
  };
  const lane = (/** @type {number} */ n) => ({
    colour: token(`lane-${n}`),
    dash:
      token(`dash-${n}`) === "none"
        ? []
        : token(`dash-${n}`)
            .split(/[\s,]+/)
            .map(Number),
  });
  const class_ = (/** @type {string} */ letter) => ({
    colour: token(`class-${letter}`),
    tint: token(`class-${letter}-tint`),
  });
  return {
    paper: token("paper"),
    ink: token("ink"),
    ink_2: token("ink-2"),
    ink_3: token("ink-3"),
    edge: token("edge"),
    grid: token("grid"),
    bad: token("bad"),
    iso: token("iso"),
    field_lo: token("field-lo"),
    field_hi: token("field-hi"),
    heat_lo: token("heat-0"),
    heat_hi: token("heat-1"),
    class_mid: token("class-mid"),
    classes: ["a", "b", "c", "d", "e", "f"].map(class_),
    lanes: [1, 2, 3, 4, 5, 6].map(lane),
    font: token("font") || "sans-serif",
    small: px("t-1"),
    text: px("t-2"),
    unit,
    line: px("stroke-lane"),
    line_on: px("stroke-lane-on"),
  };
}
