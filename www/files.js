/** The files beside the page's modules: data sets, styles. */

/** @param {string} path below www/ */
export const fileAt = (path) => new URL(`./${path}`, import.meta.url);
