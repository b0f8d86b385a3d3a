/** A state of the page from a file: checked by the same rules as a link, and put together from configs. */

import { baseState } from "../../presets.js";
import { at, LANES_MAX, put, same, TABLE } from "../../state.js";
import { fault } from "./record_text.js";

/** @typedef {import("../../state.js").State} State */

/** Keys of a config that are the state's own or each lane's. */
const OWN = new Set(["optimizer", "schedule", "batch_size", "record", "clip_norm", "precision"]);

/**
 * The state that a file describes: what it says of the page, and where it says nothing what the problem begins with.
 * Throws a `Fault` with the path in the file.
 * @param {import("./record_text.js").Read} read @returns {State}
 */
export function stateOf({ state, configs }) {
  return state ? checked(state) : joined(configs);
}

/** @param {any} given @returns {State} */
function checked(given) {
  const problem = given.config?.problem;
  if (typeof problem !== "object" || problem === null || typeof problem.kind !== "string")
    throw fault("state.config.problem", "is not an object with a kind");
  if (!Array.isArray(given.lanes) || given.lanes.length > LANES_MAX)
    throw fault("state.lanes", `is not a list of at most ${LANES_MAX} lanes`);
  /** @type {Set<number>} */
  const marks = new Set();
  given.lanes.forEach((/** @type {any} */ lane, /** @type {number} */ i) => {
    const path = `state.lanes[${i}]`;
    if (!(lane?.mark >= 1 && lane.mark <= LANES_MAX && Number.isInteger(lane.mark)) || marks.has(lane.mark))
      throw fault(`${path}.mark`, `is not a whole number from 1 to ${LANES_MAX} that no other lane has`);
    marks.add(lane.mark);
    if (typeof lane.optimizer?.name !== "string") throw fault(`${path}.optimizer.name`, "is not the name of a method");
  });
  const base = baseState(problem.kind);
  /** @type {State} */
  const state = { ...base, config: given.config, lanes: given.lanes };
  for (const [, path, codec] of TABLE) {
    if (path.startsWith("config.")) continue;
    const value = at(given, path);
    // What the page begins with need not be what a link may say.
    if (value === undefined || same(value, at(base, path))) continue;
    if (!fits(codec, value, at(base, path)))
      throw fault(`state.${path}`, `is not ${codec.allowed ?? "of the kind that the page has there"}`);
    put(state, path, value);
  }
  state.selected = Math.max(0, Math.min(Math.floor(state.selected), state.lanes.length - 1));
  return structuredClone(state);
}

/** @param {import("../../state.js").Codec} codec @param {any} value @param {any} former */
function fits(codec, value, former) {
  if (!codec.ok) return alike(value, former);
  try {
    return codec.ok(value);
  } catch {
    return false;
  }
}

/** Whether a value can stand where another does. @param {any} value @param {any} other */
function alike(value, other) {
  if (other === undefined) return ["number", "string"].includes(typeof value);
  if (Array.isArray(other)) return Array.isArray(value) && value.every((v) => typeof v !== "object");
  if (typeof other !== "object")
    return typeof value === typeof other || typeof value === "number" || typeof value === "string";
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(other).every((key) => typeof value[key] === typeof other[key])
  );
}

/** Lanes that share all but their method, its schedule and their batches. @param {Record<string, any>[]} configs @returns {State} */
function joined(configs) {
  const first = configs[0] ?? {};
  if (configs.length === 0 || configs.length > LANES_MAX)
    throw fault("", `${configs.length} configs; from 1 to ${LANES_MAX} are lanes of one page`);
  configs.forEach((config, i) => {
    for (const key of new Set([...Object.keys(first), ...Object.keys(config)]))
      if (!OWN.has(key) && !same(first[key], config[key]))
        throw fault(
          `[${i}].${key}`,
          "differs from that of the first config; lanes share all but method, schedule and batch_size",
        );
  });
  const { problem } = first;
  const name = problem.kind === "surface" ? problem.name : (problem.data?.name ?? problem.model ?? problem.a?.name);
  const base = structuredClone(baseState(problem.kind, name));
  const apart = configs.some(({ batch_size }) => !same(batch_size, first.batch_size));
  const { optimizer: _, schedule: __, record, ...shared } = first;
  const { ema, train_score: ___, ...recorded } = record ?? {};
  for (const key of ["clip_norm", "precision"])
    shared[key] = configs.map((config) => config[key]).find((v) => v != null) ?? undefined;
  if (apart) shared.batch_size = undefined;
  return {
    ...base,
    ...(typeof ema === "number" && ema >= 0 && ema <= 1 ? { ema } : {}),
    config: structuredClone(defined({ ...shared, record: record && recorded })),
    lanes: configs.map(({ optimizer, schedule, batch_size }, i) => ({
      mark: i + 1,
      optimizer: structuredClone(optimizer),
      ...(schedule ? { schedule: structuredClone(schedule) } : {}),
      ...(apart ? { batch_size } : {}),
    })),
    selected: 0,
  };
}

/** What is neither undefined nor null. @param {Record<string, any>} fields */
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}
