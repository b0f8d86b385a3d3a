/**
 * The parts of a chart that are elements of the page rather than drawn by the engine: the wires and names of a network's
 * diagram, the names above a matrix.
 */

import { escaped } from "../frame.js";
import { round } from "./markup.js";

/** @typedef {{ d: string, stroke: string, width: number, dash: string, opacity: number }} Wire */
/** @typedef {{ text: string, x: number, y: number, colour: string, size: number, family: string, bold: boolean }} Label */
/** Wires lie below what is drawn, names above. @typedef {{ below: Wire[], above: Label[] }} Parts */

/** From the middle of a line of the page to its baseline, as a part of the font size: half of ascent less descent, which is 0.346 in DejaVu Sans, Arial and Liberation Sans. */
const MIDDLE = 0.346;

/** @param {HTMLElement} element of the chart @returns {Parts} */
export function partsOf(element) {
  const corner = element.getBoundingClientRect();
  const wires = /** @type {SVGPathElement[]} */ ([...element.querySelectorAll("path.wire")]);
  const names = /** @type {HTMLElement[]} */ ([
    ...element.querySelectorAll(".node-label, .more, .layer-tag, .cells-box > span"),
  ]);
  return {
    below: wires.map((wire) => {
      const style = getComputedStyle(wire);
      return {
        d: wire.getAttribute("d") ?? "",
        stroke: style.stroke,
        width: Number.parseFloat(style.strokeWidth) || 1,
        dash: style.strokeDasharray === "none" ? "" : style.strokeDasharray.replaceAll("px", ""),
        opacity: Number.parseFloat(style.opacity) * (Number.parseFloat(style.strokeOpacity) || 1),
      };
    }),
    above: names.flatMap((name) => labelOf(name, corner)),
  };
}

/** A name where its own text stands; the buttons within are no part of it. @param {HTMLElement} element @param {DOMRect} corner @returns {Label[]} */
function labelOf(element, corner) {
  const node = [...element.childNodes].find((child) => child.nodeType === Node.TEXT_NODE);
  const text = node?.textContent?.trim() ?? "";
  if (!node || !text) return [];
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  const style = getComputedStyle(element);
  return [
    {
      text,
      x: (box.left + box.right) / 2 - corner.left,
      y: (box.top + box.bottom) / 2 - corner.top,
      colour: style.color,
      size: Number.parseFloat(style.fontSize),
      family: style.fontFamily,
      bold: Number(style.fontWeight) >= 600,
    },
  ];
}

/** @param {Parts} parts @param {"below" | "above"} which @returns {string} elements of an SVG */
export function elementsOf({ below, above }, which) {
  if (which === "below")
    return below
      .map(
        ({ d, stroke, width, dash, opacity }) =>
          `<path fill="none" stroke="${stroke}" stroke-width="${round(width)}"${dash ? ` stroke-dasharray="${dash}"` : ""}${opacity < 1 ? ` stroke-opacity="${round(opacity)}"` : ""} d="${d}"/>\n`,
      )
      .join("");
  return above
    .map(
      ({ text, x, y, colour, size, family, bold }) =>
        `<text x="${round(x)}" y="${round(y + MIDDLE * size)}" text-anchor="middle" font-family="${escaped(family)}" font-size="${round(size)}"${bold ? ' font-weight="bold"' : ""} fill="${colour}">${escaped(text)}</text>\n`,
    )
    .join("");
}

/** The same on a canvas whose unit is a CSS pixel. @param {CanvasRenderingContext2D} context @param {Parts} parts @param {"below" | "above"} which */
export function drawParts(context, { below, above }, which) {
  context.save();
  if (which === "below")
    for (const { d, stroke, width, dash, opacity } of below) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.globalAlpha = opacity;
      context.setLineDash(dash ? dash.split(/[\s,]+/).map(Number) : []);
      context.stroke(new Path2D(d));
    }
  else
    for (const { text, x, y, colour, size, family, bold } of above) {
      context.fillStyle = colour;
      context.font = `${bold ? "bold " : ""}${size}px ${family}`;
      context.textAlign = "center";
      context.textBaseline = "alphabetic";
      context.fillText(text, x, y + MIDDLE * size);
    }
  context.restore();
}
