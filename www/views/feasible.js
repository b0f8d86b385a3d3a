/** What constraints add to a map: a veil over what they forbid, their borders, and the gradients that balance. */

import { cover, paint, ratio } from "../draw.js";

/** @typedef {import("../record.js").Record} Record */
/** @typedef {import("./surface_map.js").Shown} Shown */
/** @typedef {import("./plot.js").Plot} Plot */
/** @typedef {{ vector: [number, number], name: string, of_objective: boolean }} Arrow */

/** CSS pixels between two samples of the constraints. */
const STEP = 4;
/** A multiplier of less than this part of the largest pulls at nothing, and its constraint is not active. */
const PULLS = 1e-6;
/** More arrows than these could not be told apart. */
const ARROWS_MAX = 6;
const LOW = "₀₁₂₃₄₅₆₇₈₉";

export class Feasible {
  #veil;
  #limits;
  #ask;
  #askedFor = "";
  #drawnFor = "";
  #turn = 0;
  /** @type {{ grids: Float64Array[], nx: number } | null} */
  #sampled = null;

  /** @param {import("./surface_map.js").AskConstraints} ask @param {HTMLCanvasElement} veil @param {HTMLCanvasElement} limits */
  constructor(ask, veil, limits) {
    this.#ask = ask;
    this.#veil = veil;
    this.#limits = limits;
  }

  /** @param {Record} record @param {Shown} shown @param {Plot} plot @param {string} place what the size and the view depend on */
  draw(record, shown, plot, place) {
    const { equalities = 0, inequalities = 0 } = record.info.constrained ?? {};
    const any = equalities + inequalities > 0;
    for (const canvas of [this.#veil, this.#limits]) canvas.hidden = !any;
    if (!any || !plot.placed) return;
    const lane = record.lanes.find((l) => l.selected);
    const key = [place, record.run, ...(record.info.dim > 2 ? [lane?.lane, record.playing ? "" : lane?.at] : [])].join(
      "|",
    );
    if (key !== this.#askedFor) {
      this.#askedFor = key;
      this.#sample(shown, plot.placed, () => {
        this.#drawnFor = "";
        this.#paint(record, shown, plot);
      });
    }
    this.#paint(record, shown, plot);
  }

  /** @param {Shown} shown @param {import("../draw.js").Placed} placed @param {() => void} done */
  async #sample({ axes }, placed, done) {
    this.#turn += 1;
    const turn = this.#turn;
    const nx = Math.max(8, Math.min(200, Math.round(placed.width / STEP) + 1));
    const ny = Math.max(8, Math.min(160, Math.round(placed.height / STEP) + 1));
    try {
      const grids = await this.#ask(axes, [...placed.x, ...placed.y], nx, ny);
      if (!grids || turn !== this.#turn) return;
      this.#sampled = { grids, nx };
      done();
    } catch {
      // The engine was restarted, or refuses the plane: the last picture stays.
    }
  }

  /** @param {Record} record @param {Shown} shown @param {Plot} plot */
  #paint(record, { plane }, plot) {
    const forces = record.lanes.find((l) => l.selected)?.forces ?? null;
    const active = forces ? activeOf(forces) : [];
    const key = [this.#askedFor, active.join()].join("|");
    if (!this.#sampled || !plot.placed || key === this.#drawnFor) return;
    this.#drawnFor = key;
    const { grids, nx } = this.#sampled;
    cover(this.#veil, plot.placed, 1);
    plot.ready(this.#limits);
    const spec = { plane, nx, equalities: record.info.constrained?.equalities ?? 0, active };
    paint().map_feasible(this.#veil, this.#limits, ratio(), spec, grids);
  }
}

/** Which constraints pull: all equalities, and the inequalities with a multiplier. @param {import("../protocol.js").Forces} forces @returns {boolean[]} */
function activeOf({ equalities, values, multipliers }) {
  const largest = Math.max(...multipliers.map(Math.abs), 0);
  return values.map((_, i) => i < equalities || Math.abs(multipliers[i] ?? 0) > PULLS * Math.max(1, largest));
}

/** The gradients at the selected lane's point, in the plane that is shown. @param {Record} record @param {[number, number]} axes @returns {{ at: [number, number], arrows: Arrow[] } | null} */
export function arrowsOf({ lanes, info }, [i, j]) {
  const forces = lanes.find((l) => l.selected)?.forces;
  if (!forces) return null;
  const { at, equalities, values, multipliers, jacobian, gradient } = forces;
  const { dim } = info;
  const pair = (/** @type {ArrayLike<number>} */ v, /** @type {number} */ from, /** @type {number} */ by) =>
    /** @type {[number, number]} */ ([by * (v[from + i] ?? 0), by * (v[from + j] ?? 0)]);
  /** @type {Arrow[]} */
  const arrows = [{ vector: pair(gradient, 0, -1), name: "−∇f", of_objective: true }];
  const active = activeOf(forces);
  for (const k of values.keys()) {
    const y = multipliers[k] ?? 0;
    if (!active[k] || y === 0 || arrows.length > ARROWS_MAX) continue;
    const name = k < equalities ? `ν${low(k)}∇c${low(k)}` : `λ${low(k - equalities)}∇g${low(k - equalities)}`;
    arrows.push({ vector: pair(jacobian, k * dim, y), name, of_objective: false });
  }
  return { at: pair(at, 0, 1), arrows };
}

/** The place of a constraint, counted from 1, as people write it below a letter. @param {number} k */
function low(k) {
  return [...String(k + 1)].map((digit) => LOW[Number(digit)]).join("");
}
