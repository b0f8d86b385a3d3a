/**
 * A linear system as it stands: the matrix and both vectors as cells, and the present x against the solution: as a field
 * where the unknowns are those of a grid, else as a curve over their index.
 */

import { h, setText } from "../dom.js";
import { atMostEvery, canDraw, paint, ratio, short, themeVersion } from "../draw.js";
import { count } from "../format.js";
import { T } from "../texts.js";
import { layer, Plot, Readout } from "./plot.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("../protocol.js").MatrixPicture} MatrixPicture */

const RATE = 15;
/** CSS pixels between the matrix and a vector, and the width of a vector. */
const GAP = 10;
const STRIP = 16;
const CAPTION = 30;

export function createSystem() {
  const matrix = new Cells(T.matrixPart);
  const [x, rhs] = [new Cells(T.vectorX), new Cells(T.vectorRhs)];
  const readout = new Readout();
  const left = h("div", { class: "system-part", role: "img" }, matrix.element, x.element, rhs.element);
  const field = [new Cells(T.vectorX), new Cells(T.errorField)];
  const right = h("div", { class: "system-part", role: "img" }, ...field.map((f) => f.element));
  const curve = new Plot(layer("paths"));
  const box = h("div", { class: "system-box" }, left, readout.element);
  const element = h("div", { class: "duo system" }, box, right, curve.box);
  /** @type {Record | null} */
  let record = null;
  /** @type {unknown[]} */
  let drawn = [];
  let wordsAt = 0;

  const draw = atMostEvery(1000 / RATE, () => {
    const system = record?.system;
    const info = record?.info.linear_system;
    if (!record || !system || !info || !canDraw() || box.clientWidth < 40) return;
    const onGrid = info.grid !== null;
    right.hidden = !onGrid;
    curve.box.hidden = onGrid;
    const size = [box.clientWidth, box.clientHeight, ratio(), themeVersion(), record.run];
    const shows = [...size, ...record.lanes.flatMap((l) => [l.lane, l.selected, l.parameters])];
    if (shows.length === drawn.length && shows.every((v, i) => v === drawn[i])) return;
    const still = size.every((v, i) => v === drawn[i]);
    drawn = shows;
    drawMatrix(record, system, still);
    if (info.grid !== null) drawField(record, system, info.grid);
    else drawCurve(record, system);
    if (record.playing && performance.now() - wordsAt < 2000) return;
    wordsAt = performance.now();
    say(record);
  });

  /** @param {Record} of @param {MatrixPicture} system @param {boolean} still whether only x has changed */
  function drawMatrix(of, system, still) {
    const { dim, size, values, rhs: b } = system;
    const side = Math.max(24, Math.min(box.clientHeight - CAPTION, box.clientWidth - 2 * (GAP + STRIP) - 2 * GAP));
    const now = of.lanes.find((l) => l.selected)?.parameters;
    if (!still) {
      matrix.draw(values, size, side, side, largest(values), true);
      rhs.draw(squeezed(b, size), 1, STRIP, side, largest(b), true);
    }
    if (now && now.length === dim) x.draw(squeezed(now, size), 1, STRIP, side, largest(system.solution ?? now), false);
  }

  /** @param {Record} of @param {MatrixPicture} system @param {number} points a side */
  function drawField(of, { solution, dim }, points) {
    const now = of.lanes.find((l) => l.selected)?.parameters;
    if (!now || now.length !== dim) return;
    const side = Math.max(24, Math.min(right.clientHeight - CAPTION, (right.clientWidth - 2 * GAP) / 2));
    const shown = flipped(now, points);
    field[0]?.draw(shown, points, side, side, largest(solution ?? now), false);
    const second = field[1];
    if (!second) return;
    second.element.hidden = solution === null;
    if (!solution) return;
    const error = flipped(
      now.map((v, i) => v - (solution[i] ?? 0)),
      points,
    );
    const most = largest(error);
    second.draw(error, points, side, side, most, false);
    second.name(`${T.errorField}, |e| ≤ ${short(most)}`);
  }

  /** @param {Record} of @param {MatrixPicture} system */
  function drawCurve(of, { dim, solution }) {
    const [canvas] = curve.layers;
    if (!canvas || !curve.measure()) return;
    const index = Float64Array.from({ length: dim }, (_, i) => i + 1);
    // One that runs away would set the scale for all.
    const ended = ["diverged", "breakdown"];
    const lanes = of.lanes.filter((l) => l.parameters?.length === dim && (l.selected || !ended.includes(l.status)));
    const columns = [index, ...lanes.map((l) => /** @type {Float64Array} */ (l.parameters))];
    const spec = {
      sets: solution ? [{ filled: false, x: 0, y: columns.push(solution) - 1 }] : [],
      lanes: lanes.map((l, i) => ({ lane: l.lane, selected: l.selected, x: 0, y: i + 1 })),
      whole: true,
      x_name: "i",
      y_name: solution ? `${T.vectorX}ᵢ, ${T.vectorSolution} ○` : `${T.vectorX}ᵢ`,
    };
    curve.ready(canvas);
    curve.placed = paint().fit(canvas, ratio(), spec, columns);
  }

  /** @param {Record} of */
  function say(of) {
    const { info, system } = of;
    const lane = of.lanes.find((l) => l.selected);
    const what = `Matrix of ${info.title}, ${info.dim} unknowns, and its vectors x and b`;
    left.setAttribute("aria-label", `${what}; x is that of lane ${lane?.lane ?? ""}, ${lane?.title ?? ""}.`);
    const now = lane?.parameters;
    const known = system?.solution;
    const far = now && known ? largest(now.map((v, i) => v - (known[i] ?? 0))) : Number.NaN;
    const says = `x of lane ${lane?.lane ?? ""}, ${lane?.title ?? ""}${known ? `; it differs from the solution by ${short(far)} at most` : ""}.`;
    right.setAttribute("aria-label", says);
    curve.say(() => says, false);
  }

  matrix.canvas.addEventListener("pointermove", (event) => {
    const system = record?.system;
    if (!system) return;
    const { size, dim, values } = system;
    const i = Math.min(size - 1, Math.floor((event.offsetY / matrix.canvas.clientHeight) * size));
    const j = Math.min(size - 1, Math.floor((event.offsetX / matrix.canvas.clientWidth) * size));
    const at = (/** @type {number} */ k) => {
      const first = Math.floor((k * dim) / size) + 1;
      const last = Math.floor(((k + 1) * dim) / size);
      return last > first ? `${count(first)}–${count(last)}` : count(first);
    };
    readout.show([
      ["i, j", `${at(i)}, ${at(j)}`],
      ["a", short(values[i * size + j] ?? Number.NaN)],
    ]);
  });
  matrix.canvas.addEventListener("pointerleave", () => readout.hide());

  return {
    element,
    /** @param {State} _state @param {Record} nextRecord */
    render(_state, nextRecord) {
      record = nextRecord;
      draw();
    },
    resize: draw,
  };
}

