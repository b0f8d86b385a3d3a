/**
 * A pool's worker at work: one trial at a time, in slices short enough that a message never waits long.
 *
 * Knows the engine only by the functions it is given.
 */

import { CALLS } from "./pool_protocol.js";
import { readFault } from "./protocol.js";

/** @typedef {import("./pool_protocol.js").Order} Order */
/** @typedef {import("./pool_protocol.js").News} News */
/** @typedef {Record<import("./pool_protocol.js").CallName, (...args: any[]) => any>} Calls */
/** @typedef {Calls & { Trial: new (spec: any, index: number) => any, register_data(name: string, csv: string): void }} Core */

/** Length of a slice, ms. */
const SLICE_MS = 30;
/** How often a trial says how far it is, ms. */
const TELL_MS = 250;
/** Most iterations of a slice. */
const CHUNK_MAX = 1e7;

export class TrialRunner {
  #core;
  #post;
  /** @type {Map<number, object>} */
  #specs = new Map();
  /** @type {Set<number>} */
  #held = new Set();
  /** The task at work, and whether it is no longer wanted. */
  #task = -1;
  /** Iterations of a slice to begin with: a quarter of what the last trial could take. */
  #chunk = 1;
  #dropped = false;
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
    const task = "task" in order ? order.task : null;
    try {
      switch (order.type) {
        // What is wrong with a set is said by the trials that need it.
        case "register":
          this.#core.register_data(order.set.name, order.set.csv);
          break;
        case "spec":
          this.#specs.set(order.search, order.spec);
          break;
        case "forget":
          this.#specs.delete(order.search);
          this.#held.delete(order.search);
          break;
        case "hold":
          if (order.held) this.#held.add(order.search);
          else this.#held.delete(order.search);
          this.#turn();
          break;
        case "drop":
          if (order.task === this.#task) this.#dropped = true;
          this.#turn();
          break;
        case "call":
          if (!CALLS.includes(order.name)) throw new Error(`${order.name} is not one of ${CALLS.join(", ")}`);
          this.#post({ type: "done", task: order.task, value: this.#core[order.name](...order.args) });
          break;
        case "trial":
          await this.#trial(order);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // A trap leaves the instance in an unknown state: the page must start another worker.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError)
        this.#post({ type: "trap", message });
      else if (task !== null) this.#post({ type: "failed", task, fault: readFault(message, null) });
    }
  }

  /** @param {Extract<Order, { type: "trial" }>} order */
  async #trial({ task, search, index, points }) {
    this.#task = task;
    this.#dropped = false;
    const trial = new this.#core.Trial(this.#specs.get(search), index);
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
      while (this.#held.has(search) && !this.#dropped);
      if (this.#dropped) break;
    }
    const value = this.#dropped ? null : trial.result();
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
