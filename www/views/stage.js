/** What stands over the figure when there is no run to see, or when an input was refused. */

import { FAULT_ID } from "../controls.js";
import { h, icon, setText } from "../dom.js";
import { T } from "../texts.js";

/** @typedef {import("../app.js").View} View */

/** @param {HTMLElement} root @param {{ addFirst(): void, goToFault(): void, dismiss(): void }} on */
export function createStage(root, on) {
  const empty = h(
    "div",
    { class: "state empty" },
    h("strong", {}, T.empty),
    h("p", {}, T.emptyHint),
    h("button", { class: "btn edge", type: "button", onclick: on.addFirst }, icon("plus"), T.addSgd),
  );
  const title = h("strong", { id: FAULT_ID });
  const hint = h("p");
  const go = h("button", { class: "btn edge", type: "button" });
  const error = h("div", { class: "state error", role: "alert" }, title, hint, go);
  // That it is loading is said by the markup, before any script is here.
  root.append(empty, error);
  let act = () => {};
  go.addEventListener("click", () => act());

  /** @param {string} what @param {string} why @param {string} button @param {() => void} then */
  function show(what, why, button, then) {
    setText(title, what);
    setText(hint, why);
    setText(go, button);
    act = then;
  }

  return {
    /** @param {View} view */
    render({ state, record, fault, linkFault, lost }) {
      if (lost) show(T.lostTitle, lost, T.reload, () => location.reload());
      else if (fault) show(textOf(fault), T.faultHint, T.goToField, on.goToFault);
      else if (linkFault) show(textOf(linkFault), T.faultLink, T.dismiss, on.dismiss);
      const wrong = Boolean(lost || fault || linkFault);
      const name = !record && !wrong ? "loading" : state.lanes.length === 0 && !wrong ? "empty" : "";
      if (root.dataset.over !== name) root.dataset.over = name;
      error.classList.toggle("on", wrong);
    },
  };
}

/** @param {import("../protocol.js").Fault} fault */
function textOf({ path, message }) {
  return path ? `${path}: ${message}` : message;
}
