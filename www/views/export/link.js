/** The panel of links: the link, with a proof or without, as a QR code, and as a frame for another page. */

import { check } from "../../controls.js";
import { h, setText, svg } from "../../dom.js";
import { count } from "../../format.js";
import { baseOf, baseState } from "../../presets.js";
import { decode, encode, LINK_MAX, same } from "../../state.js";
import { escaped, frameAddress, frameOf } from "../frame.js";
import { copy, nameOf, save } from "./files.js";
import { T } from "./texts.js";

/** Bytes in the largest QR code with the least correction, and with the usual one (ISO/IEC 18004, table 7). */
const LOW_MAX = 2953;
const MEDIUM_MAX = 2331;
/** A code with more modules a side is read at a large size only. */
const DENSE = 97;
/** Modules of white around a code. */
const QUIET = 4;

/** @param {import("./export.js").Context} context @returns {import("./export.js").Panel} */
export function createLink({ app, say, attempt }) {
  const link = h("input", { class: "field mono", readonly: true, id: "export-link", onfocus: () => link.select() });
  const proof = h("input", { type: "checkbox", id: "export-proof", onchange: () => attempt(render) });
  const proofHint = h("p", { class: "hint" });
  const long = h("p", { class: "hint", hidden: true });
  const code = h("div", { class: "qr" });
  const codeHint = h("p", { class: "hint" });
  const saveCode = h("button", { class: "btn edge", type: "button", onclick: saveQr }, T.saveQr);
  const snippet = h("textarea", {
    class: "field mono",
    readonly: true,
    rows: 3,
    id: "export-snippet",
    onfocus: () => snippet.select(),
  });
  /** The code as a file. */
  let picture = "";
  let turn = 0;

  /** @param {HTMLInputElement | HTMLTextAreaElement} field */
  function copyButton(field) {
    const onclick = async () => say((await copy(field.value, field)) ? T.copied : T.copyRefused);
    return h(
      "button",
      {
        class: "btn edge",
        type: "button",
        onclick,
        "aria-label": T.of(field.id === "export-link" ? T.link : T.snippet, T.copy),
      },
      T.copy,
    );
  }

  async function render() {
    turn += 1;
    const mine = turn;
    const claim = proof.checked ? await claimed() : { text: "", hint: "" };
    if (mine !== turn) return;
    if (proof.checked && !claim.text) proof.checked = false;
    setText(proofHint, claim.hint);
    const { url, length } = app.link(claim.text);
    link.value = url;
    long.hidden = length <= LINK_MAX;
    setText(long, T.linkLong(count(length), count(LINK_MAX)));
    snippet.value = frameOf(frameAddress(url), `Descent: ${app.record?.info.title ?? ""}`);
    await showCode(url, mine);
  }

  /** What the link can say of the end of the run: the iteration and the digests; or why it cannot. @returns {Promise<{ text: string, hint: string }>} */
  async function claimed() {
    const no = (/** @type {string} */ hint) => ({ text: "", hint });
    if (app.playing) return no(T.proofPlaying);
    const state = app.view?.good ?? app.state;
    const { length } = app.link("");
    if (length > LINK_MAX) return no(T.proofLong);
    const lost = lostOf(state);
    if (lost) return no(T.proofLost(lost));
    const lanes = await app.exported();
    const at = Math.max(0, ...(lanes ?? []).map(({ iteration }) => iteration));
    if (!lanes || at === 0) return no(T.proofStart);
    const changed = lanes.findIndex((lane) => lane.changed !== null);
    if (changed >= 0) {
      const { lane = changed + 1 } = app.record?.lanes[changed] ?? {};
      return no(T.proofChanged(lane, count(lanes[changed]?.changed ?? 0)));
    }
    return { text: [at, ...lanes.map(({ digest }) => digest)].join(","), hint: T.proofHint(count(at)) };
  }

  /** @param {string} url @param {number} mine */
  async function showCode(url, mine) {
    const bytes = new TextEncoder().encode(url).length;
    picture = "";
    saveCode.disabled = true;
    if (bytes > LOW_MAX) {
      code.replaceChildren();
      return setText(codeHint, T.qrLong(count(bytes), count(LOW_MAX)));
    }
    const { encodeQR } = await import("../../generated/qr.js");
    if (mine !== turn) return;
    const modules = encodeQR(url, "raw", { ecc: bytes > MEDIUM_MAX ? "low" : "medium", border: QUIET });
    const d = pathOf(modules);
    const side = modules.length;
    code.replaceChildren(
      svg(
        "svg",
        { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": T.qrOf, "shape-rendering": "crispEdges" },
        svg("rect", { width: side, height: side, fill: "#ffffff" }),
        svg("path", { d, fill: "#000000" }),
      ),
    );
    picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${3 * side}pt" height="${3 * side}pt" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">\n<title>${escaped(url)}</title>\n<rect width="${side}" height="${side}" fill="#ffffff"/>\n<path d="${d}"/>\n</svg>\n`;
    setText(codeHint, side - 2 * QUIET > DENSE ? T.qrDense : "");
    saveCode.disabled = false;
  }

  function saveQr() {
    const name = nameOf(app, "qr", "svg");
    save(name, new Blob([picture], { type: "image/svg+xml" }));
    say(T.saved(name));
  }

  return {
    element: h(
      "div",
      { class: "panel" },
      h("label", { for: "export-link" }, T.link),
      h("div", { class: "with" }, link, copyButton(link)),
      long,
      check(proof, T.withProof),
      proofHint,
      h("h3", {}, T.qr),
      h("div", { class: "coded" }, code, h("div", { class: "panel" }, saveCode, codeHint)),
      h("label", { for: "export-snippet" }, T.snippet),
      h("p", { class: "hint" }, T.snippetHint),
      snippet,
      h("div", { class: "row" }, copyButton(snippet)),
    ),
    show: render,
  };
}

/** A setting that the link would not lead back to; empty where it leads to all of them. @param {import("../../state.js").State} state */
function lostOf(state) {
  const back = decode(encode(state, baseOf(state)), baseState).state;
  const plain = (/** @type {unknown} */ value) => JSON.parse(JSON.stringify(value));
  const key = Object.keys({ ...state.config, ...back.config }).find(
    (name) => !same(plain({ v: state.config[name] }), plain({ v: back.config[name] })),
  );
  if (key) return key;
  return same(plain(state.lanes), plain(back.lanes)) ? "" : "lanes";
}

/** The dark modules of a code, run by run. @param {boolean[][]} modules */
function pathOf(modules) {
  const parts = [];
  for (const [y, row] of modules.entries())
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      let end = x;
      while (row[end]) end += 1;
      parts.push(`M${x} ${y}h${end - x}v1h-${end - x}z`);
      x = end;
    }
  return parts.join("");
}
