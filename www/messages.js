/**
 * What another page may say to this one while it is embedded, and what it answers (docs/embedding.md).
 *
 * `{ v: 1, id, cmd, … }` is answered once, to the window that it came from, by `{ v: 1, id, type, … }`: `ready`, `state`,
 * `done`, or `error` with the field that is wrong and what is allowed there. Whoever asks is not trusted, and may be a
 * sandboxed frame without an origin: nobody is answered but the window that asked.
 */

import { jsonOf, Refusal, refusalOf, said, stateOf } from "./given.js";
import { baseOf, baseState } from "./presets.js";
import { last } from "./record.js";
import { decode, encode } from "./state.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ [field: string]: unknown }} Body */
/**
 * What messages need of the embedded page besides the run.
 * @typedef {object} Frame
 * @property {() => Promise<void>} play runs when it is seen
 * @property {() => void} hold nothing plays by itself any more
 * @property {(parts: { show?: string[], hide?: string[] }) => void} arrange
 * @property {() => boolean} waiting whether it will run once it is seen
 * @property {(on: boolean) => void} stepping that many steps are made, seen or not
 */

/** The fields of each command, besides `v`, `id` and `cmd`. @type {Record<string, string[]>} */
const FIELDS = {
  init: ["config", "snapshot", "show", "hide"],
  set: ["config", "show", "hide"],
  step: ["n"],
  run: ["wait"],
  pause: [],
  reset: [],
  snapshot: [],
  state: ["watch"],
};
const COMMANDS = Object.keys(FIELDS);
const STEPS_MAX = 1e9;
/** Points of more numbers are not told. */
const POINT_MAX = 1000;
/** How long a frame that nobody draws waits before the next may come, ms. */
const UNSEEN_MS = 100;

