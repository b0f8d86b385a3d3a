/**
 * A pool of workers, one per core, each with an instance of the one compiled module of its own.
 *
 * A search is shared out trial by trial. A trial is a function of the spec and its number, so the results are the same
 * however many workers there are, in whatever order they come, and also where a worker is lost: one that traps, cannot be
 * loaded or is silent for too long is replaced, and its trial is done again. A trial that loses two workers is marked, and
 * the rest goes on.
 */

import { startWorker } from "./files.js";
import { SILENCE_MS } from "./protocol.js";

/** @typedef {import("./pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {import("./pool_protocol.js").TrialPlan} TrialPlan */
/** @typedef {import("./pool_protocol.js").TrialResult} TrialResult */
/** @typedef {import("./pool_protocol.js").TrialCurves} TrialCurves */
/** @typedef {import("./pool_protocol.js").CallName} CallName */
/** @typedef {import("./pool_protocol.js").Order} Order */
/** @typedef {import("./pool_protocol.js").News} News */
/** @typedef {import("./protocol.js").RealSet} RealSet */
/** @typedef {{ trials: TrialResult[], best: number, complete: boolean }} Found `best` is a place in `trials`, −1 where none has a score */
/** @typedef {{ plan: TrialPlan, iterations: number, curves: TrialCurves | null }} Running */
/**
 * @typedef {object} Progress
 * @property {number} done
 * @property {number} total over all rungs
 * @property {Running[]} running
 * @property {TrialPlan[]} planned what is known to be run, done or not
 * @property {number | null} left milliseconds, once that can be told
 * @property {boolean} paused
 */
/**
 * @typedef {object} SearchOptions
 * @property {RealSet[]} [sets] data sets to be registered first
 * @property {TrialResult[]} [results] of the same spec, from before
 * @property {number} [points] of the curves of trials under way; 0 for none
 * @property {(trial: TrialResult) => void} [onTrial]
 * @property {(progress: Progress) => void} [onProgress]
 * @property {AbortSignal} [signal] cancels it
 */
/** @typedef {Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">} WorkerLike */
/**
 * @typedef {object} PoolOptions
 * @property {WebAssembly.Module | null} [rest] the other part of the engine, which searches need; else each worker loads it
 * @property {number} [size] workers at most
 * @property {() => WorkerLike} [spawn]
 * @property {number} [silence] ms after which a worker that owes an answer is taken for dead
 */
/**
 * @typedef {object} Task
 * @property {number} id
 * @property {Order} order
 * @property {Search | null} search whose trial it is
 * @property {number} losses workers that it has lost
 * @property {(value: any) => void} done
 * @property {(error: unknown) => void} failed
 * @property {(news: Extract<News, { type: "at" }>) => void} at
 */
/**
 * @typedef {object} Hand
 * @property {WorkerLike} worker
 * @property {boolean} opened
 * @property {Task | null} trial
 * @property {Task | null} ahead the trial that comes after it
 * @property {boolean} brief the last trial was over so soon that waiting for the next one would tell
 * @property {number} given when the trial was its turn, ms
 * @property {Map<number, Task>} calls
 * @property {Set<number>} specs of the searches that it knows
 * @property {number} heard
 */

/** A trial that has lost so many workers is not tried again. */
const LOSSES_MAX = 2;
/** So many workers in a row that never opened, and none is tried again. */
const FAILURES_MAX = 3;
/** Where trials are shorter than this, ms, a worker gets the next one before it has done with the last. */
const BRIEF_MS = 50;
/** How often workers are looked after, ms. */
const WATCH_MS = 500;

/** A call that trains takes longer than others, and cannot say that it goes on. @param {Task} task */
const trains = ({ order }) =>
  order.type === "call" && ["cross_validate", "range_test", "run_trial"].includes(order.name);

/** Only of the search that it is at: one that is paused must not keep back another. @param {Hand} hand @param {Task} task */
const mayHaveAnother = ({ brief, ahead, trial }, task) => brief && !ahead && trial?.search === task.search;

