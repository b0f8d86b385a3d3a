/**
 * Three runs that differ in one setting: the size of the network, the number of training rows, or the noise in the
 * answers. All else is the selected lane's.
 */

import { same } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {"size" | "samples" | "noise"} Axis */
/** @typedef {{ axis: Axis, path: string, value: unknown }} Variant `path` in the problem, and what it is set to */
/** @typedef {{ train: number, val: number, best: { iteration: number, val_loss: number } | null }} Outcome losses at the end, and the best validation */
/** @typedef {"fits" | "under" | "risen" | "apart"} Verdict */

const LARGE = [64, 64];
const MEDIUM = [4];
/** Training rows; `undefined` is all. */
const SAMPLES = [15, 40, undefined];
const FLIPS = [0, 0.1, 0.3];
const SIGMAS = [0, 0.2, 0.6];
/** How much a validation loss may be above the best before that is called overfitting. */
const MORE = 1.2;

/** The settings of one axis; none where the data have no such. @param {State} state @param {Axis} axis @param {string[]} fields of the data set @returns {Variant[]} */
export function variantsOf({ config: { problem } }, axis, fields) {
  if (axis === "size") {
    const own = problem.layers ?? [];
    const extreme = own.length === 0 || same(own, LARGE);
    return [[], extreme ? MEDIUM : own, LARGE].map((value) => ({ axis, path: "layers", value }));
  }
  if (axis === "samples") return SAMPLES.map((value) => ({ axis, path: "train_rows", value }));
  if (fields.includes("flips")) return FLIPS.map((value) => ({ axis, path: "data.flips", value }));
  return fields.includes("noise") ? SIGMAS.map((value) => ({ axis, path: "data.noise", value })) : [];
}

/**
 * What the losses of three runs say of each. One overfits whose validation loss has risen by a fifth above its best
 * (`risen`), or which is validated worse by a fifth than the best of the three, although its training loss is lower than
 * that (`apart`). One underfits whose training loss, even, is above it. Where the noise differs, the three are not asked
 * for the same, and each is judged by itself.
 * @param {Outcome[]} outcomes @param {Axis} axis @returns {Verdict[]}
 */
export function verdictsOf(outcomes, axis) {
  const lowest = Math.min(...outcomes.map(({ val }) => val));
  return outcomes.map(({ train, val, best }) => {
    if (best && val > MORE * best.val_loss) return "risen";
    if (axis === "noise") return "fits";
    if (train > lowest) return "under";
    return val > MORE * lowest ? "apart" : "fits";
  });
}
