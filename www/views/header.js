/** The header's buttons: lecture, share, embed, export, theme, help. On a phone all but the theme stand in one menu. */

import { iconButton } from "../controls.js";
import { h, icon } from "../dom.js";
import { T } from "../texts.js";

/** @typedef {import("../state.js").Theme} Theme */

/** @type {Theme[]} */
const THEMES = ["", "light", "dark", "projector"];

/** @param {Theme} theme @returns {Theme} */
export function nextTheme(theme) {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "";
}

/** @param {HTMLElement} root @param {{ lecture(button: HTMLElement): void, share(): void, embed(): void, export(): void, help(): void, theme(): void }} on */
export function createHeader(root, on) {
  const theme = iconButton("theme", T.themeIs(T.theme[""]), on.theme, { id: "theme" });
  const menu = h(
    "div",
    { class: "popover menu", popover: "auto", id: "menu" },
    item("lecture", T.lecture, () => on.lecture(more)),
    item("share", T.share, on.share),
    item("embed", T.embed, on.embed),
    item("export", T.export, on.export),
    item("help", T.help, on.help),
  );
  const more = iconButton("more", T.more, () => {}, { class: "btn square phone-only", popovertarget: "menu" });
  const lecture = h(
    "button",
    { class: "btn wide-only", id: "lecture", type: "button", onclick: () => on.lecture(lecture), title: T.lecture },
    icon("lecture"),
    h("span", {}, T.lecture),
  );
  root.append(
    lecture,
    wide("share", T.share, on.share),
    wide("embed", T.embed, on.embed),
    wide("export", T.export, on.export),
    theme,
    iconButton("help", T.help, on.help, { class: "btn square wide-only", id: "help" }),
    more,
    menu,
  );

  /** @param {string} id @param {string} title @param {() => void} onclick */
  function wide(id, title, onclick) {
    return h("button", { class: "btn wide-only", id, type: "button", onclick, title }, icon(id), h("span", {}, title));
  }

  /** @param {string} name @param {string} label @param {() => void} act */
  function item(name, label, act) {
    return h(
      "button",
      {
        class: "btn",
        type: "button",
        onclick: () => {
          menu.hidePopover();
          act();
        },
      },
      icon(name),
      label,
    );
  }

  return {
    /** @param {import("../app.js").View} view */
    render({ state }) {
      const label = T.themeIs(T.theme[state.theme]);
      if (theme.title === label) return;
      theme.title = label;
      theme.setAttribute("aria-label", label);
    },
  };
}

/** Puts a theme on the document. @param {Theme} theme */
export function applyTheme(theme) {
  const { dataset } = document.documentElement;
  // To set what is set counts as a change, and everything would be drawn anew.
  if (theme === (dataset.theme ?? "")) return;
  if (theme) dataset.theme = theme;
  else delete dataset.theme;
}
