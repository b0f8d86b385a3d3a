/**
 * The state of the page, and its one mapping to the URL hash.
 *
 * Everything that makes a run, and everything that the visitor has chosen to look at, is in `State`. `TABLE` says under
 * which key of the hash each part stands. Only what differs from the base state of the same problem is written, so that
 * links stay short and can be read: `#kind=network&data=spiral&seed=3`.
 *
 * A value that cannot be read as a number or list is passed on as the text it is: the engine then refuses it by its path
 * and says what is allowed, as it does for a config from anywhere else.
 */

/** @typedef {{ name: string, [field: string]: unknown }} OptimizerConfig */
/** @typedef {{ name: string, [field: string]: unknown }} ScheduleConfig */
/** `mark` is the lane's number: its colour, dash and mark, and its name in the hash. A batch size of its own sets gradient descent beside SGD. */
/** @typedef {{ mark: number, optimizer: OptimizerConfig, schedule?: ScheduleConfig, batch_size?: unknown }} Lane */
/** @typedef {typeof X_AXES[number]} XAxis */
/** @typedef {Record<typeof LOG_LETTERS[number][0], boolean>} LogScales */
/** @typedef {typeof PICTURES[number]} Picture */
/** @typedef {typeof PANELS[number]} Panel */
/** @typedef {typeof PARTS[number]} Part */
/** @typedef {typeof TABS[number]} Tab */
/** @typedef {"" | "light" | "dark" | "projector"} Theme */
/** @typedef {{ path: string, scale: typeof AXIS_SCALES[number], values: unknown[] }} TuneAxis `values` are those to try, or the ends of an interval and the points of a grid over it */
/**
 * @typedef {object} Tune settings of a search
 * @property {typeof TUNE_METHODS[number]} method
 * @property {TuneAxis[]} axes none: those that suit the method
 * @property {string} score none: what suits the problem
 * @property {unknown} folds 1 is the split
 * @property {number} repeats
 * @property {number} [iterations] of a trial; without it as many as of a run
 * @property {number} trials of a random search
 * @property {number} seed of a random search
 * @property {number} [rung] iterations of the first rung of successive halving
 * @property {number} factor of successive halving
 * @property {boolean} rival whether a random search of as many trials runs beside the grid
 */
/**
 * @typedef {object} Recipe what the page Recipe is set to
 * @property {typeof TOPICS[number]} topic
 * @property {unknown} [human] human-level error, per cent; none: 0
 * @property {unknown[]} climb of the range test: from, to, and the number of steps
 * @property {unknown[]} ladder of the sweep of rates: from, to, and how many; none: around the lane's own
 * @property {typeof CAPACITIES[number]} capacity what is swept; empty: what suits the problem
 * @property {unknown[]} sizes its values; none: those that suit
 * @property {unknown} folds of each size; 1 is the split
 * @property {typeof SCRIPTS[number]} script
 */
/** @typedef {Record<string, any>} Config a SessionConfig without optimizer and schedule, which each lane has of its own */
/**
 * @typedef {object} State
 * @property {Tab} tab
 * @property {Config} config
 * @property {Lane[]} lanes
 * @property {number} selected position in `lanes`
 * @property {XAxis} xaxis
 * @property {LogScales} log
 * @property {"train" | "val" | "both"} show
 * @property {number} speed iterations a second; `Infinity` is as fast as it goes
 * @property {number} ema weight of the past in the smoothed curves
 * @property {number} weight the parameter whose numbers stand in the equation; −1 is the first into the output
 * @property {[number, number]} axes the two parameters whose plane is shown
 * @property {Picture} picture of a fit: the data, its cost, or both
 * @property {Panel} panel of a network: the model itself, how good it is, or how another one fares
 * @property {Part} part of the data whose metrics are shown
 * @property {number} opened how often the test set has been looked at
 * @property {Tune} tune
 * @property {Recipe} recipe
 * @property {Theme} theme
 * @property {string} proof what a link says that its run comes to: the iteration, and the digest of each lane's parameters
 * @property {string} lesson of the lecture that is open; none: empty
 */
/** @typedef {{ path: string, message: string }} HashError */

/** What curves can stand over: columns of the record that never fall. */
export const X_AXES = /** @type {const} */ ([
  "iteration",
  "epoch",
  "gradient_evals",
  "value_evals",
  "hessian_evals",
  "jacobian_evals",
  "solves",
  "ms",
]);

