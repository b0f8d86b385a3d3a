/**
 * What the page and its worker say to each other.
 *
 * A request carries an `id` and is answered once, by `done` or `failed`. Frames carry the `run` they belong to, so that
 * a late one of a former run is dropped; a frame is sent only after the last one was drawn.
 */

/** @typedef {"running" | "converged" | "stopped" | "diverged" | "breakdown"} Status */
/** @typedef {Record<string, any>} SessionConfig */
/** Where an input is wrong, as the engine says it; `lane` is the position of the lane that was refused. */
/** @typedef {{ path: string, message: string, lane: number | null }} Fault */

/** @typedef {import("../pkg/descent.js").Field} Field */
/** @typedef {import("../pkg/descent.js").Catalog} Catalog */
/** @typedef {Catalog["methods"][number]} MethodInfo */
/** @typedef {Catalog["datasets"][number]} DataInfo */
/** @typedef {Catalog["inits"][number]} Named */
/** @typedef {import("../pkg/descent.js").Info} Info */
/** @typedef {NonNullable<Info["network"]>} NetworkInfo */
/** @typedef {import("../pkg/descent.js").Points} Points */
/** @typedef {import("../pkg/descent.js").FitStatistics} FitStatistics */
/** @typedef {import("../pkg/descent.js").FitBand} FitBand */
/** @typedef {import("../pkg/descent.js").MatrixPicture} MatrixPicture */
/** @typedef {import("../pkg/descent.js").SolveReport} SolveReport */
/** @typedef {{ picture: MatrixPicture, report: SolveReport }} Opened a linear system, opened */
/** @typedef {import("../pkg/descent.js").CsvPreview} CsvPreview */
/** The shared grid on which the lanes' outputs are shown; with one input `ny` is 1 and the y range is that of the targets. */
/** @typedef {{ x0: number, x1: number, y0: number, y1: number, nx: number, ny: number }} Grid */

/**
 * @typedef {object} Built what a new run consists of
 * @property {Info} info
 * @property {string[][]} warnings of each lane
 * @property {{ train: Points, val: Points } | null} points
 * @property {Grid | null} grid
 * @property {MatrixPicture | null} system of a linear system: its matrix, right-hand side and solution
 * @property {number} [from] the first iteration that can be gone back to
 */

/** @typedef {import("../pkg/descent.js").Explained} Explanation */
/**
 * One lane's part of a frame: what is new since the last one.
 * @typedef {object} LaneFrame
 * @property {Status} status @property {string} reason @property {number} iteration @property {number} epoch
 * @property {number} evals @property {number} ms
 * @property {Best | null} best where its validations were best
 * @property {import("../pkg/descent.js").HistoryPart} history
 * @property {import("../pkg/descent.js").PathPart} path
 * @property {Float64Array} trials that were rejected: for each the point it started from, then where it would have led
 * @property {LanePicture | null} picture
 */
/**
 * What a lane's model says now; only what the problem can show.
 * @typedef {object} LanePicture
 * @property {Float64Array | null} field @property {Float64Array | null} curve
 * @property {{ train: Float64Array, val: Float64Array } | null} predicted
 * @property {Float64Array | null} parameters @property {Float64Array[] | null} neurons
 * @property {(FitBand & Partial<import("../pkg/descent.js").PosteriorBand>) | null} band of the selected lane, over the grid
 * @property {FitStatistics | null} statistics of the selected lane
 * @property {Model | null} model of the selected lane's next step
 * @property {Float64Array | null} population the points that the method works with, one after the other
 * @property {Forces | null} forces at the selected lane's point
 * @property {Sampled | null} sampled what a lane that samples has drawn, in the plane that is shown
 */
/** Samples as x, y; proposals as x, y of where they started, then of where they led. */
/** @typedef {{ samples: Float64Array, accepted: Float64Array, rejected: Float64Array }} Sampled */
/** The constraints at a point, and what pulls there: `values` and `multipliers` have c first, `jacobian` a row for each. */
/** @typedef {{ at: Float64Array, equalities: number, values: number[], multipliers: number[], jacobian: Float64Array, gradient: Float64Array }} Forces */
/** The system that a step solves, at the point where it will: what the ellipse on a map is drawn from. */
/** @typedef {{ at: Float64Array, dim: number, matrix: Float64Array, rhs: Float64Array }} Model */

/** @typedef {import("../pkg/descent.js").Metrics} Metrics */
/** @typedef {{ iteration: number, val_loss: number }} Best */
/**
 * How good a lane is at an iteration. Of a regression also what its predictions of the first output miss: true − predicted
 * over predicted.
 * @typedef {{ at: number, train: Metrics, val: Metrics | null, misses: { train: Misses, val: Misses } | null }} Quality
 */
/** @typedef {{ predicted: Float64Array, missed: Float64Array }} Misses */
/** @typedef {{ at: number, metrics: Metrics }} Tested what a lane made of the test rows when they were looked at */

/** What the draws of a lane say, and of one of its parameters the draws themselves. */
/**
 * @typedef {{
 *   at: number, sampling: import("../pkg/descent.js").Sampling, traces: Float64Array[],
 *   histogram: import("../pkg/descent.js").Histogram | null, marginal: import("../pkg/descent.js").Marginal | null,
 * }} Drawn
 */
