/** Elements in one call. Text goes in as text nodes only, so nothing that a visitor types becomes markup. */

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, unknown>} Props attributes; `onclick` and the like are listeners; `true` is an empty attribute, `false` and `null` none */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Props} [props] @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  element.append(...children.filter(isNode));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG. @param {string} tag @param {Props} [props] @param {...Child} children */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  setProps(element, props);
  element.append(...children.filter(isNode));
  return /** @type {SVGElement} */ (element);
}

/** A picture of the sprite in index.html. @param {string} name @param {string} [more] further classes */
export function icon(name, more = "") {
  return svg("svg", { class: `icon ${more}`.trim(), "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/** @param {Element} element @param {Props} props */
function setProps(element, props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    // As an attribute it would be refused: the page's policy allows no style within markup.
    else if (key === "style" && element instanceof HTMLElement) element.style.cssText = String(value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
}

/** @param {Child} child @returns {child is Node | string} */
function isNode(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** Sets the text of an element, if it is another. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The element with this id; the markup has it. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

const SHAPES = [
  { tag: "circle", props: { cx: 16, cy: 7, r: 3.6 } },
  { tag: "rect", props: { x: 12.8, y: 3.8, width: 6.4, height: 6.4 } },
  { tag: "path", props: { d: "M16 2.7L20 9.9H12Z" } },
  { tag: "path", props: { d: "M16 2.3L20.7 7L16 11.7L11.3 7Z" } },
  { tag: "path", props: { d: "M16 11.3L20 4.1H12Z" } },
  { tag: "path", props: { d: "M11.8 5.6H14.6V2.8H17.4V5.6H20.2V8.4H17.4V11.2H14.6V8.4H11.8Z" } },
];

/** A lane's line with its mark. @param {number} mark from 1 */
export function swatch(mark) {
  const shape = SHAPES[(mark - 1) % SHAPES.length];
  return svg(
    "svg",
    { class: `swatch lane-${mark}`, width: 32, height: 14, viewBox: "0 0 32 14", "aria-hidden": "true" },
    svg("path", { class: "lane-line", d: "M1 7H31" }),
    shape ? svg(shape.tag, { class: "lane-mark", ...shape.props }) : null,
  );
}
