/** Where the parameters of a run's lanes have been: points of the way, few enough to keep and to draw. */

/** Most points of a lane, and fewest; and most bytes of all. Where there are more, every second one is given up. */
const POINTS_MAX = 80;
const POINTS_MIN = 8;
const BYTES_MAX = 32e6;

export class Trail {
  /** @type {number[]} */
  #at = [];
  /** Of each point the parameters of all lanes. @type {Float64Array[][]} */
  #points = [];
  #spacing = 1;
  #most = POINTS_MAX;

  /** The iteration of the next point. */
  get nextAt() {
    return (this.#at.at(-1) ?? -1) + this.#spacing;
  }

  /** A run begins. @param {number} at @param {Float64Array[]} parameters of each lane */
  begin(at, parameters) {
    const bytes = parameters.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#most = Math.max(POINTS_MIN, Math.min(POINTS_MAX, Math.floor(BYTES_MAX / Math.max(1, bytes))));
    this.#at = [at];
    this.#points = [parameters];
    this.#spacing = 1;
  }

  /** @param {number} at @param {Float64Array[]} parameters */
  add(at, parameters) {
    this.#at.push(at);
    this.#points.push(parameters);
    if (this.#at.length <= this.#most) return;
    const kept = (/** @type {unknown} */ _, /** @type {number} */ i) => i % 2 === 0;
    this.#at = this.#at.filter(kept);
    this.#points = this.#points.filter(kept);
    this.#spacing *= 2;
  }

  /** What is after this iteration is no more. @param {number} at */
  cut(at) {
    const kept = this.#at.filter((k) => k <= at).length;
    this.#at.length = kept;
    this.#points.length = kept;
  }

  /** A lane is taken out. @param {number} which */
  remove(which) {
    for (const lanes of this.#points) lanes.splice(which, 1);
  }

  /** The way of a lane up to where it is now, one point after the other. @param {number} lane @param {Float64Array} now */
  of(lane, now) {
    const points = [...this.#points.map((lanes) => lanes[lane]), now].filter((p) => p?.every(Number.isFinite));
    const way = new Float64Array(points.length * now.length);
    points.forEach((point, i) => {
      if (point) way.set(point, i * now.length);
    });
    return way;
  }
}
