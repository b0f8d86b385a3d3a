/** The run as a frame of another page: its address, and the markup. */

/** The address of a link's figure alone. @param {string} link @param {Record<string, string>} [parts] of the query */
export function frameAddress(link, parts = {}) {
  const address = new URL(link);
  for (const [name, value] of Object.entries({ embed: "1", ...parts })) address.searchParams.set(name, value);
  // Commas need no escape, and can be read.
  return address.href.replaceAll("%2C", ",");
}

/** @param {string} address @param {string} title */
export function frameOf(address, title) {
  return `<iframe src="${escaped(address)}" width="960" height="540" title="${escaped(title)}" loading="lazy"></iframe>`;
}

/** Text within an element or an attribute. @param {string} text */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