/** What is shown of a fit. */
export const PICTURES = /** @type {const} */ (["both", "fit", "cost"]);

/** What is shown of a network: itself, its training graph, its metrics, or three side by side that differ in one setting. */
export const PANELS = /** @type {const} */ (["model", "curves", "metrics", "landscape", "size", "samples", "noise"]);

/** The parts of the data. */
export const PARTS = /** @type {const} */ (["train", "val", "test"]);

/** The three pages of one problem: run it, search over its settings, be told what to do next. */
export const TABS = /** @type {const} */ (["run", "tune", "recipe"]);

/** How the trials of a search are chosen. */
export const TUNE_METHODS = /** @type {const} */ (["grid", "random", "halving", "manual"]);

/** How the values of an axis of a search are given. */
export const AXIS_SCALES = /** @type {const} */ (["values", "linear", "log", "integer"]);

/** What the page Recipe is about. */
export const TOPICS = /** @type {const} */ (["recipe", "method", "range", "rates", "capacity", "export"]);

/** What makes a model larger or smaller, or its task. */
export const CAPACITIES = /** @type {const} */ (["", "width", "rows", "degree"]);

/** What can be exported: the run, or the search. */
export const SCRIPTS = /** @type {const} */ (["run", "search"]);

/** The charts with a scale of their own, and the letter of each in the hash. */
const LOG_LETTERS = /** @type {const} */ ([
  ["loss", "l"],
  ["grad_norm", "g"],
  ["lr", "a"],
  ["accuracy", "v"],
  ["residual", "r"],
  ["error", "e"],
  ["lambda", "d"],
  ["gain", "n"],
  ["spread", "w"],
  ["primal_residual", "p"],
  ["dual_residual", "u"],
  ["gap", "s"],
  ["violation", "c"],
  ["acceptance_rate", "k"],
  ["temperature", "m"],
]);

/** As many lanes as there are colours. */
export const LANES_MAX = 6;

/** Longer links are cut or refused by mail and chat programs. */
export const LINK_MAX = 16000;

/**
 * A way to write a value in the hash. `parse` may return the text itself; `allowed` is for the keys of the page's own,
 * which no engine checks. `empty` says that an empty text is a value too.
 * @typedef {{ parse(text: string): unknown, format(value: any): string, allowed?: string, empty?: boolean, ok?(value: unknown): boolean }} Codec
 */

/** @type {Codec} */
const WORD = { parse: (text) => text, format: String };
/** @type {Codec} */
const TEXT = { ...WORD, empty: true };
/** @type {Codec} */
const NUMBER = { parse: readNumber, format: String };
/** @type {Codec} */
const LIST = {
  empty: true,
  parse: (text) => text.split(",").filter(Boolean).map(readLeaf),
  format: (/** @type {unknown[]} */ v) => v.join(","),
};
/** Numbers that may be left to the engine: none are no value. @type {Codec} */
const NUMBERS = { ...LIST, empty: false };
/** One word, or a list where there are several. @type {Codec} */
const WORDS = {
  parse: (text) => (text.includes(",") ? text.split(",") : text),
  format: (v) => (Array.isArray(v) ? v.join(",") : String(v)),
};
/** @type {Codec} */
const LEAF = { parse: readLeaf, format: String };
/** @type {Codec} */
const SPLIT = {
  parse(text) {
    const [train, val, test] = text.split(",").map(readNumber);
    return { train, val, test };
  },
  format: ({ train, val, test }) => [train, val, test].join(","),
};
/** @type {Codec} */
const LOGS = {
  parse: (text) => Object.fromEntries(LOG_LETTERS.map(([name, letter]) => [name, text.includes(letter)])),
  format: (/** @type {LogScales} */ v) => `${LOG_LETTERS.map(([name, letter]) => (v[name] ? letter : "")).join("")}-`,
  allowed: `some of the letters ${LOG_LETTERS.map(([, letter]) => letter).join(", ")}`,
};
/** Two different whole numbers, counted from 1 as people do. @type {Codec} */
const PLANE = {
  parse: (text) => text.split(",").map((part) => Number(part) - 1),
  format: (/** @type {number[]} */ v) => v.map((i) => i + 1).join(","),
  allowed: "two different whole numbers from 1, as in 1,2",
  ok: (v) =>
    Array.isArray(v) && v.length === 2 && v[0] !== v[1] && v.every((i) => Number.isInteger(i) && i >= 0 && i < 1e6),
};

