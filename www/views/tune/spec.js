/** From the settings of the page to a search, and from paths of the config to words. Pure; knows no document. */

import { exact } from "../../format.js";

/** @typedef {import("../../state.js").Tune} Tune */
/** @typedef {import("../../state.js").TuneAxis} TuneAxis */
/** @typedef {import("../../protocol.js").Catalog} Catalog */
/** @typedef {import("../../protocol.js").Field} Field */
/** @typedef {import("../../protocol.js").SessionConfig} SessionConfig */
/** @typedef {import("../../pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {{ path: string, label: string, name: string, field?: Field, options?: string[] }} Offer a path with its words: `label` in a list, `name` along an axis */

/** Points of each trial's curves that are kept. */
const CURVE_POINTS = 80;
/** Numbers that span so many times the smallest are laid along a logarithm. */
const WIDE = 20;

/** The grid of the lecture: learning rates × regularisations × iteration counts. @param {number} lr @returns {TuneAxis[]} */
export function lectureAxes(lr) {
  const decade = decadeOf(lr);
  return [
    { path: "optimizer.lr", scale: "values", values: [decade - 2, decade - 1, decade, decade + 1].map(powerOfTen) },
    { path: "problem.l2", scale: "values", values: [0, 0.001, 0.01, 0.1] },
    { path: "stop.iterations", scale: "values", values: [100, 300, 1000] },
  ];
}

/** Axes that tell something for a method on a problem. @param {SessionConfig} base @param {Catalog} catalog @param {Tune["method"]} method @returns {TuneAxis[]} */
export function suitedAxes(base, catalog, method) {
  const fields = fieldsOf(base, catalog).filter(({ type }) => type === "number" || type === "integer");
  const drawn = method === "random";
  const axes = fields
    .filter(({ name }) => name === "lr" && fields.length > 0)
    .map((field) => rateAxis(base, field, drawn));
  if (base.problem.kind === "network")
    axes.push(
      drawn
        ? { path: "problem.l2", scale: "log", values: [1e-5, 1, 6] }
        : { path: "problem.l2", scale: "values", values: [0, 1e-4, 0.001, 0.01, 0.1, 1] },
    );
  const others = fields.filter(({ name }) => name !== "lr" && !/^(eps|up|down)/.test(name));
  for (const field of others) if (axes.length < 2) axes.push(fieldAxis(base, field, drawn));
  if (axes.length === 0) axes.push({ path: "stop.iterations", scale: "values", values: [50, 100, 200, 400] });
  return axes;
}

/** @param {SessionConfig} base @param {Field} field @param {boolean} drawn @returns {TuneAxis} */
function rateAxis(base, field, drawn) {
  const decade = decadeOf(Number(base.optimizer.lr ?? field.default) || 0.01);
  const path = "optimizer.lr";
  if (drawn) return { path, scale: "log", values: [powerOfTen(decade - 2), 3 * powerOfTen(decade + 1), 8].map(tidy) };
  const values = [-2, -1, 0, 1].flatMap((e) => [powerOfTen(decade + e), 3 * powerOfTen(decade + e)]);
  return { path, scale: "values", values: values.map(tidy) };
}

/** @param {SessionConfig} base @param {Field} field @param {boolean} drawn @returns {TuneAxis} */
function fieldAxis(base, field, drawn) {
  const path = `optimizer.${field.name}`;
  const value = Number(base.optimizer[field.name] ?? field.default) || 1;
  if (field.max === 1)
    return drawn
      ? { path, scale: "linear", values: [0, 0.99, 6] }
      : { path, scale: "values", values: [0, 0.5, 0.8, 0.9, 0.95, 0.99] };
  const ends = [value / 10, value * 10].map((v) => Math.min(Math.max(v, field.min ?? v), field.max ?? v));
  if (field.type === "integer") return { path, scale: "integer", values: [...ends.map(Math.ceil), 6] };
  return { path, scale: "log", values: [...ends.map(tidy), 7] };
}

/** @param {SessionConfig} base @param {Catalog} catalog @returns {Field[]} */
function fieldsOf(base, catalog) {
  return catalog.methods.find(({ name }) => name === base.optimizer.name)?.fields ?? [];
}

