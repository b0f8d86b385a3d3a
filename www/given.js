/**
 * A run as another program says it: one config, a list of them, the page's state, or the hash of a link.
 *
 * What is given is not trusted. Here it is seen to be plain JSON whose keys are known; whether the values can be run, the
 * engine says.
 */

import { baseOf, baseState } from "./presets.js";
import { at, decode, LANES_MAX, put, same, TABLE } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Lane} Lane */
/** @typedef {{ [key: string]: unknown }} Json */

/** What was given cannot be followed: which field it is, and what is allowed there. */
export class Refusal extends Error {
  /** @param {string} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** Keys of a SessionConfig that all lanes share. */
const SHARED = [
  "problem",
  "shuffle",
  "seed",
  "data_seed",
  "init_seed",
  "batch_seed",
  "precision",
  "clip_norm",
  "record",
  "stop",
  "batch_size",
];
const SESSION = ["optimizer", "schedule", ...SHARED];
/** What is looked at, and how each key is checked: by the table of the hash. */
const VIEW = TABLE.filter(([, path]) => !/^(config|tune|recipe)\./.test(path) && path !== "tab" && path !== "opened");
/** Parts of the page's state that mean nothing to a run; they may stand there. */
const ASIDE = ["tab", "opened", "tune", "recipe"];
const PAGE = ["config", "lanes", ...VIEW.map(([, path]) => path), ...ASIDE];
const LANE = ["mark", "optimizer", "schedule", "batch_size"];

const DEPTH_MAX = 12;
const VALUES_MAX = 2_000_000;

/**
 * The state that `given` describes. Without `current` what is not said comes from the base state of the same problem, with
 * it from there.
 * @param {unknown} given @param {State | null} current @param {string} [field] what it is called
 * @returns {State}
 * @throws {Refusal}
 */
export function stateOf(given, current, field = "config") {
  if (typeof given === "string") return ofLink(given, field);
  checkPlain(given, field);
  if (Array.isArray(given)) return ofList(given, current, field);
  if (!isObject(given))
    throw new Refusal(field, `${said(given)} is no run; allowed: an object, a list of objects, or the hash of a link`);
  const session = Object.keys(given).filter((key) => SESSION.includes(key));
  const page = Object.keys(given).filter((key) => PAGE.includes(key));
  if (session.length > 0 && page.length > 0)
    throw new Refusal(
      `${field}.${page[0]}`,
      `belongs to a page's state and ${session[0]} to a session; allowed: one of the two kinds`,
    );
  if (page.length > 0) return ofPage(given, current, field);
  checkKeys(given, session.length > 0 ? SESSION : [...SESSION, ...PAGE], field);
  return current ? changed(given, current, field) : ofSession(given, field);
}

/** A state as JSON that `stateOf` reads: endless speed has a word. @param {State} state @returns {Json} */
export function jsonOf(state) {
  const { config, lanes } = state;
  /** @type {Json} */
  const view = {};
  for (const [, path, codec] of VIEW) {
    const value = at(state, path);
    if (same(value, at(baseOf(state), path))) continue;
    view[path] = value === Number.POSITIVE_INFINITY ? codec.format(value) : value;
  }
  return structuredClone({ config, lanes, ...view });
}

/** Where a fault of the engine lies in what was given. @param {import("./protocol.js").Fault} fault @param {unknown} given @param {string} [field] @returns {Refusal} */
export function refusalOf({ path, message, lane }, given, field = "config") {
  const own = /^(optimizer|schedule)\b/.test(path);
  const parts = (() => {
    if (Array.isArray(given)) return [`${field}[${lane ?? 0}]`, path];
    if (!isObject(given) || !PAGE.some((key) => key in given)) return [field, path];
    return own && lane !== null ? [`${field}.lanes[${lane}]`, path] : [`${field}.config`, path];
  })();
  return new Refusal(parts.filter(Boolean).join("."), message);
}

/** @param {string} hash @param {string} field */
function ofLink(hash, field) {
  const { state, errors } = decode(hash, baseState);
  const [error] = errors;
  if (error) throw new Refusal(`${field}.${error.path}`, error.message);
  state.tab = "run";
  return state;
}

/** @param {Json} config @param {string} field @returns {State} */
function ofSession(config, field) {
  const { optimizer, schedule, ...rest } = config;
  const state = started(rest, field);
  state.lanes = [laneOf({ optimizer, ...(schedule == null ? {} : { schedule }) }, 1, field)];
  state.selected = 0;
  return state;
}

/** @param {unknown[]} list @param {State | null} current @param {string} field @returns {State} */
function ofList(list, current, field) {
  if (list.length === 0 || list.length > LANES_MAX)
    throw new Refusal(field, `${list.length} configs cannot race; allowed: 1 to ${LANES_MAX}`);
  const configs = list.map((config, i) => {
    if (!isObject(config)) throw new Refusal(`${field}[${i}]`, `${said(config)} is no config; allowed: an object`);
    checkKeys(config, SESSION, `${field}[${i}]`);
    return config;
  });
  const [first = {}] = configs;
  const sizes = configs.map(({ batch_size }) => batch_size);
  const apart = sizes.some((size) => size !== sizes[0]);
  for (const [i, config] of configs.entries())
    for (const key of SHARED)
      if (key !== "batch_size" && !same(config[key], first[key]))
        throw new Refusal(`${field}[${i}].${key}`, `lanes differ in method only; allowed: what ${field}[0] has`);
  const { optimizer, schedule, batch_size, ...rest } = first;
  const shared = apart || batch_size === undefined ? rest : { ...rest, batch_size };
  const lanes = configs.map((config, i) =>
    laneOf(
      {
        optimizer: config.optimizer,
        ...(config.schedule == null ? {} : { schedule: config.schedule }),
        ...(apart && config.batch_size !== undefined ? { batch_size: config.batch_size } : {}),
      },
      i + 1,
      `${field}[${i}]`,
    ),
  );
  const base = current && first.problem === undefined ? current : started(shared, `${field}[0]`);
  return { ...structuredClone(base), lanes, selected: Math.min(base.selected, lanes.length - 1) };
}

/** @param {Json} given @param {State | null} current @param {string} field @returns {State} */
function ofPage(given, current, field) {
  checkKeys(given, PAGE, field);
  const { config = {}, lanes, ...view } = given;
  if (!isObject(config)) throw new Refusal(`${field}.config`, `${said(config)} is no config; allowed: an object`);
  checkKeys(config, SHARED, `${field}.config`);
  const state = current
    ? changed(config, current, `${field}.config`)
    : given.config === undefined
      ? structuredClone(baseState("surface"))
      : started(config, `${field}.config`);
  if (lanes !== undefined) state.lanes = lanesOf(lanes, `${field}.lanes`);
  for (const [key, value] of Object.entries(view)) if (!ASIDE.includes(key)) look(state, key, value, `${field}.${key}`);
  state.selected = Math.max(0, Math.min(Math.floor(state.selected), state.lanes.length - 1));
  return state;
}

/** The base state of a problem with these settings and no others. @param {Json} config @param {string} field @returns {State} */
function started(config, field) {
  const { problem } = config;
  if (!isObject(problem) || typeof problem.kind !== "string")
    throw new Refusal(`${field}.problem`, `${said(problem)} is no problem; allowed: an object with a kind`);
  const base = baseOf(/** @type {any} */ ({ config: { problem } }));
  return withSmoothing({ ...structuredClone(base), config: structuredClone(withoutNull(config)) });
}

/**
 * `current` with some settings changed. A problem with a kind, and a method or schedule with a name, take the place of what
 * there was; without, they change some of its fields. `null` takes a field out.
 * @param {Json} given @param {State} current @param {string} field @returns {State}
 */
function changed(given, current, field) {
  const state = structuredClone(current);
  const { optimizer, schedule, ...rest } = given;
  for (const [key, value] of Object.entries(rest)) {
    if (key === "problem" && !isObject(value))
      throw new Refusal(`${field}.problem`, `${said(value)} is no problem; allowed: an object`);
    const whole = !isObject(value) || (key === "problem" && "kind" in value);
    const merged = whole ? value : { ...(isObject(state.config[key]) ? state.config[key] : {}), ...value };
    put(state.config, key, isObject(merged) ? withoutNull(merged) : (merged ?? undefined));
  }
  const lane = state.lanes[state.selected];
  if ((optimizer !== undefined || schedule !== undefined) && !lane)
    throw new Refusal(`${field}.optimizer`, "there is no lane; allowed: a list of lanes");
  if (lane) {
    const changes = {
      optimizer: optimizer === undefined ? lane.optimizer : partly(optimizer, lane.optimizer),
      schedule: schedule === undefined ? lane.schedule : partly(schedule, lane.schedule ?? {}),
    };
    const { batch_size, mark } = lane;
    const own = batch_size === undefined ? {} : { batch_size };
    const dated = changes.schedule == null ? {} : { schedule: changes.schedule };
    state.lanes[state.selected] = laneOf({ optimizer: changes.optimizer, ...dated, ...own }, mark, field);
  }
  return withSmoothing(state);
}

/** @param {unknown} value @param {Json} former */
function partly(value, former) {
  return isObject(value) && !("name" in value) ? withoutNull({ ...former, ...value }) : value;
}

/** The page has one smoothing for its curves and its record. @param {State} state @returns {State} */
function withSmoothing(state) {
  const { ema, ...record } = /** @type {Json} */ (state.config.record ?? {});
  if (ema === undefined) return state;
  look(state, "ema", ema, "config.record.ema");
  put(state.config, "record", Object.keys(record).length > 0 ? record : undefined);
  return state;
}

/** @param {unknown} lanes @param {string} field @returns {Lane[]} */
function lanesOf(lanes, field) {
  if (!Array.isArray(lanes) || lanes.length > LANES_MAX)
    throw new Refusal(field, `${said(lanes)} is no list of lanes; allowed: up to ${LANES_MAX} objects`);
  const made = lanes.map((lane, i) => laneOf(lane, i + 1, `${field}[${i}]`));
  made.forEach(({ mark }, i) => {
    if (made.findIndex((lane) => lane.mark === mark) < i)
      throw new Refusal(`${field}[${i}].mark`, `${mark} is taken; allowed: a number that no other lane has`);
  });
  return made;
}

/** @param {unknown} lane @param {number} mark @param {string} field @returns {Lane} */
function laneOf(lane, mark, field) {
  if (!isObject(lane)) throw new Refusal(field, `${said(lane)} is no lane; allowed: an object with an optimizer`);
  checkKeys(lane, LANE, field);
  const { optimizer, schedule } = lane;
  const marked = lane.mark ?? mark;
  if (!(Number.isInteger(marked) && Number(marked) >= 1 && Number(marked) <= LANES_MAX))
    throw new Refusal(`${field}.mark`, `${said(marked)} is no mark; allowed: whole numbers from 1 to ${LANES_MAX}`);
  if (!isObject(optimizer) || typeof optimizer.name !== "string")
    throw new Refusal(`${field}.optimizer`, `${said(optimizer)} is no method; allowed: an object with a name`);
  if (schedule != null && !(isObject(schedule) && typeof schedule.name === "string"))
    throw new Refusal(`${field}.schedule`, `${said(schedule)} is no schedule; allowed: an object with a name`);
  return /** @type {Lane} */ (structuredClone({ ...withoutNull(lane), mark: marked }));
}

/** Sets what is looked at, if the table of the hash allows it. @param {State} state @param {string} key @param {unknown} value @param {string} field */
function look(state, key, value, field) {
  const codec = VIEW.find(([, path]) => path === key)?.[2];
  const former = at(state, key);
  if (key === "log") {
    const known = Object.keys(former);
    if (!isObject(value) || Object.values(value).some((on) => typeof on !== "boolean"))
      throw new Refusal(field, `${said(value)} is not known; allowed: true or false for each chart`);
    checkKeys(value, known, field);
    return put(state, key, { ...former, ...value });
  }
  const meant = value === "max" ? Number.POSITIVE_INFINITY : value;
  if (!same(meant, former) && codec?.ok && !codec.ok(meant))
    throw new Refusal(field, `${said(value)} is not ${codec.allowed}`);
  put(state, key, structuredClone(meant));
}

/** @param {Json} object @param {readonly string[]} allowed @param {string} field */
function checkKeys(object, allowed, field) {
  const unknown = Object.keys(object).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw new Refusal(`${field}.${unknown}`, `is not known; allowed: ${allowed.join(", ")}`);
}

/** Refuses what JSON cannot say, and what is endless. @param {unknown} value @param {string} field */
export function checkPlain(value, field) {
  let left = VALUES_MAX;
  /** @param {unknown} v @param {string} path @param {number} depth */
  const check = (v, path, depth) => {
    left -= 1;
    if (left < 0) throw new Refusal(field, `is too large; allowed: up to ${VALUES_MAX} values`);
    if (depth > DEPTH_MAX) throw new Refusal(path, `is nested too deep; allowed: ${DEPTH_MAX} levels`);
    if (v === null || ["undefined", "boolean", "number", "string"].includes(typeof v)) return;
    if (Array.isArray(v)) {
      for (let i = 0; i < v.length; i += 1) check(v[i], `${path}[${i}]`, depth + 1);
      return;
    }
    if (!isObject(v)) throw new Refusal(path, "is no JSON; allowed: objects, lists, numbers, texts, true, false, null");
    for (const [key, item] of Object.entries(v)) {
      if (key === "__proto__") throw new Refusal(`${path}.${key}`, "is not known; allowed: any other name");
      check(item, `${path}.${key}`, depth + 1);
    }
  };
  check(value, field, 0);
}

/** @param {unknown} value @returns {value is Json} */
function isObject(value) {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** @param {Json} object */
function withoutNull(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
}

/** A value, short enough for a sentence. @param {unknown} value */
export function said(value) {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text || "an empty text";
}
