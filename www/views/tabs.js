/** The pages Run, Tune and Recipe: which one is shown, and the two that are loaded when they are first wanted. */

import { byId, h } from "../dom.js";
import { TABS } from "../state.js";
import { T } from "../texts.js";

/** @typedef {import("../state.js").Tab} Tab */
/** @typedef {import("../app.js").View} View */
/**
 * @typedef {object} Page
 * @property {(view: View) => void} render
 * @property {(view: View) => Promise<void>} start runs from its beginning what the settings of the page ask for
 * @property {() => { [name: string]: unknown }} found what there is to read of it, by name
 */
/** @typedef {(root: HTMLElement, module: WebAssembly.Module) => Promise<Page>} Open */

/** @param {HTMLElement} root @param {{ show(tab: Tab): void, open: Record<Exclude<Tab, "run">, Open>, opened(): void }} on */
export function createTabs(root, on) {
  const buttons = TABS.map((tab) => h("button", { type: "button", onclick: () => on.show(tab) }, T.tabs[tab]));
  root.append(...buttons);
  const app = /** @type {HTMLElement} */ (root.closest(".app"));
  /** @type {Map<Tab, Page | "coming">} */
  const pages = new Map();

  return {
    /** The compiled engine, for the workers of a page. @type {WebAssembly.Module | null} */
    module: null,

    /** The page of a tab, once it is loaded. @param {Tab} tab @returns {Page | null} */
    page(tab) {
      const page = pages.get(tab);
      return page === undefined || page === "coming" ? null : page;
    },

    /** @param {View} view */
    render(view) {
      const { tab } = view.state;
      app.dataset.tab = tab;
      for (const [i, button] of buttons.entries())
        if (TABS[i] === tab) button.setAttribute("aria-current", "page");
        else button.removeAttribute("aria-current");
      const page = pages.get(tab);
      if (tab === "run" || !this.module || page === "coming") return;
      if (page) return page.render(view);
      pages.set(tab, "coming");
      on.open[tab](byId(tab), this.module).then((opened) => {
        pages.set(tab, opened);
        on.opened();
      });
    },
  };
}