/** When to stop early: what is watched, the patience, and the least improvement; empty is never. @type {Codec} */
const EARLY = {
  parse(text) {
    const [watch, patience, min_delta] = text.split(",");
    return pruned({ watch, patience: patience && readNumber(patience), min_delta: min_delta && readNumber(min_delta) });
  },
  format: ({ watch, patience, min_delta }) => [watch, patience, min_delta].join(",").replace(/,+$/, ""),
};

/** `optimizer.lr:log:1e-4/1/9;problem.l2:values:0/0.01` @type {Codec} */
const AXES = {
  empty: true,
  parse: (text) =>
    text
      .split(";")
      .filter(Boolean)
      .map((part) => {
        const [path = "", scale = "", values = ""] = part.split(":");
        return { path, scale, values: values.split("/").filter(Boolean).map(readLeaf) };
      }),
  format: (/** @type {TuneAxis[]} */ axes) =>
    axes.map(({ path, scale, values }) => `${path}:${scale}:${values.join("/")}`).join(";"),
  allowed: `a list of path:scale:values, the scale one of ${AXIS_SCALES.join(", ")}`,
  ok: (v) => Array.isArray(v) && v.every(({ path, scale }) => path !== "" && AXIS_SCALES.includes(scale)),
};

/** A formula, or an object as JSON. @type {Codec} */
const FORMULA = { parse: readObject, format: (v) => (typeof v === "string" ? v : JSON.stringify(v)) };
/** Formulas with a semicolon between each two, or an object as JSON. @type {Codec} */
const FORMULAS = {
  parse: (text) => (text.startsWith("{") ? readObject(text) : text.split(";").map((part) => part.trim())),
  format: (v) => (Array.isArray(v) ? v.join("; ") : FORMULA.format(v)),
};
/** A bound for each unknown, or one for all; `none` where there is none. @type {Codec} */
const BOUNDS = { parse: readBounds, format: writeBounds };

/** `400,0123456789abcdef,…`; empty is none. @type {Codec} */
const PROOF = {
  ...TEXT,
  allowed: "an iteration and the digest of each lane, 16 of 0 to 9 and a to f, with commas between",
  ok: (v) => /^(\d{1,15}(,[0-9a-f]{16})+)?$/.test(String(v)),
};

/** @param {...string} words @returns {Codec} */
function oneOf(...words) {
  return {
    ...TEXT,
    allowed: `one of ${words.map((w) => w || "nothing").join(", ")}`,
    ok: (v) => words.includes(String(v)),
  };
}

/** @param {number} min @param {number} max @returns {Codec} */
function within(min, max) {
  return {
    parse: (text) => (text === "max" ? Number.POSITIVE_INFINITY : readNumber(text)),
    format: (v) => (v === Number.POSITIVE_INFINITY ? "max" : String(v)),
    allowed: `a number from ${min} to ${max === Number.POSITIVE_INFINITY ? "max" : max}`,
    ok: (v) => typeof v === "number" && v >= min && v <= max,
  };
}

/**
 * Key of the hash, path in the state, way to write it. `config.problem.kind` and what chooses the base state stand first.
 * @type {[key: string, path: string, codec: Codec][]}
 */
