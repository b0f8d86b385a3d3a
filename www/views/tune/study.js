/** One search of the page: its settings checked, its results kept, its run begun, held, ended and taken up again. */

import { digestOf } from "../../store.js";

/** @typedef {import("../../pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {import("../../pool_protocol.js").TrialPlan} TrialPlan */
/** @typedef {import("../../pool_protocol.js").TrialResult} TrialResult */
/** @typedef {import("../../pool.js").Progress} Progress */
/** @typedef {import("../../pool.js").Search} Search */
/** @typedef {import("../../protocol.js").Fault} Fault */
/** @typedef {import("../../protocol.js").RealSet} RealSet */
/** @typedef {"none" | "checking" | "refused" | "ready" | "running" | "done"} Status */
/** @typedef {TrialPlan & { state: "waiting" | "running" | "over", result: TrialResult | null, kept?: boolean }} Row `kept` where it was run by hand */
/**
 * @typedef {object} StudyContext
 * @property {import("../../pool.js").Pool} pool
 * @property {import("../../store.js").Store} store
 * @property {string} version of the engine: results of another one are others
 * @property {(spec: SearchSpec) => Promise<RealSet[]>} setsOf
 * @property {() => void} changed
 */

/** How often it is asked whether the settings have been looked at. */
const LOOK_MS = 20;

export class Study {
  /** @type {SearchSpec | null} */
  spec = null;
  /** @type {Status} */
  status = "none";
  /** @type {Fault | null} */
  fault = null;
  /** All trials over all rungs. */
  total = 0;
  /** Time that the present or the last run took, ms. */
  took = 0;
  /** @type {Progress | null} */
  progress = null;
  /** Counts what has changed, for views that draw. */
  version = 0;
  #context;
  #id = "";
  #turn = 0;
  #began = 0;
  /** @type {Search | null} */
  #search = null;
  /** @type {Map<number, TrialPlan>} */
  #plans = new Map();
  /** @type {Map<number, TrialResult>} */
  #results = new Map();
  /** @type {Set<number>} */
  #running = new Set();

  /** @param {StudyContext} context */
  constructor(context) {
    this.#context = context;
  }

  get paused() {
    return this.#search?.paused ?? false;
  }

  get done() {
    return this.#results.size;
  }

  get running() {
    return this.#running.size;
  }

  /** What there is to run and what came of it, by number. @returns {Row[]} */
  rows() {
    const plans = [...this.#plans.values()].sort((a, b) => a.index - b.index);
    return plans.map((plan) => {
      const result = this.#results.get(plan.index) ?? null;
      return { ...plan, result, state: result ? "over" : this.#running.has(plan.index) ? "running" : "waiting" };
    });
  }

  /** Takes up a search, with the results that there are from before. @param {SearchSpec | null} spec */
  async set(spec) {
    const id = spec ? digestOf([this.#context.version, spec]) : "";
    if (id === this.#id && (id !== "" || this.status === "none")) return;
    this.cancel();
    this.#turn += 1;
    const turn = this.#turn;
    this.spec = spec;
    this.#id = id;
    this.fault = null;
    this.took = 0;
    this.progress = null;
    if (!spec) {
      this.#plans.clear();
      this.#results.clear();
      this.total = 0;
      return this.#now("none");
    }
    this.#now("checking");
    try {
      const { pool, store, setsOf } = this.#context;
      pool.register(await setsOf(spec));
      const [plans, total, results] = await Promise.all([
        pool.call("trials", spec),
        pool.call("trial_count", spec),
        store.results(id),
      ]);
      if (turn !== this.#turn) return;
      this.#results = new Map(results.map((result) => [result.index, result]));
      this.#plans = new Map([...plans, ...results].map((plan) => [plan.index, planOf(plan)]));
      this.total = total;
      const open = results.length > 0 ? await this.#next() : plans;
      if (turn !== this.#turn) return;
      for (const plan of open) this.#plans.set(plan.index, plan);
      this.#now(open.length === 0 ? "done" : "ready");
    } catch (fault) {
      if (turn !== this.#turn) return;
      this.fault = /** @type {Fault} */ (fault);
      this.#plans.clear();
      this.#results.clear();
      this.total = 0;
      this.#now("refused");
    }
  }

  /** Takes no search up, as the settings are wrong. @param {Fault} fault */
  refuse(fault) {
    this.set(null);
    this.fault = fault;
    this.#now("refused");
  }

  /** Runs what has no result yet; resolves when it has ended. */
  async start() {
    const { spec } = this;
    if (!spec || this.status !== "ready") return;
    const { pool, store } = this.#context;
    const turn = this.#turn;
    const id = this.#id;
    this.#began = performance.now();
    const search = pool.search(spec, {
      results: [...this.#results.values()],
      onTrial: (result) => {
        store.keep(id, result);
        if (turn === this.#turn) this.#results.set(result.index, result);
      },
      onProgress: (progress) => {
        if (turn === this.#turn) this.#follow(progress);
      },
    });
    this.#search = search;
    this.#now("running");
    store.touch(id);
    try {
      const { complete } = await search.found;
      await store.flush();
      if (turn === this.#turn && this.#search === search) this.#end(complete ? "done" : "ready");
    } catch (fault) {
      if (turn !== this.#turn) return;
      this.fault = /** @type {Fault} */ (fault);
      this.#end("ready");
    }
  }

  /** Runs it from its beginning, once its settings are looked at. */
  async rerun() {
    while (this.status === "checking") await new Promise((done) => setTimeout(done, LOOK_MS));
    await this.clear();
    await this.start();
  }

  pause() {
    this.#search?.pause();
    this.#now(this.status);
  }

  resume() {
    this.#search?.resume();
    this.#now(this.status);
  }

  /** Ends the run; what is done stays. */
  cancel() {
    if (!this.#search) return;
    this.#search.cancel();
    this.#end("ready");
  }

  /** Forgets the results, so that the search can be run anew. */
  async clear() {
    this.cancel();
    const id = this.#id;
    await this.#context.store.forget(id);
    const { spec } = this;
    this.#id = "";
    await this.set(spec);
  }

  /** @param {Status} status */
  #end(status) {
    this.#search = null;
    this.#running.clear();
    this.progress = null;
    this.took = performance.now() - this.#began;
    this.#now(status);
  }

  /** @param {Progress} progress */
  #follow(progress) {
    this.progress = progress;
    for (const plan of progress.planned) if (!this.#plans.has(plan.index)) this.#plans.set(plan.index, plan);
    this.#running = new Set(progress.running.map(({ plan }) => plan.index));
    this.#now(this.status);
  }

  /** @returns {Promise<TrialPlan[]>} */
  #next() {
    const ranked = [...this.#results.values()].map(({ index, score_mean }) => ({ index, score_mean }));
    return this.#context.pool.call("next_trials", this.spec, ranked);
  }

  /** @param {Status} status */
  #now(status) {
    this.status = status;
    this.version += 1;
    this.#context.changed();
  }
}

/** @param {TrialPlan} plan @returns {TrialPlan} */
function planOf({ index, values, rung }) {
  return { index, values, ...(rung === undefined ? {} : { rung }) };
}