/** @param {App} app @param {Frame} frame @param {() => string} version of the engine */
export function createMessages(app, frame, version) {
  /** Commands in their order, once there is an engine. @type {Promise<unknown>} */
  let queue = Promise.resolve();
  let open = () => {};
  const opened = new Promise((done) => {
    open = () => done(undefined);
  });
  /** Called when anything has changed. @type {Set<() => void>} */
  const waiting = new Set();
  /** Who wants to know of changes, by window. @type {Map<MessageEventSource, (body: Body) => void>} */
  const watchers = new Map();
  let toldFor = "";
  /** Whether a command waits for the run. */
  let busy = false;
  let first = () => {};
  const begun = new Promise((done) => {
    first = () => done(undefined);
  });

  /** @param {MessageEvent} event */
  function hear({ data, source, origin }) {
    if (!source || typeof data !== "object" || data === null || !("cmd" in data)) return;
    const id = typeof data.id === "string" || Number.isFinite(data.id) ? data.id : null;
    const targetOrigin = /^https?:/.test(origin) ? origin : "*";
    const answer = (/** @type {Body} */ body) => source.postMessage({ v: 1, id, ...body }, { targetOrigin });
    const act = async () => {
      try {
        await opened;
        answer(await obey(data, source, answer));
      } catch (error) {
        const field = error instanceof Refusal ? error.field : "";
        answer({ type: "error", field, message: error instanceof Error ? error.message : String(error) });
      }
    };
    try {
      checkBody(data);
    } catch (error) {
      const { field, message } = /** @type {Refusal} */ (error);
      return answer({ type: "error", field, message });
    }
    if (data.cmd === "state") return act();
    if (data.cmd === "pause" && busy) stop();
    queue = queue.then(act);
  }

  function stop() {
    frame.hold();
    app.pause();
  }

  /** @param {Body} body @param {MessageEventSource} source @param {(body: Body) => void} answer @returns {Promise<Body>} */
  async function obey(body, source, answer) {
    switch (body.cmd) {
      case "init":
        frame.hold();
        await init(body);
        return { type: "ready", version: version(), state: told() };
      case "set":
        arrange(body);
        if (body.config !== undefined) await adopt(body.config, stateOf(body.config, app.view?.good ?? app.state));
        await stands();
        return { type: "done", state: told() };
      case "step":
        frame.hold();
        await step(/** @type {number} */ (body.n ?? 1));
        return { type: "done", state: told() };
      case "run":
        needRun();
        await frame.play();
        await until(() => app.playing || app.ended || frame.waiting());
        if (body.wait === true) await until(() => !app.playing && !frame.waiting());
        return { type: "done", state: told() };
      case "pause":
        stop();
        await until(() => !app.playing);
        return { type: "done", state: told() };
      case "reset":
        frame.hold();
        needRun();
        await app.reset();
        await stands();
        return { type: "done", state: told() };
      case "snapshot":
        needRun();
        return { type: "done", snapshot: await snapshot(), state: told() };
      default:
        if (body.watch === true) watchers.set(source, answer);
        if (body.watch === false) watchers.delete(source);
        return { type: "state", state: told() };
    }
  }

  /** @param {Body} body */
  async function init(body) {
    arrange(body);
    try {
      if (body.snapshot !== undefined) {
        const { link, lanes } = readSnapshot(body.snapshot);
        const { state } = decode(link, baseState);
        if (lanes.length !== state.lanes.length)
          throw new Refusal(
            "snapshot.lanes",
            `${lanes.length} sessions; allowed: those of ${state.lanes.length} lanes`,
          );
        const refused = await app.adopt(state, lanes);
        if (refused) throw new Refusal(["snapshot", refused.path].filter(Boolean).join("."), refused.message);
      } else if (body.config !== undefined) await adopt(body.config, stateOf(body.config, null));
      // A run that already was what is wanted begins anew.
      if (body.snapshot === undefined && furthest() > 0) await app.reset();
      await stands();
    } finally {
      first();
    }
  }

  /** Waits until the worker has said how the run stands. */
  const stands = () => until(() => app.record === null || app.record.framed || app.record.lanes.length === 0);

  /** @param {unknown} given @param {import("./state.js").State} state */
  async function adopt(given, state) {
    const refused = await app.adopt(state);
    if (refused) throw refusalOf(refused, given);
  }

  /** @param {Body} body */
  function arrange({ show, hide }) {
    if (show === undefined && hide === undefined) return;
    frame.arrange({
      ...(show === undefined ? {} : { show: namesOf(show) }),
      ...(hide === undefined ? {} : { hide: namesOf(hide) }),
    });
  }

  /** @param {number} n */
  async function step(n) {
    needRun();
    if (app.ended) return;
    const { run } = /** @type {import("./record.js").Record} */ (app.record);
    const from = furthest();
    let moved = false;
    frame.stepping(true);
    app.advance(n);
    // Until it has moved, a frame that stands still is one of before.
    await until(() => {
      moved ||= app.playing;
      return app.record?.run !== run || (!app.playing && (moved || app.ended || furthest() >= from + n));
    });
    frame.stepping(false);
  }

  function needRun() {
    if (app.lost) throw new Refusal("", app.lost);
    if (!app.record || app.record.lanes.length === 0)
      throw new Refusal("cmd", "there is no run; allowed: init or set with a config");
  }

  const furthest = () => Math.max(0, ...(app.record?.lanes ?? []).map((lane) => lane.at));

  /** Waits for a change after which this holds. Frames come one by one also where nobody sees them drawn. @param {() => boolean} holds @returns {Promise<void>} */
  function until(holds) {
    if (holds()) return Promise.resolve();
    busy = true;
    return new Promise((done) => {
      const timer = setInterval(() => app.drawn(), UNSEEN_MS);
      const look = () => {
        if (!holds()) return;
        clearInterval(timer);
        waiting.delete(look);
        busy = false;
        done();
      };
      waiting.add(look);
    });
  }

  async function snapshot() {
    const { good } = /** @type {import("./app.js").View} */ (app.view);
    const lanes = await app.snapshots();
    if (!lanes) throw new Refusal("cmd", "the run has just changed; allowed: to ask again");
    return { link: encode(good, baseOf(good)), lanes };
  }

  /** How the run stands, as it is told. */
  function told() {
    const { view, record } = app;
    const good = view?.good ?? app.state;
    return {
      playing: app.playing,
      waiting: frame.waiting(),
      ended: app.ended,
      iteration: furthest(),
      link: encode(good, baseOf(good)),
      config: jsonOf(good),
      lanes: (record?.lanes ?? []).map((lane) => ({
        lane: lane.lane,
        title: lane.title,
        status: lane.status,
        reason: lane.reason,
        iteration: lane.at,
        epoch: lane.epoch,
        gradient_evals: lane.evals,
        loss: last(lane, "loss"),
        grad_norm: last(lane, "grad_norm"),
        ...(lane.columns.val_loss ? { val_loss: last(lane, "val_loss") } : {}),
        ...(lane.columns.val_accuracy ? { val_accuracy: last(lane, "val_accuracy") } : {}),
        ...(lane.points > 0 && lane.dim <= POINT_MAX
          ? { point: [...lane.path.subarray(lane.dim * (lane.points - 1), lane.dim * lane.points)] }
          : {}),
      })),
    };
  }

  function changed() {
    for (const look of [...waiting]) look();
    if (watchers.size === 0) return;
    const { record } = app;
    const key = [record?.run, app.playing, ...(record?.lanes ?? []).map((lane) => lane.status)].join();
    if (key === toldFor) return;
    toldFor = key;
    for (const answer of watchers.values()) answer({ type: "state", state: told() });
  }

  return {
    hear,
    changed,
    /** From now on commands are obeyed. */
    open,
    /** The first `init` has been followed or refused. @type {Promise<unknown>} */
    begun,
  };
}

