/**
 * The page's end of the worker: requests with answers, frames in order, and a new worker where the old one fails.
 *
 * After a trap, or a silence of `SILENCE_MS` from a worker that should be at work, the worker is ended and another one
 * opened from the same compiled module. It goes on from the last saved sessions, or from the start of the same run.
 */

import { startWorker } from "./files.js";
import { SILENCE_MS } from "./protocol.js";

/** @typedef {import("./protocol.js").Request} Request */
/** @typedef {import("./protocol.js").Answer} Answer */
/** @typedef {import("./protocol.js").Built} Built */
/** @typedef {import("./protocol.js").Fault} Fault */
/**
 * @typedef {object} Listener
 * @property {(frame: import("./protocol.js").Frame) => void} frame
 * @property {(why: string) => void} failing the worker is being replaced
 * @property {(built: Built, run: number) => void} recovered the run goes on in a new worker
 * @property {(why: string) => void} lost no worker can be had
 */

export class Client {
  /** Number of the run that the worker has, or will have. */
  run = 0;
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** @type {WebAssembly.Module | null} */
  #rest = null;
  #on;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, { done(value: any): void, failed(fault: Fault): void }>} */
  #waiting = new Map();
  #id = 0;
  #heard = 0;
  #checked = 0;
  #playing = false;
  /** @type {Map<string, import("./protocol.js").RealSet>} */
  #sets = new Map();
  /** @type {import("./protocol.js").SessionConfig[]} */
  #configs = [];
  /** @type {{ run: number, snapshots: Uint8Array[] } | null} */
  #saved = null;
  /** @type {{ selected: number, weight: number, axes: [number, number] }} */
  #look = { selected: 0, weight: 0, axes: [0, 1] };