/** The settings that can be searched over, with their words. @param {SessionConfig} base @param {Catalog} catalog @returns {Offer[]} */
export function offersOf(base, catalog) {
  const method = catalog.methods.find(({ name }) => name === base.optimizer.name);
  /** @type {Offer[]} */
  const offers = (method?.fields ?? []).map((field) => ({
    path: `optimizer.${field.name}`,
    label: `${method?.title}: ${field.symbol}`,
    name: field.name === "lr" ? `learning rate ${field.symbol}` : field.symbol,
    field,
  }));
  offers.push({
    path: "optimizer.name",
    label: "Method",
    name: "method",
    options: catalog.methods
      .filter(({ family }) => family === (method?.family ?? "first_order"))
      .map(({ name }) => name),
  });
  const schedule = catalog.schedules.find(({ name }) => name === base.schedule?.name);
  for (const field of schedule?.fields ?? [])
    offers.push({
      path: `schedule.${field.name}`,
      label: `${schedule?.title}: ${field.label}`,
      name: `${schedule?.title}, ${field.name}`,
      field,
    });
  if (base.problem.kind === "network") offers.push(...networkOffers(catalog));
  if (base.problem.kind === "surface") offers.push({ path: "problem.noise", label: "Gradient noise", name: "noise σ" });
  offers.push({ path: "stop.iterations", label: "Iterations", name: "iterations" });
  offers.push({ path: "seed", label: "Seed", name: "seed" });
  return offers;
}

/** @param {Catalog} catalog @returns {Offer[]} */
function networkOffers(catalog) {
  const names = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name);
  return [
    { path: "problem.l2", label: "Network: L2", name: "L2" },
    { path: "problem.layers", label: "Network: hidden layers", name: "hidden layers" },
    {
      path: "problem.activation",
      label: "Network: activation",
      name: "activation",
      options: names(catalog.activations),
    },
    { path: "problem.init", label: "Network: first weights", name: "first weights", options: names(catalog.inits) },
    { path: "problem.loss", label: "Network: loss", name: "loss", options: names(catalog.losses) },
    { path: "batch_size", label: "Batch size", name: "batch size" },
    { path: "clip_norm", label: "Clip ‖g‖ at", name: "clip" },
    { path: "problem.data.n", label: "Data: points", name: "points" },
    { path: "problem.data.noise", label: "Data: noise", name: "noise" },
    { path: "problem.train_rows", label: "Data: training rows", name: "training rows" },
    { path: "init_seed", label: "Seed of the first weights", name: "init seed" },
    { path: "data_seed", label: "Seed of the data", name: "data seed" },
  ];
}

/** What a path is called along an axis. @param {string} path @param {Offer[]} offers */
export function nameOf(path, offers) {
  return offers.find((offer) => offer.path === path)?.name ?? path;
}

/** The axes that are searched: those that were chosen, or those that suit. @param {Tune} tune @param {SessionConfig} base @param {Catalog} catalog */
export function axesOf(tune, base, catalog) {
  return tune.axes.length > 0 ? tune.axes : suitedAxes(base, catalog, tune.method);
}

/** Text of a field to values: `0.1, 0.01`, `8x8 16`. @param {string} text @param {(text: string) => unknown} read @returns {unknown[]} */
export function valuesOf(text, read) {
  return text
    .split(/[\s,;/]+/)
    .filter(Boolean)
    .map(read);
}

/** A value as the config wants it: layers are lists of widths. @param {string} path @param {unknown} value */
function typed(path, value) {
  if (path !== "problem.layers") return value;
  if (value === "none") return [];
  if (typeof value === "number") return [value];
  const widths = String(value).split(/[x×-]/i).map(Number);
  return widths.every(Number.isFinite) ? widths : value;
}

