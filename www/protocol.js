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

/**
 * @typedef {object} Field
 * @property {string} name @property {string} symbol @property {string} label
 * @property {"number" | "integer" | "flag" | "choice"} type
 * @property {any} default
 * @property {number} [min] @property {number} [max] @property {boolean} [min_included] @property {boolean} [max_included]
 * @property {string[]} [options]
 */
/** @typedef {{ name: string, title: string, about: string, family: string, fields: Field[], equation: { symbols: string, numbers: string, when?: Record<string, string> }[], reference: string }} MethodInfo */
/** @typedef {{ name: string, title: string, formula: string, latex: string, dim: number, start: number[], view: number[], minima: number[][], fields: Field[] }} SurfaceInfo */
/** @typedef {{ name: string, title: string, task: string, inputs: number, rows: number | null, file: string | null, target?: string, fields: Field[] }} DataInfo */
/** @typedef {{ name: string, title: string, about: string, fields: Field[], latex: string }} ScheduleInfo */
/** @typedef {{ name: string, title: string, task?: string }} Named */
/**
 * @typedef {object} Catalog
 * @property {string} version
 * @property {SurfaceInfo[]} surfaces
 * @property {DataInfo[]} datasets
 * @property {MethodInfo[]} methods
 * @property {ScheduleInfo[]} schedules
 * @property {Named[]} activations
 * @property {Named[]} losses
 * @property {(Named | string)[]} inits
 */

/**
 * @typedef {object} Info what `session.info()` answers
 * @property {"surface" | "network"} kind
 * @property {number} dim
 * @property {string} title
 * @property {{ name: string, formula?: string, latex?: string, minima: number[][], view: number[], start: number[] }} [surface]
 * @property {NetworkInfo} [network]
 * @property {string[]} warnings
 */
/** @typedef {{ sizes: number[], activations: string[], task: "classification" | "regression", features: string[], classes: string[], target: string, rows: { train: number, val: number, test: number }, batches_per_epoch: number }} NetworkInfo */
/** @typedef {{ rows: number, inputs: Float64Array, targets: Float64Array }} Points */
/** The shared grid on which the lanes' outputs are shown; with one input `ny` is 1 and the y range is that of the targets. */
/** @typedef {{ x0: number, x1: number, y0: number, y1: number, nx: number, ny: number }} Grid */

/**
 * @typedef {object} Built what a new run consists of
 * @property {Info} info
 * @property {string[][]} warnings of each lane
 * @property {{ train: Points, val: Points } | null} points
 * @property {Grid | null} grid
 */

/** @typedef {{ iteration: number, values: Record<string, number[]> }} Explanation */
/**
 * One lane's part of a frame: what is new since the last one.
 * @typedef {object} LaneFrame
 * @property {Status} status @property {string} reason @property {number} iteration @property {number} epoch
 * @property {number} evals @property {number} ms
 * @property {{ from: number, rows: number, columns: Record<string, Float64Array> }} history
 * @property {{ from: number, dim: number, points: Float64Array }} path
 * @property {LanePicture | null} picture
 */
/** What a lane's model says now; only what the problem can show. */
/**
 * @typedef {object} LanePicture
 * @property {Float64Array | null} field @property {Float64Array | null} curve
 * @property {{ train: Float64Array, val: Float64Array } | null} predicted
 * @property {Float64Array | null} parameters @property {Float64Array[] | null} neurons
 */

/** @typedef {{ name: string, csv: string, target?: string }} RealSet */
/** @typedef {{ optimizer?: object, schedule?: object, batch_size?: number | "full", l2?: number }} Change */

/**
 * @typedef {(
 *   | { type: "open", module: WebAssembly.Module }
 *   | { type: "register", set: RealSet }
 *   | { type: "build", run: number, lanes: SessionConfig[] }
 *   | { type: "restore", run: number, snapshots: Uint8Array[] }
 *   | { type: "change", lane: number | null, change: Change }
 *   | { type: "remove", run: number, lane: number }
 *   | { type: "reset", run: number }
 *   | { type: "schedule", schedule: object, lr: number, perEpoch: number, iterations: number, points: number }
 *   | { type: "seed" }
 * )} Request
 */
/**
 * @typedef {(
 *   | { type: "play", speed: number }
 *   | { type: "advance", iterations: number | "epoch" }
 *   | { type: "pause" }
 *   | { type: "look", selected: number, weight: number }
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
