/** What is swept: widths, training rows, degrees, each as a search, and what its results say. */

import { short } from "../../draw.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("../tune/study.js").Row} Row */
/** @typedef {import("../../pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {"width" | "rows" | "degree"} Kind */
/** @typedef {{ size: number, row: Row }} Sized */

const WIDTHS = [1, 2, 4, 8, 16, 32, 64];
/** As many sizes of the training set. */
const PARTS = 7;
/** The degree that the model of polynomials has at most. */
const DEGREE_MAX = 12;
/** More rows than these a polynomial is not swept over, as each degree's inputs travel with the search. */
const ROWS_MAX = 2000;
/** A loss of so many times the best is clearly above it. */
const CLEARLY = 1.1;

/** What can be swept on a problem, the first by default. @param {Scene} scene @returns {Kind[]} */
export function kindsOf({ info, record }) {
  if (info.network) return ["width", "rows"];
  const fit = info.least_squares;
  const points = record.points?.train;
  const one = fit && !fit.implicit && fit.features.length === 1 && points;
  return one && points.rows >= 8 && points.rows <= ROWS_MAX ? ["degree"] : [];
}

/** The values: those that were typed, or those that suit. @param {Kind} kind @param {Scene} scene @returns {unknown[]} */
export function sizesOf(kind, { recipe, info, record }) {
  if (recipe.sizes.length > 0) return recipe.sizes;
  if (kind === "width") return WIDTHS;
  if (kind === "degree") {
    const most = Math.min(DEGREE_MAX, Math.floor((record.points?.train.rows ?? 0) / 2) - 2);
    return Array.from({ length: Math.max(1, most) }, (_, i) => i + 1);
  }
  const all = info.network?.rows.train ?? 1;
  const first = Math.min(all, Math.max(4, 2 * (info.network?.classes.length ?? 0)));
  const parts = Array.from({ length: PARTS }, (_, i) => Math.round(first * (all / first) ** (i / (PARTS - 1))));
  return [...new Set(parts)];
}

/** @param {Kind} kind @param {Scene} scene @returns {SearchSpec} */
export function specOf(kind, scene) {
  const { config, info, recipe } = scene;
  const sizes = sizesOf(kind, scene);
  const { folds } = recipe;
  const judged = {
    score: /** @type {const} */ ("val_loss"),
    ...(folds === 1 || folds === undefined ? {} : { folds: /** @type {any} */ (folds) }),
  };
  if (kind === "degree") return { ...polynomials(scene, sizes), ...judged };
  const base = /** @type {any} */ (config);
  if (kind === "rows") return { base, method: "grid", axes: { "problem.train_rows": sizes }, ...judged };
  const depth = Math.max(1, (info.network?.sizes.length ?? 3) - 2);
  const layers = sizes.map((width) => Array.from({ length: depth }, () => width));
  return { base, method: "grid", axes: { "problem.layers": layers }, ...judged };
}

/**
 * Polynomials as linear networks over Chebyshev's polynomials of the input: the same functions as those of the powers,
 * with columns that stay apart. One Gauss-Newton step is the exact fit. Half of the rows validate.
 * @param {Scene} scene @param {unknown[]} degrees @returns {SearchSpec}
 */
function polynomials({ config, record }, degrees) {
  const points = record.points?.train;
  const xs = [...(points?.inputs ?? [])];
  const targets = [...(points?.targets ?? [])];
  const low = Math.min(...xs);
  const span = Math.max(...xs) - low || 1;
  const inputs = (/** @type {number} */ degree) =>
    xs.map((x) => {
      const t = (2 * (x - low)) / span - 1;
      const row = [t];
      for (let k = 1; k < degree; k += 1) row.push(2 * t * Number(row[k - 1]) - (k < 2 ? 1 : Number(row[k - 2])));
      return row;
    });
  const data = (/** @type {unknown} */ degree) => ({
    inputs: typeof degree === "number" && degree >= 1 && degree <= 50 ? inputs(Math.round(degree)) : [],
    targets,
    task: "regression",
  });
  return {
    base: /** @type {any} */ ({
      problem: {
        kind: "network",
        data: data(1),
        split: { train: 0.5, val: 0.5, test: 0 },
        layers: [],
        loss: "mse",
        standardize: true,
        init: "zeros",
      },
      optimizer: { name: "gauss_newton" },
      batch_size: "full",
      seed: config.seed,
      data_seed: config.data_seed,
      stop: { iterations: 2 },
    }),
    method: "manual",
    points: degrees.map((degree) => ({ "problem.data": data(degree) })),
  };
}

/** The size of a trial's model or training set. @param {Row} row @param {Kind} kind */
export function sizeOf({ values }, kind) {
  if (kind === "rows") return Number(values["problem.train_rows"]);
  if (kind === "width") return Number(/** @type {unknown[]} */ (values["problem.layers"])?.[0]);
  return /** @type {any} */ (values["problem.data"])?.inputs?.[0]?.length ?? Number.NaN;
}

/** Whether a trial is a mean over folds. @param {import("../tune/study.js").Study} study */
export function held({ spec }) {
  return spec?.folds !== undefined;
}

/** Where the validation loss is lowest, and what stands on both sides. @param {Row[]} rows that have a loss @param {Kind} kind @returns {{ best: Sized, texts: string[] } | null} */
export function regimeOf(rows, kind) {
  const sized = rows
    .map((row) => ({ size: sizeOf(row, kind), row, val: row.result?.val_loss, train: row.result?.train_loss }))
    .filter(({ val, train }) => typeof val === "number" && typeof train === "number")
    .map((entry) => ({ ...entry, val: Number(entry.val), train: Number(entry.train) }))
    .sort((a, b) => a.size - b.size);
  const best = sized.reduce((least, entry) => (!least || entry.val < least.val ? entry : least), sized[0]);
  const [first, last] = [sized[0], sized[sized.length - 1]];
  if (!best || !first || !last) return null;
  if (kind === "rows") {
    const middle = sized[sized.length - 2] ?? last;
    const falls = last.val < middle.val / CLEARLY;
    return { best, texts: [T.rowsClose(short(last.val - last.train)), falls ? T.rowsFalls : T.rowsFlat] };
  }
  return {
    best,
    texts: [
      T.bestAt[kind](best.size),
      first.val > CLEARLY * best.val ? T.left : T.leftFlat,
      last.val > CLEARLY * best.val ? T.right : T.rightFlat,
    ],
  };
}
