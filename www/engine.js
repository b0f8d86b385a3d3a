/**
 * The lanes at work: sessions that advance side by side, in slices short enough that a message never waits long.
 *
 * All lanes take the same number of iterations a slice, so they share the budget. Knows the sessions only by the
 * functions it is given, and posts frames; a frame holds what is new since the last one, as transferred arrays.
 */

import { Camera } from "./camera.js";
import { costsOf } from "./costs.js";
import { Past } from "./past.js";
import { BEAT_MS, SAVE_MS, WATCHED_MAX } from "./protocol.js";
import { Trail } from "./trail.js";

/** @typedef {import("./protocol.js").Answer} Answer */
/** @typedef {{ Session: any, check: (config: any) => unknown, schedule_values: Function, register_data: Function, landscape_shadow: Function }} Core */
/**
 * @typedef {object} EngineLane
 * @property {any} session
 * @property {any} report of the last step
 * @property {number} dim of the problem
 * @property {number} rows sent @property {number} points sent
 * @property {number[]} trials rejected since the last frame
 */

/** Length of a slice, ms. */
const SLICE_MS = 12;
/** How long going back may take before it is shown on its way, ms. */
const WIND_MS = 60;
/** At most so many frames a second, ms between them. */
const FRAME_MS = 15;

export class Engine {
  /** Position of the lane that the last error belongs to. @type {number | null} */
  blamed = null;
  #core;
  #post;
  #failed;
  /** @type {EngineLane[]} */
  #lanes = [];
  #camera = new Camera();
  #past = new Past();
  #trail = new Trail();
  /** Whether the problem is one whose parameters no record holds. */
  #many = false;
  #run = 0;
  #playing = false;
  #speed = Number.POSITIVE_INFINITY;
  /** Iterations that are due; what playing adds to as time goes by, or what an advance was given. */
  #due = 0;
  /** Whether to pause once nothing is due. */
  #advancing = false;
  #chunk = 1;
  #clock = 0;
  #scheduled = false;
  #inFlight = false;
  #stale = true;
  #framed = 0;
  #spoke = 0;
  #saved = 0;
  #channel = new MessageChannel();

  /**
   * @param {Core} core
   * @param {(answer: Answer, transfer?: Transferable[]) => void} post
   * @param {(error: unknown) => void} failed called with what a slice throws
   */
  constructor(core, post, failed) {
    this.#core = core;
    this.#post = post;
    this.#failed = failed;
    this.#channel.port1.onmessage = () => this.#slice();
  }

