/** The panel that opens a file: chosen, or dropped. */

import { h } from "../../dom.js";
import { T } from "./texts.js";

/** @param {import("./export.js").Context} context @returns {import("./export.js").Panel} */
export function createOpenPanel({ take }) {
  const input = h("input", {
    type: "file",
    accept: ".json,application/json",
    class: "vh",
    id: "export-file",
    "aria-label": T.choose,
    onchange: async () => {
      const file = input.files?.[0];
      if (file) await take(file);
      // The same file may be chosen again once it is mended.
      input.value = "";
    },
  });
  const element = h(
    "div",
    {
      class: "panel drop",
      ondragover: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        element.classList.add("over");
      },
      ondragleave: () => element.classList.remove("over"),
      ondrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        element.classList.remove("over");
        const file = event.dataTransfer?.files[0];
        if (file) take(file);
      },
    },
    h("p", {}, T.openHint),
    h("div", { class: "row" }, input, h("label", { class: "btn edge", for: "export-file" }, T.choose)),
  );
  return { element, show() {} };
}