export class Pool {
  #module;
  #rest;
  #size;
  #spawn;
  #silence;
  /** @type {Hand[]} */
  #hands = [];
  /** @type {Task[]} */
  #queue = [];
  /** @type {Map<string, RealSet>} */
  #sets = new Map();
  #id = 0;
  #failures = 0;
  #watching = 0;
  #watched = 0;

  /** @param {WebAssembly.Module} module @param {PoolOptions} [options] */
  constructor(
    module,
    { rest = null, size = cores(), spawn = () => startWorker("pool_worker"), silence = SILENCE_MS } = {},
  ) {
    this.#module = module;
    this.#rest = rest;
    this.#size = Math.max(1, size);
    this.#spawn = spawn;
    this.#silence = silence;
  }

  /** Workers at most. */
  get size() {
    return this.#size;
  }

  /** Begins a search. @param {SearchSpec} spec @param {SearchOptions} [options] @returns {Search} */
  search(spec, options = {}) {
    this.register(options.sets ?? []);
    this.#id += 1;
    return new Search(this, this.#id, spec, options);
  }

  /** Makes data sets known to all workers, those to come included. @param {RealSet[]} sets */
  register(sets) {
    for (const set of sets) {
      if (this.#sets.get(set.name)?.csv === set.csv) continue;
      this.#sets.set(set.name, set);
      for (const { worker } of this.#hands) worker.postMessage({ type: "register", set });
    }
  }

  /** What a function of the engine answers; throws a `Fault`. @param {CallName} name @param {...unknown} args @returns {Promise<any>} */
  call(name, ...args) {
    return new Promise((done, failed) => {
      this.#id += 1;
      const id = this.#id;
      const order = /** @type {Order} */ ({ type: "call", task: id, name, args });
      this.#call({ id, order, search: null, losses: 0, done, failed, at: () => {} });
    });
  }

  /** Runs one trial; null if it was dropped. @param {Search} search @param {number} index @param {Task["at"]} at @returns {Promise<TrialResult | null>} */
  run(search, index, at) {
    return new Promise((done, failed) => {
      this.#id += 1;
      const id = this.#id;
      const order = /** @type {Order} */ ({ type: "trial", task: id, search: search.id, index, points: search.points });
      this.#queue.push({ id, order, search, losses: 0, done, failed, at });
      this.#pump();
    });
  }

  /** Lets the running trials of a search stand, or go on. @param {Search} search */
  hold({ id, paused }) {
    for (const hand of this.#hands) {
      hand.heard = performance.now();
      hand.worker.postMessage({ type: "hold", search: id, held: paused });
    }
    this.#pump();
  }

  /** Drops what a search still has to do. @param {Search} search */
  drop(search) {
    const dropped = this.#queue.filter((task) => task.search === search);
    this.#queue = this.#queue.filter((task) => task.search !== search);
    for (const task of dropped) task.done(null);
    for (const { trial, ahead, worker } of this.#hands)
      for (const task of [trial, ahead])
        if (task?.search === search) worker.postMessage({ type: "drop", task: task.id });
  }

  /** Every worker may forget a search that is over. @param {Search} search */
  forget({ id }) {
    for (const { specs, worker } of this.#hands)
      if (specs.delete(id)) worker.postMessage({ type: "forget", search: id });
  }

  /** Ends all workers, and what they were at. */
  close() {
    clearInterval(this.#watching);
    this.#watching = 0;
    const hands = this.#hands;
    this.#hands = [];
    for (const { worker } of hands) worker.terminate();
    const open = [
      ...this.#queue,
      ...hands.flatMap(({ trial, ahead, calls }) => [
        ...[trial, ahead].filter((task) => task !== null),
        ...calls.values(),
      ]),
    ];
    this.#queue = [];
    for (const task of open) task.failed({ path: "", message: "the pool was closed", lane: null });
  }

  /** Calls go to the worker that has fewest, also beside a trial: they are answered between two slices. @param {Task} task */
  #call(task) {
    const idle = this.#hands.find((hand) => !hand.trial && hand.calls.size === 0);
    const least = [...this.#hands].sort((a, b) => a.calls.size - b.calls.size)[0];
    const hand = idle ?? (this.#hands.length < this.#size ? this.#open() : least);
    if (!hand) return task.failed(this.#none());
    if (hand.calls.size === 0 && !hand.trial) hand.heard = performance.now();
    hand.calls.set(task.id, task);
    this.#look();
    hand.worker.postMessage(task.order);
  }

  /** Gives the next trials to workers that have none. */
  #pump() {
    for (;;) {
      const at = this.#queue.findIndex(({ search }) => !search?.paused);
      const task = this.#queue[at];
      if (!task) return;
      const free = this.#hands.find(({ trial }) => !trial);
      const hand =
        free ??
        (this.#hands.length < this.#size ? this.#open() : this.#hands.find((hand) => mayHaveAnother(hand, task)));
      if (!hand && this.#hands.length > 0) return;
      this.#queue.splice(at, 1);
      if (!hand) task.failed(this.#none());
      else this.#give(hand, task);
    }
  }

  /** @param {Hand} hand @param {Task} task */
  #give(hand, task) {
    const { search } = task;
    if (search && !hand.specs.has(search.id)) {
      hand.specs.add(search.id);
      hand.worker.postMessage({ type: "spec", search: search.id, spec: search.spec });
    }
    hand.worker.postMessage(task.order);
    if (hand.trial) hand.ahead = task;
    else this.#turn(hand, task);
  }

  /** It is this trial's turn. @param {Hand} hand @param {Task | null} task */
  #turn(hand, task) {
    hand.trial = task;
    if (!task) return;
    hand.given = performance.now();
    hand.heard = hand.given;
    this.#look();
    task.at({ type: "at", task: task.id, iterations: 0, curves: null });
  }

  /** A new worker, if one can be had. @returns {Hand | undefined} */
  #open() {
    if (this.#failures >= FAILURES_MAX) return undefined;
    const worker = this.#spawn();
    /** @type {Hand} */
    const hand = {
      worker,
      opened: false,
      trial: null,
      ahead: null,
      brief: false,
      given: 0,
      calls: new Map(),
      specs: new Set(),
      heard: performance.now(),
    };
    this.#hands.push(hand);
    worker.onmessage = ({ data }) => this.#hear(hand, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(hand, event.message || "the worker could not be loaded");
    };
    worker.postMessage({ type: "open", module: this.#module, rest: this.#rest });
    for (const set of this.#sets.values()) worker.postMessage({ type: "register", set });
    this.#look();
    return hand;
  }

  /** @param {Hand} hand @param {News} news */
  #hear(hand, news) {
    if (!this.#hands.includes(hand)) return;
    hand.heard = performance.now();
    switch (news.type) {
      case "opened":
        hand.opened = true;
        this.#failures = 0;
        return;
      case "at":
        if (hand.trial?.id === news.task) hand.trial.at(news);
        return;
      case "trap":
        this.#lose(hand, news.message);
        return;
      default: {
        const task = this.#settle(hand, news.task);
        if (news.type === "done") task?.done(news.value);
        else task?.failed(news.fault);
        this.#pump();
      }
    }
  }

  /** @param {Hand} hand @param {number} id */
  #settle(hand, id) {
    const call = hand.calls.get(id);
    if (hand.calls.delete(id)) return call;
    const { trial, ahead } = hand;
    if (trial?.id !== id) return undefined;
    hand.brief = performance.now() - hand.given < BRIEF_MS;
    hand.ahead = null;
    this.#turn(hand, ahead);
    return trial;
  }

  /** Looks after the workers from now on, until none owes an answer. */
  #look() {
    if (this.#watching) return;
    this.#watched = performance.now();
    this.#watching = Number(setInterval(() => this.#watch(), WATCH_MS));
  }

  /** A page that slept itself has heard nothing either; that is not a worker's silence. */
  #watch() {
    const now = performance.now();
    const slept = now - this.#watched > 6 * WATCH_MS;
    this.#watched = now;
    for (const hand of [...this.#hands]) {
      const owes = hand.calls.size > 0 || (hand.trial && !hand.trial.search?.paused);
      if (slept || !owes) hand.heard = now;
      else if (now - hand.heard > this.#silence * ([...hand.calls.values()].some(trains) ? 6 : 1))
        this.#lose(hand, `no answer for ${this.#silence / 1000} s`);
    }
    if (this.#hands.every(({ trial, calls }) => !trial && calls.size === 0)) {
      clearInterval(this.#watching);
      this.#watching = 0;
    }
  }

  /** @param {Hand} hand @param {string} why */
  #lose(hand, why) {
    if (!this.#hands.includes(hand)) return;
    hand.worker.terminate();
    this.#hands = this.#hands.filter((other) => other !== hand);
    if (!hand.opened) this.#failures += 1;
    const again = (/** @type {Task} */ task) => {
      task.losses += 1;
      return task.losses < LOSSES_MAX;
    };
    const lost = { path: "", message: `the worker stopped: ${why}`, lane: null };
    if (hand.ahead?.search?.cancelled) hand.ahead.done(null);
    else if (hand.ahead) this.#queue.unshift(hand.ahead);
    if (hand.trial?.search?.cancelled) hand.trial.done(null);
    else if (hand.trial && again(hand.trial)) this.#queue.unshift(hand.trial);
    else hand.trial?.failed(lost);
    for (const call of hand.calls.values())
      if (again(call)) this.#call(call);
      else call.failed(lost);
    this.#pump();
  }

  #none() {
    return { path: "", message: "no worker can be started", lane: null };
  }
}

/** @type {WeakMap<WebAssembly.Module, Pool>} */
const pools = new WeakMap();

/** The one pool of a page: what its views run shares the cores. @param {WebAssembly.Module} module @param {WebAssembly.Module} rest the other part of the engine */
export function poolOf(module, rest) {
  const known = pools.get(module);
  if (known) return known;
  const pool = new Pool(module, { rest });
  pools.set(module, pool);
  return pool;
}

/** A search under way. */
export class Search {
  paused = false;
  cancelled = false;
  /** All results, in the order of their numbers, once there is nothing more to run or it is cancelled. @type {Promise<Found>} */
  found;
  #pool;
  #options;
  /** @type {Map<number, TrialResult>} */
  #results;
  /** @type {Map<number, Running>} */
  #running = new Map();
  /** @type {Map<number, TrialPlan>} */
  #planned = new Map();
  #total = 0;
  #clock;

  /** @param {Pool} pool @param {number} id @param {SearchSpec} spec @param {SearchOptions} options */
  constructor(pool, id, spec, options) {
    this.id = id;
    this.spec = spec;
    this.points = options.points ?? 0;
    this.#pool = pool;
    this.#options = options;
    this.#results = new Map((options.results ?? []).map((result) => [result.index, result]));
    this.#clock = new Forecast(spec);
    options.signal?.addEventListener("abort", () => this.cancel());
    this.cancelled = options.signal?.aborted ?? false;
    this.found = this.#run().finally(() => pool.forget(this));
  }

  pause() {
    this.#hold(true);
  }

  resume() {
    this.#hold(false);
  }

  /** Ends it with the results that there are. */
  cancel() {
    this.cancelled = true;
    this.paused = false;
    this.#pool.drop(this);
  }

  /** @param {boolean} paused */
  #hold(paused) {
    if (paused === this.paused) return;
    this.paused = paused;
    this.#clock.hold(paused);
    this.#pool.hold(this);
    this.#tell();
  }

  /** @returns {Promise<Found>} */
  async #run() {
    const { spec } = this;
    const pool = this.#pool;
    // Only this call checks the values of the axes.
    let plans = await pool.call("trials", spec);
    this.#total = await pool.call("trial_count", spec);
    for (;;) {
      this.#plan(plans);
      const open = plans.filter((/** @type {TrialPlan} */ { index }) => !this.#results.has(index));
      this.#clock.plan(open);
      this.#tell();
      if (!this.cancelled) await Promise.all(open.map((/** @type {TrialPlan} */ plan) => this.#trial(plan)));
      if (this.cancelled || !spec.halving) break;
      plans = await pool.call("next_trials", spec, this.#ranked());
      if (plans.length === 0) break;
    }
    const trials = this.#sorted();
    const best = await pool.call("best_trial", spec, this.#ranked());
    const complete = [...this.#planned.keys()].every((index) => this.#results.has(index)) && !this.cancelled;
    return { trials, best, complete };
  }

  /** @param {TrialPlan} plan */
  async #trial(plan) {
    const result = await this.#pool
      .run(this, plan.index, ({ iterations, curves }) => {
        this.#running.set(plan.index, { plan, iterations, curves });
        this.#tell();
      })
      .catch((fault) => failedResult(plan, fault));
    this.#running.delete(plan.index);
    if (!result) return;
    this.#results.set(plan.index, result);
    this.#clock.done(plan);
    this.#options.onTrial?.(result);
    this.#tell();
  }

  /** @param {TrialPlan[]} plans */
  #plan(plans) {
    for (const plan of plans) this.#planned.set(plan.index, plan);
  }

  #sorted() {
    return [...this.#results.values()].sort((a, b) => a.index - b.index);
  }

  /** What ranks them; the rest need not travel. */
  #ranked() {
    return this.#sorted().map(({ index, score_mean }) => ({ index, score_mean }));
  }

  #tell() {
    if (!this.#options.onProgress) return;
    const running = [...this.#running.values()];
    this.#options.onProgress({
      done: this.#results.size,
      total: this.#total,
      running,
      planned: [...this.#planned.values()],
      left: this.#clock.left(running),
      paused: this.paused,
    });
  }
}

/** How long a search will take: iterations to come against those done while it was not paused. */
class Forecast {
  #base;
  #folds;
  #factor;
  #began = performance.now();
  #stood = 0;
  #stands = 0;
  #done = 0;
  #ahead = 0;

  /** @param {SearchSpec} spec */
  constructor({ base, folds, repeats = 1, halving }) {
    this.#base = Number(base?.stop?.iterations) || 1000;
    this.#folds = typeof folds === "number" ? folds * repeats : 1;
    this.#factor = halving ? (halving.factor ?? 3) : 0;
  }

  /** @param {TrialPlan[]} plans to be run now */
  plan(plans) {
    const works = plans.map((plan) => this.#work(plan));
    const now = works.reduce((sum, work) => sum + work, 0);
    this.#ahead = now;
    if (this.#factor < 2 || plans.length === 0) return;
    // Every rung of successive halving costs about as much as the one before it.
    const rungs = Math.log(Math.max(1, this.#base / (this.#budget(plans[0]) || 1))) / Math.log(this.#factor);
    this.#ahead += now * Math.max(0, Math.ceil(rungs - 1e-9));
  }

  /** @param {TrialPlan} plan */
  done(plan) {
    this.#done += this.#work(plan);
    this.#ahead -= this.#work(plan);
  }

  /** @param {boolean} stands */
  hold(stands) {
    const now = performance.now();
    if (stands) this.#stands = now;
    else this.#stood += now - this.#stands;
  }

  /** @param {Running[]} running @returns {number | null} */
  left(running) {
    const part = running.reduce((sum, { plan, iterations }) => sum + Math.min(iterations, this.#work(plan)), 0);
    const done = this.#done + part;
    if (done === 0) return null;
    const took = performance.now() - this.#began - this.#stood;
    return (took / done) * Math.max(0, this.#ahead - part);
  }

  /** @param {TrialPlan | undefined} plan */
  #budget(plan) {
    return Number(plan?.values["stop.iterations"]) || this.#base;
  }

  /** @param {TrialPlan} plan */
  #work(plan) {
    return this.#budget(plan) * this.#folds;
  }
}

/** What stands for a trial that could not be run. @param {TrialPlan} plan @param {unknown} fault @returns {TrialResult} */
function failedResult(plan, fault) {
  const reason = /** @type {import("./protocol.js").Fault} */ (fault)?.message ?? String(fault);
  return {
    ...plan,
    score_mean: null,
    score_std: null,
    fold_scores: [],
    train_loss: null,
    train_accuracy: null,
    train_r2: null,
    val_loss: null,
    val_accuracy: null,
    val_r2: null,
    status: "error",
    reason,
    iterations: 0,
    ms: 0,
  };
}

/** Cores of the machine, as far as the browser tells. */
function cores() {
  return globalThis.navigator?.hardwareConcurrency || 2;
}
