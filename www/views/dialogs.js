/** Dialogs and the passing note: the link where the clipboard is closed, the help, what has just happened. */

import { iconButton } from "../controls.js";
import { h, setText } from "../dom.js";
import { count } from "../format.js";
import { LINK_MAX } from "../state.js";
import { T } from "../texts.js";

const NOTE_MS = 6000;

/** @param {HTMLElement} root */
export function createDialogs(root) {
  const note = h("p", { class: "note-bar", role: "status" });
  let timer = 0;
  const link = h("input", { class: "field mono", readonly: true, "aria-label": T.link, onfocus: () => link.select() });
  const shareText = h("p");
  const share = dialog("share-dialog", T.shareTitle, shareText, link);
  const keys = h(
    "dl",
    { class: "keys" },
    ...T.keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]),
  );
  const help = dialog("help-dialog", T.helpTitle, ...T.helpText.map((text) => h("p", {}, text)), keys);
  const asked = h("div", { class: "stack" });
  const yes = h("button", { class: "btn primary", type: "button", onclick: () => confirm.close("yes") });
  const no = h("button", { class: "btn edge", type: "button", onclick: () => confirm.close() });
  const confirm = dialog("confirm-dialog", "", asked, h("div", { class: "answers" }, no, yes));
  root.append(note, share, help, confirm);

  /** @param {string} text */
  function tell(text) {
    setText(note, text);
    note.classList.add("on");
    clearTimeout(timer);
    timer = setTimeout(() => note.classList.remove("on"), NOTE_MS);
  }

  return {
    tell,
    help: () => help.showModal(),
    /** Whether the visitor agrees, knowing what it costs. @param {string} title @param {string[]} texts @param {{ yes: string, no: string }} answers @returns {Promise<boolean>} */
    confirm(title, texts, answers) {
      const heading = confirm.querySelector("h2");
      if (heading) setText(heading, title);
      asked.replaceChildren(...texts.map((text) => h("p", {}, text)));
      setText(yes, answers.yes);
      setText(no, answers.no);
      confirm.returnValue = "";
      confirm.showModal();
      no.focus();
      return new Promise((done) => {
        confirm.addEventListener("close", () => done(confirm.returnValue === "yes"), { once: true });
      });
    },
    /** Copies a link; shows it where that is refused, or where it leaves out what is too long for a link. @param {string} url @param {number} left length of a link with everything, if it is too long */
    async share(url, left) {
      const text = left > LINK_MAX ? T.shareLong(count(left), count(LINK_MAX)) : "";
      try {
        if (text) throw new Error(text);
        await navigator.clipboard.writeText(url);
        tell(T.copied);
      } catch {
        setText(shareText, text || T.shareHint);
        link.value = url;
        share.showModal();
        link.focus();
      }
    },
  };
}

/** @param {string} id @param {string} title @param {...Node} children */
function dialog(id, title, ...children) {
  const close = () => element.close();
  const element = h(
    "dialog",
    {
      id,
      "aria-labelledby": `${id}-title`,
      onclick: (/** @type {MouseEvent} */ event) => event.target === element && close(),
    },
    h(
      "div",
      { class: "content" },
      h("div", { class: "panel-head" }, h("h2", { id: `${id}-title` }, title), iconButton("x", T.close, close)),
      ...children,
    ),
  );
  return element;
}
