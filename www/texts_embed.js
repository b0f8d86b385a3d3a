/** The sentences and words of an embedded figure, and of the dialog that makes one. */

export const E = {
  title: "Embed this run",
  hint: "It runs while it is seen. Whoever opens it can change it; the page around it stays as it is.",
  parts: "Parts",
  partNames: /** @type {{ [part: string]: string }} */ ({
    key: "key",
    legend: "legend",
    transport: "controls",
    knobs: "sliders",
    counter: "counter",
    link: "link to Descent",
    title: "title",
    time: "back in time",
    speed: "speed",
    epoch: "epoch",
    curves: "curves",
    rate: "learning rate",
    equation: "equation",
    lanes: "methods",
    rail: "problem",
    answer: "parameters",
  }),
  autoplay: "runs by itself",
  snippets: /** @type {[id: string, title: string, hint: string][]} */ ([
    ["frame", "Any page", "An iframe needs no script."],
    ["element", "Any page, with a script", "An element that scripts can run, step and ask."],
    [
      "slide",
      "Slides (reveal.js)",
      "The figure starts with its slide. For fragments that step it, name the plugin figures.js among the plugins of the deck.",
    ],
  ]),
  step: "Ten steps",
  copy: "Copy",
  copyOf: (/** @type {string} */ what) => `Copy: ${what}`,
  copied: "Copied",
  closed: "The clipboard is closed to this page: the text is selected, copy it with the keyboard.",

  open: "Open in Descent",
  opens: "Opens this run in Descent, in a new tab",
  lanesOf: (/** @type {string} */ what, /** @type {number[]} */ marks) =>
    `${what} of ${marks.length === 1 ? "lane" : "lanes"} ${marks.join(", ")}`,
  lossIs: (/** @type {string} */ loss) => `loss ${loss}`,
  showLane: (/** @type {number} */ lane, /** @type {string} */ title) => `Lane ${lane}, ${title}`,
};