/** Numbers as cells, with a name above. */
export class Cells {
  canvas = h("canvas", { class: "cells", "aria-hidden": "true" });
  #caption = h("span");
  element = h("div", { class: "cells-box" }, this.#caption, this.canvas);

  /** @param {string} name */
  constructor(name) {
    this.name(name);
  }

  /** @param {string} text */
  name(text) {
    setText(this.#caption, text);
  }

  /** @param {Float64Array} values row by row @param {number} columns @param {number} width CSS pixels @param {number} height @param {number} most the value of the strongest colour @param {boolean} spread */
  draw(values, columns, width, height, most, spread) {
    paint().heatmap(this.canvas, values, columns, most, spread);
    this.canvas.style.cssText = `width:${Math.floor(width)}px;height:${Math.floor(height)}px`;
  }
}

/** The largest magnitude, at least the smallest number. @param {Float64Array} values */
export function largest(values) {
  let most = 0;
  for (const v of values) if (Math.abs(v) > most && Number.isFinite(v)) most = Math.abs(v);
  return most || Number.MIN_VALUE;
}

/** In at most `cells` cells, each with the number of largest magnitude of its part. @param {Float64Array} values @param {number} cells */
export function squeezed(values, cells) {
  const n = values.length;
  if (n <= cells) return values;
  return Float64Array.from({ length: cells }, (_, k) => {
    let most = 0;
    const end = Math.floor(((k + 1) * n) / cells);
    for (let i = Math.floor((k * n) / cells); i < end; i += 1)
      if (Math.abs(values[i] ?? 0) > Math.abs(most)) most = values[i] ?? 0;
    return most;
  });
}

/** A grid with its first row below, as a picture has its first row above. @param {Float64Array} values @param {number} side */
function flipped(values, side) {
  const out = new Float64Array(values.length);
  for (let row = 0; row < side; row += 1)
    out.set(values.subarray(row * side, (row + 1) * side), (side - 1 - row) * side);
  return out;
}
