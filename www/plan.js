/** How to get from the run there is to the run that is wanted, with as little loss as can be. */

import { same } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./protocol.js").Change} Change */
/** @typedef {{ lane: number | null, change: Change }} LaneChange */
/**
 * `changes` go into the running sessions, `remove` takes a lane out, `build` starts all lanes anew, from one start.
 * @typedef {{ type: "changes", changes: LaneChange[] } | { type: "remove", lane: number } | { type: "build" }} Plan
 */

/**
 * The config of each lane's session. Gradients are clipped, and rounded to 32 bits, for methods of first order only: the
 * others build on the exact values, and the engine refuses them anything else.
 * @param {State} state @param {import("./protocol.js").MethodInfo[]} methods
 * @returns {import("./protocol.js").SessionConfig[]}
 */
export function configsOf({ config, lanes, ema }, methods) {
  return lanes.map(({ optimizer, schedule, batch_size }) => {
    const { clip_norm, precision, ...shared } = config;
    const plain = methods.find((m) => m.name === optimizer.name)?.family ?? "first_order";
    const first = plain === "first_order" ? given({ clip_norm, precision }) : {};
    return {
      ...shared,
      ...first,
      ...given({ batch_size: batch_size ?? config.batch_size }),
      record: { ...config.record, ema, ...(config.problem.kind === "network" ? { train_score: true } : {}) },
      optimizer,
      ...(schedule ? { schedule } : {}),
    };
  });
}

/** What is not undefined. @param {Record<string, unknown>} fields */
function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @param {State | null} from what runs @param {State} to what is wanted @returns {Plan} */
export function planOf(from, to) {
  if (!from || !same(fixed(from), fixed(to))) return { type: "build" };
  if (from.lanes.length === to.lanes.length + 1) {
    const lane = from.lanes.findIndex((l, i) => !same(l, to.lanes[i]));
    const rest = from.lanes.filter((_, i) => i !== lane);
    return to.lanes.length > 0 && same(rest, to.lanes) ? { type: "remove", lane } : { type: "build" };
  }
  const kept =
    from.lanes.length === to.lanes.length &&
    from.lanes.every((l, i) => l.mark === to.lanes[i]?.mark && l.optimizer.name === to.lanes[i]?.optimizer.name);
  return kept ? { type: "changes", changes: changesOf(from, to) } : { type: "build" };
}

/** What cannot change while a run goes on. @param {State} state */
function fixed({ config }) {
  const { batch_size, stop, ...rest } = config;
  const { l2, ...problem } = config.problem;
  return { ...rest, problem };
}

/** @param {State} from @param {State} to @returns {LaneChange[]} */
function changesOf(from, to) {
  /** @type {LaneChange[]} */
  const changes = [];
  const { batch_size } = to.config;
  const { l2 } = to.config.problem;
  const apart = [...from.lanes, ...to.lanes].some((lane) => lane.batch_size !== undefined);
  if (!apart && !same(batch_size, from.config.batch_size))
    changes.push({ lane: null, change: { batch_size: batch_size ?? "full" } });
  if (!same(to.config.stop, from.config.stop)) changes.push({ lane: null, change: { stop: to.config.stop ?? {} } });
  if (!same(l2, from.config.problem.l2)) changes.push({ lane: null, change: { l2: l2 ?? 0 } });
  to.lanes.forEach(({ optimizer, schedule, batch_size: own }, lane) => {
    const before = from.lanes[lane];
    const [batch, former] = [own ?? batch_size, before?.batch_size ?? from.config.batch_size];
    if (apart && !same(batch, former))
      changes.push({ lane, change: { batch_size: /** @type {number | "full"} */ (batch ?? "full") } });
    if (!same(optimizer, before?.optimizer)) changes.push({ lane, change: { optimizer } });
    if (!same(schedule, before?.schedule))
      changes.push({ lane, change: { schedule: schedule ?? { name: "constant" } } });
  });
  return changes;
}