export const TABLE = [
  ["kind", "config.problem.kind", WORD],
  ["f", "config.problem.name", WORD],
  ["data", "config.problem.data.name", WORD],
  ["model", "config.problem.model", WORD],
  ["matrix", "config.problem.a.name", WORD],
  ["entries", "config.problem.a.csv", TEXT],
  ["formula", "config.problem.formula", WORD],
  ["dim", "config.problem.dim", NUMBER],
  ["rows", "config.problem.n", NUMBER],
  ["degree", "config.problem.degree", NUMBER],
  ["size", "config.problem.a.n", NUMBER],
  ["kappa", "config.problem.a.condition", NUMBER],
  ["peclet", "config.problem.a.peclet", NUMBER],
  ["rhs", "config.problem.b", NUMBERS],
  ["min", "config.problem.objective", FORMULA],
  ["eq", "config.problem.equality", FORMULAS],
  ["ineq", "config.problem.inequality", FORMULAS],
  ["lower", "config.problem.lower", BOUNDS],
  ["upper", "config.problem.upper", BOUNDS],
  ["condition", "config.problem.condition", NUMBER],
  ["rotation", "config.problem.rotation", NUMBER],
  ["start", "config.problem.start", NUMBERS],
  ["gnoise", "config.problem.noise", NUMBER],
  ["n", "config.problem.data.n", NUMBER],
  ["noise", "config.problem.data.noise", NUMBER],
  ["flips", "config.problem.data.flips", NUMBER],
  ["csv", "config.problem.data.csv", TEXT],
  ["target", "config.problem.data.target", WORD],
  ["task", "config.problem.data.task", WORD],
  ["split", "config.problem.split", SPLIT],
  ["trainrows", "config.problem.train_rows", NUMBER],
  ["stratify", "config.problem.stratify", LEAF],
  ["standardize", "config.problem.standardize", LEAF],
  ["layers", "config.problem.layers", LIST],
  ["activation", "config.problem.activation", WORDS],
  ["output", "config.problem.output_activation", WORD],
  ["loss", "config.problem.loss", WORD],
  ["init", "config.problem.init", WORD],
  ["l2", "config.problem.l2", NUMBER],
  ["batch", "config.batch_size", LEAF],
  ["shuffle", "config.shuffle", LEAF],
  ["seed", "config.seed", NUMBER],
  ["dataseed", "config.data_seed", NUMBER],
  ["initseed", "config.init_seed", NUMBER],
  ["batchseed", "config.batch_seed", NUMBER],
  ["precision", "config.precision", WORD],
  ["clip", "config.clip_norm", NUMBER],
  ["iterations", "config.stop.iterations", NUMBER],
  ["gtol", "config.stop.gradient_tol", NUMBER],
  ["goal", "config.stop.target", NUMBER],
  ["early", "config.stop.early", EARLY],
  ["every", "config.record.every", NUMBER],
  ["validate", "config.record.validate_every", NUMBER],
  ["valrows", "config.record.validate_rows", NUMBER],
  ["tab", "tab", oneOf(...TABS)],
  ["lane", "selected", within(0, LANES_MAX - 1)],
  ["x", "xaxis", oneOf(...X_AXES)],
  ["plane", "axes", PLANE],
  ["picture", "picture", oneOf(...PICTURES)],
  ["panel", "panel", oneOf(...PANELS)],
  ["part", "part", oneOf(...PARTS)],
  ["opened", "opened", within(0, 1e9)],
  ["log", "log", LOGS],
  ["show", "show", oneOf("train", "val", "both")],
  ["speed", "speed", within(1, Number.POSITIVE_INFINITY)],
  ["ema", "ema", within(0, 1)],
  ["weight", "weight", within(0, 1e9)],
  ["search", "tune.method", oneOf(...TUNE_METHODS)],
  ["over", "tune.axes", AXES],
  ["score", "tune.score", oneOf("", "val_accuracy", "val_loss", "val_r2", "loss")],
  ["folds", "tune.folds", LEAF],
  ["repeats", "tune.repeats", NUMBER],
  ["budget", "tune.iterations", NUMBER],
  ["trials", "tune.trials", NUMBER],
  ["draw", "tune.seed", NUMBER],
  ["rung", "tune.rung", NUMBER],
  ["halve", "tune.factor", NUMBER],
  ["rival", "tune.rival", LEAF],
  ["topic", "recipe.topic", oneOf(...TOPICS)],
  ["human", "recipe.human", NUMBER],
  ["climb", "recipe.climb", NUMBERS],
  ["ladder", "recipe.ladder", LIST],
  ["capacity", "recipe.capacity", oneOf(...CAPACITIES)],
  ["sizes", "recipe.sizes", LIST],
  ["sizefolds", "recipe.folds", NUMBER],
  ["script", "recipe.script", oneOf(...SCRIPTS)],
  ["theme", "theme", oneOf("", "light", "dark", "projector")],
  ["proof", "proof", PROOF],
  ["lesson", "lesson", WORD],
];

/**
 * The hash of `state`, without the `#`: what differs from `base`.
 * @param {State} state @param {State} base @returns {string}
 */
