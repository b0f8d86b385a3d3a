/** Numbers as people read them: three digits, a true minus, ∞ in words' place. */

import { T } from "./texts.js";

const MINUS = "−";

/** Three significant digits, or a power of ten. @param {number} v @param {number} [digits] */
export function short(v, digits = 3) {
  if (Number.isNaN(v)) return T.notANumber;
  if (!Number.isFinite(v)) return v > 0 ? "∞" : `${MINUS}∞`;
  const a = Math.abs(v);
  if (v !== 0 && (a < 1e-3 || a >= 1e5)) return minus(v.toExponential(digits - 1).replace("e+", "e"));
  return minus(v.toPrecision(digits));
}

/** All its digits, as a field shows it. @param {unknown} v */
export function exact(v) {
  if (typeof v !== "number") return v === undefined || v === null ? "" : String(v);
  if (!Number.isFinite(v)) return short(v);
  const a = Math.abs(v);
  return minus(v !== 0 && (a < 1e-4 || a >= 1e7) ? v.toExponential().replace("e+", "e") : String(v));
}

/** A whole number with thin spaces. @param {number} v */
export function count(v) {
  return String(Math.round(v)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** @param {string} text */
function minus(text) {
  return text.replaceAll("-", MINUS);
}
