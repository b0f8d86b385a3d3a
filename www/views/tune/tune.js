/** The page Tune. */

import { h } from "../../dom.js";

/** @param {HTMLElement} root @param {import("../../app.js").App} _app @param {WebAssembly.Module} _module */
export function createTune(root, _app, _module) {
  const title = h("h1");
  root.append(h("main", { class: "fig" }, title));
  return {
    /** @param {import("../../app.js").View} view */
    render(view) {
      title.textContent = view.state.config.problem.kind;
    },
  };
}