export function encode(state, base) {
  const parts = [];
  for (const [key, path, codec] of TABLE) {
    const value = at(state, path);
    const said = path in CHOOSES ? value !== CHOOSES[path] && value !== undefined : !same(value, at(base, path));
    if (said) parts.push(`${key}=${escaped(value === undefined ? "" : codec.format(value))}`);
  }
  if (!same(state.lanes, base.lanes)) {
    for (const lane of state.lanes) parts.push(`lane${lane.mark}=${escaped(writeLane(lane))}`);
    if (state.lanes.length === 0) parts.push("lane0=");
  }
  return parts.join("&");
}

/** What chooses the base state, and what a hash means that does not say it. @type {Record<string, unknown>} */
const CHOOSES = {
  "config.problem.kind": "surface",
  "config.problem.name": "rosenbrock",
  "config.problem.model": undefined,
  "config.problem.a.name": undefined,
  "config.problem.a.csv": undefined,
  "config.problem.data.name": undefined,
  "config.problem.data.csv": undefined,
};

/** What the base state depends on besides the kind. @param {string} kind @param {Map<string, string>} pairs */
function chosen(kind, pairs) {
  if (kind === "least_squares") return pairs.get("model");
  if (kind === "linear_system") return pairs.has("entries") ? OWN_DATA : pairs.get("matrix");
  if (kind !== "network") return pairs.get("f");
  return pairs.has("csv") ? OWN_DATA : pairs.get("data");
}

/** The name of a base state for data of the visitor's own. */
export const OWN_DATA = "own";

/**
 * The state that `hash` describes. What is not said comes from `baseOf(kind, name)`; keys that mean nothing are ignored.
 * @param {string} hash
 * @param {(kind: string, name: string | undefined) => State} baseOf
 * @returns {{ state: State, errors: HashError[], run: boolean }}
 */
