/**
 * What a run can go back to: its lanes as they were now and then, and what was changed by hand in between.
 *
 * A moment that was not kept is reached from the last one before it by running on, which gives the same bits.
 */

/** @typedef {Uint8Array | import("./protocol.js").SessionConfig} Kept a snapshot of a lane, or the config of one at its start */
/** @typedef {{ at: number, events: number, lanes: Kept[] }} Mark `events` that had happened by then */
/** @typedef {{ at: number, lane: number | null, bends?: boolean, redo: (lane: number) => void }} Event something done to one lane or all of them; `bends` says whether other steps follow from it */

/** Most moments kept, */
const MARKS_MAX = 64;
/** and most bytes of them. Beyond either every second one is given up, and they are kept half as often. */
const BYTES_MAX = 64e6;
/** Work between two moments to begin with, ms. */
const SPACING_MS = 200;

export class Past {
  /** @type {Mark[]} */
  #marks = [];
  /** @type {Event[]} */
  #events = [];
  /** Events that have happened up to the present, which may lie before the last of them. */
  #happened = 0;
  #spacing = SPACING_MS;
  #worked = 0;

  /** The first iteration that can be gone back to. */
  get from() {
    return this.#marks[0]?.at ?? 0;
  }

  /** The iteration at which something happens next. */
  get nextAt() {
    return this.#events[this.#happened]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** The first iteration at which a lane is sent another way than from its start; null if it never is. @param {number} lane */
  bentAt(lane) {
    const own = (/** @type {Event} */ { at, lane: which, bends }) =>
      bends && at > 0 && (which === null || which === lane);
    // What is yet to happen again counts too: the settings of the page are those after it.
    return this.#events.find(own)?.at ?? null;
  }

  /** A run begins here. @param {number} at @param {Kept[]} lanes */
  begin(at, lanes) {
    this.#marks = [{ at, events: 0, lanes }];
    this.#events = [];
    this.#happened = 0;
    this.#spacing = SPACING_MS;
    this.#worked = 0;
  }

  /** Keeps this moment where enough has been done since the last. @param {number} at @param {number} ms of work since the last call @param {() => Uint8Array[]} save */
  pass(at, ms, save) {
    this.#worked += ms;
    if (this.#worked < this.#spacing || at <= (this.#marks.at(-1)?.at ?? 0)) return;
    this.#worked = 0;
    this.#marks.push({ at, events: this.#happened, lanes: save() });
    while (this.#marks.length > 1 && (this.#marks.length > MARKS_MAX || bytes(this.#marks) > BYTES_MAX)) {
      this.#marks = this.#marks.filter((_, i) => i % 2 === 0);
      this.#spacing *= 2;
    }
  }

  /** Something is done by hand; what came after this moment is another future. @param {Event} event */
  add(event) {
    this.#events.length = this.#happened;
    this.#events.push(event);
    this.#happened += 1;
    this.#marks = this.#marks.filter(({ at, events }) => at <= event.at && events < this.#happened);
  }

  /** Does again what happened at this iteration. @param {number} at @param {number} lanes */
  redo(at, lanes) {
    for (let event = this.#events[this.#happened]; event && event.at <= at; event = this.#events[this.#happened]) {
      this.#happened += 1;
      for (let lane = 0; lane < lanes; lane += 1) if (event.lane === null || event.lane === lane) event.redo(lane);
    }
  }

  /** The last moment kept that is not after `at`; the present moves there. @param {number} at @returns {Mark | undefined} */
  back(at) {
    const mark = this.#marks.findLast((kept) => kept.at <= at) ?? this.#marks[0];
    this.#happened = mark?.events ?? 0;
    this.#worked = 0;
    return mark;
  }

  /** A lane is taken out. @param {number} which */
  remove(which) {
    for (const { lanes } of this.#marks) lanes.splice(which, 1);
    const gone = (/** @type {Event} */ { lane }) => lane === which;
    const happened = this.#events.slice(0, this.#happened);
    this.#happened -= happened.filter(gone).length;
    for (const mark of this.#marks) mark.events -= this.#events.slice(0, mark.events).filter(gone).length;
    this.#events = this.#events.filter((event) => !gone(event));
    for (const event of this.#events) if (event.lane !== null && event.lane > which) event.lane -= 1;
  }
}

/** @param {Mark[]} marks */
function bytes(marks) {
  return marks.reduce((sum, { lanes }) => lanes.reduce((all, { length }) => all + (length ?? 0), sum), 0);
}