/** A lane's way in a plane: see `LandscapeShadow`. @typedef {import("../pkg/descent.js").LandscapeShadow & { lane: number, title: string, selected: boolean, diverged: boolean }} Shadow */
/** A plane of the parameters, of the selected lane's run at an iteration. @typedef {{ at: number, directions: "principal" | "random", config: SessionConfig, plane: import("../pkg/descent.js").LandscapePlane, shadows: Shadow[] }} Landscape */
/**
 * A lane as it stands, for a file. `changed` is the iteration at which settings of the running session were changed, so
 * that a replay of its config is another run.
 * @typedef {object} Exported
 * @property {SessionConfig} config @property {number} iteration @property {Status} status @property {string} reason
 * @property {string} digest @property {Float64Array} parameters @property {Record<string, Float64Array>} columns
 * @property {number | null} changed
 */

/** What a step costs on a network of so many parameters; `reason` where that could not be measured. */
/** @typedef {{ parameters: number | null, ms: number | null, reason: string }} StepCost */

/** @typedef {{ name: string, csv: string }} RealSet */
/** @typedef {{ optimizer?: object, schedule?: object, stop?: object, batch_size?: number | "full", l2?: number }} Change */

/**
 * @typedef {(
 *   | { type: "open", module: WebAssembly.Module }
 *   | { type: "rest", module: WebAssembly.Module }
 *   | { type: "register", set: RealSet }
 *   | { type: "build", run: number, lanes: SessionConfig[] }
 *   | { type: "check", lanes: SessionConfig[] }
 *   | { type: "restore", run: number, snapshots: Uint8Array[] }
 *   | { type: "snapshots", run: number }
 *   | { type: "change", lane: number | null, change: Change }
 *   | { type: "remove", run: number, lane: number }
 *   | { type: "reset", run: number }
 *   | { type: "go_to", run: number, iteration: number }
 *   | { type: "schedule", schedule: object, lr: number, perEpoch: number, iterations: number, points: number }
 *   | { type: "plane", run: number, lane: number, axes: [number, number], view: number[], nx: number, ny: number }
 *   | { type: "constraints", run: number, lane: number, axes: [number, number], view: number[], nx: number, ny: number }
 *   | { type: "solve", run: number, lane: number }
 *   | { type: "sampling", run: number, lane: number, parameter: number }
 *   | { type: "metrics", run: number, lane: number }
 *   | { type: "landscape", run: number, lane: number, directions: "principal" | "random", seed: number }
 *   | { type: "open_test", run: number }
 *   | { type: "restore_best", run: number, lane: number }
 *   | { type: "points", run: number, lane: number }
 *   | { type: "export", run: number }
 *   | { type: "costs", run: number, lane: number }
 *   | { type: "preview", csv: string }
 *   | { type: "seed" }
 * )} Request
 */
/**
 * @typedef {(
 *   | { type: "play", speed: number }
 *   | { type: "advance", iterations: number | "epoch" }
 *   | { type: "pause" }
 *   | { type: "look", selected: number, weight: number, axes: [number, number] }
 *   | { type: "drawn", run: number }
 * )} Command
 */
/** @typedef {{ type: "frame", run: number, playing: boolean, lanes: LaneFrame[], explanation: Explanation | null }} Frame */
/**
 * @typedef {(
 *   | { type: "done", id: number, value: any }
 *   | { type: "failed", id: number, fault: Fault }
 *   | { type: "trap", message: string }
 *   | Frame
 *   | { type: "saved", run: number, snapshots: Uint8Array[] }
 *   | { type: "beat" }
 * )} Answer
 */

/**
 * The parameter that the equation shows. By default the first weight into the output, which always learns something;
 * the first of all may belong to an input that never changes.
 * @param {number} weight chosen, −1 for none @param {Info} info @returns {number}
 */
export function shownWeight(weight, { dim, network }) {
  if (weight >= 0 || !network) return Math.min(Math.max(weight, 0), dim - 1);
  const outputs = network.sizes.at(-1) ?? 1;
  const inputs = network.sizes.at(-2) ?? 1;
  return Math.max(0, dim - outputs * (inputs + 1));
}

/** Up to so many variables are all watched, so that a rejected trial can be shown in any plane. */
export const WATCHED_MAX = 100;

/**
 * The plane that is shown: the chosen two parameters, where the problem has them.
 * @param {[number, number]} axes @param {number} dim @returns {[number, number]}
 */
export function shownPlane(axes, dim) {
  return axes.every((i) => i < dim) ? axes : [0, Math.min(1, dim - 1)];
}

/** A worker that is at work and says nothing for so long is taken for hung. */
export const SILENCE_MS = 10000;
/** How often a worker at work makes itself heard, at least. */
export const BEAT_MS = 1000;
/** How often the sessions are saved while they run. */
export const SAVE_MS = 5000;

/**
 * Splits an engine's message, `<config path>: <what is wrong, and what is allowed>`.
 * @param {string} text @param {number | null} lane @returns {Fault}
 */
export function readFault(text, lane) {
  const found = /^([A-Za-z_][\w.[\]]*): ([\s\S]*)$/.exec(text);
  return found ? { path: found[1] ?? "", message: found[2] ?? "", lane } : { path: "", message: text, lane };
}
