/**
 * The charts that can be seen, as pictures that leave the page: PNG, sharper than on the screen, and SVG.
 *
 * Each canvas remembers the last call of the painter that drew on it (`drawings`). That call is made once more, on a
 * larger canvas or by a painter of vectors, so a picture shows what the page shows, drawn by the same code.
 */

import { h } from "../../dom.js";
import { drawings, inTheme, newPainter } from "../../draw.js";
import { escaped } from "../frame.js";
import { round } from "./markup.js";
import { drawParts, elementsOf, partsOf } from "./parts.js";
import { T } from "./texts.js";

/** @typedef {import("../../record.js").Record} Record */
/** @typedef {ReturnType<typeof newPainter>} Painting */
/** A place in a chart, in CSS pixels. @typedef {{ left: number, top: number, width: number, height: number }} Place */
/**
 * A layer of a picture: pixels, or the elements of an SVG, whose lengths are CSS pixels from the place's corner; of cells
 * each pixel is one.
 * @typedef {{ place: Place } & ({ canvas: HTMLCanvasElement, cells: boolean } | { elements: string })} Layer
 */
/**
 * A chart of the page.
 * @typedef {object} Chart
 * @property {HTMLElement} element that says in words what it shows
 * @property {string} label to choose it by
 * @property {string} title @property {string} note
 * @property {"lanes" | "lane" | ""} shows whether its lines are those of the lanes, or it is about the selected one
 */
/**
 * @typedef {object} Look
 * @property {"" | "light"} theme empty: as it is on the page
 * @property {boolean} captioned whether the title and the lanes stand around it
 */
/** @typedef {{ title: string, note: string, lanes: { lane: number, selected: boolean, name: string }[] }} Caption */

/** What shows the selected lane alone. */
const OF_ONE = ".diagram, .system-part";

/** CSS pixels are 1/96 of an inch, points 1/72. */
const POINTS = 0.75;

/** The charts that are to be seen now. @returns {Chart[]} */
export function chartsShown() {
  const found = /** @type {HTMLElement[]} */ ([
    ...document.querySelectorAll(".app .ink[role=img], .app .system-part[role=img], .app .diagram"),
  ]);
  const shown = found.filter((e) => e.clientWidth > 40 && e.clientHeight > 40 && hasPicture(e));
  /** @type {Map<string, number>} */
  const times = new Map();
  return shown.map((element) => {
    const words = element.getAttribute("aria-label") ?? "";
    const name = words.split(/[,;:]|\.(?:\s|$)/, 1)[0]?.trim() || T.chart;
    const nth = (times.get(name) ?? 0) + 1;
    times.set(name, nth);
    const heading = element.closest("section.curve")?.querySelector("h3");
    const note = heading?.querySelector("span:last-child")?.textContent?.trim() ?? "";
    const whole = heading?.textContent?.trim() ?? "";
    return {
      element,
      label: nth > 1 ? `${name} ${nth}` : name,
      title: heading ? whole.slice(0, whole.length - note.length).trim() : headingOf(element),
      note: heading ? note : "",
      shows: element.closest("#picture, #curves") === null ? "" : element.matches(OF_ONE) ? "lane" : "lanes",
    };
  });
}

/** What stands over a figure. @param {HTMLElement} element */
function headingOf(element) {
  return element.closest(".picture")?.querySelector("h1")?.textContent?.trim() ?? "";
}

/** Whether something has been drawn there. @param {HTMLElement} element */
function hasPicture(element) {
  return element.matches(".diagram") || [...element.querySelectorAll("canvas")].some((canvas) => drawings.has(canvas));
}

/** @param {Chart} chart @param {Record | null} record @param {Look} look @returns {Caption} */
export function captionOf({ title, note, shows }, record, { captioned }) {
  if (!captioned || !record) return { title: "", note: "", lanes: [] };
  const lanes =
    shows === "lanes"
      ? record.lanes.map((l) => ({
          lane: l.lane,
          selected: l.selected,
          name: [l.title, l.detail].filter(Boolean).join(", "),
        }))
      : [];
  const one = shows === "lane" ? (record.lanes.find((l) => l.selected)?.title ?? "") : "";
  return { title: title || record.info.title, note: note || one, lanes };
}

/**
 * A chart with its caption as one SVG: text is text, lines are lines; only grounds that are pixels by nature are an image.
 * @param {Chart} chart @param {Caption} caption @param {Look} look
 */
