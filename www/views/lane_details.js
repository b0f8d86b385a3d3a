/** What else there is to a lane: flags, variants and rates without a column, and where the method comes from. */

import { Form } from "../controls.js";
import { h, setText } from "../dom.js";
import { T } from "../texts.js";
import { furtherFields, setHyper } from "./hyper.js";
import { createPopover } from "./popover.js";

/** @param {HTMLElement} root @param {Pick<import("./lanes.js").LaneActions, "edit">} on @param {() => import("../app.js").View} view */
export function createDetails(root, on, view) {
  const popover = createPopover("details-panel");
  let form = new Form();
  let shown = -1;

  /** @param {number} i @param {HTMLElement} anchor */
  function open(i, anchor) {
    shown = i;
    const lane = view().state.lanes[i];
    const method = view().catalog.methods.find((m) => m.name === lane?.optimizer.name);
    if (!lane || !method) return;
    form = new Form();
    setText(popover.title, T.laneOf(lane.mark, method.title));
    const fields = furtherFields(method).map((field) =>
      form.field(field, {
        path: `optimizer.${field.name}`,
        lane: i,
        label: field.label,
        get: () => view().state.lanes[i]?.optimizer[field.name],
        set: (value) => on.edit((state) => setHyper(state, i, field.name, value)),
      }),
    );
    popover.content.replaceChildren(
      h("p", {}, method.about),
      ...fields,
      h("p", { class: "hint" }, `${T.source}: ${method.reference}.`),
    );
    popover.open(anchor);
  }

  return {
    open,
    /** @param {import("../protocol.js").Fault | null} fault */
    render(fault) {
      if (popover.isOpen) form.sync(fault);
    },
    /** @param {import("../protocol.js").Fault} fault */
    find(fault) {
      const lane = view().state.lanes[fault.lane ?? -1];
      const method = view().catalog.methods.find((m) => m.name === lane?.optimizer.name);
      const field = method && furtherFields(method).find((f) => fault.path === `optimizer.${f.name}`);
      const anchor = /** @type {HTMLElement | undefined} */ (
        root.querySelectorAll('[data-path="optimizer"]')[fault.lane ?? -1]
      );
      if (!field || !anchor) return null;
      if (!popover.isOpen || shown !== fault.lane) open(fault.lane ?? 0, anchor);
      return form.find(fault);
    },
  };
}
