/** The dialog Embed: the run as a frame, as an element, and as a slide, each to be copied. */

import { iconButton } from "../controls.js";
import { h, setText } from "../dom.js";
import { PARTS, SHOWN } from "../embed.js";
import { jsonOf } from "../given.js";
import { T } from "../texts.js";
import { E } from "../texts_embed.js";
import { escaped, frameAddress, frameOf } from "./frame.js";
import { loadStyle } from "./page.js";

/** @param {HTMLElement} root @param {import("../app.js").App} app */
export function createEmbedDialog(root, app) {
  const styled = loadStyle("embed");
  const boxes = PARTS.map((name) =>
    h("input", { type: "checkbox", id: `embed-${name}`, checked: SHOWN.includes(name), onchange: write }),
  );
  const autoplay = h("input", { type: "checkbox", checked: true, onchange: write });
  const said = h("p", { role: "status", class: "hint" });
  const texts = E.snippets.map(([id, title]) =>
    h("textarea", { class: "field mono", id: `embed-text-${id}`, rows: 3, readonly: true, "aria-label": title }),
  );
  const close = () => element.close();
  const element = h(
    "dialog",
    {
      id: "embed-dialog",
      "aria-labelledby": "embed-dialog-title",
      onclick: (/** @type {MouseEvent} */ event) => event.target === element && close(),
    },
    h(
      "div",
      { class: "content" },
      h(
        "div",
        { class: "panel-head" },
        h("h2", { id: "embed-dialog-title" }, E.title),
        iconButton("x", T.close, close),
      ),
      h("p", {}, E.hint),
      h(
        "fieldset",
        { class: "embed-parts" },
        h("legend", {}, E.parts),
        ...PARTS.map((name, i) => h("label", { class: "check" }, boxes[i], E.partNames[name])),
        h("label", { class: "check" }, autoplay, E.autoplay),
      ),
      ...E.snippets.map(([, title, hint], i) =>
        h(
          "section",
          { class: "embed-snippet" },
          h(
            "div",
            { class: "panel-head" },
            h("h3", {}, title),
            h(
              "button",
              { class: "btn edge", type: "button", "aria-label": E.copyOf(title), onclick: () => copy(i) },
              E.copy,
            ),
          ),
          h("p", {}, hint),
          texts[i],
        ),
      ),
      said,
    ),
  );
  root.append(element);

  /** What the boxes say, as the query says it. */
  function chosen() {
    const on = PARTS.filter((_, i) => boxes[i]?.checked);
    const hide = SHOWN.filter((name) => !on.includes(name)).join(",");
    const show = on.filter((name) => !SHOWN.includes(name)).join(",");
    return { ...(hide ? { hide } : {}), ...(show ? { show } : {}), ...(autoplay.checked ? {} : { autoplay: "0" }) };
  }

  function write() {
    const parts = chosen();
    const { url } = app.link();
    const address = frameAddress(url, parts);
    const src = escaped(address);
    const { autoplay: off, ...lists } = parts;
    const page = new URL(url);
    page.hash = page.search = "";
    const attributes = [
      `src="${escaped(page.href)}"`,
      ...Object.entries(lists).map(([name, value]) => `${name}="${value}"`),
      ...(off ? ['autoplay="off"'] : []),
      `config="${escaped(JSON.stringify(jsonOf(app.view?.good ?? app.state)))}"`,
    ];
    const script = new URL("www/element.js", page).href;
    const said = [
      frameOf(address, `Descent: ${app.record?.info.title ?? ""}`),
      `<script type="module" src="${escaped(script)}"></script>\n<descent-playground ${attributes.join(" ")}></descent-playground>`,
      `<section>\n  <iframe data-src="${src}" data-preload width="960" height="540" title="Descent"></iframe>\n  <p class="fragment" data-figure='{"cmd": "step", "n": 10}'>${E.step}</p>\n</section>`,
    ];
    for (const [i, text] of said.entries()) if (texts[i]) texts[i].value = text;
  }

  /** @param {number} i */
  async function copy(i) {
    const field = texts[i];
    if (!field) return;
    try {
      await navigator.clipboard.writeText(field.value);
      setText(said, E.copied);
    } catch {
      field.focus();
      field.select();
      setText(said, E.closed);
    }
  }

  return {
    async open() {
      await styled;
      setText(said, "");
      write();
      element.showModal();
    },
  };
}
