/**
 * The language in which a lesson says what is to be found in a run: conditions, as plain data. Pure; knows no document.
 *
 * A condition names a quantity and what it is compared with. `{ lane: "adam", read: "loss", within: 200, below: 1e-3 }`
 * holds if a lane with Adam has had a loss below 10⁻³ within 200 iterations. docs/lessons.md has the whole language.
 */

import { exact, short } from "./format.js";
import { at, decode, same, TABLE } from "./state.js";
import { L } from "./views/lesson_texts.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Lane} Lane */
/** @typedef {import("./record.js").Record} Record */
/** @typedef {import("./record.js").LaneRecord} LaneRecord */
/** @typedef {import("./protocol.js").Catalog} Catalog */
/** @typedef {string | number | boolean} Plain */
/** A lane's number, or its method: any lane with that one; several of these; or `"any"` lane. @typedef {number | string | (number | string)[]} Which */
/**
 * What is read, and where.
 * @typedef {object} Quantity
 * @property {Which} [lane]
 * @property {"tune" | "recipe"} [page] what that page has found
 * @property {string} [read] of the record, or of what the page has found
 * @property {string} [setting] of the lane, or a key of the link
 * @property {"last" | "first" | "lowest" | "highest"} [of] which number of a column; the last unless said
 * @property {number} [at] the number at this iteration
 * @property {number} [reaches] the iterations until the column is not above this
 * @property {number} [times] a factor on the number
 * @property {string} [by] the column that `within` and `reaches` count in, in place of iterations
 */
/**
 * @typedef {Quantity & {
 *   below?: number | Quantity, above?: number | Quantity, is?: Plain | Plain[], is_not?: Plain | Plain[],
 *   within?: number, has?: Condition[], any?: Condition[],
 * }} Condition
 */
/**
 * What conditions are about.
 * @typedef {object} Facts
 * @property {State} state what runs
 * @property {Record | null} record
 * @property {Catalog} catalog
 * @property {{ [page: string]: { [name: string]: unknown } }} pages what Tune and Recipe have found
 */
/** @typedef {{ met: boolean, said: string }} Judged `said` has what was found, with the number, and what is wanted */
/** @typedef {{ settings: Lane, record: LaneRecord | undefined, title: string }} Lane_ */
/** What a quantity came to; `least` says that it is that or more, as the run is not over. @typedef {{ value: unknown, why?: string, least?: boolean }} Found */

/** Each condition on its own. @param {Condition[]} conditions @param {Facts} facts @returns {Judged[]} */
export function judge(conditions, facts) {
  return conditions.map((condition) => judgeOne(condition, facts, null));
}

/** Whether all of them hold. @param {Condition[]} conditions @param {Facts} facts */
export function holds(conditions, facts) {
  return judge(conditions, facts).every(({ met }) => met);
}

/** @param {Condition} condition @param {Facts} facts @param {Lane_ | null} within the lane that is spoken of @returns {Judged} */
function judgeOne(condition, facts, within) {
  if (condition.any) return anyOf(condition.any.map((one) => judgeOne(one, facts, within)));
  if (condition.lane === undefined) return compared(condition, facts, within);
  const lanes = lanesOf(condition.lane, facts);
  if (lanes.length === 0) return { met: false, said: L.noLane(nameOf(condition.lane, facts)) };
  return best(
    lanes.map((lane) => {
      if (!condition.has) return compared(condition, facts, lane);
      const parts = condition.has.map((one) => judgeOne(one, facts, lane));
      const said = parts.map((part) => part.said.replace(`${lane.title}: `, "")).join("; ");
      const missing = parts.filter(({ met }) => !met).length;
      return { met: missing === 0, said: `${lane.title}: ${said}`, missing };
    }),
  );
}

/** The one to which the least is missing, the last of equals: lanes that are changed stand behind what they are compared with. @param {(Judged & { missing?: number })[]} found @returns {Judged} */
function best(found) {
  const lacks = (/** @type {Judged & { missing?: number }} */ { met, missing = met ? 0 : 1 }) => missing;
  const { met, said } = found.reduce((a, b) => (lacks(b) <= lacks(a) ? b : a));
  return { met, said };
}