/** @param {Body} body @throws {Refusal} */
function checkBody(body) {
  if (body.v !== 1) throw new Refusal("v", `${said(body.v)} is not known; allowed: 1`);
  if (!(typeof body.id === "string" || Number.isFinite(body.id)))
    throw new Refusal("id", `${said(body.id)} names no request; allowed: a text or a number`);
  const { cmd } = body;
  if (typeof cmd !== "string" || !COMMANDS.includes(cmd))
    throw new Refusal("cmd", `${said(cmd)} is not known; allowed: ${COMMANDS.join(", ")}`);
  const fields = FIELDS[cmd] ?? [];
  const unknown = Object.keys(body).find((key) => !["v", "id", "cmd", ...fields].includes(key));
  if (unknown !== undefined)
    throw new Refusal(unknown, `is not known of ${cmd}; allowed: ${fields.join(", ") || "no field"}`);
  const { n, wait, watch, show, hide } = body;
  if (n !== undefined && !(Number.isInteger(n) && Number(n) >= 1 && Number(n) <= STEPS_MAX))
    throw new Refusal("n", `${said(n)} is no number of iterations; allowed: whole numbers from 1 to ${STEPS_MAX}`);
  for (const [name, flag] of Object.entries({ wait, watch }))
    if (flag !== undefined && typeof flag !== "boolean")
      throw new Refusal(name, `${said(flag)} is no answer; allowed: true, false`);
  for (const [name, list] of Object.entries({ show, hide }))
    if (list !== undefined && typeof list !== "string" && !isTexts(list))
      throw new Refusal(name, `${said(list)} is no list of parts; allowed: a text with commas, or a list of texts`);
  if (body.config !== undefined && body.snapshot !== undefined)
    throw new Refusal("snapshot", "stands beside a config; allowed: one of the two");
}

/** @param {unknown} list @returns {list is string[]} */
function isTexts(list) {
  return Array.isArray(list) && list.every((name) => typeof name === "string");
}

/** @param {unknown} list @returns {string[]} */
function namesOf(list) {
  return typeof list === "string" ? list.split(",").map((name) => name.trim()) : /** @type {string[]} */ (list);
}

/** @param {any} snapshot @returns {{ link: string, lanes: Uint8Array[] }} */
function readSnapshot(snapshot) {
  if (typeof snapshot?.link !== "string")
    throw new Refusal("snapshot.link", `${said(snapshot?.link)} is no link; allowed: what snapshot answered`);
  const { link, lanes } = snapshot;
  if (!Array.isArray(lanes) || !lanes.every((bytes) => bytes instanceof Uint8Array))
    throw new Refusal("snapshot.lanes", "are no saved sessions; allowed: what snapshot answered");
  return { link, lanes };
}
