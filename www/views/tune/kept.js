/** Runs that were kept on the page Run, to be compared on the page Tune. */

import { configsOf } from "../../plan.js";
import { Store } from "../../store.js";

/** @typedef {import("../../pool_protocol.js").TrialResult} TrialResult */
/** @typedef {import("../../protocol.js").SessionConfig} SessionConfig */
/** @typedef {import("../../record.js").LaneRecord} LaneRecord */
/** @typedef {{ title: string, config: SessionConfig, result: TrialResult }} KeptRun */

const NAME = "kept runs";
/** So many are kept; the oldest go first. */
const RUNS_MAX = 60;
/** Points of a kept curve. */
const POINTS = 80;

/** What both pages keep in. */
export const store = new Store();

/** @type {Promise<KeptRun[]> | null} */
let runs = null;
/** @type {Set<() => void>} */
const waiting = new Set();

/** Calls back whenever there are others. @param {() => void} listener */
export function onKept(listener) {
  waiting.add(listener);
}

/** @returns {Promise<KeptRun[]>} */
export async function keptRuns() {
  runs ??= store.read(NAME).then((kept) => kept ?? []);
  return runs;
}

/** @param {KeptRun[]} next */
async function keepAll(next) {
  runs = Promise.resolve(next);
  for (const listener of waiting) listener();
  await store.write(NAME, next);
}

/** Forgets one run, or all. @param {number | null} place */
export async function forgetRun(place) {
  const kept = await keptRuns();
  await keepAll(place === null ? [] : kept.filter((_, i) => i !== place));
}

/** Keeps the selected lane of the page Run as it stands; its number among those kept, 0 if there is none. @param {import("../../app.js").View} view @returns {Promise<number>} */
export async function keepRun({ good, record, catalog }) {
  const config = configsOf(good, catalog.methods)[good.selected];
  const lane = record?.lanes[good.selected];
  if (!config || !lane || !record) return 0;
  const title = [lane.title, lane.detail, record.info.title].filter(Boolean).join(", ");
  const next = [...(await keptRuns()), { title, config: structuredClone(config), result: resultOf(lane) }];
  await keepAll(next.slice(-RUNS_MAX));
  return Math.min(next.length, RUNS_MAX);
}

/** The numbers of a run as those of a trial; the score is chosen when it is shown. @param {LaneRecord} lane @returns {TrialResult} */
function resultOf(lane) {
  const last = (/** @type {string} */ name) => {
    const column = lane.columns[name];
    for (let row = lane.rows - 1; column && row >= 0; row -= 1)
      if (Number.isFinite(column[row])) return /** @type {number} */ (column[row]);
    return null;
  };
  const status = lane.status === "running" || lane.status === "paused" ? "stopped" : lane.status;
  const failed = status === "diverged";
  return {
    index: 0,
    values: {},
    score_mean: null,
    score_std: 0,
    fold_scores: [],
    train_loss: failed ? null : (last("ema") ?? last("loss")),
    train_accuracy: null,
    train_r2: null,
    val_loss: failed ? null : last("val_loss"),
    val_accuracy: failed ? null : last("val_accuracy"),
    val_r2: failed ? null : last("val_r2"),
    status,
    reason: `iteration ${lane.at}${failed ? `, ${lane.reason}` : ""}`,
    iterations: lane.at,
    ms: lane.ms,
    curves: {
      ...thinned(lane, "ema", "iteration", "loss"),
      ...thinned(lane, "val_loss", "val_iteration", "val_loss"),
      val_accuracy: [],
    },
  };
}

/** @template {string} X @template {string} Y @param {LaneRecord} lane @param {string} column @param {X} x @param {Y} y @returns {Record<X | Y, number[]>} */
function thinned(lane, column, x, y) {
  const values = lane.columns[column];
  const at = lane.columns.iteration;
  const rows = Array.from({ length: lane.rows }, (_, row) => row).filter((row) => Number.isFinite(values?.[row]));
  const every = Math.max(1, Math.ceil(rows.length / POINTS));
  const kept = rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
  return /** @type {Record<X | Y, number[]>} */ ({
    [x]: kept.map((row) => at?.[row] ?? row),
    [y]: kept.map((row) => values?.[row] ?? Number.NaN),
  });
}