export function svgOf(chart, caption, look) {
  const painting = newPainter(look.theme, true);
  const layers = layersOf(chart, painting, 2);
  const parts = inTheme(look.theme, () => partsOf(chart.element));
  const { painter, paper } = painting;
  const [width, inner] = sizeOf(chart.element);
  const [above = 0, below = 0] = painter.caption_room(caption, width);
  const height = inner + above + below;
  painter.caption(blank(width, height, 2), 2, caption);
  const around = painter.elements();
  painter.free();
  const drawn = layers.map((layer) => {
    const { left, top, width: w, height: h } = layer.place;
    if ("elements" in layer)
      return `<g transform="translate(${round(left)} ${round(top + above)})">\n${layer.elements}</g>\n`;
    const crisp = layer.cells ? ' image-rendering="pixelated"' : "";
    return `<image x="${round(left)}" y="${round(top + above)}" width="${round(w)}" height="${round(h)}" preserveAspectRatio="none"${crisp} href="${layer.canvas.toDataURL()}"/>\n`;
  });
  const words = chart.element.getAttribute("aria-label") ?? "";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width * POINTS)}pt" height="${round(height * POINTS)}pt" viewBox="0 0 ${round(width)} ${round(height)}" stroke-linejoin="round" role="img">\n`,
    `<title>${escaped(chart.label)}</title>\n<desc>${escaped(words)}</desc>\n`,
    `<rect width="${round(width)}" height="${round(height)}" fill="${paper}"/>\n`,
    `<g transform="translate(0 ${round(above)})">\n${elementsOf(parts, "below")}</g>\n`,
    ...drawn,
    `<g transform="translate(0 ${round(above)})">\n${elementsOf(parts, "above")}</g>\n`,
    around,
    "</svg>\n",
  ].join("");
}

/**
 * A chart with its caption on a canvas of `ratio` pixels a CSS pixel.
 * @param {Chart} chart @param {Caption} caption @param {Look} look @param {number} ratio
 */
export function canvasOf(chart, caption, look, ratio) {
  const painting = newPainter(look.theme, false);
  const layers = layersOf(chart, painting, ratio);
  const parts = inTheme(look.theme, () => partsOf(chart.element));
  const { painter, paper } = painting;
  const [width, inner] = sizeOf(chart.element);
  const [above = 0, below = 0] = painter.caption_room(caption, width);
  const canvas = blank(width, inner + above + below, ratio);
  const around = blank(width, inner + above + below, ratio);
  painter.caption(around, ratio, caption);
  painter.free();
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio, 0, 0, ratio, 0, above * ratio);
  drawParts(context, parts, "below");
  for (const layer of layers) {
    if (!("canvas" in layer)) continue;
    const { left, top, width: w, height: h } = layer.place;
    context.imageSmoothingEnabled = !layer.cells;
    context.drawImage(layer.canvas, left, top, w, h);
  }
  drawParts(context, parts, "above");
  context.resetTransform();
  context.drawImage(around, 0, 0);
  return canvas;
}

/** The layers of a chart from below, drawn anew. @param {Chart} chart @param {Painting} painting @param {number} ratio @returns {Layer[]} */
function layersOf({ element }, { painter }, ratio) {
  const canvases = [...element.querySelectorAll("canvas")];
  const corner = element.getBoundingClientRect();
  /** @type {Map<HTMLCanvasElement, Layer>} */
  const layers = new Map();
  /** @type {Set<unknown>} */
  const done = new Set();
  for (const canvas of canvases) {
    const drawing = drawings.get(canvas);
    if (!drawing || canvas.hidden || done.has(drawing)) continue;
    done.add(drawing);
    const { method, args } = drawing;
    const first = args.findIndex((arg) => !(arg instanceof HTMLCanvasElement));
    const onto = /** @type {HTMLCanvasElement[]} */ (args.slice(0, first));
    const scaled = typeof args[first] === "number";
    // A neuron and a matrix have a pixel for each of their cells, whatever their size on the page.
    const cells = !scaled && method !== "field";
    const fresh = onto.map((one) =>
      cells ? blank(one.width, one.height, 1) : blank(one.clientWidth, one.clientHeight, ratio),
    );
    const rest = scaled ? [ratio, ...args.slice(first + 1)] : args.slice(first);
    Reflect.apply(Reflect.get(painter, method), painter, [...fresh, ...rest]);
    const elements = painter.elements();
    onto.forEach((one, i) => {
      const box = one.getBoundingClientRect();
      const place = {
        left: box.left - corner.left,
        top: box.top - corner.top,
        width: one.clientWidth,
        height: one.clientHeight,
      };
      const copy = /** @type {HTMLCanvasElement} */ (fresh[i]);
      // Of a call that has two canvases the first takes the ground, as pixels.
      const vector = scaled && i + 1 === onto.length && elements !== "";
      layers.set(one, vector ? { place, elements } : { place, canvas: copy, cells: method === "heatmap" });
    });
  }
  return canvases.flatMap((canvas) => layers.get(canvas) ?? []);
}

/** @param {number} width CSS pixels @param {number} height @param {number} ratio */
export function blank(width, height, ratio) {
  return h("canvas", {
    width: Math.max(1, Math.round(width * ratio)),
    height: Math.max(1, Math.round(height * ratio)),
  });
}

/** @param {HTMLElement} element @returns {[width: number, height: number]} */
function sizeOf({ clientWidth, clientHeight }) {
  return [clientWidth, clientHeight];
}