  /** @param {Listener} on */
  constructor(on) {
    this.#on = on;
    this.#worker = this.#spawn();
    setInterval(() => this.#watch(), 1000);
  }

  /** Opens a worker with the compiled engine. @param {WebAssembly.Module} module @returns {Promise<import("./protocol.js").Catalog>} */
  async open(module) {
    this.#module = module;
    this.#worker ??= this.#spawn();
    this.#heard = performance.now();
    return this.request({ type: "open", module });
  }

  /** A worker, which loads its modules while the engine is still being compiled. */
  #spawn() {
    const worker = startWorker("worker");
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(event.message || "the worker could not be loaded");
    };
    return worker;
  }

  /** Asks, and waits for the answer; throws a `Fault`. @param {Request} request @returns {Promise<any>} */
  request(request) {
    this.#id += 1;
    const id = this.#id;
    if (this.#waiting.size === 0 && !this.#playing) this.#heard = performance.now();
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#worker?.postMessage({ ...request, id });
    });
  }

  /** @param {import("./protocol.js").Command} command */
  send(command) {
    if (command.type === "look") this.#look = command;
    if (command.type === "play" || command.type === "advance") {
      if (!this.#playing) this.#heard = performance.now();
      this.#playing = true;
    }
    this.#worker?.postMessage(command);
  }

  /** A new run of these lanes; the old one stays if they are refused. @param {import("./protocol.js").SessionConfig[]} lanes @returns {Promise<Built>} */
  build(lanes) {
    return this.#renew(lanes, (run) => ({ type: "build", run, lanes }));
  }

  /** A run that goes on from saved sessions of these lanes; the old one stays if they are refused. @param {import("./protocol.js").SessionConfig[]} lanes @param {Uint8Array[]} snapshots @returns {Promise<Built>} */
  restore(lanes, snapshots) {
    return this.#renew(lanes, (run) => ({ type: "restore", run, snapshots }));
  }

  /** @param {import("./protocol.js").SessionConfig[]} lanes @param {(run: number) => Request} ask @returns {Promise<Built>} */
  async #renew(lanes, ask) {
    const former = this.run;
    this.run += 1;
    try {
      const built = await this.request(ask(this.run));
      this.#begin(lanes);
      return built;
    } catch (fault) {
      this.run = former;
      throw fault;
    }
  }

  /** The same run from its start. @returns {Promise<Built>} */
  async reset() {
    this.run += 1;
    const built = await this.request({ type: "reset", run: this.run });
    this.#begin(this.#configs);
    return built;
  }

  /** The same run at another iteration, where it goes on to from the last moment kept. @param {number} iteration @returns {Promise<Built>} */
  async goTo(iteration) {
    this.run += 1;
    const built = await this.request({ type: "go_to", run: this.run, iteration });
    this.#begin(this.#configs);
    return built;
  }

  /** Lane number `lane` out. @param {number} lane @returns {Promise<Built>} */
  async remove(lane) {
    this.run += 1;
    const built = await this.request({ type: "remove", run: this.run, lane });
    this.#begin(
      this.#configs.filter((_, i) => i !== lane),
      this.#playing,
    );
    return built;
  }

  /** Other settings, from here on; `configs` are those of a run that had them from its start. @param {number | null} lane @param {import("./protocol.js").Change} change @param {import("./protocol.js").SessionConfig[]} configs */
  async change(lane, change, configs) {
    const warnings = await this.request({ type: "change", lane, change });
    this.#configs = configs;
    return /** @type {string[][]} */ (warnings);
  }

  /** The rest of the engine, which only some problems and methods need. @param {WebAssembly.Module} module */
  async rest(module) {
    this.#rest = module;
    await this.request({ type: "rest", module });
  }

  /** A real data set, kept for workers to come. @param {import("./protocol.js").RealSet} set */
  async register(set) {
    await this.request({ type: "register", set });
    this.#sets.set(set.name, set);
  }

  /** @param {string} name */
  has(name) {
    return this.#sets.has(name);
  }

  /** @param {import("./protocol.js").SessionConfig[]} configs @param {boolean} [playing] */
  #begin(configs, playing = false) {
    this.#configs = configs;
    this.#saved = null;
    this.#playing = playing;
    this.send({ type: "look", ...this.#look });
  }

  /** @param {Answer} answer */
  #hear(answer) {
    this.#heard = performance.now();
    switch (answer.type) {
      case "done":
        return this.#settle(answer.id)?.done(answer.value);
      case "failed":
        return this.#settle(answer.id)?.failed(answer.fault);
      case "frame":
        if (answer.run !== this.run) return;
        this.#playing = answer.playing;
        return this.#on.frame(answer);
      case "saved":
        if (answer.run === this.run) this.#saved = answer;
        return;
      case "trap":
        this.#replace(answer.message);
    }
  }

  /** @param {number} id */
  #settle(id) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** A page that slept itself has heard nothing either; that is not the worker's silence. */
  #watch() {
    const now = performance.now();
    if (now - this.#checked > 3000) this.#heard = now;
    this.#checked = now;
    const owes = this.#playing || this.#waiting.size > 0;
    if (owes && now - this.#heard > SILENCE_MS) this.#replace(`no answer for ${SILENCE_MS / 1000} s`);
  }

  /** @param {string} why */
  async #replace(why) {
    const module = this.#module;
    if (!this.#worker || !module) return;
    this.#worker.terminate();
    this.#worker = null;
    this.#playing = false;
    this.#on.failing(why);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of waiting) failed({ path: "", message: `the engine stopped: ${why}`, lane: null });
    try {
      await this.open(module);
      if (this.#rest) await this.request({ type: "rest", module: this.#rest });
      for (const set of this.#sets.values()) await this.request({ type: "register", set });
      const saved = this.#saved;
      this.run += 1;
      const built = saved
        ? await this.request({ type: "restore", run: this.run, snapshots: saved.snapshots })
        : await this.request({ type: "build", run: this.run, lanes: this.#configs });
      if (saved) this.#saved = { run: this.run, snapshots: saved.snapshots };
      this.send({ type: "look", ...this.#look });
      this.#on.recovered(built, this.run);
    } catch (fault) {
      this.#on.lost(/** @type {Fault} */ (fault).message ?? String(fault));
    }
  }
}
