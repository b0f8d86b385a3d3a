/** The record of a run on the page: what the frames brought, put together lane by lane. Charts and tables read it. */

/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {import("./protocol.js").LaneFrame} LaneFrame */
/** @typedef {"running" | "paused" | "converged" | "stopped" | "diverged" | "breakdown"} LaneStatus */
/**
 * @typedef {object} LaneRecord
 * @property {number} lane from 1: its colour, dash and mark
 * @property {string} title @property {string} detail @property {boolean} selected
 * @property {boolean} rated whether its method has a learning rate
 * @property {LaneStatus} status @property {string} reason @property {number} at the iteration it stands at
 * @property {number} epoch @property {number} evals @property {number} ms
 * @property {number} rows @property {{ [name: string]: Float64Array }} columns of at least `rows` numbers
 * @property {Float64Array} path @property {number} dim @property {number} points
 * @property {Float64Array} trials that were rejected, 2·`dim` numbers each: from where, and to where
 * @property {Float64Array | null} field @property {Float64Array | null} curve
 * @property {{ train: Float64Array, val: Float64Array } | null} predicted
 * @property {Float64Array | null} parameters @property {Float64Array[] | null} neurons
 * @property {import("./protocol.js").LanePicture["band"]} band
 * @property {import("./protocol.js").FitStatistics | null} statistics
 * @property {import("./protocol.js").Model | null} model
 * @property {import("./protocol.js").Best | null} best where its validations were best
 * @property {import("./protocol.js").Tested | null} tested what it made of the test rows when they were last looked at
 * @property {Float64Array | null} population
 * @property {import("./protocol.js").Forces | null} forces
 * @property {import("./protocol.js").Sampled | null} sampled
 */
/**
 * @typedef {object} Record
 * @property {number} run @property {boolean} playing
 * @property {boolean} framed whether a frame has told how it stands
 * @property {number} opened how often the test rows of these data have been looked at, in former runs too
 * @property {import("./protocol.js").Info} info
 * @property {import("./protocol.js").Built["points"]} points
 * @property {import("./protocol.js").Grid | null} grid
 * @property {import("./protocol.js").MatrixPicture | null} system
 * @property {LaneRecord[]} lanes
 * @property {import("./protocol.js").Explanation | null} explanation of the selected lane's last step
 */
/** @typedef {{ mark: number, title: string, detail: string, rated: boolean }} LaneName */

/**
 * An empty record of run number `run`.
 * @param {number} run @param {import("./protocol.js").Built} built @param {LaneName[]} names @param {number} [opened]
 * @returns {Record}
 */
export function newRecord(run, built, names, opened = 0) {
  const { info, points, grid, system } = built;
  return {
    run,
    playing: false,
    framed: false,
    opened,
    info,
    points,
    grid,
    system,
    lanes: names.map(newLane),
    explanation: null,
  };
}

/** @param {LaneName} name @returns {LaneRecord} */
function newLane({ mark, title, detail, rated }) {
  return {
    lane: mark,
    title,
    detail,
    rated,
    selected: false,
    status: "paused",
    reason: "",
    at: 0,
    epoch: 0,
    evals: 0,
    ms: 0,
    rows: 0,
    columns: {},
    path: new Float64Array(),
    dim: 0,
    points: 0,
    trials: new Float64Array(),
    band: null,
    statistics: null,
    model: null,
    best: null,
    tested: null,
    population: null,
    forces: null,
    sampled: null,
    field: null,
    curve: null,
    predicted: null,
    parameters: null,
    neurons: null,
  };
}

/** Adds what a frame brought. @param {Record} record @param {Frame} frame */
export function addFrame(record, frame) {
  record.playing = frame.playing;
  record.framed = true;
  record.explanation = frame.explanation;
  frame.lanes.forEach((part, i) => {
    const lane = record.lanes[i];
    if (lane) addLane(lane, part, frame.playing);
  });
}

/** @param {LaneRecord} lane @param {LaneFrame} part @param {boolean} playing */
function addLane(lane, part, playing) {
  lane.status = part.status === "running" && !playing ? "paused" : part.status;
  lane.reason = part.reason;
  lane.at = part.iteration;
  lane.epoch = part.epoch;
  lane.evals = part.evals;
  lane.best = part.best;
  if (Number.isFinite(part.ms)) lane.ms = part.ms;
  for (const [name, values] of Object.entries(part.history.columns)) {
    lane.columns[name] = write(lane.columns[name], part.history.from, values);
  }
  const { gain } = part.history.columns;
  // A trial that was rejected may have a gain of any size, and one of rounding size none that means anything.
  if (gain) lane.columns.gain_held = write(lane.columns.gain_held, part.history.from, gain.map(held));
  // A dual function may be above f where the constraints are violated, and the chart is logarithmic.
  const { gap } = part.history.columns;
  if (gap) lane.columns.gap_size = write(lane.columns.gap_size, part.history.from, gap.map(Math.abs));
  lane.rows = part.history.rows;
  lane.dim = part.path.dim;
  lane.path = write(lane.path, part.path.from * part.path.dim, part.path.points);
  lane.points = part.path.dim > 0 ? part.path.from + part.path.points.length / part.path.dim : 0;
  if (part.trials.length > 0) lane.trials = joined(lane.trials, part.trials);
  if (part.picture) Object.assign(lane, part.picture);
}

/** @param {number} gain */
function held(gain) {
  return Math.max(-1, Math.min(2, gain));
}

/** @param {Float64Array} a @param {Float64Array} b */
function joined(a, b) {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Writes `values` at `from` into `column`, or into a larger copy where it does not fit. @param {Float64Array | undefined} column @param {number} from @param {Float64Array} values */
function write(column, from, values) {
  const end = from + values.length;
  let target = column ?? new Float64Array(Math.max(256, end));
  if (end > target.length) {
    const larger = new Float64Array(Math.max(end, 2 * target.length));
    larger.set(target.subarray(0, from));
    target = larger;
  }
  target.set(values, from);
  return target;
}

/** The iteration that the run has come to. @param {Record} record */
export function iterationOf({ lanes }) {
  return lanes.reduce((most, { at }) => Math.max(most, at), 0);
}

/** The row of an iteration, −1 where it is not kept. @param {LaneRecord} lane @param {number} iteration */
export function rowOf(lane, iteration) {
  const column = lane.columns.iteration;
  let [low, high] = [0, lane.rows];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column?.[middle] ?? 0) < iteration) low = middle + 1;
    else high = middle;
  }
  return column?.[low] === iteration && low < lane.rows ? low : -1;
}

/** The last number of a column, NaN where there is none. @param {LaneRecord} lane @param {string} name */
export function last(lane, name) {
  return lane.columns[name]?.[lane.rows - 1] ?? Number.NaN;
}