/** @param {Judged[]} found @returns {Judged} */
function anyOf(found) {
  const held = found.find(({ met }) => met);
  return held ?? { met: false, said: found.map(({ said }) => said).join(` ${L.or} `) };
}

/** @param {Condition} condition @param {Facts} facts @param {Lane_ | null} lane @returns {Judged} */
function compared(condition, facts, lane) {
  const { within } = condition;
  const low = condition.below !== undefined;
  const found =
    within === undefined
      ? numberOf(condition, facts, lane)
      : extremeOf(lane?.record, condition, within, low ? Math.min : Math.max);
  const subject = lane ? `${lane.title}: ` : "";
  const name = L.quantity(wordsOf(condition), within, low);
  if (found.value === undefined || found.value === null)
    return { met: false, said: `${subject}${name}: ${found.why ?? L.nothing}` };
  const checks = comparisons(condition, facts);
  const met = checks.every(({ bound, holds }) => bound !== undefined && holds(found.value, Boolean(found.least)));
  // What is as it should be need not be told twice.
  const told = checks.filter(({ plain }) => !(met && plain)).map(({ said }) => said);
  const wanted = told.length > 0 ? `, ${met ? "" : L.wanted}${told.join(L.and)}` : "";
  return { met, said: `${subject}${name} ${found.least ? L.least : ""}${written(found.value)}${wanted}` };
}

/** @param {Condition} condition @param {Facts} facts */
function comparisons({ below, above, is, is_not }, facts) {
  /** @type {{ bound: unknown, said: string, plain?: boolean, holds: (value: unknown, least: boolean) => boolean }[]} */
  const checks = [];
  const add = (
    /** @type {number | Quantity | undefined} */ side,
    /** @type {(said: string) => string} */ say,
    /** @type {(value: number, bound: Found, least: boolean) => boolean} */ holds,
  ) => {
    if (side === undefined) return;
    const bound = boundOf(side, facts);
    const number = bound.found.value;
    checks.push({
      bound: number ?? undefined,
      said: say(bound.said),
      holds: (value, least) => typeof value === "number" && holds(value, bound.found, least),
    });
  };
  // "At least so many" may become any more: it is below nothing, and nothing is above it but what is above it already.
  add(below, L.below, (value, bound, least) => !least && value < Number(bound.value));
  add(above, L.above, (value, bound) => !bound.least && value > Number(bound.value));
  if (is !== undefined) {
    const list = [is].flat();
    const said = list.map(given).join(` ${L.or} `);
    checks.push({ bound: true, said, plain: true, holds: (v) => list.some((w) => alike(v, w)) });
  }
  if (is_not !== undefined) {
    const list = [is_not].flat();
    const said = L.not(list.map(given).join(` ${L.or} `));
    checks.push({ bound: true, said, plain: true, holds: (v) => !list.some((w) => alike(v, w)) });
  }
  return checks;
}

/** @param {number | Quantity} side @param {Facts} facts @returns {{ found: Found, said: string }} */
function boundOf(side, facts) {
  if (typeof side === "number") return { found: { value: side }, said: exact(side) };
  const [lane] = side.lane === undefined ? [null] : lanesOf(side.lane, facts);
  if (lane === undefined) return { found: { value: undefined }, said: L.noLane(nameOf(side.lane ?? 0, facts)) };
  const found = numberOf(side, facts, lane);
  const { times = 1 } = side;
  const number = typeof found.value === "number" ? found.value : undefined;
  const name = `${lane ? `${lane.title}, ` : ""}${L.quantity(wordsOf(side), undefined, true)}`;
  const said = number === undefined ? `${name} (${found.why ?? L.nothing})` : L.bound(times, written(number), name);
  return { found: { ...found, value: number === undefined ? undefined : times * number }, said };
}

/** @param {Quantity} quantity @param {Facts} facts @param {Lane_ | null} lane @returns {Found} */
function numberOf(quantity, facts, lane) {
  const { setting, read = "", page } = quantity;
  if (page) return { value: facts.pages[page]?.[read] };
  if (!lane) return { value: settingOf(facts.state, String(setting)) };
  if (setting !== undefined) return { value: laneSetting(lane.settings, setting, facts) };
  const { record } = lane;
  if (!record) return { value: undefined };
  const known = ofLane(record, read);
  if (known !== undefined) return { value: known };
  return columnValue(record, quantity);
}

