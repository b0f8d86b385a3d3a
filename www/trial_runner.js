/**
 * A pool's worker at work: one trial after the other, in slices short enough that a message never waits long.
 *
 * Knows the engine only by the functions it is given.
 */

import { CALLS } from "./pool_protocol.js";
import { readFault } from "./protocol.js";

/** @typedef {import("./pool_protocol.js").Order} Order */
/** @typedef {import("./pool_protocol.js").News} News */
/** @typedef {Record<import("./pool_protocol.js").CallName, (...args: any[]) => any>} Calls */
/** @typedef {import("../pkg/descent.js").SearchTrials} SearchTrials */
/** @typedef {Calls & { SearchTrials: new (spec: any) => SearchTrials, register_data(name: string, csv: string): void }} Core */

/** Length of a slice, ms. */
const SLICE_MS = 30;
/** How often a trial says how far it is, ms. */
const TELL_MS = 250;
/** Most iterations of a slice. */
const CHUNK_MAX = 1e7;

export class TrialRunner {
  #core;
  #post;
  /** Of every search its spec, which becomes its trials when the first of them is run. @type {Map<number, { spec: object, trials: SearchTrials | null }>} */
  #searches = new Map();
  /** @type {Set<number>} */
  #held = new Set();
  /** Trials to be run, the one at work first. @type {Extract<Order, { type: "trial" }>[]} */
  #orders = [];
  /** Tasks of those that are no longer wanted. @type {Set<number>} */
  #dropped = new Set();
  /** Iterations of a slice to begin with: a quarter of what the last trial could take. */
  #chunk = 1;
  #channel = new MessageChannel();
  /** @type {(() => void) | null} */
  #next = null;

  /** @param {Core} core @param {(news: News) => void} post */
  constructor(core, post) {
    this.#core = core;
    this.#post = post;
    this.#channel.port1.onmessage = () => this.#next?.();
  }

  /** @param {Exclude<Order, { type: "open" }>} order */
  async hear(order) {
    if (order.type !== "trial") return this.#answer("task" in order ? order.task : null, () => this.#obey(order));
    this.#orders.push(order);
    if (this.#orders.length > 1) return;
    for (let next = this.#orders[0]; next; next = this.#orders[0]) {
      const trial = next;
      await this.#answer(trial.task, () => this.#trial(trial));
      this.#dropped.delete(trial.task);
      this.#orders.shift();
    }
  }

  /** Says what went wrong, if anything did. @param {number | null} task @param {() => void | Promise<void>} work */
  async #answer(task, work) {
    try {
      await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // A trap leaves the instance in an unknown state: the page must start another worker.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError)
        this.#post({ type: "trap", message });
      else if (task !== null) this.#post({ type: "failed", task, fault: readFault(message, null) });
    }
  }

  /** @param {Exclude<Order, { type: "open" | "trial" }>} order */
  #obey(order) {
    switch (order.type) {
      // What is wrong with a set is said by the trials that need it.
      case "register":
        this.#core.register_data(order.set.name, order.set.csv);
        break;
      case "spec":
        this.#searches.set(order.search, { spec: order.spec, trials: null });
        break;
      case "forget":
        this.#searches.get(order.search)?.trials?.free();
        this.#searches.delete(order.search);
        this.#held.delete(order.search);
        break;
      case "hold":
        if (order.held) this.#held.add(order.search);
        else this.#held.delete(order.search);
        this.#turn();
        break;
      case "drop":
        if (this.#orders.some(({ task }) => task === order.task)) this.#dropped.add(order.task);
        this.#turn();
        break;
      case "call":
        if (!CALLS.includes(order.name)) throw new Error(`${order.name} is not one of ${CALLS.join(", ")}`);
        this.#post({ type: "done", task: order.task, value: this.#core[order.name](...order.args) });
    }
  }

  /** @param {Extract<Order, { type: "trial" }>} order */
  async #trial({ task, search, index, points }) {
    const dropped = () => this.#dropped.has(task);
    const known = this.#searches.get(search);
    if (!known) throw new Error(`search ${search} is not known`);
    known.trials ??= new this.#core.SearchTrials(known.spec);
    const trial = known.trials.trial(index);
    let chunk = this.#chunk;
    let told = performance.now();
    for (;;) {
      const began = performance.now();
      const over = trial.advance(chunk);
      if (over) break;
      const now = performance.now();
      if (now - told > TELL_MS) {
        told = now;
        const curves = points > 0 ? trial.curves(points) : null;
        this.#post({ type: "at", task, iterations: trial.iterations(), curves });
      }
      const factor = SLICE_MS / Math.max(now - began, 0.1);
      chunk = Math.max(1, Math.min(CHUNK_MAX, Math.round(chunk * Math.min(8, factor))));
      this.#chunk = Math.max(1, chunk >> 2);
      do await this.#yield(search);
      while (this.#held.has(search) && !dropped());
      if (dropped()) break;
    }
    const value = dropped() ? null : trial.result();
    trial.free();
    this.#post({ type: "done", task, value });
  }

  /** Lets messages in; while the search is held, until it goes on or is dropped. @param {number} search */
  #yield(search) {
    return new Promise((/** @type {(value: void) => void} */ go) => {
      this.#next = go;
      if (!this.#held.has(search)) this.#turn();
    });
  }

  #turn() {
    this.#channel.port2.postMessage(null);
  }
}
