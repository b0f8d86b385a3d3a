/**
 * What a frame shows of the lanes: the new rows of their records, and a picture of what their models say.
 *
 * Pictures cost time that training would use, so they are taken at most so often that they take a tenth of it.
 */

import { shownPlane, shownWeight, WATCHED_MAX } from "./protocol.js";

/** @typedef {import("./protocol.js").Built} Built */
/** @typedef {import("./protocol.js").Grid} Grid */
/** @typedef {import("./protocol.js").LanePicture} LanePicture */
/** @typedef {import("./protocol.js").LaneFrame} LaneFrame */
/** @typedef {import("./engine.js").EngineLane} EngineLane */

/** Points a side of the field under the data, of a fitted curve, and of the small pictures of the neurons. */
const FIELD = 80;
const CURVE = 240;
const NEURON = 24;
/** Cells a side of a matrix, and unknowns up to which every lane's solution is shown. */
const CELLS = 200;
const LINES_MAX = 1000;
/** Pictures follow each other at most so fast, ms, and take at most this part of the time. */
const PICTURE_MS = 66;
const PICTURE_PART = 0.1;

export class Camera {
  #selected = 0;
  #weight = -1;
  /** @type {[number, number]} */
  #axes = [0, 1];
  /** @type {import("./protocol.js").Info | null} */
  #info = null;
  /** @type {Built["points"]} */
  #points = null;
  /** @type {Grid | null} */
  #grid = null;
  #inputs = new Float64Array();
  #neurons = new Float64Array();
  #next = 0;

  /**
   * @param {number} selected lane @param {number} weight the parameter shown in the equation
   * @param {[number, number]} axes the plane that is shown
   */
  look(selected, weight, axes) {
    this.#selected = selected;
    this.#weight = weight;
    this.#axes = axes;
    this.#next = 0;
  }

