/** The panel of pictures: a chart, how it is to look, and what it will be. */

import { check, pair } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { pngOf } from "./animation.js";
import { canvasOf, captionOf, chartsShown, svgOf } from "./charts.js";
import { nameOf, save } from "./files.js";
import { T } from "./texts.js";

/** @typedef {import("./charts.js").Chart} Chart */

/** Pixels of a PNG for a CSS pixel. */
const RATIO = 2;

/** @param {import("./export.js").Context} context @returns {import("./export.js").Panel} */
export function createPicture({ app, say, attempt }) {
  const list = h("select", { id: "export-chart", onchange: () => attempt(preview) });
  const captioned = h("input", { type: "checkbox", checked: true, onchange: () => attempt(preview) });
  const light = h("input", { type: "checkbox", onchange: () => attempt(preview) });
  const image = h("img", { class: "preview", alt: "" });
  const none = h("p", { class: "hint", hidden: true }, T.noChart);
  const svg = h("button", { class: "btn edge", type: "button", onclick: () => attempt(saveSvg) }, T.saveSvg);
  const png = h("button", { class: "btn edge", type: "button", onclick: () => attempt(savePng) }, T.savePng);
  const parts = [
    pair(T.whichChart, list),
    h("div", { class: "row" }, check(captioned, T.captioned), check(light, T.light)),
    h("div", { class: "frame" }, image),
    h("div", { class: "row" }, svg, png),
    h("p", { class: "hint" }, T.pictureHint),
  ];
  /** @type {Chart[]} */
  let charts = [];
  let url = "";

  const look = () => ({
    theme: /** @type {"" | "light"} */ (light.checked ? "light" : ""),
    captioned: captioned.checked,
  });
  const chosen = () => charts.find(({ label }) => label === list.value);

  /** The chart as it is now. */
  function drawn() {
    const chart = chosen();
    return chart ? svgOf(chart, captionOf(chart, app.record, look()), look()) : "";
  }

  function preview() {
    const chart = chosen();
    if (!chart) return;
    URL.revokeObjectURL(url);
    url = URL.createObjectURL(new Blob([drawn()], { type: "image/svg+xml" }));
    image.src = url;
    image.alt = T.previewOf(chart.element.getAttribute("aria-label") ?? chart.label);
  }

  function saveSvg() {
    const chart = chosen();
    if (!chart) return;
    preview();
    const name = nameOf(app, chart.label, "svg");
    save(name, new Blob([drawn()], { type: "image/svg+xml" }));
    say(T.saved(name));
  }

  async function savePng() {
    const chart = chosen();
    if (!chart) return;
    preview();
    const name = nameOf(app, chart.label, "png");
    save(name, await pngOf(canvasOf(chart, captionOf(chart, app.record, look()), look(), RATIO)));
    say(T.saved(name));
  }

  return {
    element: h("div", { class: "panel" }, none, ...parts),
    show() {
      charts = chartsShown();
      const former = list.value;
      list.replaceChildren(...charts.map(({ label }) => h("option", { value: label }, label)));
      if (charts.some(({ label }) => label === former)) list.value = former;
      none.hidden = charts.length > 0;
      for (const part of parts) part.hidden = charts.length === 0;
      setText(none, T.noChart);
      preview();
    },
    hide() {
      URL.revokeObjectURL(url);
      image.removeAttribute("src");
    },
  };
}