export function decode(hash, baseOf) {
  /** @type {HashError[]} */
  const errors = [];
  const pairs = readPairs(hash.replace(/^#/, ""), errors);
  const kind = pairs.get("kind") || "surface";
  const state = structuredClone(baseOf(kind, chosen(kind, pairs)));
  for (const [key, path, codec] of TABLE) {
    const text = pairs.get(key);
    if (text === undefined) continue;
    const value = text === "" && !codec.empty ? undefined : codec.parse(text);
    if (codec.ok && !codec.ok(value))
      errors.push({ path: key, message: `${text || "nothing"} is not ${codec.allowed}` });
    else put(state, path, value);
  }
  dropRivals(state.config.problem, pairs);
  const lanes = [...pairs].filter(([key]) => /^lane[0-9]$/.test(key));
  const named = lanes.filter(([, text]) => text !== "").map(([key, text]) => readLane(Number(key.slice(4)), text));
  const numbered = named.filter(({ mark }) => mark >= 1 && mark <= LANES_MAX);
  if (numbered.length < named.length)
    errors.push({ path: "lane", message: `lanes are numbered from 1 to ${LANES_MAX}` });
  if (numbered.length > 0 || (lanes.length > 0 && named.length === 0)) state.lanes = numbered;
  state.selected = Math.max(0, Math.min(Math.floor(state.selected), state.lanes.length - 1));
  return { state, errors, run: pairs.get("run") === "1" };
}

/** A formula stands in place of a named function, and a CSV in place of a named set. @param {any} problem @param {Map<string, string>} pairs */
function dropRivals(problem, pairs) {
  if (problem.formula !== undefined && !pairs.get("f")) {
    problem.name = undefined;
    if (!pairs.has("start")) fitStart(problem);
  }
  if (problem.a?.csv !== undefined) problem.a = { csv: problem.a.csv };
  if (problem.data?.csv !== undefined)
    problem.data = { csv: problem.data.csv, target: problem.data.target, task: problem.data.task };
  prune(problem);
}

/** Drops the start of a formula that has another number of variables: x and y, or as many as its highest index says. @param {Config} problem */
export function fitStart(problem) {
  const indices = [...problem.formula.matchAll(/(?<![a-z_])x(\d+)/gi)].map(([, index]) => Number(index));
  const variables = indices.length > 0 ? Math.max(...indices) : 2;
  if (problem.start?.length !== variables) problem.start = undefined;
}

/** @param {string} text @param {HashError[]} errors @returns {Map<string, string>} */
function readPairs(text, errors) {
  /** @type {Map<string, string>} */
  const pairs = new Map();
  for (const part of text.split("&")) {
    const eq = part.indexOf("=");
    if (eq < 1) continue;
    try {
      pairs.set(part.slice(0, eq), decodeURIComponent(part.slice(eq + 1)));
    } catch {
      errors.push({ path: part.slice(0, eq), message: "this part of the link is cut or damaged" });
    }
  }
  return pairs;
}

/** `adam,lr:0.03;cosine,epochs:50`: the method, its schedule, and what follows a warm-up. @param {Lane} lane */
function writeLane(lane) {
  const { optimizer, batch_size } = lane;
  const parts = [writeFields(batch_size === undefined ? optimizer : { ...optimizer, batch: batch_size })];
  let schedule = /** @type {any} */ (lane.schedule);
  while (schedule) {
    parts.push(writeFields(schedule));
    schedule = schedule.then;
  }
  return parts.join(";");
}

/** @param {Record<string, unknown>} config */
function writeFields(config) {
  const fields = Object.entries(config).filter(
    ([key, value]) => key !== "name" && key !== "then" && value !== undefined,
  );
  return [
    config.name,
    ...fields.map(([key, value]) => `${key}:${Array.isArray(value) ? value.flat().join("/") : value}`),
  ].join(",");
}

/** @param {number} mark @param {string} text @returns {Lane} */
function readLane(mark, text) {
  const [optimizer, ...schedules] = text.split(";").map(readFields);
  const schedule = schedules.reduceRight((then, s) => (then ? { ...s, then } : s), /** @type {any} */ (undefined));
  const { batch, ...method } = optimizer ?? { name: "" };
  return {
    mark,
    optimizer: /** @type {OptimizerConfig} */ (method),
    ...(schedule ? { schedule } : {}),
    ...(batch === undefined ? {} : { batch_size: batch }),
  };
}

/** @param {string} text @returns {OptimizerConfig} */
function readFields(text) {
  const [name = "", ...fields] = text.split(",");
  /** @type {OptimizerConfig} */
  const config = { name };
  for (const field of fields) {
    const [key = "", value = ""] = field.split(":");
    config[key] = key === "boundaries" ? pairsOf(value.split("/").map(readLeaf)) : readLeaf(value);
  }
  return config;
}

/** @param {unknown[]} list */
function pairsOf(list) {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => list.slice(2 * i, 2 * i + 2));
}

/** The number that `text` is, or the text, so that whoever checks it can name it. @param {string} text */
export function readNumber(text) {
  const plain = text.trim().replaceAll("−", "-");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : text;
}

/** A text that looks like an object as what it says, any other as it is. @param {string} text @returns {unknown} */
export function readObject(text) {
  if (!text.trimStart().startsWith("{")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {string} text @returns {unknown} */
export function readBounds(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const bounds = parts.map((part) => (part === "none" ? null : readNumber(part)));
  return bounds.length === 0 ? undefined : bounds.length === 1 && bounds[0] !== null ? bounds[0] : bounds;
}

/** @param {any} bounds */
export function writeBounds(bounds) {
  return Array.isArray(bounds) ? bounds.map((bound) => bound ?? "none").join(",") : String(bounds ?? "");
}

/** @param {string} text */
export function readLeaf(text) {
  if (text === "true" || text === "false") return text === "true";
  return readNumber(text);
}

/** Only what a hash must escape; commas, colons and the like stay readable. @param {string} text */
function escaped(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|3B|2F|5E|40|24)/g, (code) => decodeURIComponent(code));
}

/** The value at a dotted path. @param {any} object @param {string} path @returns {any} */
export function at(object, path) {
  return path.split(".").reduce((o, key) => o?.[key], object);
}

/** Sets the value at a dotted path; `undefined` removes it. @param {any} object @param {string} path @param {unknown} value */
export function put(object, path, value) {
  const keys = path.split(".");
  const last = /** @type {string} */ (keys.pop());
  let o = object;
  for (const key of keys) {
    if (typeof o[key] !== "object" || o[key] === null) o[key] = {};
    o = o[key];
  }
  if (value === undefined) delete o[last];
  else o[last] = value;
}

/** What is said of an object: neither missing nor empty. @param {Record<string, unknown>} object */
function pruned(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ""));
}

/** @param {Record<string, unknown>} object */
function prune(object) {
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) delete object[key];
    else if (value && typeof value === "object" && !Array.isArray(value)) prune(/** @type {any} */ (value));
  }
}

/** Whether two plain values are the same. @param {any} a @param {any} b @returns {boolean} */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!same(a[key], b[key])) return false;
  return true;
}