  /** The parameters whose numbers are asked for: all, where a plane of them is shown, or one weight of many. @param {any} session */
  watched(session) {
    /** @type {import("./protocol.js").Info} */
    const info = this.#info ?? session.info();
    const { dim } = info;
    return this.#isPlane(info)
      ? Uint32Array.from({ length: dim }, (_, i) => i)
      : Uint32Array.of(shownWeight(this.#weight, info));
  }

  /** Whether the problem is seen in a plane of two of its parameters. @param {import("./protocol.js").Info} info */
  #isPlane({ kind, dim }) {
    return (kind === "surface" || kind === "least_squares" || kind === "constrained") && dim <= WATCHED_MAX;
  }

  /** The numbers of the last step, of the parameters that the equation shows. @param {any} session */
  #explain(session) {
    const explained = session?.explain() ?? null;
    const { dim = 0 } = this.#info ?? {};
    if (!explained || !this.#info || !this.#isPlane(this.#info) || dim <= 2) return explained;
    const [i, j] = shownPlane(this.#axes, dim);
    /** @type {[string, number[]][]} */
    const values = Object.entries(explained.values);
    return {
      iteration: explained.iteration,
      values: Object.fromEntries(
        values.map(([name, all]) => [name, all.length === dim ? [all[i], all[j]] : all.length < dim ? all : []]),
      ),
    };
  }

  /** Looks at a new run. @param {any[]} sessions @returns {Built | null} */
  aim(sessions) {
    this.#next = 0;
    const first = sessions[0];
    if (!first) return null;
    /** @type {import("./protocol.js").Info} */
    const info = first.info();
    this.#info = info;
    const features = info.network?.features ?? info.least_squares?.features;
    this.#points = features ? { train: first.points("train"), val: first.points("val") } : null;
    const grid = features && this.#points ? gridOf(features.length, this.#points) : null;
    this.#grid = grid && info.least_squares?.implicit ? equal(grid) : grid;
    this.#inputs = this.#grid ? lattice(this.#grid) : new Float64Array();
    this.#neurons =
      info.network && this.#grid && this.#grid.ny > 1
        ? lattice({ ...this.#grid, nx: NEURON, ny: NEURON })
        : new Float64Array();
    return {
      info,
      warnings: sessions.map((s) => s.info().warnings),
      points: this.#points,
      grid: this.#grid,
      system: info.linear_system ? first.matrix_picture(CELLS) : null,
    };
  }

  /**
   * @param {EngineLane[]} lanes @param {boolean} playing
   * @returns {[{ lanes: LaneFrame[], explanation: any }, Transferable[]]}
   */
  shoot(lanes, playing) {
    /** @type {Transferable[]} */
    const transfer = [];
    const start = performance.now();
    const pictured = !playing || start >= this.#next;
    const frames = lanes.map((lane, i) => {
      const history = lane.session.history_since(lane.rows);
      const path = lane.session.path_since(lane.points);
      lane.rows = history.rows;
      lane.points = path.from + (path.dim > 0 ? path.points.length / path.dim : 0);
      const picture = pictured ? this.#picture(lane, i === this.#selected) : null;
      const trials = Float64Array.from(lane.trials);
      lane.trials = [];
      for (const column of Object.values(history.columns)) transfer.push(/** @type {Float64Array} */ (column).buffer);
      transfer.push(path.points.buffer);
      if (picture) transfer.push(...buffers(picture));
      const { status, reason = "", iteration, epoch, gradient_evals: evals, best = null } = lane.report;
      const times = history.columns.ms;
      return {
        status,
        reason,
        iteration,
        epoch,
        evals,
        best,
        ms: times?.[times.length - 1] ?? Number.NaN,
        history,
        path,
        trials,
        picture,
      };
    });
    if (pictured) this.#next = start + Math.max(PICTURE_MS, (performance.now() - start) / PICTURE_PART);
    const explanation = this.#explain(lanes[this.#selected]?.session);
    return [{ lanes: frames, explanation }, transfer];
  }

  /** @param {EngineLane} lane @param {boolean} selected @returns {LanePicture | null} */
  #picture({ session, report }, selected) {
    const model = selected && report.status === "running" ? this.#model(session) : null;
    switch (this.#info?.kind) {
      case "network":
        return { ...NOTHING, ...this.#answers(session, selected) };
      case "least_squares":
        return { ...NOTHING, ...this.#fitted(session, selected, report), model, ...this.#crowd(session, report) };
      case "linear_system": {
        const shown = selected || (this.#info.dim <= LINES_MAX && this.#info.linear_system?.grid == null);
        return { ...NOTHING, parameters: shown ? session.parameters() : null };
      }
      case "constrained":
        return selected ? { ...NOTHING, parameters: session.parameters(), forces: this.#forces(session) } : NOTHING;
      default:
        return { ...NOTHING, model, ...this.#crowd(session, report) };
    }
  }

  /** What pulls at the point of a lane. @param {any} session @returns {import("./protocol.js").Forces | null} */
  #forces(session) {
    const { equalities = 0, inequalities = 0 } = this.#info?.constrained ?? {};
    if (equalities + inequalities === 0 || !this.#info?.oracles.includes("constrained")) return null;
    const { equality, inequality, jacobian, gradient } = session.constraints();
    const y = session.multipliers();
    return {
      at: session.parameters(),
      equalities,
      values: [...equality, ...inequality],
      multipliers: y ? [...y.nu, ...y.lambda] : [],
      jacobian,
      gradient,
    };
  }

  /** What a fitted model says along its input, and of the data. @param {any} session @param {boolean} selected @param {any} report */
  #fitted(session, selected, report) {
    const inputs = this.#info?.least_squares?.features.length ?? 0;
    const sampled = "acceptance_rate" in report.extra;
    const band = selected && inputs === 1 ? bandOf(session, this.#inputs, sampled) : null;
    const shown = this.#points;
    return {
      field: inputs === 2 ? session.predict(this.#inputs) : null,
      curve: inputs === 1 ? (band?.value ?? session.predict(this.#inputs)) : null,
      predicted: shown ? { train: session.predict(shown.train.inputs), val: new Float64Array() } : null,
      band,
      // The point of a chain is no solution.
      statistics: selected && !sampled ? session.fit_statistics() : null,
      parameters: selected ? session.parameters() : null,
    };
  }

  /** The points that a method works with, where it has several and a plane of them is shown, and what it has drawn. To ask costs the loading of the engine's second part, so others are not asked. @param {any} session @param {any} report */
  #crowd(session, report) {
    const samples = "acceptance_rate" in report.extra;
    if (!("spread" in report.extra || samples) || !this.#info || !this.#isPlane(this.#info)) return {};
    const axes = shownPlane(this.#axes, this.#info.dim);
    return {
      population: session.population()?.points ?? null,
      sampled: samples && this.#info.dim > 1 ? sampledBy(session, axes) : null,
    };
  }

  /** What the selected lane's next step minimises. @param {any} session @returns {import("./protocol.js").Model | null} */
  #model(session) {
    if (!this.#info || !this.#isPlane(this.#info)) return null;
    try {
      const { dim, values, rhs } = session.matrix_picture(WATCHED_MAX);
      return { at: session.parameters(), dim, matrix: values, rhs };
    } catch {
      // Most methods solve no system.
      return null;
    }
  }

  /** What a network says over its inputs. @param {any} session @param {boolean} selected */
  #answers(session, selected) {
    const network = this.#info?.network;
    const inputs = network?.features.length ?? 0;
    const outputs = network?.sizes.at(-1) ?? 1;
    const shown = this.#points;
    const flat = inputs > 2 && shown;
    const grid = flat ? new Float64Array() : session.predict(this.#inputs);
    return {
      field: inputs === 2 ? byClass(grid, outputs, network?.task === "classification") : null,
      curve: inputs === 1 ? grid : null,
      predicted: flat ? { train: session.predict(shown.train.inputs), val: session.predict(shown.val.inputs) } : null,
      parameters: selected ? session.parameters() : null,
      neurons: selected && inputs === 2 ? session.neurons(this.#neurons) : null,
    };
  }
}

/** @type {LanePicture} */
const NOTHING = {
  field: null,
  curve: null,
  predicted: null,
  parameters: null,
  neurons: null,
  band: null,
  statistics: null,
  model: null,
  population: null,
  forces: null,
  sampled: null,
};

/** Samples and proposals that a map shows at most. */
const SAMPLES_MAX = 2000;
const TRIALS_SHOWN = 24;

/** @param {any} session @param {[number, number]} axes @returns {import("./protocol.js").Sampled | null} */
function sampledBy(session, [i, j]) {
  const samples = session.samples();
  const trials = session.trials();
  if (!samples || !trials) return null;
  const { dim, points } = samples;
  const all = points.length / dim;
  const every = Math.max(1, Math.ceil(all / SAMPLES_MAX));
  // Every so many of all would be those of one chain alone, where its number divides by that of the chains.
  const step = every % samples.chains === 0 ? every + 1 : every;
  const shown = Math.floor(all / step);
  /** @type {{ accepted: number[], rejected: number[] }} */
  const ways = { accepted: [], rejected: [] };
  const count = trials.accepted.length;
  for (let k = Math.max(0, count - TRIALS_SHOWN); k < count; k += 1) {
    const way = trials.accepted[k] ? ways.accepted : ways.rejected;
    for (const ends of [trials.from, trials.to]) way.push(ends[k * dim + i], ends[k * dim + j]);
  }
  return {
    samples: Float64Array.from({ length: 2 * shown }, (_, k) => points[(k >> 1) * step * dim + (k & 1 ? j : i)]),
    accepted: Float64Array.from(ways.accepted),
    rejected: Float64Array.from(ways.rejected),
  };
}

/** How sure a fit is: by its linear theory, or by what was drawn. @param {any} session @param {Float64Array} inputs @param {boolean} sampled @returns {import("./protocol.js").LanePicture["band"]} */
function bandOf(session, inputs, sampled) {
  if (!sampled) return session.fit_band(inputs);
  if (!session.samples()?.draws) return null;
  const band = session.posterior_band(inputs);
  return { ...band, value: band.median };
}

/** The range of the data with a margin. @param {number} inputs @param {NonNullable<Built["points"]>} points @returns {Grid | null} */
function gridOf(inputs, { train, val }) {
  if (inputs > 2) return null;
  const [x0, x1] = span([train.inputs, val.inputs], inputs, 0);
  if (inputs === 1) {
    const [y0, y1] = span([train.targets, val.targets], 1, 0);
    return { x0, x1, y0, y1, nx: CURVE, ny: 1 };
  }
  const [y0, y1] = span([train.inputs, val.inputs], 2, 1);
  return { x0, x1, y0, y1, nx: FIELD, ny: FIELD };
}

/** The same with one scale for both inputs, so that a circle is one. @param {Grid} grid @returns {Grid} */
function equal({ x0, x1, y0, y1, ...rest }) {
  const half = Math.max(x1 - x0, y1 - y0) / 2;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return { ...rest, x0: x - half, x1: x + half, y0: y - half, y1: y + half };
}

/** Least and greatest of every `stride`-th number from `offset`, with a margin. @param {Float64Array[]} arrays @param {number} stride @param {number} offset @returns {[number, number]} */
function span(arrays, stride, offset) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const array of arrays) {
    for (let i = offset; i < array.length; i += stride) {
      low = Math.min(low, array[i] ?? low);
      high = Math.max(high, array[i] ?? high);
    }
  }
  if (!(low <= high)) return [-1, 1];
  const margin = 0.08 * (high - low) || 0.5;
  return [low - margin, high + margin];
}

/** The points of the grid, row by row from y0. @param {Grid} grid */
function lattice({ x0, x1, y0, y1, nx, ny }) {
  if (ny === 1) return Float64Array.from({ length: nx }, (_, i) => x0 + ((x1 - x0) * i) / (nx - 1));
  const points = new Float64Array(2 * nx * ny);
  for (let j = 0, k = 0; j < ny; j += 1) {
    for (let i = 0; i < nx; i += 1) {
      points[k++] = x0 + ((x1 - x0) * i) / (nx - 1);
      points[k++] = y0 + ((y1 - y0) * j) / (ny - 1);
    }
  }
  return points;
}

/** From [rows][outputs] to what a map shows: P(class 1) of two classes, else one plane a class. @param {Float64Array} out @param {number} outputs @param {boolean} classes */
function byClass(out, outputs, classes) {
  if (outputs === 1) return out;
  const rows = out.length / outputs;
  if (classes && outputs === 2) return Float64Array.from({ length: rows }, (_, r) => out[2 * r + 1] ?? 0);
  const planes = new Float64Array(out.length);
  for (let r = 0; r < rows; r += 1)
    for (let c = 0; c < outputs; c += 1) planes[c * rows + r] = out[r * outputs + c] ?? 0;
  return planes;
}

/** @param {LanePicture} picture @returns {Transferable[]} */
function buffers({ field, curve, predicted, parameters, neurons, band, model, population, sampled }) {
  const shown = [field, curve, predicted?.train, predicted?.val, parameters, ...Object.values({ ...band, ...sampled })];
  const arrays = [...shown, population, model?.at, model?.matrix, model?.rhs, ...(neurons ?? [])];
  return [...new Set(arrays.filter((a) => a != null).map((a) => a.buffer))];
}