  /**
   * Does what a request asks.
   * @param {import("./protocol.js").Request} request
   * @returns {[value: unknown, transfer?: Transferable[]]}
   */
  answer(request) {
    this.blamed = null;
    switch (request.type) {
      case "register":
        return [this.#core.register_data(request.set.name, request.set.csv)];
      case "build":
        return this.#begin(
          request.run,
          this.#each(request.lanes, (config) => new this.#core.Session(config)),
          // Not snapshots: what makes those is not among the functions that the page opens with.
          [...request.lanes],
        );
      case "check":
        this.#each(request.lanes, this.#core.check);
        return [null];
      case "snapshots": {
        if (request.run !== this.#run) return [null];
        /** @type {Uint8Array[]} */
        const saved = this.#lanes.map((lane) => lane.session.snapshot());
        return [saved, saved.map((bytes) => bytes.buffer)];
      }
      case "restore":
        return this.#begin(
          request.run,
          this.#each(request.snapshots, (bytes) => this.#core.Session.restore(bytes)),
        );
      case "reset":
        for (const lane of this.#lanes) lane.session.reset();
        return this.#begin(
          request.run,
          this.#lanes.map((lane) => lane.session),
        );
      case "go_to":
        return this.#goTo(request.run, request.iteration);
      case "change":
        return [this.#change(request.lane, request.change)];
      case "remove":
        return this.#remove(request.lane, request.run);
      case "plane": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        const values = session.plane_values(...request.axes, Float64Array.from(request.view), request.nx, request.ny);
        return [values, [values.buffer]];
      }
      case "constraints": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        const { axes, view, nx, ny } = request;
        /** @type {Float64Array[]} */
        const grids = session.plane_constraints(...axes, Float64Array.from(view), nx, ny);
        return [grids, grids.map((grid) => grid.buffer)];
      }
      case "solve": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        this.blamed = request.lane;
        return [{ picture: session.matrix_picture(200), report: session.solve_report() }];
      }
      case "sampling": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        const drawn = drawnBy(session, request.parameter);
        return [drawn, drawn ? drawn.traces.map((trace) => trace.buffer) : []];
      }
      case "costs": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        return [costsOf(this.#core.Session, session.config())];
      }
      case "metrics": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        return [qualityOf(session)];
      }
      case "landscape":
        return [this.#landscape(request)];
      case "open_test":
        if (request.run !== this.#run) return [null];
        return [
          this.#lanes.map(({ session, report }) => ({ at: report.iteration, metrics: session.evaluate("test") })),
        ];
      case "restore_best":
        return [this.#restoreBest(request.lane, request.run)];
      case "points": {
        const session = this.#lanes[request.lane]?.session;
        if (!session || request.run !== this.#run) return [null];
        return [{ train: session.points("train"), val: session.points("val") }];
      }
      case "export":
        if (request.run !== this.#run) return [null];
        return [this.#lanes.map((lane, i) => exportedOf(lane, this.#past.bentAt(i)))];
      case "schedule": {
        const values = this.#core.schedule_values(
          request.schedule,
          request.lr,
          request.perEpoch,
          request.iterations,
          request.points,
        );
        return [values, [values.buffer]];
      }
      default:
        throw new Error(`unknown request ${request.type}`);
    }
  }

  /** Does what a command says; commands need no answer. @param {import("./protocol.js").Command} command */
  obey(command) {
    switch (command.type) {
      case "play":
        this.#speed = command.speed;
        if (!this.#playing || this.#advancing) this.#due = 1;
        this.#advancing = false;
        return this.#start();
      case "advance":
        this.#due =
          (this.#advancing ? this.#due : 0) +
          (command.iterations === "epoch" ? this.#toEpochEnd() : command.iterations);
        this.#advancing = true;
        return this.#start();
      case "pause":
        return this.#pause();
      case "look":
        this.#camera.look(command.selected, command.weight, command.axes);
        for (const lane of this.#lanes) lane.session.watch(this.#camera.watched(lane.session));
        this.#stale = true;
        return this.#frame(true);
      case "drawn":
        if (command.run !== this.#run) return;
        this.#inFlight = false;
        if (!this.#playing) this.#frame(false);
    }
  }

  /** @template T @param {T[]} list @param {(item: T) => any} make @returns {any[]} */
  #each(list, make) {
    return list.map((item, i) => {
      this.blamed = i;
      const made = make(item);
      this.blamed = null;
      return made;
    });
  }

  /** Takes over `sessions` as run number `run`, from whatever iteration they stand at. @param {number} run @param {any[]} sessions @param {import("./past.js").Kept[]} [kept] what they can be made from again */
  #begin(run, sessions, kept) {
    const built = this.#take(run, sessions);
    this.#past.begin(this.#at(), kept ?? this.#snapshots());
    this.#many = Boolean(sessions[0]?.info().network);
    if (this.#many) this.#trail.begin(this.#at(), this.#parameters());
    return /** @type {[unknown, Transferable[]]} */ ([this.#dated(built), []]);
  }

  /** Back, or forth again, to an iteration of this run. @param {number} run @param {number} iteration @returns {[unknown]} */
  #goTo(run, iteration) {
    const mark = this.#past.back(iteration);
    const { Session } = this.#core;
    const remade = (/** @type {import("./past.js").Kept} */ kept) =>
      kept instanceof Uint8Array ? Session.restore(kept) : new Session(kept);
    const built = this.#take(run, this.#each(mark?.lanes ?? [], remade));
    this.#trail.cut(this.#at());
    const due = iteration - this.#at();
    const began = performance.now();
    this.#due = due;
    while (this.#due >= 1 && !this.#ended() && performance.now() - began < WIND_MS) this.#together();
    this.#past.redo(this.#at(), this.#lanes.length);
    if (this.#due >= 1 && !this.#ended()) {
      this.#advancing = true;
      this.#start();
    }
    return [this.#dated(built)];
  }

  /** With the iteration that can be gone back to; nothing stays nothing. @param {import("./protocol.js").Built | null} built */
  #dated(built) {
    return built && { ...built, from: this.#past.from };
  }

  /** How far the lanes are: those that have not ended. */
  #at() {
    return this.#lanes.reduce((most, { report }) => Math.max(most, report.iteration), 0);
  }

  #parameters() {
    return this.#lanes.map((lane) => lane.session.parameters());
  }

  /** @param {Extract<import("./protocol.js").Request, { type: "landscape" }>} request */
  #landscape({ run, lane, directions, seed }) {
    const chosen = this.#lanes[lane];
    if (!chosen || run !== this.#run || !this.#many) return null;
    this.blamed = lane;
    const ways = this.#lanes.map(({ session }, i) => this.#trail.of(i, session.parameters()));
    const points = directions === "principal" ? joined(ways) : new Float64Array();
    const plane = chosen.session.landscape_plane(points, seed);
    const shadows = ways.map((way) => this.#core.landscape_shadow(plane, way));
    return { at: chosen.report.iteration, directions, config: chosen.session.config(), plane, shadows };
  }

  #snapshots() {
    return this.#lanes.map((lane) => lane.session.snapshot());
  }

  /** @param {number} run @param {any[]} sessions */
  #take(run, sessions) {
    const kept = new Set(sessions);
    for (const lane of this.#lanes) if (!kept.has(lane.session)) lane.session.free();
    this.#playing = this.#advancing = false;
    this.#run = run;
    this.#due = 0;
    this.#chunk = 1;
    this.#lanes = sessions.map((session) => ({
      session,
      report: session.report(),
      dim: session.info().dim,
      rows: 0,
      points: 0,
      trials: [],
    }));
    this.#inFlight = false;
    this.#stale = true;
    const built = this.#camera.aim(sessions);
    for (const session of sessions) session.watch(this.#camera.watched(session));
    queueMicrotask(() => this.#frame(true));
    return built;
  }

  /** @param {number | null} which @param {import("./protocol.js").Change} change */
  #change(which, change) {
    const set = (/** @type {number} */ i) => {
      const session = this.#lanes[i]?.session;
      this.blamed = which === null ? null : i;
      if (change.optimizer) session.set_optimizer(change.optimizer);
      if (change.schedule) session.set_schedule(change.schedule);
      if (change.stop) session.set_stop(change.stop);
      if (change.batch_size !== undefined) session.set_batch_size(change.batch_size);
      if (change.l2 !== undefined) session.set_l2(change.l2);
    };
    this.#lanes.forEach((_, i) => {
      if (which === null || which === i) set(i);
    });
    const bends = Object.keys(change).some((part) => part !== "stop");
    this.#past.add({ at: this.#at(), lane: which, bends, redo: set });
    for (const lane of this.#lanes) lane.report = lane.session.report();
    this.#stale = true;
    this.#frame(false);
    if (!this.#playing) this.#save();
    return this.#lanes.map((lane) => lane.session.info().warnings);
  }

  /** @param {number} which @param {number} run */
  #restoreBest(which, run) {
    const lane = this.#lanes[which];
    if (!lane || run !== this.#run) return null;
    this.blamed = which;
    lane.session.restore_best();
    const redo = (/** @type {number} */ i) => this.#lanes[i]?.session.restore_best();
    this.#past.add({ at: this.#at(), lane: which, bends: true, redo });
    lane.report = lane.session.report();
    this.#stale = true;
    this.#frame(true);
    if (!this.#playing) this.#save();
    return lane.report.best ?? null;
  }

  /**
   * Takes one lane out; the others go on where they are. Their records are sent afresh, under a new run number, because
   * frames under way still speak of the lane.
   * @param {number} which @param {number} run
   * @returns {[unknown]}
   */
  #remove(which, run) {
    this.#lanes.splice(which, 1)[0]?.session.free();
    this.#past.remove(which);
    this.#trail.remove(which);
    this.#run = run;
    for (const lane of this.#lanes) Object.assign(lane, { rows: 0, points: 0, trials: [] });
    this.#inFlight = false;
    this.#stale = true;
    if (this.#playing && this.#ended()) this.#pause();
    else queueMicrotask(() => this.#frame(true));
    return [this.#dated(this.#camera.aim(this.#lanes.map((lane) => lane.session)))];
  }

  #start() {
    if (this.#ended()) return;
    if (!this.#playing) this.#clock = performance.now();
    this.#playing = true;
    this.#spoke = this.#saved = performance.now();
    this.#schedule();
  }

  #pause() {
    this.#playing = this.#advancing = false;
    this.#due = 0;
    this.#stale = true;
    this.#frame(true);
    this.#save();
  }

  #schedule() {
    if (this.#scheduled || !this.#playing) return;
    this.#scheduled = true;
    const wait = this.#advancing || this.#due >= 1 ? 0 : ((1 - this.#due) / this.#speed) * 1000;
    if (wait < 2) this.#channel.port2.postMessage(null);
    else setTimeout(() => this.#slice(), Math.min(wait, 100));
  }

  /** One slice: as many iterations of every lane as are due and fit. */
  #slice() {
    this.#scheduled = false;
    if (!this.#playing) return;
    try {
      const start = performance.now();
      if (!this.#advancing) this.#accrue(start);
      while (this.#due >= 1 && !this.#ended() && performance.now() - start < SLICE_MS) this.#together();
      if (this.#ended() || (this.#advancing && this.#due < 1)) return this.#pause();
      this.#frame(false);
      this.#tend();
    } catch (error) {
      this.#failed(error);
      this.#playing = false;
    }
    this.#schedule();
  }

  /** Adds what the speed allows since the last slice. What could not be done in time is not owed. @param {number} now */
  #accrue(now) {
    const seconds = (now - this.#clock) / 1000;
    this.#clock = now;
    // No time may have passed on a coarse clock, and 0 · ∞ is no number.
    this.#due =
      this.#speed === Number.POSITIVE_INFINITY
        ? this.#speed
        : Math.min(this.#due + seconds * this.#speed, Math.max(1, this.#speed / 10));
  }

  /** The same number of iterations for every lane that still runs; the number adapts to what they cost. */
  #together() {
    const at = this.#at();
    if (this.#past.nextAt <= at) {
      this.#past.redo(at, this.#lanes.length);
      for (const lane of this.#lanes) lane.report = lane.session.report();
    }
    const ahead = this.#many ? this.#trail.nextAt - at : Number.POSITIVE_INFINITY;
    const n = Math.max(1, Math.min(this.#chunk, Math.floor(this.#due), this.#past.nextAt - at, ahead));
    const before = performance.now();
    for (const lane of this.#lanes) {
      if (lane.report.status === "running") this.#train(lane, n);
    }
    const took = performance.now() - before;
    if (took < 1.5 && n === this.#chunk) this.#chunk = Math.min(2 * n, 1 << 16);
    else if (took > 4) this.#chunk = Math.max(1, Math.floor(n / 2));
    this.#due -= n;
    this.#past.pass(at + n, took, () => this.#snapshots());
    if (n >= ahead) this.#trail.add(at + n, this.#parameters());
    this.#stale = true;
  }

  /**
   * A method that tries out and rejects takes its steps one by one, so that each trial can be seen; there are few of
   * them, and each costs a linear solve.
   * @param {EngineLane} lane @param {number} n
   */
  #train(lane, n) {
    if (!("gain" in lane.report.extra) || lane.dim > WATCHED_MAX) {
      lane.report = lane.session.train_step(n);
      return;
    }
    for (let k = 0; k < n && lane.report.status === "running"; k += 1) {
      lane.report = lane.session.train_step(1);
      if (lane.report.verdict !== "rejected") continue;
      const { x0, d } = lane.session.explain()?.values ?? {};
      if (x0 && d && x0.length === lane.dim && d.length === lane.dim)
        lane.trials.push(...x0, ...x0.map((/** @type {number} */ x, /** @type {number} */ i) => x - d[i]));
    }
  }

  #ended() {
    return this.#lanes.every((lane) => lane.report.status !== "running");
  }

  #toEpochEnd() {
    const lane = this.#lanes.find((l) => l.report.status === "running");
    const per = lane?.session.info().network?.batches_per_epoch ?? 1;
    return per - ((lane?.report.iteration ?? 0) % per);
  }

  /** Posts what is new, unless the last frame is not drawn yet. @param {boolean} now whether not to wait for the next frame time */
  #frame(now) {
    const time = performance.now();
    if (this.#inFlight || !this.#stale || (!now && this.#playing && time - this.#framed < FRAME_MS)) return;
    this.#inFlight = true;
    this.#stale = false;
    this.#framed = this.#spoke = time;
    const [frame, transfer] = this.#camera.shoot(this.#lanes, this.#playing);
    this.#post({ type: "frame", run: this.#run, playing: this.#playing, ...frame }, transfer);
  }

  /** Keeps the page informed that this worker lives, and with something to restart from. */
  #tend() {
    const now = performance.now();
    if (now - this.#saved > SAVE_MS) this.#save();
    if (now - this.#spoke > BEAT_MS) {
      this.#spoke = now;
      this.#post({ type: "beat" });
    }
  }

  #save() {
    this.#saved = performance.now();
    const snapshots = this.#snapshots();
    this.#post(
      { type: "saved", run: this.#run, snapshots },
      snapshots.map((s) => s.buffer),
    );
  }
}

/** Parts of a histogram, and places of the density beside it. */
const BINS = 40;
const PLACES = 161;

/** What a session's draws say; null where its method does not sample. @param {any} session @param {number} parameter @returns {import("./protocol.js").Drawn | null} */
function drawnBy(session, parameter) {
  const sampling = session.sampling();
  const samples = session.samples();
  if (!sampling || !samples) return null;
  const { dim, chains, draws, points } = samples;
  const i = Math.min(parameter, dim - 1);
  const traces = Array.from({ length: chains }, (_, c) =>
    Float64Array.from({ length: draws }, (_, k) => points[(k * chains + c) * dim + i] ?? Number.NaN),
  );
  return {
    at: session.report().iteration,
    sampling,
    traces,
    histogram: draws > 0 ? session.histogram(i, BINS) : null,
    // While T falls the draws are from no one density.
    marginal: dim <= 2 && !sampling.cooling ? session.marginal(i, PLACES) : null,
  };
}

/** @param {Float64Array[]} parts */
function joined(parts) {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {EngineLane} lane @param {number | null} changed at which iteration by hand @returns {import("./protocol.js").Exported} */
function exportedOf({ session, report: { iteration, status, reason = "" } }, changed) {
  return {
    config: session.config(),
    iteration,
    status,
    reason,
    digest: session.digest(),
    parameters: session.parameters(),
    columns: session.history(),
    changed,
  };
}

/** How good a session's network is on what it may be judged by. @param {any} session @returns {import("./protocol.js").Quality} */
function qualityOf(session) {
  const { network } = session.info();
  const parts = network.rows.val > 0 ? ["train", "val"] : ["train"];
  const [train, val = null] = parts.map((part) => session.evaluate(part));
  const none = { predicted: new Float64Array(), missed: new Float64Array() };
  const [missed, missedVal = none] = network.task === "regression" ? parts.map((part) => missesOf(session, part)) : [];
  return {
    at: session.report().iteration,
    train,
    val,
    misses: missed ? { train: missed, val: missedVal } : null,
  };
}

/** @param {any} session @param {string} part @returns {import("./protocol.js").Misses} */
function missesOf(session, part) {
  const { rows, inputs, targets } = session.points(part);
  const all = session.predict(inputs);
  const width = all.length / rows;
  const predicted = all.filter((/** @type {number} */ _, /** @type {number} */ i) => i % width === 0);
  return {
    predicted,
    missed: predicted.map((/** @type {number} */ y, /** @type {number} */ r) => targets[r * width] - y),
  };
}
