/** What the pages beside Run share: their styles, and the data sets that their pool must know. */

import { textAt } from "../files.js";

export { loadStyle } from "../files.js";

/** @typedef {import("../pool_protocol.js").SearchSpec} SearchSpec */

/** The real sets that a search needs, as files; each is fetched once. @param {import("../app.js").App} app */
export function fetchSets(app) {
  /** @type {Map<string, Promise<import("../protocol.js").RealSet>>} */
  const fetched = new Map();
  return async (/** @type {SearchSpec} */ spec) => {
    const { datasets = [], models = [] } = app.catalog ?? {};
    const listed = /** @type {Record<string, any>} */ (spec.axes ?? {});
    const problems = [/** @type {any} */ (spec.base.problem), ...(spec.points ?? []).map((point) => point.problem)];
    const names = [
      ...problems.flatMap((problem) => [problem?.data?.name, problem?.model]),
      ...[listed["problem.data.name"], listed["problem.model"]].flatMap((values) =>
        Array.isArray(values) ? values : [],
      ),
    ];
    const files = [...datasets, ...models].filter(({ name, file }) => file && names.includes(name));
    return Promise.all(
      files.map(({ name, file, title }) => {
        const known = fetched.get(name);
        if (known) return known;
        const coming = fetchSet(name, title, String(file));
        fetched.set(name, coming);
        coming.catch(() => fetched.delete(name));
        return coming;
      }),
    );
  };
}

/** @param {string} name @param {string} title @param {string} file */
async function fetchSet(name, title, file) {
  const csv = await textAt(file.replace(/^www\//, "")).catch(({ message }) => {
    throw { path: "base.problem", message: `the file of ${title} cannot be loaded (${message})`, lane: null };
  });
  return { name, csv };
}
