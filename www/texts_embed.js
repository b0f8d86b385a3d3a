/** The sentences and words of an embedded figure, and of the dialog that makes one. */

export const E = {
  open: "Open in Descent",
  opens: "Opens this run in Descent, in a new tab",
  lanesOf: (/** @type {string} */ what, /** @type {number[]} */ marks) =>
    `${what} of ${marks.length === 1 ? "lane" : "lanes"} ${marks.join(", ")}`,
  lossIs: (/** @type {string} */ loss) => `loss ${loss}`,
  showLane: (/** @type {number} */ lane, /** @type {string} */ title) => `Lane ${lane}, ${title}`,
};
