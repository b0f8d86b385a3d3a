/** What a pool and its workers say to each other. A task is answered once, by `done` or `failed`. */

/** @typedef {import("../pkg/descent.js").SearchSpec} SearchSpec */
/** @typedef {import("../pkg/descent.js").TrialPlan} TrialPlan */
/** @typedef {import("../pkg/descent.js").TrialResult} TrialResult */
/** @typedef {import("../pkg/descent.js").TrialCurves} TrialCurves */
/** @typedef {import("./protocol.js").Fault} Fault */
/** @typedef {import("./protocol.js").RealSet} RealSet */

/** The functions of the engine that a pool may be asked for. */
export const CALLS = /** @type {const} */ ([
  "trials",
  "next_trials",
  "trial_count",
  "trial_config",
  "best_trial",
  "run_trial",
  "cross_validate",
  "check",
  "diagnose",
  "advise",
  "range_test",
  "landscape_values",
  "python_script",
  "ray_script",
]);
/** @typedef {typeof CALLS[number]} CallName */

/**
 * A spec is sent once to each worker and then called by the number of its search.
 * @typedef {(
 *   | { type: "open", module: WebAssembly.Module, rest: WebAssembly.Module | null }
 *   | { type: "register", set: RealSet }
 *   | { type: "spec", search: number, spec: SearchSpec }
 *   | { type: "forget", search: number }
 *   | { type: "trial", task: number, search: number, index: number, points: number }
 *   | { type: "drop", task: number }
 *   | { type: "hold", search: number, held: boolean }
 *   | { type: "call", task: number, name: CallName, args: unknown[] }
 * )} Order
 */
/**
 * `at` tells how far a trial is and that its worker lives; `curves` are those so far, where the order asked for points.
 * @typedef {(
 *   | { type: "opened" }
 *   | { type: "at", task: number, iterations: number, curves: TrialCurves | null }
 *   | { type: "done", task: number, value: any }
 *   | { type: "failed", task: number, fault: Fault }
 *   | { type: "trap", message: string }
 * )} News
 */
