/** A run played again, and compared with what was said of it. */

import { CLOCKED } from "./record_text.js";

/** @typedef {import("../../app.js").App} App */
/** @typedef {import("../../protocol.js").Exported} Exported */
/** What is said of a lane; columns where they were kept. @typedef {{ digest: string, iteration?: number, columns?: Record<string, Float64Array> }} Said */
/** @typedef {{ lane: number, from: number | null }} Difference `lane` is a position, `from` the first iteration that differs */

const LOOK_MS = 30;

/** Waits for so long. @param {number} ms */
export const pause = (ms) => new Promise((over) => setTimeout(over, ms));

/**
 * Plays the run from its start to an iteration, as fast as it goes; lanes that end before stay where they end. Says
 * whether it got there: the visitor may pause it, or begin something else.
 * @param {App} app @param {number} iteration @param {AbortSignal} [signal]
 */
export async function replay(app, iteration, signal) {
  await settled(app);
  if (app.record?.lanes.some(({ at }) => at > 0)) await app.reset();
  return advance(app, iteration, signal);
}

/** Goes on to an iteration. @param {App} app @param {number} iteration @param {AbortSignal} [signal] */
export async function advance(app, iteration, signal) {
  const run = app.record?.run;
  const at = Math.max(0, ...(app.record?.lanes.map((lane) => lane.at) ?? []));
  if (iteration > at) app.advance(iteration - at);
  let began = false;
  for (let looks = 0; ; looks += 1) {
    const { record, playing, fault, lost } = app;
    if (!record || record.run !== run || fault || lost || signal?.aborted) return false;
    if (!playing && arrived(record, iteration)) return true;
    began ||= playing;
    // A short advance may be over between two looks.
    if (began && !playing && looks > 10 && !arrived(record, iteration)) return false;
    await pause(LOOK_MS);
  }
}

/** Waits until what is wanted is made. @param {App} app */
async function settled(app) {
  while (app.busy) await pause(LOOK_MS);
}

/** @param {import("../../record.js").Record} record @param {number} iteration */
function arrived({ lanes }, iteration) {
  return lanes.every(({ status, at }) => at >= iteration || (status !== "running" && status !== "paused"));
}

/** The lanes that are not as they were said to be. @param {Said[]} said @param {Exported[]} are @returns {Difference[]} */
export function differences(said, are) {
  return are.flatMap((is, lane) => {
    const was = said[lane];
    if (!was || (was.digest === is.digest && (was.iteration ?? is.iteration) === is.iteration)) return [];
    return [{ lane, from: was.columns ? firstDifference(was.columns, is.columns) : null }];
  });
}

/** The first iteration whose rows differ in any bit, clocks aside; null where none does. @param {Record<string, Float64Array>} a @param {Record<string, Float64Array>} b */
function firstDifference(a, b) {
  const names = Object.keys(a).filter((name) => b[name] && !CLOCKED.has(name));
  const rows = Math.min(a.iteration?.length ?? 0, b.iteration?.length ?? 0);
  for (let row = 0; row < rows; row += 1)
    if (names.some((name) => !Object.is(a[name]?.[row], b[name]?.[row]))) return b.iteration?.[row] ?? null;
  const longer = (a.iteration?.length ?? 0) > rows ? a : b;
  return longer.iteration?.[rows] ?? null;
}
