/** A solve, opened: the matrix of a lane's next step, its spectrum, and how each linear solver fares on it. */

import { iconButton } from "../controls.js";
import { h, icon, setText } from "../dom.js";
import { count, short } from "../format.js";
import { T } from "../texts.js";
import { Cells, largest, squeezed } from "./system.js";

/** @typedef {import("../protocol.js").Opened} Opened */
/** @typedef {import("../protocol.js").SolveReport} SolveReport */

/** CSS pixels a side of the matrix. */
const SIDE = 200;
const STRIP = 14;
/** So many eigenvalues are written out; more are drawn only. */
const WRITTEN = 12;

/** @param {HTMLElement} root @param {{ ask(lane: number): Promise<Opened | null> }} on */
export function createSolve(root, on) {
  const title = h("h2", { id: "solve-title" });
  const content = h("div", { class: "solve" });
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    {
      id: "solve-dialog",
      "aria-labelledby": "solve-title",
      onclick: (/** @type {MouseEvent} */ event) => event.target === dialog && close(),
    },
    h("div", { class: "content" }, h("div", { class: "panel-head" }, title, iconButton("x", T.close, close)), content),
  );
  root.append(dialog);

  return {
    /** @param {number} lane position */
    async open(lane) {
      setText(title, T.solveTitle);
      content.replaceChildren(h("p", { role: "status" }, T.solveWaiting));
      dialog.showModal();
      try {
        const opened = await on.ask(lane);
        if (opened) show(opened);
        else close();
      } catch (fault) {
        const { message } = /** @type {{ message: string }} */ (fault);
        content.replaceChildren(h("p", { class: "fault", role: "alert" }, message));
      }
    },
  };

  /** @param {Opened} opened */
  function show({ picture, report }) {
    setText(title, T.solveOf(report.name, count(report.dim)));
    const { size, values, rhs } = picture;
    const matrix = new Cells(report.name);
    matrix.draw(values, size, SIDE, SIDE, largest(values), true);
    const side = new Cells(T.solveRhs);
    side.draw(squeezed(rhs, size), 1, STRIP, SIDE, largest(rhs), true);
    const heat = h(
      "div",
      {
        class: "system-part",
        role: "img",
        "aria-label": T.solveMatrix(report.name, report.dim, short(largest(values))),
      },
      matrix.element,
      side.element,
    );
    content.replaceChildren(
      h("div", { class: "solve-top" }, heat, spectrum(report)),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": T.solveTable }, solvers(report)),
      h("p", { class: "hint" }, T.solveHint),
    );
  }
}

/** Eigenvalues on a line, with the condition number. @param {SolveReport} report */
function spectrum({ eigenvalues, condition, symmetric, dim }) {
  const facts = [
    [T.solveCondition, condition === null ? T.unknown : short(condition)],
    [T.solveSymmetric, symmetric ? T.yes : T.no],
  ];
  const list = h(
    "dl",
    { class: "facts num" },
    ...facts.flatMap(([name = "", value = ""]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
  if (!eigenvalues) return h("div", { class: "spectrum" }, list);
  const most = eigenvalues.reduce((a, v) => Math.max(a, Math.abs(v)), 0) || 1;
  const negative = eigenvalues.filter((v) => v < 0).length;
  const bars =
    eigenvalues.length > 80 ? eigenvalues.filter((_, i) => i % Math.ceil(eigenvalues.length / 80) === 0) : eigenvalues;
  // A bar's height is the logarithm over sixteen decades: what is below cannot be told from zero.
  const height = (/** @type {number} */ v) => Math.max(2, 100 * (1 + Math.log10(Math.abs(v) / most + 1e-300) / 16));
  return h(
    "div",
    { class: "spectrum" },
    list,
    h(
      "div",
      {
        class: "bars",
        role: "img",
        "aria-label": T.solveBars(dim, short(eigenvalues[0] ?? 0), short(eigenvalues.at(-1) ?? 0)),
      },
      ...bars.map((v) =>
        h("i", { class: v < 0 ? "neg" : "", style: `height:${height(v).toFixed(1)}%`, title: short(v) }),
      ),
    ),
    h(
      "p",
      { class: "num" },
      dim <= WRITTEN
        ? `λ: ${eigenvalues.map((v) => short(v)).join(", ")}`
        : T.solveRange(short(eigenvalues[0] ?? 0), short(eigenvalues.at(-1) ?? 0)),
      negative > 0 ? ` ${T.solveNegative(negative)}` : "",
    ),
  );
}

/** @param {SolveReport} report */
function solvers({ solvers: list }) {
  const head = T.solveHeads.map((text, i) => h("th", { scope: "col", class: i > 0 && i < 5 ? "r" : "" }, text));
  const row = (/** @type {SolveReport["solvers"][number]} */ s) => {
    const [name, picture] = OUTCOMES[s.outcome];
    const says = s.reason ? `${T.outcomes[s.outcome]}: ${s.reason}` : T.outcomes[s.outcome];
    const ran = s.iterations > 0 || s.outcome === "solved";
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, s.title),
      ...[count(s.iterations), count(s.products), short(s.residual), s.ms.toFixed(2)].map((text) =>
        h("td", { class: "r num" }, ran ? text : T.unknown),
      ),
      h("td", {}, h("span", { class: `pill ${name}` }, icon(picture), h("span", {}, says))),
    );
  };
  return h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...list.map(row)));
}

/** Class and picture of an outcome. @type {Record<SolveReport["solvers"][number]["outcome"], [string, string]>} */
const OUTCOMES = { solved: ["converged", "check"], slow: ["", "stop"], refused: ["diverged", "warn"] };
