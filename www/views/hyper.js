/** Hyper-parameters of a lane: which of them have a column of the table, and how they change. */

import { suited } from "../presets.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../protocol.js").Field} Field */
/** @typedef {import("../protocol.js").MethodInfo} MethodInfo */

/** The columns for hyper-parameters that most methods have; the others stand in the lane's details. */
export const COLUMNS = [
  { symbol: "α", of: (/** @type {Field} */ f) => f.name === "lr", class: "c-num" },
  { symbol: "β₁", of: isFirstDecay, class: "c-sm" },
  { symbol: "β₂", of: isSecondDecay, class: "c-sm" },
  { symbol: "ε", of: (/** @type {Field} */ f) => f.name === "eps", class: "c-sm" },
];

/** @param {Field} field @param {MethodInfo} method */
function isFirstDecay(field, method) {
  return field.name === "beta1" || (field.name === "beta" && !adapts(method));
}

/** A method with an ε divides by the root of a mean of squares, and its one decay is the decay of that mean. @param {Field} field @param {MethodInfo} method */
function isSecondDecay(field, method) {
  return field.name === "beta2" || field.name === "rho" || (field.name === "beta" && adapts(method));
}

/** @param {MethodInfo} method */
function adapts(method) {
  return method.fields.some((f) => f.name === "eps");
}

/** The fields that have no column. @param {MethodInfo} method */
export function furtherFields(method) {
  return method.fields.filter((f) => !COLUMNS.some((c) => c.of(f, method)));
}

/** @param {State} state @param {number} i @param {string} name @param {unknown} value */
export function setHyper(state, i, name, value) {
  const optimizer = state.lanes[i]?.optimizer;
  if (!optimizer) return;
  if (value === undefined) delete optimizer[name];
  else optimizer[name] = value;
}

/** Another method keeps what it shares with the former one: learning rates are on different scales, so it gets one that suits it. @param {State} state @param {number} i @param {string} name @param {MethodInfo[]} methods */
export function changeMethod(state, i, name, methods) {
  const lane = state.lanes[i];
  const fields = methods.find((m) => m.name === name)?.fields ?? [];
  if (!lane) return;
  const kept = Object.entries(lane.optimizer).filter(
    ([key]) => key !== "name" && key !== "lr" && fields.some((f) => f.name === key && f.type !== "choice"),
  );
  const rate = suited(state, name).lr ?? fields.find((f) => f.name === "lr")?.default;
  lane.optimizer = { name, ...(rate === undefined ? {} : { lr: rate }), ...Object.fromEntries(kept) };
}
