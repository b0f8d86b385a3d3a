/**
 * The equations of the catalogue as MathML, so that the page needs no LaTeX at run time.
 *
 * Reads pkg/, writes www/generated/equations.js: `equations[latex]` is the MathML of a line of an update rule of first
 * order, which is what the page opens with, by its LaTeX; the same of all other methods into equations_more.js. A place
 * for a number, `\text{@v0}`, becomes `<mtext>@v0</mtext>`. What the catalogue has besides is looked at too.
 * The same for the equations of the slides, from www/slides/index.html into www/generated/slide_equations.js.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import temml from "temml";

/**
 * @typedef {object} Catalog what this script reads of the package's catalogue
 * @property {{ name: string, family?: string, equation: { symbols: string, numbers: string }[] }[]} methods
 * @property {{ name: string, latex: string }[]} schedules
 * @property {{ name: string, latex: string }[]} surfaces
 * @property {{ name: string, latex: string }[]} models
 */

/**
 * Every equation of the catalogue, by its LaTeX.
 * @param {Catalog} catalog
 * @returns {Map<string, string>} LaTeX → MathML
 * @throws {Error} naming the method, schedule, surface or model whose LaTeX cannot be read
 */
export function equations(catalog) {
  const lines = [
    ...catalog.methods.flatMap(({ name, equation }) =>
      equation.flatMap(({ symbols, numbers }) => [
        { owner: name, latex: symbols },
        { owner: name, latex: numbers },
      ]),
    ),
    ...[...catalog.schedules, ...catalog.surfaces, ...catalog.models].map(({ name, latex }) => ({
      owner: name,
      latex,
    })),
  ];
  return new Map(lines.map(({ owner, latex }) => [latex, mathml(owner, latex)]));
}

/** @param {string} owner @param {string} latex @throws {Error} naming the owner */
export function mathml(owner, latex) {
  try {
    return withoutStyles(temml.renderToString(latex, { displayMode: true, strict: true, throwOnError: true }));
  } catch (error) {
    throw new Error(`${owner}: ${latex}: ${error instanceof Error ? error.message : error}`);
  }
}

/** What a style in temml's markup becomes: an attribute that says the same, or a class of www/style/lanes.css. @type {Record<string, string>} */
const STYLES = {
  "display:block math;": "",
  "math-depth:0;": 'scriptlevel="0"',
  "math-depth:2;": 'scriptlevel="2"',
  "padding-left:0em;padding-right:0em;": "pad-none",
  "padding-left:1em;padding-right:0em;": "pad-quad",
  "padding-left:5.9776pt;padding-right:0em;": "pad-before",
  "padding-left:0em;padding-right:5.9776pt;": "pad-after",
};

/** The page's policy allows no style within markup. @param {string} markup */
function withoutStyles(markup) {
  return markup.replace(/<(\w+)([^>]*?) style="([^"]*)"/g, (_, tag, others, style) => {
    // Before the style of a cell temml writes what it knows of the text around it.
    const instead = STYLES[style.replace(/^level:.*max-size:[^;]*;/, "")];
    if (instead === undefined) throw new Error(`no class is known for the style ${style}`);
    if (instead === "" || others.includes(instead)) return `<${tag}${others}`;
    if (instead.includes("=")) return `<${tag}${others} ${instead}`;
    return others.includes(' class="')
      ? `<${tag}${others.replace(' class="', ` class="${instead} `)}`
      : `<${tag}${others} class="${instead}"`;
  });
}

/**
 * The equations of the slides, by their LaTeX: what stands in `data-tex`.
 * @param {string} html
 * @returns {Map<string, string>} LaTeX → MathML
 */
export function slideEquations(html) {
  const found = [...html.matchAll(/data-tex="([^"]*)"/g)].map(([, text = ""]) =>
    text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
  );
  return new Map(found.map((latex) => [latex, mathml("www/slides/index.html", latex)]));
}

/** @param {Map<string, string>} equations @param {string} source */
export function moduleText(equations, source) {
  const lines = [...equations].map(([latex, text]) => `  ${JSON.stringify(latex)}: ${JSON.stringify(text)},\n`);
  return `// Made by scripts/equations.js from ${source}.

/** MathML by LaTeX. @type {Readonly<Record<string, string>>} */
export const equations = {
${lines.join("")}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL("../", import.meta.url);
  const { catalog, initSync } = await import(new URL("pkg/descent.js", root).href);
  initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });
  await mkdir(new URL("www/generated/", root), { recursive: true });
  const all = catalog();
  equations(all);
  const none = { schedules: [], surfaces: [], models: [] };
  const first = (/** @type {{ family: string }} */ { family }) => family === "first_order";
  for (const [name, methods] of [
    ["equations", all.methods.filter(first)],
    ["equations_more", all.methods.filter((/** @type {any} */ method) => !first(method))],
  ])
    await writeFile(
      new URL(`www/generated/${name}.js`, root),
      moduleText(equations({ methods, ...none }), "the catalogue"),
    );
  const slides = slideEquations(await readFile(new URL("www/slides/index.html", root), "utf8"));
  await writeFile(new URL("www/generated/slide_equations.js", root), moduleText(slides, "the slides"));
}
