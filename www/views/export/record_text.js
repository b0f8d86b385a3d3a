/**
 * A run as text, and back: its record as JSON or CSV, its parameters, its configs.
 *
 * A number is written in the fewest digits that read back to the same bits. What JSON has no number for is a string:
 * "NaN", "Infinity", "-Infinity", and "-0"; in CSV they stand bare.
 */

/** @typedef {import("../../protocol.js").Exported} Exported */
/** @typedef {import("../../state.js").State} State */
/** @typedef {{ lane: number, title: string, exported: Exported }} Lane `lane` from 1, as on the page */
/**
 * What a record file says of a lane.
 * @typedef {object} KeptLane
 * @property {number} iteration @property {string} digest
 * @property {number | null} changed
 * @property {Record<string, Float64Array>} columns
 */

/** The first field of a record, and its version. */
const RECORD = "record";
const VERSION = 1;
/** Columns by the clock, which no two runs have the same. */
export const CLOCKED = new Set(["ms"]);

/** @param {number} v */
function bare(v) {
  return Object.is(v, -0) ? "-0" : String(v);
}

/** A number as JSON. @param {number} v */
function json(v) {
  return Number.isFinite(v) && !Object.is(v, -0) ? String(v) : `"${bare(v)}"`;
}

/** Any plain value as JSON, numbers as above. @param {unknown} value @param {string} [indent] @returns {string} */
export function jsonOf(value, indent = "") {
  if (typeof value === "number") return json(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (ArrayBuffer.isView(value)) return `[${Array.from(/** @type {Float64Array} */ (value), json).join(",")}]`;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((v) => v === null || typeof v !== "object"))
      return `[${value.map((v) => jsonOf(v, inner)).join(", ")}]`;
    return `[\n${value.map((v) => inner + jsonOf(v, inner)).join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, v]) => v !== undefined);
  if (fields.length === 0) return "{}";
  return `{\n${fields.map(([key, v]) => `${inner}${JSON.stringify(key)}: ${jsonOf(v, inner)}`).join(",\n")}\n${indent}}`;
}

/** The record of a run: what the page was set to, and of each lane the config, the end and every column. @param {State} state @param {Lane[]} lanes @param {{ version: string, link: string, title: string }} of */
export function recordText(state, lanes, { version, link, title }) {
  return `${jsonOf({
    descent: RECORD,
    version: VERSION,
    engine: version,
    title,
    link,
    state: { ...state, proof: "" },
    lanes: lanes.map(({ lane, title: method, exported }) => {
      const { iteration, status, reason, digest, changed, config, columns } = exported;
      return { lane, method, iteration, status, reason, digest, changed, config, columns };
    }),
  })}\n`;
}

/** The columns of all lanes, a row an iteration; a cell is empty where a lane has no such column. @param {Lane[]} lanes */
export function historyCsv(lanes) {
  const names = [...new Set(lanes.flatMap(({ exported }) => Object.keys(exported.columns)))];
  const lines = [["lane", "method", ...names].join(",")];
  for (const { lane, title, exported } of lanes) {
    const columns = names.map((name) => exported.columns[name]);
    const head = `${lane},${quoted(title)}`;
    const rows = Math.max(0, ...columns.map((column) => column?.length ?? 0));
    for (let row = 0; row < rows; row += 1)
      lines.push(`${head},${columns.map((column) => (column ? bare(column[row] ?? Number.NaN) : "")).join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}

/** @typedef {{ layer: number, weights: number[][], biases: number[] }} Layer */

/** Parameters layer by layer. @param {Float64Array} parameters @param {number[]} sizes units of each layer, inputs first @returns {Layer[]} */
export function layersOf(parameters, sizes) {
  let at = 0;
  const take = (/** @type {number} */ n) => {
    at += n;
    return Array.from(parameters.subarray(at - n, at));
  };
  return sizes.slice(1).map((outputs, l) => ({
    layer: l + 1,
    weights: Array.from({ length: outputs }, () => take(sizes[l] ?? 0)),
    biases: take(outputs),
  }));
}

/** @param {Lane[]} lanes @param {number[] | null} sizes of a network @param {string[]} names of the parameters of anything else */
export function parametersJson(lanes, sizes, names) {
  return `${jsonOf({
    descent: "parameters",
    version: VERSION,
    lanes: lanes.map(({ lane, title, exported: { iteration, digest, parameters } }) => ({
      lane,
      method: title,
      iteration,
      digest,
      ...(sizes ? { layers: layersOf(parameters, sizes) } : { names, parameters }),
    })),
  })}\n`;
}

/** A row a parameter: the weight from unit `in` to unit `out` of a layer, or the bias of `out`, which has no `in`. @param {Lane[]} lanes @param {number[] | null} sizes @param {string[]} names */
export function parametersCsv(lanes, sizes, names) {
  const lines = [sizes ? "lane,method,iteration,layer,out,in,value" : "lane,method,iteration,name,value"];
  for (const { lane, title, exported } of lanes) {
    const head = `${lane},${quoted(title)},${exported.iteration}`;
    if (!sizes) {
      exported.parameters.forEach((v, i) => {
        lines.push(`${head},${quoted(names[i] ?? `x${i + 1}`)},${bare(v)}`);
      });
      continue;
    }
    for (const { layer, weights, biases } of layersOf(exported.parameters, sizes)) {
      weights.forEach((row, out) => {
        row.forEach((v, from) => {
          lines.push(`${head},${layer},${out + 1},${from + 1},${bare(v)}`);
        });
      });
      biases.forEach((v, out) => {
        lines.push(`${head},${layer},${out + 1},,${bare(v)}`);
      });
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A cell of a CSV. @param {string} text */
function quoted(text) {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a file holds. @typedef {{ state: State | null, configs: Record<string, any>[], lanes: KeptLane[] | null }} Read */

/**
 * Reads a config, several configs, or a record. Throws a `Fault` that names the path in the file and what is allowed.
 * @param {string} text @returns {Read}
 */
export function readText(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fault("", `the file is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (Array.isArray(value)) return { state: null, configs: value.map((v, i) => configAt(v, `[${i}]`)), lanes: null };
  if (!isObject(value)) throw fault("", "the file holds no object; a config and a record are one");
  if (value.problem !== undefined) return { state: null, configs: [configAt(value, "")], lanes: null };
  if (value.descent !== RECORD)
    throw fault(
      "descent",
      `${JSON.stringify(value.descent) ?? "nothing"} is not "${RECORD}", which marks a record; a config has problem and optimizer`,
    );
  if (value.version !== VERSION) throw fault("version", `${JSON.stringify(value.version)} is not ${VERSION}`);
  if (!Array.isArray(value.lanes) || value.lanes.length === 0)
    throw fault("lanes", "is not a list of at least one lane");
  const lanes = value.lanes.map(laneAt);
  const configs = value.lanes.map((/** @type {any} */ lane, /** @type {number} */ i) =>
    configAt(lane.config, `lanes[${i}].config`),
  );
  return {
    state: value.state === undefined ? null : isObject(value.state) ? unmarked(value.state) : wrong(),
    configs,
    lanes,
  };

  /** @returns {never} */
  function wrong() {
    throw fault("state", "is not an object");
  }
}

/** @param {unknown} value @param {string} path @returns {Record<string, any>} */
function configAt(value, path) {
  const at = (/** @type {string} */ key) => (path ? `${path}.${key}` : key);
  if (!isObject(value)) throw fault(path, "is not an object, a config with problem and optimizer");
  if (!isObject(value.problem)) throw fault(at("problem"), "is not an object with a kind");
  if (!isObject(value.optimizer)) throw fault(at("optimizer"), "is not an object with a name");
  if (typeof value.optimizer.name !== "string") throw fault(at("optimizer.name"), "is not the name of a method");
  return unmarked(value);
}

/** @param {unknown} value @param {number} i @returns {KeptLane} */
function laneAt(value, i) {
  const at = `lanes[${i}]`;
  if (!isObject(value)) throw fault(at, "is not an object");
  const { iteration, digest, changed = null, columns = {} } = value;
  if (!Number.isInteger(iteration) || iteration < 0)
    throw fault(`${at}.iteration`, `${JSON.stringify(iteration)} is not a whole number from 0`);
  if (!/^[0-9a-f]{16}$/.test(String(digest))) throw fault(`${at}.digest`, "is not 16 of 0 to 9 and a to f");
  if (changed !== null && !Number.isInteger(changed)) throw fault(`${at}.changed`, "is neither null nor an iteration");
  if (!isObject(columns)) throw fault(`${at}.columns`, "is not an object of lists");
  const read = Object.entries(columns).map(([name, list]) => [name, columnAt(list, `${at}.columns.${name}`)]);
  return { iteration, digest, changed, columns: Object.fromEntries(read) };
}

/** @param {unknown} list @param {string} path */
function columnAt(list, path) {
  if (!Array.isArray(list)) throw fault(path, "is not a list of numbers");
  return Float64Array.from(list, (v, i) => {
    const number = unmarked(v);
    if (typeof number !== "number")
      throw fault(`${path}[${i}]`, `${JSON.stringify(v)} is not a number, "NaN", "Infinity", "-Infinity" or "-0"`);
    return number;
  });
}

/** @type {Record<string, number>} */
const MARKED = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY, "-0": -0 };

/** A value whose marked numbers are numbers again. @param {any} value @returns {any} */
function unmarked(value) {
  if (typeof value === "string") return Object.hasOwn(MARKED, value) ? MARKED[value] : value;
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, unmarked(v)]));
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} path @param {string} message @returns {import("../../protocol.js").Fault} */
export function fault(path, message) {
  return { path, message, lane: null };
}