/** What is no column. @param {LaneRecord} record @param {string} read @returns {unknown} */
function ofLane(record, read) {
  if (read === "status") return record.status;
  if (read === "iterations") return record.at;
  if (read === "gradients") return record.evals;
  if (read === "rejected") return columnOf(record, "accepted")?.filter((v) => v === 0).length;
  if (read === "best_at") return record.best?.iteration ?? null;
  const point = /^point\.(\d+)$/.exec(read);
  if (point) return record.points > 0 ? record.path[(record.points - 1) * record.dim + Number(point[1])] : null;
  const tested = /^test_(accuracy|loss|r2)$/.exec(read);
  if (tested) return /** @type {any} */ (record.tested?.metrics)?.[tested[1] ?? ""] ?? null;
  return undefined;
}

/** @param {LaneRecord} record @param {Quantity} quantity @returns {Found} */
function columnValue(record, { read = "", of = "last", at: iteration, reaches, by = "iteration" }) {
  const column = columnOf(record, read);
  if (!column) return { value: undefined, why: record.rows === 0 ? L.notRun : L.noColumn(read) };
  const iterations = /** @type {Float64Array} */ (columnOf(record, "iteration"));
  if (iteration !== undefined) {
    if (record.at < iteration) return { value: undefined, why: L.only(record.at) };
    return { value: column[iterations.findLastIndex((k, i) => k <= iteration && !Number.isNaN(column[i] ?? NaN))] };
  }
  if (reaches !== undefined) {
    const row = column.findIndex((v) => v <= reaches);
    const spent = columnOf(record, by);
    if (!spent) return { value: undefined, why: L.noColumn(by) };
    if (row >= 0) return { value: spent[row] };
    return over(record) ? { value: Number.POSITIVE_INFINITY } : { value: spent[spent.length - 1], least: true };
  }
  const numbers = column.filter((v) => !Number.isNaN(v));
  if (numbers.length === 0) return { value: undefined, why: L.notRun };
  if (of === "first") return { value: numbers[0] };
  if (of === "last") return { value: numbers[numbers.length - 1] };
  return { value: numbers.reduce((a, b) => (of === "lowest" ? Math.min(a, b) : Math.max(a, b))) };
}

/** The least or greatest of a column up to an iteration. @param {LaneRecord | undefined} record @param {Quantity} quantity @param {number} within @param {(a: number, b: number) => number} pick @returns {Found} */
function extremeOf(record, { read = "", by = "iteration" }, within, pick) {
  if (!record?.rows) return { value: undefined, why: L.notRun };
  const column = columnOf(record, read);
  const spent = columnOf(record, by);
  if (!column || !spent) return { value: undefined, why: L.noColumn(column ? by : read) };
  const numbers = column.filter((v, i) => Number(spent[i]) <= within && !Number.isNaN(v));
  return numbers.length > 0 ? { value: numbers.reduce((a, b) => pick(a, b)) } : { value: undefined, why: L.notRun };
}

/** @param {LaneRecord} record @param {string} name */
function columnOf(record, name) {
  return Object.hasOwn(record.columns, name) ? record.columns[name]?.subarray(0, record.rows) : undefined;
}

/** Whether a lane has ended. @param {LaneRecord} record */
export function over({ status }) {
  return status !== "running" && status !== "paused";
}

/** @param {Which} which @param {Facts} facts @returns {Lane_[]} */
function lanesOf(which, { state, record, catalog }) {
  const methods = state.lanes.map((lane) => lane.optimizer.name);
  const wanted = [which].flat();
  return state.lanes.flatMap((settings) => {
    const { name } = settings.optimizer;
    if (which !== "any" && !wanted.includes(settings.mark) && !wanted.includes(name)) return [];
    const plain = catalog.methods.find((method) => method.name === name)?.title ?? name;
    const twin = methods.filter((other) => other === name).length > 1;
    const title = twin ? L.laneOf(settings.mark, plain) : plain;
    return [{ settings, record: record?.lanes.find(({ lane }) => lane === settings.mark), title }];
  });
}

