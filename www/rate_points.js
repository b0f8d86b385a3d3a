/**
 * A learning rate set by hand, as points: from each iteration on, the rate given there.
 *
 * The first point stands at the start and stays; the others keep their order.
 */

/** @typedef {[from: number, rate: number]} RatePoint */
/** @typedef {import("./state.js").ScheduleConfig} ScheduleConfig */

/** The points of a schedule, where it was set by hand; else one, at the start. @param {ScheduleConfig | undefined} schedule @param {number} lr before the schedule @param {number} perEpoch iterations @returns {RatePoint[]} */
export function pointsOf(schedule, lr, perEpoch) {
  if (schedule?.name !== "piecewise" || !Array.isArray(schedule.boundaries)) return [[0, lr]];
  const each = schedule.unit === "iteration" ? 1 : perEpoch;
  /** @type {RatePoint[]} */
  const points = [];
  for (const [t, rate] of schedule.boundaries) {
    const from = Math.ceil(t * each);
    if (Number.isFinite(from) && rate >= 0 && from > (points.at(-1)?.[0] ?? -1)) points.push([from, rate]);
  }
  return points[0]?.[0] === 0 ? points : [[0, lr], ...points];
}

/** @param {RatePoint[]} points @returns {ScheduleConfig} */
export function scheduleOf(points) {
  return { name: "piecewise", unit: "iteration", boundaries: points };
}

/** One more point; null where one stands already. @param {RatePoint[]} points @param {number} from @param {number} rate @returns {{ points: RatePoint[], at: number } | null} */
export function added(points, from, rate) {
  const t = Math.max(0, Math.round(from));
  if (points.some(([known]) => known === t)) return null;
  const at = points.filter(([known]) => known < t).length;
  return { points: points.toSpliced(at, 0, [t, rounded(rate)]), at };
}

/** A point elsewhere, as far as its neighbours let it. @param {RatePoint[]} points @param {number} at @param {number} from @param {number} rate @param {number} end the last iteration @returns {RatePoint[]} */
export function moved(points, at, from, rate, end) {
  const low = at === 0 ? 0 : (points[at - 1]?.[0] ?? 0) + 1;
  const high = at === 0 ? 0 : (points[at + 1]?.[0] ?? Math.max(low, end) + 1) - 1;
  return points.with(at, [Math.max(low, Math.min(Math.round(from), high)), rounded(rate)]);
}

/** Without a point; the first stays. @param {RatePoint[]} points @param {number} at @returns {RatePoint[]} */
export function removed(points, at) {
  return at === 0 ? points : points.toSpliced(at, 1);
}

/** Three digits are more than a hand can draw. @param {number} rate */
function rounded(rate) {
  return Number(rate.toPrecision(3));
}

/** Whole powers of ten around the rates, with two below and one above to draw in. @param {number[]} rates @returns {[low: number, high: number]} exponents */
export function decades(rates) {
  const shown = rates.filter((r) => r > 0 && Number.isFinite(r)).map(Math.log10);
  if (shown.length === 0) return [-4, 0];
  // No power is −0.
  return [Math.floor(Math.min(...shown) - 1.5), Math.ceil(Math.max(...shown) + 0.5) || 0];
}
