/**
 * The page between its views and its worker: what is wanted, what runs, and how the one follows the other.
 *
 * `state` is what the visitor sees in the fields, also where it is refused; `good` is what runs. A change is planned
 * against `good`, so a correction after a refusal does just what is missing.
 */

import { Client } from "./client.js";
import { loadRest } from "./draw.js";
import { textAt } from "./files.js";
import { configsOf, planOf } from "./plan.js";
import { baseOf, baseState } from "./presets.js";
import { addFrame, iterationOf, newRecord } from "./record.js";
import { decode, encode, LINK_MAX, same } from "./state.js";
import { T } from "./texts.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./protocol.js").Fault} Fault */
/** @typedef {import("./protocol.js").Built} Built */
/**
 * What views are given.
 * @typedef {object} View
 * @property {State} state what the fields show
 * @property {State} good what runs
 * @property {import("./record.js").Record | null} record
 * @property {import("./protocol.js").Catalog} catalog
 * @property {Fault | null} fault of a field: the run cannot go on until it is mended
 * @property {Fault | null} linkFault of a link, which was not followed
 * @property {string} lost why there is no engine
 * @property {string[][]} warnings of each lane
 * @property {boolean} playing
 * @property {[number, number]} span iterations that the run can be taken to
 */
/**
 * @typedef {object} AppListener
 * @property {() => void} changed something to draw
 * @property {(text: string) => void} tell a passing note
 * @property {(why: string) => void} replaced the engine was restarted
 * @property {(busy: boolean) => void} busy what is wanted is being made, or is made
 * @property {() => void} proof the link that was followed says what its run comes to
 * @property {(hash: string) => Promise<string>} link what a link stands for, where it names a lesson; throws a `Fault`
 */

/** The speed of runs that a link starts, and the last part of a link. */
const HASH_DELAY_MS = 200;

export class App {
  /** @type {State} */
  state;
  /** @type {State | null} */
  #good = null;
  /** @type {import("./record.js").Record | null} */
  record = null;
  /** @type {import("./protocol.js").Catalog | null} */
  catalog = null;
  /** @type {Fault | null} */
  fault = null;
  /** @type {Fault | null} */
  linkFault = null;
  lost = "";
  /** @type {string[][]} */
  warnings = [];
  playing = false;
  /** @type {[number, number]} */
  span = [0, 0];
  #client;
  #on;
  /** What makes the wanted so, while it does. @type {Promise<void> | null} */
  #applying = null;
  #again = false;
  /** Whether the run is to begin anew, though it could go on. */
  #anew = false;
  #playSoon = false;
  /** The iteration that is to be gone to, and whether one is under way. */
  #wanted = -1;
  #going = false;
  #hashTimer = 0;
  #lastHash = "";
  #why = "";
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** Whether the whole engine is here. */
  #whole = false;