/** A value in words. @param {unknown} value @returns {string} */
export function written(value) {
  if (Array.isArray(value)) return value.length > 0 ? value.map(exact).join("×") : "none";
  if (typeof value === "number") {
    const digits = Number(value.toPrecision(4));
    const a = Math.abs(digits);
    if (digits !== 0 && (a < 1e-3 || a >= 1e6)) return digits.toExponential().replace("e+", "e").replaceAll("-", "−");
    return exact(digits);
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A run's config without what only its charts need. @param {SessionConfig} config @returns {SessionConfig} */
export function withoutCharts({ record, ...config }) {
  const { ema: _, train_score: __, every: ___, ...rest } = record ?? {};
  return Object.keys(rest).length > 0 ? { ...config, record: rest } : config;
}

/** The config that a search starts from: a run's, without what only a run needs. @param {SessionConfig} config @param {Tune} tune @returns {SessionConfig} */
export function baseConfig(config, tune) {
  const base = withoutCharts(config);
  if (tune.iterations === undefined) return base;
  return { ...base, stop: { ...base.stop, iterations: tune.iterations } };
}

/** The search that the settings describe. @param {Tune} tune @param {SessionConfig} base @param {TuneAxis[]} axes @param {Record<string, unknown>[]} points of a manual search @returns {SearchSpec} */
export function specOf(tune, base, axes, points) {
  const { method } = tune;
  const shared = { base: /** @type {any} */ (baseConfig(base, tune)), curves: CURVE_POINTS, ...judged(tune) };
  if (method === "manual") return { ...shared, method, points };
  const random = method === "random";
  return {
    ...shared,
    method: random ? "random" : "grid",
    axes: Object.fromEntries(axes.map((axis) => [axis.path, axisOf(axis)])),
    ...(random ? { trials: tune.trials, seed: tune.seed } : {}),
    ...(method === "halving" ? { halving: halvingOf(tune) } : {}),
  };
}

/**
 * The search that the settings describe, with what it is made of: axes over the config of a lane, or the runs that were
 * kept, each of which replaces the base wholly.
 * @param {Tune} tune @param {SessionConfig} config @param {import("./kept.js").KeptRun[]} kept @param {Catalog} catalog
 */
export function searchOf(tune, config, kept, catalog) {
  const manual = tune.method === "manual";
  const configs = kept.map((run) => baseConfig(run.config, tune));
  const base = manual ? (configs[0] ?? config) : config;
  const axes = axesOf(tune, base, catalog);
  const points = configs.map((whole) => ({ ...whole }));
  const { problem, optimizer } = base;
  const spec =
    manual && points.length === 0
      ? null
      : specOf(tune, manual ? { problem, optimizer } : base, manual ? [] : axes, points);
  return { base, axes, spec, configs };
}

/** As many trials at random between the ends of a grid's axes. @param {SearchSpec} grid @param {TuneAxis[]} axes @param {number} trials @param {number} seed @returns {SearchSpec} */
export function rivalOf(grid, axes, trials, seed) {
  const drawn = Object.fromEntries(axes.map((axis) => [axis.path, axisOf(continuous(axis))]));
  return { ...grid, method: "random", axes: drawn, trials, seed };
}

/** @param {Tune} tune */
function judged({ score, folds, repeats }) {
  const apart = folds !== 1 && folds !== undefined;
  return {
    ...(score ? { score: /** @type {SearchSpec["score"]} */ (score) } : {}),
    ...(apart ? { folds: /** @type {any} */ (folds) } : {}),
    ...(apart && repeats !== 1 ? { repeats } : {}),
  };
}

/** @param {Tune} tune */
function halvingOf({ rung, factor }) {
  return { factor, ...(rung === undefined ? {} : { min_iterations: rung }) };
}

/** @param {TuneAxis} axis @returns {any} */
function axisOf({ path, scale, values }) {
  if (scale === "values") return values.map((value) => typed(path, value));
  const [min, max, steps] = values;
  return {
    min,
    max,
    ...(scale === "log" ? { scale: "log" } : {}),
    ...(scale === "integer" ? { integer: true } : {}),
    ...(steps === undefined ? {} : { steps }),
  };
}

/** The interval that a list of numbers spans; a list of anything else stays one. @param {TuneAxis} axis @returns {TuneAxis} */
export function continuous(axis) {
  const numbers = axis.values.filter((v) => typeof v === "number");
  if (axis.scale !== "values" || numbers.length < axis.values.length || numbers.length < 2) return axis;
  const positive = numbers.filter((v) => v > 0);
  const log =
    positive.length > 1 &&
    positive.length >= numbers.length - 1 &&
    Math.max(...positive) / Math.min(...positive) >= WIDE;
  const over = log ? positive : numbers;
  const ends = [Math.min(...over), Math.max(...over)];
  if (numbers.every(Number.isInteger) && !log) return { ...axis, scale: "integer", values: ends };
  return { ...axis, scale: log ? "log" : "linear", values: ends };
}

/**
 * How values are laid along an axis of a chart: by their size where they are numbers that allow it, else one by one.
 * @param {unknown[]} values different ones @returns {"log" | "linear" | "named"}
 */
export function layOf(values) {
  const numbers = values.filter((v) => typeof v === "number");
  if (numbers.length < values.length || numbers.length < 2) return "named";
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  if (low > 0 && high / low >= WIDE) return "log";
  const positive = numbers.filter((v) => v > 0);
  const wide = positive.length > 1 && Math.max(...positive) / Math.min(...positive) >= WIDE;
  return wide ? "named" : "linear";
}

/** Different values in the order in which an axis has them, numbers rising. @param {unknown[]} values @returns {unknown[]} */
export function distinct(values) {
  const found = new Map(values.map((value) => [JSON.stringify(value), value]));
  const list = [...found.values()];
  return list.every((v) => typeof v === "number") ? list.sort((a, b) => Number(a) - Number(b)) : list;
}

/** Trainings of one trial; `null` where that depends on the rows. @param {SearchSpec} spec */
export function foldsOf({ folds, repeats = 1 }) {
  if (folds === undefined) return 1;
  return typeof folds === "number" ? folds * repeats : null;
}

/**
 * What configs set differently, by path: the axes of runs that were made by hand.
 * @param {SessionConfig[]} configs @returns {Record<string, unknown>[]} of each config, its values at the paths where any two differ
 */
export function differences(configs) {
  const flat = configs.map((config) => flatten(config, ""));
  const paths = [...new Set(flat.flatMap((entries) => Object.keys(entries)))];
  const differing = paths.filter((path) => new Set(flat.map((entries) => JSON.stringify(entries[path]))).size > 1);
  return flat.map((entries) =>
    Object.fromEntries(differing.flatMap((path) => (path in entries ? [[path, entries[path]]] : []))),
  );
}

/** @param {Record<string, any>} object @param {string} path @returns {Record<string, unknown>} */
function flatten(object, path) {
  /** @type {Record<string, unknown>} */
  const entries = {};
  for (const [key, value] of Object.entries(object)) {
    const here = path ? `${path}.${key}` : key;
    if (value && typeof value === "object" && !Array.isArray(value)) Object.assign(entries, flatten(value, here));
    else if (value !== undefined) entries[here] = value;
  }
  return entries;
}

/** The state in which the run of a trial's config is the selected lane. @param {import("../../state.js").State} state @param {SessionConfig} config */
export function loadInto(state, config) {
  const { optimizer, schedule, record: _, clip_norm, precision, batch_size, ...shared } = structuredClone(config);
  const lane = state.lanes[state.selected];
  if (!lane) return;
  Object.assign(lane, { optimizer, schedule });
  if (schedule === undefined) delete lane.schedule;
  const former = state.config;
  const own = lane.batch_size !== undefined;
  if (own) lane.batch_size = batch_size;
  state.config = {
    ...shared,
    ...defined({
      record: former.record,
      clip_norm: clip_norm ?? former.clip_norm,
      precision: precision ?? former.precision,
      batch_size: own ? former.batch_size : (batch_size ?? former.batch_size),
    }),
  };
}

/** @param {Record<string, unknown>} fields */
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @param {number} v */
function decadeOf(v) {
  return Math.floor(Math.log10(v) + 1e-9);
}

/** @param {number} e */
function powerOfTen(e) {
  return Number(`1e${e}`);
}

/** Without the digits that a product of decimals brings. @param {number} v */
function tidy(v) {
  return Number(v.toPrecision(12));
}
