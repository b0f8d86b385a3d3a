/** What is written into the files of pictures. */

/** A length to two digits behind the point. @param {number} v */
export function round(v) {
  return Math.round(v * 100) / 100;
}
