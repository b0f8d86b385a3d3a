/**
 * The equations of the catalogue as MathML, so that the page needs no LaTeX at run time.
 *
 * Reads pkg/, writes www/generated/equations.js: `equations[latex]` is the MathML of a line of an update rule, of a
 * schedule, of a surface or of a model, by its LaTeX. A place for a number, `\text{@v0}`, becomes `<mtext>@v0</mtext>`.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import temml from "temml";

/**
 * @typedef {object} Catalog what this script reads of the package's catalogue
 * @property {{ name: string, equation: { symbols: string, numbers: string }[] }[]} methods
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
    return temml.renderToString(latex, { displayMode: true, strict: true, throwOnError: true });
  } catch (error) {
    throw new Error(`${owner}: ${latex}: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {Map<string, string>} equations */
export function moduleText(equations) {
  const lines = [...equations].map(([latex, text]) => `  ${JSON.stringify(latex)}: ${JSON.stringify(text)},\n`);
  return `// Made by scripts/equations.js from the catalogue.

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
  await writeFile(new URL("www/generated/equations.js", root), moduleText(equations(catalog())));
}
