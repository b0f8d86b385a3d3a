/** A panel beside the button that opened it: one at a time, closed by Esc, by its button or by a click elsewhere. */

import { iconButton } from "../controls.js";
import { h } from "../dom.js";
import { T } from "../texts.js";

const GAP = 6;

/** @param {string} name of the class */
export function createPopover(name) {
  const content = h("div", { class: "content" });
  const title = h("h2", { id: `${name}-title` });
  const panel = h(
    "div",
    { class: `popover ${name}`, popover: "auto", role: "dialog", "aria-labelledby": `${name}-title` },
    h(
      "div",
      { class: "panel-head" },
      title,
      iconButton("x", T.close, () => panel.hidePopover()),
    ),
    content,
  );
  document.body.append(panel);
  /** @type {HTMLElement | null} */
  let anchor = null;
  panel.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    if (!open && panel.contains(document.activeElement)) anchor?.focus();
    anchor?.setAttribute("aria-expanded", String(open));
  });

  function place() {
    if (!anchor) return;
    const button = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const below = button.bottom + GAP + height <= innerHeight;
    panel.style.left = `${Math.max(GAP, Math.min(button.left, innerWidth - width - GAP))}px`;
    panel.style.top = `${below ? button.bottom + GAP : Math.max(GAP, button.top - GAP - height)}px`;
  }

  return {
    title,
    content,
    get isOpen() {
      return panel.matches(":popover-open");
    },
    /** @param {HTMLElement} beside */
    open(beside) {
      if (panel.matches(":popover-open")) panel.hidePopover();
      anchor = beside;
      panel.showPopover();
      place();
      /** @type {HTMLElement | null} */ (content.querySelector("select, input, button"))?.focus({
        preventScroll: true,
      });
    },
    close: () => panel.hidePopover(),
    /** After its content has changed size. */
    place,
  };
}