/** @param {Which} which @param {Facts} facts @returns {string} */
function nameOf(which, facts) {
  if (Array.isArray(which)) return which.map((one) => nameOf(one, facts)).join(` ${L.or} `);
  if (typeof which === "number") return L.laneNumber(which);
  return facts.catalog.methods.find(({ name }) => name === which)?.title ?? which;
}

/** @param {State} state @param {string} key of the link */
function settingOf(state, key) {
  const entry = TABLE.find(([known]) => known === key);
  const value = entry && at(state, entry[1]);
  return Array.isArray(value) ? value.join(",") : value;
}

/** @param {Lane} lane @param {string} setting @param {Facts} facts @returns {unknown} */
function laneSetting({ optimizer, schedule, batch_size }, setting, { state, catalog }) {
  if (setting === "method") return optimizer.name;
  if (setting === "batch") return batch_size ?? state.config.batch_size;
  if (setting === "schedule") return schedule?.name ?? "constant";
  if (setting.startsWith("schedule.")) return schedule?.[setting.slice("schedule.".length)] ?? null;
  const method = catalog.methods.find(({ name }) => name === optimizer.name);
  return optimizer[setting] ?? method?.fields.find(({ name }) => name === setting)?.default ?? null;
}

/** @param {unknown} a @param {unknown} b */
function alike(a, b) {
  return a === b || (a !== null && a !== undefined && String(a) === String(b));
}

/** What a lesson gives, with all its digits. @param {unknown} value */
function given(value) {
  return typeof value === "number" ? exact(value) : written(value);
}

/** @param {unknown} value */
function written(value) {
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e6 ? exact(value) : short(value);
  return L.values[String(value)] ?? String(value);
}

/** @param {Quantity} quantity */
function wordsOf({ setting, read, of, at: iteration, reaches, by }) {
  const name = setting !== undefined ? (L.settings[setting] ?? setting) : (L.reads[read ?? ""] ?? read ?? "");
  return {
    name,
    of,
    at: iteration,
    reaches: reaches === undefined ? undefined : exact(reaches),
    by: L.units[by ?? ""] ?? by ?? L.iterations,
  };
}

/**
 * The state that a step asks for: the lesson's own with what `set` says. A lane that `set` names takes the place of the
 * lane with that number, an empty one goes. A `set` that names a kind is a whole state.
 * @param {State} prepared @param {string} set @param {(kind: string, name?: string) => State} baseState @returns {State}
 */
export function withSet(prepared, set, baseState) {
  if (/(^|&)kind=/.test(set)) return decode(set, baseState).state;
  const { state } = decode(set, () => prepared);
  const marks = [...set.matchAll(/(?:^|&)lane([1-6])=/g)].map(([, mark]) => Number(mark));
  if (marks.length > 0) {
    const kept = prepared.lanes.filter(({ mark }) => !marks.includes(mark));
    state.lanes = [...structuredClone(kept), ...state.lanes].sort((a, b) => a.mark - b.mark);
  }
  const selected = /(^|&)lane=/.test(set) ? state.selected : prepared.selected;
  state.selected = Math.max(0, Math.min(selected, state.lanes.length - 1));
  return state;
}

/** Whether a state has what `set` names, by whatever way it came to it; how it is looked at does not count. @param {State} now @param {State} wanted @param {string} set */
export function isSet(now, wanted, set) {
  return set
    .split("&")
    .filter((part) => part !== "" && !/^(speed|lane|theme|run)=/.test(part))
    .every((part) => {
      const key = part.split("=")[0] ?? "";
      const mark = /^lane([1-6])$/.exec(key)?.[1];
      const laneOf = (/** @type {State} */ state) => state.lanes.find((lane) => lane.mark === Number(mark));
      if (mark) return same(laneOf(now), laneOf(wanted));
      const path = TABLE.find(([known]) => known === key)?.[1] ?? "";
      return same(at(now, path), at(wanted, path));
    });
}