  /** @param {AppListener} on */
  constructor(on) {
    this.#on = on;
    this.state = baseState("surface");
    this.#client = new Client({
      frame: (frame) => this.#frame(frame),
      failing: (why) => {
        this.#why = why;
        this.playing = false;
        this.#on.changed();
      },
      recovered: (built, run) => this.#recovered(built, run),
      lost: (why) => {
        this.lost = why;
        this.#on.changed();
      },
    });
  }

  /**
   * Opens the engine and the first run: the one that the address asks for, or what `first` makes.
   * @param {WebAssembly.Module} module @param {(() => Promise<void>) | null} [first]
   */
  async start(module, first = null) {
    this.#module = module;
    this.catalog = await this.#client.open(module);
    await first?.();
    this.#lastHash = location.hash.slice(1);
    // From now on: a link that is followed while the first run is being made must not be missed.
    addEventListener("hashchange", ({ newURL }) => {
      // The address may have been written anew since.
      const hash = newURL.split("#")[1] ?? "";
      if (hash === this.#lastHash) return;
      this.#lastHash = hash;
      this.#follow(hash, false);
    });
    if (!this.record) await this.#follow(location.hash, true);
  }

  /** Whether what is wanted is still being made. */
  get busy() {
    return this.#applying !== null;
  }

  /** @returns {View | null} */
  get view() {
    const { state, record, catalog, fault, linkFault, lost, warnings, playing, span } = this;
    const good = this.#good ?? state;
    return catalog && { state, good, record, catalog, fault, linkFault, lost, warnings, playing, span };
  }

  /** Changes what is wanted, and makes it so. @param {(state: State) => void} change */
  edit(change) {
    const next = structuredClone(this.state);
    change(next);
    next.proof = "";
    this.state = next;
    this.linkFault = null;
    this.#on.changed();
    this.#apply();
  }

  /** Changes what is wanted, and runs it once it is made. @param {(state: State) => void} change */
  run(change) {
    this.#playSoon = true;
    this.edit(change);
  }

  /** Takes up a whole state and begins its run anew; resolves once it is made. @param {State} state @param {boolean} play */
  async open(state, play) {
    this.#anew = true;
    this.#playSoon = play;
    this.state = state;
    this.linkFault = null;
    this.#on.changed();
    await this.#apply();
  }

  /**
   * Begins with another problem. Lanes that were changed by hand stay as they are, unless all settings are wanted.
   * @param {string} kind @param {string} [name] @param {boolean} [all]
   */
  begin(kind, name, all = false) {
    this.edit((state) => {
      const { tab, theme, lesson, show, ema, log, tune, recipe, lanes, selected, panel } = state;
      const kept = !all && state.config.problem.kind === kind && !same(lanes, baseOf(state).lanes);
      const base = structuredClone(baseState(kind, name));
      const looked = state.config.problem.kind === kind ? { panel, tune } : {};
      Object.assign(state, base, { tab, theme, lesson, show, ema, log, ...looked }, kept ? { lanes, selected } : {});
      state.recipe.topic = recipe.topic;
    });
  }

  /** Changes what is looked at; no run changes. @param {Partial<State>} part */
  look(part) {
    this.state = { ...this.state, ...part };
    if (this.#good) this.#good = { ...this.#good, ...part };
    if (part.selected !== undefined || part.weight !== undefined || part.axes !== undefined) this.#sendLook();
    if (part.speed !== undefined && this.playing) this.#client.send({ type: "play", speed: part.speed });
    this.#mark();
    this.#writeHash();
    this.#on.changed();
  }

  async toggle() {
    if (this.playing) this.pause();
    else await this.play();
  }

  /** From the start, if every lane has ended. */
  async play() {
    if (!this.#ready()) return;
    if (this.ended) await this.reset();
    this.#client.send({ type: "play", speed: this.state.speed });
  }

  pause() {
    this.#client.send({ type: "pause" });
  }

  /** Whether no lane can go on. */
  get ended() {
    return this.record?.lanes.every((lane) => lane.status !== "paused" && lane.status !== "running") ?? false;
  }

  /** @param {number | "epoch"} iterations */
  advance(iterations) {
    if (this.#ready()) this.#client.send({ type: "advance", iterations });
  }

  async reset() {
    if (!this.#ready()) return;
    const built = await this.#client.reset();
    this.#show(built, this.#client.run);
  }

  /** Takes the run back, or forth again, to an iteration; of several in a row only the last. @param {number} iteration */
  async goTo(iteration) {
    if (!this.#ready()) return;
    this.#wanted = iteration;
    if (this.#going) return;
    this.#going = true;
    while (this.#wanted >= 0) {
      const at = Math.max(this.span[0], Math.min(this.#wanted, this.span[1]));
      this.#wanted = -1;
      const { span } = this;
      this.#show(await this.#client.goTo(at), this.#client.run);
      this.span = span;
    }
    this.#going = false;
  }

  /**
   * Makes a state that comes from another program the wanted one, if the engine takes it; else everything stays.
   * @param {State} state @param {Uint8Array[] | null} [snapshots] sessions of its lanes, to go on from
   * @returns {Promise<Fault | null>} why it was refused
   */
  async adopt(state, snapshots = null) {
    try {
      await this.bring(this.#client, state.config.problem);
      const lanes = configsOf(state, this.catalog?.methods ?? []);
      await this.#client.request({ type: "check", lanes });
      const refused = await this.#want(state);
      if (refused) return refused;
      if (snapshots) this.#show(await this.#client.restore(lanes, snapshots), this.#client.run, state);
      const { selected, weight, axes, speed } = state;
      this.look({ selected, weight, axes, speed });
      return null;
    } catch (fault) {
      return asFault(fault);
    }
  }

  /** The sessions as they stand, to go on from later; null where the run is another by now. @returns {Promise<Uint8Array[] | null>} */
  snapshots() {
    return this.#client.request({ type: "snapshots", run: this.#client.run });
  }

  /** How good a lane is; null where the run is another by now. @param {number} lane @returns {Promise<import("./protocol.js").Quality | null>} */
  async quality(lane) {
    return this.#client.request({ type: "metrics", run: this.#client.run, lane });
  }

  /** Looks at the test rows once, with every lane as it stands now. Each time is counted, here and in the link. */
  async openTest() {
    if (!this.#ready()) return;
    const { run } = this.#client;
    /** @type {import("./protocol.js").Tested[] | null} */
    const seen = await this.#client.request({ type: "open_test", run });
    if (!seen) return;
    const opened = this.state.opened + 1;
    if (this.record?.run === run) {
      this.record.opened = opened;
      this.record.lanes.forEach((lane, i) => {
        lane.tested = seen[i] ?? null;
      });
    }
    this.look({ opened });
  }

  /** Moves a lane back to where its validations were best. @param {number} lane */
  async restoreBest(lane) {
    if (this.#ready()) await this.#client.request({ type: "restore_best", run: this.#client.run, lane });
  }

  /** The learning rates of a schedule, over a run. @param {object} schedule @param {number} lr @param {number} points */
  async schedule(schedule, lr, points) {
    const perEpoch = this.record?.info.network?.batches_per_epoch ?? 1;
    const iterations = Number(this.state.config.stop?.iterations) || 1000;
    const values = await this.#client.request({ type: "schedule", schedule, lr, perEpoch, iterations, points });
    return { values, iterations };
  }

  /** What a CSV text holds; throws a `Fault`. @param {string} csv @returns {Promise<import("./protocol.js").CsvPreview>} */
  preview(csv) {
    return this.#client.request({ type: "preview", csv });
  }

  /**
   * f over a plane of two parameters, through the point of the selected lane: [ny][nx], row 0 below; null if the run has
   * gone. @param {[number, number]} axes @param {number[]} view @param {number} nx @param {number} ny @returns {Promise<Float64Array | null>}
   */
  plane(axes, view, nx, ny) {
    const { run } = this.#client;
    return this.#client.request({ type: "plane", run, lane: this.state.selected, axes, view, nx, ny });
  }

  /**
   * Each constraint over the same plane, in one array after the other; null if the run has gone.
   * @param {[number, number]} axes @param {number[]} view @param {number} nx @param {number} ny @returns {Promise<Float64Array[] | null>}
   */
  planeConstraints(axes, view, nx, ny) {
    const { run } = this.#client;
    return this.#client.request({ type: "constraints", run, lane: this.state.selected, axes, view, nx, ny });
  }

  /**
   * A plane of parameters through the selected lane, and the ways of all lanes in it; null if the run has gone.
   * @param {"principal" | "random"} directions @param {number} seed @returns {Promise<import("./protocol.js").Landscape | null>}
   */
  async landscape(directions, seed) {
    const { record } = this;
    const { run } = this.#client;
    const found = await this.#client.request({ type: "landscape", run, lane: this.state.selected, directions, seed });
    return found && record ? { ...found, shadows: named(found.shadows, record) } : null;
  }

  /** The workers of searches, with the data of this run. */
  async pool() {
    const { poolOf } = await import("./pool.js");
    const module = /** @type {WebAssembly.Module} */ (this.#module);
    const pool = poolOf(module, await loadRest());
    const set = await this.#setOf(this.state.config.problem);
    if (set) pool.register([set]);
    return pool;
  }

  /** The system that a lane's next step solves, or the problem's own; null if the run has gone. @param {number} lane @returns {Promise<import("./protocol.js").Opened | null>} */
  openSolve(lane) {
    return this.#client.request({ type: "solve", run: this.#client.run, lane });
  }

  /** What a lane that samples has drawn, and of one parameter the draws; null if the run has gone. @param {number} lane @param {number} parameter @returns {Promise<import("./protocol.js").Drawn | null>} */
  sampling(lane, parameter) {
    return this.#client.request({ type: "sampling", run: this.#client.run, lane, parameter });
  }

  /** What a lane's step costs on networks of other widths; null if the run has gone. @param {number} lane @returns {Promise<import("./protocol.js").StepCost[] | null>} */
  measureCosts(lane) {
    return this.#client.request({ type: "costs", run: this.#client.run, lane });
  }

  /** A seed that nobody has chosen. */
  async newSeed() {
    const seed = await this.#client.request({ type: "seed" });
    this.edit((state) => {
      state.config.seed = seed;
    });
  }

  /** The lanes as they stand, for a file; null where the run is another by now. @returns {Promise<import("./protocol.js").Exported[] | null>} */
  exported() {
    return this.#client.request({ type: "export", run: this.#client.run });
  }

  /** The link to this run, and how long it would be with everything in it. @param {string} [proof] that it carries */
  link(proof) {
    const good = { ...(this.#good ?? this.state), ...(proof === undefined ? {} : { proof }) };
    const full = encode(good, baseOf(good));
    const hash = full.length > LINK_MAX ? encode(withoutCsv(good), baseOf(good)) : full;
    return { url: `${location.href.split("#")[0]}${hash ? `#${hash}` : ""}`, length: full.length };
  }

  /** The frame is on the screen; the next may come. */
  drawn() {
    if (this.record) this.#client.send({ type: "drawn", run: this.record.run });
  }

  #ready() {
    return this.record !== null && this.record.lanes.length > 0 && this.fault === null && this.lost === "";
  }

  /** Follows the link, all of it or nothing: where it cannot be followed, the last good state or the default stays. @param {string} hash @param {boolean} first */
  async #follow(hash, first) {
    /** @type {Fault | null} */
    let refused = null;
    try {
      hash = await this.#on.link(hash);
    } catch (fault) {
      refused = asFault(fault);
    }
    const { state, errors, run } = decode(hash, baseState);
    if (errors[0]) refused ??= { ...errors[0], lane: null };
    this.linkFault = await this.#want(state, refused, run && !state.proof);
    if (first && this.fault) this.lost = this.fault.message;
    this.#on.changed();
    if (state.proof && !this.linkFault) this.#on.proof();
  }

  /**
   * Makes a whole state the wanted one; where it is refused, what ran before stays, or a default.
   * @param {State} state @param {Fault | null} [known] why it is refused already @param {boolean} [run]
   * @returns {Promise<Fault | null>}
   */
  async #want(state, known = null, run = false) {
    const former = this.#good ?? baseState(state.config.problem.kind);
    let refused = known;
    if (!refused) {
      this.state = state;
      this.#playSoon = run;
      await this.#apply();
      refused = this.fault;
    }
    if (refused) {
      this.state = { ...structuredClone(former), theme: state.theme };
      await this.#apply();
    }
    return refused;
  }

  /** Makes what is wanted run, step by step, while it changes. */
  #apply() {
    this.#again = true;
    this.#applying ??= this.#work();
    return this.#applying;
  }

  async #work() {
    this.#on.busy(true);
    while (this.#again) {
      this.#again = false;
      const wanted = structuredClone(this.state);
      try {
        await this.#perform(wanted);
        this.#good = wanted;
        this.fault = null;
      } catch (fault) {
        this.fault = asFault(fault);
        if (this.playing) this.#client.send({ type: "pause" });
      }
    }
    this.#applying = null;
    this.#on.busy(false);
    this.#writeHash();
    this.#on.changed();
    if (this.#playSoon && !this.fault && !this.playing) this.toggle();
    this.#playSoon = false;
  }

  /** @param {State} wanted */
  async #perform(wanted) {
    const plan = this.#anew ? planOf(null, wanted) : planOf(this.#good, wanted);
    this.#anew = false;
    const methods = this.catalog?.methods ?? [];
    const configs = configsOf(wanted, methods);
    if (plan.type === "remove") {
      const { playing } = this;
      this.#show(await this.#client.remove(plan.lane), this.#client.run, wanted);
      this.playing = playing;
      return;
    }
    if (plan.type === "changes") {
      for (const { lane, change } of plan.changes) this.warnings = await this.#client.change(lane, change, configs);
      // What came after this moment is no more.
      if (this.record) this.span = [this.span[0], iterationOf(this.record)];
      this.#rename(wanted);
      return;
    }
    if (!this.#whole && needsRest(wanted, methods)) {
      await this.#client.rest(await loadRest());
      this.#whole = true;
    }
    await this.bring(this.#client, wanted.config.problem);
    this.#show(await this.#client.build(configs), this.#client.run, wanted);
  }

  /** A second engine beside this one, in a worker of its own. @param {import("./client.js").Listener} on */
  async beside(on) {
    const client = new Client(on);
    await client.open(/** @type {WebAssembly.Module} */ (this.#module));
    await client.rest(await loadRest());
    return client;
  }

  /** The real sets are files; an engine gets them when they are first needed. @param {Client} client @param {Record<string, any>} problem */
  async bring(client, problem) {
    const set = await this.#setOf(problem, (name) => !client.has(name));
    if (set) await client.register(set);
  }

  /** The file that a problem needs, if it needs one that is `wanted`. @param {Record<string, any>} problem @param {(name: string) => boolean} wanted */
  async #setOf(problem, wanted = () => true) {
    const set =
      this.catalog?.datasets.find((d) => d.name === problem.data?.name) ??
      this.catalog?.models.find((m) => m.name === problem.model);
    if (!set?.file || !wanted(set.name)) return null;
    const csv = await textAt(set.file.replace(/^www\//, "")).catch(({ message }) => {
      throw {
        path: problem.model === undefined ? "problem.data.name" : "problem.model",
        message: `the file of ${set.title} cannot be loaded (${message})`,
        lane: null,
      };
    });
    return { name: set.name, csv };
  }

  /** @param {Built | null} built @param {number} run @param {State} [state] */
  #show(built, run, state = this.state) {
    this.playing = false;
    if (!built) {
      if (this.record) this.record = { ...this.record, run, lanes: [], playing: false };
      this.warnings = [];
      return this.#on.changed();
    }
    this.warnings = built.warnings;
    this.span = [built.from ?? 0, built.from ?? 0];
    this.record = newRecord(run, built, this.#names(state), state.opened);
    this.#sendLook();
    this.#mark();
    this.#on.changed();
  }

  /** @param {import("./protocol.js").Frame} frame */
  #frame(frame) {
    if (!this.record || this.record.run !== frame.run) return;
    addFrame(this.record, frame);
    this.span = [this.span[0], Math.max(this.span[1], iterationOf(this.record))];
    this.playing = frame.playing;
    this.#on.changed();
  }

  /** @param {Built} built @param {number} run */
  #recovered(built, run) {
    this.#show(built, run, this.#good ?? this.state);
    this.#on.replaced(this.#why);
  }

  #sendLook() {
    const { selected, weight, axes } = this.state;
    this.#client.send({ type: "look", selected, weight, axes });
  }

  #mark() {
    this.record?.lanes.forEach((lane, i) => {
      lane.selected = i === this.state.selected;
    });
  }

  /** @param {State} state */
  #rename(state) {
    const names = this.#names(state);
    for (const [i, lane] of (this.record?.lanes ?? []).entries())
      Object.assign(lane, { title: names[i]?.title, detail: names[i]?.detail });
  }

  /** Title of each lane's method; what differs too, where two lanes would be called the same. @param {State} state */
  #names({ lanes }) {
    return lanes.map(({ mark, optimizer, batch_size }) => {
      const method = this.catalog?.methods.find((m) => m.name === optimizer.name);
      const title = method?.title ?? optimizer.name;
      const rated = method?.fields.some((f) => f.name === "lr") ?? true;
      const twins = lanes.map((l) => l.optimizer).filter(({ name }) => name === optimizer.name);
      const own = method ? differences(method, optimizer, twins) : [];
      const batch = batch_size === undefined ? "" : T.ownBatch(String(batch_size));
      return { mark, title, detail: [...own, batch].filter(Boolean).join(", "), rated };
    });
  }

  /** The address follows the last good state, not each key stroke. */
  #writeHash() {
    clearTimeout(this.#hashTimer);
    this.#hashTimer = window.setTimeout(() => {
      if (!this.#good) return;
      // Another link is about to be followed, and stays in the history.
      if (location.hash.slice(1) !== this.#lastHash) return;
      const hash = this.link().url.split("#")[1] ?? "";
      try {
        history.replaceState(null, "", `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`);
      } catch {
        location.hash = hash;
      }
      this.#lastHash = location.hash.slice(1);
    }, HASH_DELAY_MS);
  }
}

/**
 * Whether more of the engine is needed than the page opens with. Whatever this overlooks, the engine fetches when it is
 * called. @param {State} state @param {import("./protocol.js").MethodInfo[]} methods
 */
function needsRest({ config, lanes }, methods) {
  const first = (/** @type {string} */ name) => methods.find((m) => m.name === name)?.family === "first_order";
  return config.problem.kind !== "surface" || !lanes.every((lane) => first(lane.optimizer.name));
}

/** @param {import("./protocol.js").Landscape["shadows"]} shadows @param {import("./record.js").Record} record */
function named(shadows, { lanes }) {
  return shadows.map((shadow, i) => {
    const { lane = 0, title = "", selected = false, status = "paused" } = lanes[i] ?? {};
    return { ...shadow, lane, title, selected, diverged: status === "diverged" };
  });
}

/**
 * The settings in which methods of one name differ, the first two.
 * @param {import("./protocol.js").MethodInfo} method @param {State["lanes"][number]["optimizer"]} own @param {State["lanes"][number]["optimizer"][]} twins
 */
function differences({ fields }, own, twins) {
  const of = (/** @type {typeof own} */ optimizer, /** @type {typeof fields[number]} */ field) =>
    String(optimizer[field.name] ?? field.default);
  const differ = fields.filter((field) => twins.some((twin) => of(twin, field) !== of(own, field)));
  return differ.slice(0, 2).map((field) => [field.symbol, of(own, field)].filter(Boolean).join(" "));
}

/** @param {State} state @returns {State} */
function withoutCsv(state) {
  const copy = structuredClone(state);
  copy.config.problem.data = { csv: "", target: copy.config.problem.data?.target };
  return copy;
}

/** @param {unknown} error @returns {Fault} */
function asFault(error) {
  if (error && typeof error === "object" && "message" in error && "path" in error) return /** @type {Fault} */ (error);
  return { path: "", message: error instanceof Error ? error.message : String(error), lane: null };
}
