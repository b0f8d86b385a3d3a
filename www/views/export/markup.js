/** What is written into the files of pictures. */

/** A length to two digits behind the point. @param {number} v */
export function round(v) {
  return Math.round(v * 100) / 100;
}

/** Text within an element or an attribute. @param {string} text */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
