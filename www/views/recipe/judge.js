/** What became of a run at each learning rate of a ladder: too low, good, high, too high. */

/** @typedef {import("../tune/study.js").Row} Row */
/** @typedef {"low" | "slow" | "good" | "high" | "wild"} Label */
/** @typedef {{ label: Label, lr: number, row: Row, mark: number }} Judged `mark` is the lane's colour */

/** The colour of each. @type {Record<Label, number>} */
const MARKS = { low: 1, slow: 1, good: 4, high: 3, wild: 2 };
/** Of the fall of the good rate, less than this is too low. */
const PART = 0.5;

/**
 * The rates that tell most, from the lowest on, judged by the smoothed training loss, as the picture shows it:
 *
 * - good: ends lowest;
 * - too high: the lowest above it that diverged, or ended above where it began;
 * - high: the highest in between;
 * - too low: the highest below the good one with less than half of its fall, or `slow`, the lowest of all, where there is
 *   none.
 *
 * @param {Row[]} rows trials over `optimizer.lr`, done or not @returns {Judged[]}
 */
export function judge(rows) {
  const runs = rows
    .filter(({ result }) => result && result.status !== "error")
    .map((row) => {
      const end = endOf(row);
      return {
        lr: Number(row.values["optimizer.lr"]),
        row,
        begin: row.result?.curves?.loss[0] ?? Number.NaN,
        end: end ?? Number.POSITIVE_INFINITY,
      };
    })
    .sort((a, b) => a.lr - b.lr);
  const wild = (/** @type {typeof runs[number]} */ run) => !(run.end < run.begin);
  const tame = runs.filter((run) => !wild(run));
  const good = tame.reduce((best, run) => (!best || run.end < best.end ? run : best), tame[0]);
  const above = runs.filter(({ lr }) => good && lr > good.lr);
  const tooHigh = good ? above.find(wild) : runs[0];
  const between = above.filter((run) => !wild(run) && (!tooHigh || run.lr < tooHigh.lr));
  const below = tame.filter(({ lr }) => good && lr < good.lr);
  const fall = good ? good.begin - good.end : 0;
  const low = below.findLast(({ begin, end }) => begin - end < PART * fall);
  /** @type {[Label, typeof runs[number] | undefined][]} */
  const found = [
    low ? ["low", low] : ["slow", below[0]],
    ["good", good],
    ["high", between[between.length - 1]],
    ["wild", tooHigh],
  ];
  return found.flatMap(([label, run]) => (run ? [{ label, lr: run.lr, row: run.row, mark: MARKS[label] }] : []));
}

/** The smoothed loss at the end of a run; null where it failed. @param {Row} row */
export function endOf({ result }) {
  const end = result?.curves?.loss.at(-1);
  return result && result.score_mean !== null && end !== undefined && Number.isFinite(end) ? end : null;
}
