/** What else there is to a lane: flags, variants and rates without a column, and where the method comes from. */

import { Form, pair } from "../controls.js";
import { h, setText } from "../dom.js";
import { count } from "../format.js";
import { readNumber } from "../state.js";
import { T } from "../texts.js";
import { furtherFields, setHyper } from "./hyper.js";
import { createPopover } from "./popover.js";

/** Whether a method makes a matrix of k² numbers. @param {import("../protocol.js").MethodInfo | undefined} method */
function keepsMatrix(method) {
  return method?.family === "second_order" && method.name !== "lbfgs";
}

/** Whether there is a linear system to open: that of the method's step, or the problem's own. @param {import("../protocol.js").MethodInfo} method @param {import("../app.js").View} view */
function opens(method, { record }) {
  return keepsMatrix(method) || record?.info.linear_system !== undefined;
}

/** A row a width; what it grows as is the slope between it and the one before, both by the logarithm. @param {import("../protocol.js").StepCost[]} costs */
function costsTable(costs) {
  const head = T.costHeads.map((text) => h("th", { scope: "col", class: "r" }, text));
  const cell = (/** @type {(string | HTMLElement)[]} */ ...content) => h("td", { class: "r num" }, ...content);
  const rows = costs.map(({ parameters: k, ms, reason }, i) => {
    const size = k === null ? [cell(T.unknown), cell(T.unknown)] : [cell(count(k)), cell(count(k * k))];
    if (k === null || ms === null) return h("tr", {}, ...size, h("td", { colspan: "2" }, reason));
    const former = costs[i - 1];
    const slope = former?.ms && former.parameters ? Math.log(ms / former.ms) / Math.log(k / former.parameters) : null;
    const grows = slope === null ? [T.unknown] : ["k", h("sup", {}, slope.toFixed(1))];
    return h("tr", {}, ...size, cell(ms.toPrecision(2)), cell(...grows));
  });
  return h(
    "div",
    { role: "group", "aria-label": T.costsTable },
    h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)),
  );
}

/** @param {HTMLElement} root @param {Pick<import("./lanes.js").LaneActions, "edit" | "openSolve" | "measureCosts">} on @param {() => import("../app.js").View} view */
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
    const network = view().state.config.problem.kind === "network";
    popover.content.replaceChildren(
      h("p", {}, method.about),
      ...fields,
      ...(network ? batch(i) : []),
      ...(opens(method, view()) ? [solveButton(i)] : []),
      cost,
      ...(network && method.family === "second_order" ? [costs(i)] : []),
      h("p", { class: "hint" }, `${T.source}: ${method.reference}.`),
    );
    showCost();
    popover.open(anchor);
  }

  /** What a step costs, as measured, against the number of parameters. */
  const cost = h("p", { class: "hint num" });

  /** How many rows this lane sees a step, if not as many as the others. @param {number} i */
  function batch(i) {
    const lane = () => view().state.lanes[i];
    const input = form.text(
      {
        path: "batch_size",
        lane: i,
        label: T.laneBatch,
        get: () => lane()?.batch_size ?? "",
        set: (text) =>
          on.edit((state) => {
            const own = state.lanes[i];
            const plain = String(text).trim();
            if (own && plain === "") delete own.batch_size;
            else if (own) own.batch_size = readNumber(plain);
          }),
      },
      { placeholder: T.laneBatchAs(String(view().state.config.batch_size ?? T.full)) },
    );
    return [pair(T.laneBatch, input), h("p", { class: "hint" }, T.laneBatchHint)];
  }

  /** @param {number} i */
  function solveButton(i) {
    return h("button", { class: "btn edge", type: "button", onclick: () => on.openSolve(i) }, T.openSolve);
  }

  /** The same for narrower and wider networks, once it is asked for. @param {number} i */
  function costs(i) {
    const box = h("div", { class: "stack" });
    const measure = async () => {
      box.replaceChildren(h("p", { class: "hint", role: "status" }, T.measuring));
      const measured = await on.measureCosts(i);
      box.replaceChildren(...(measured ? [costsTable(measured)] : [button]));
      box.scrollIntoView({ block: "end" });
    };
    const button = h("button", { class: "btn edge", type: "button", onclick: measure }, T.measureCosts);
    box.append(button);
    return box;
  }

  function showCost() {
    const { record, state, catalog } = view();
    const ran = record?.lanes[shown];
    const { dim = 0 } = record?.info ?? {};
    const method = catalog.methods.find((m) => m.name === state.lanes[shown]?.optimizer.name);
    cost.hidden = !ran || ran.at === 0;
    if (!ran || ran.at === 0) return;
    const each = (ran.ms / ran.at).toPrecision(2);
    const text = keepsMatrix(method) ? T.cost(count(dim), count(dim * dim), each) : T.costPlain(count(dim), each);
    setText(cost, text);
  }

  return {
    open,
    /** @param {import("../protocol.js").Fault | null} fault */
    render(fault) {
      if (!popover.isOpen) return;
      form.sync(fault);
      showCost();
    },
    /** @param {import("../protocol.js").Fault} fault */
    find(fault) {
      const lane = view().state.lanes[fault.lane ?? -1];
      const method = view().catalog.methods.find((m) => m.name === lane?.optimizer.name);
      const own = fault.path === "batch_size" && lane?.batch_size !== undefined;
      const field = own || (method && furtherFields(method).find((f) => fault.path === `optimizer.${f.name}`));
      const anchor = /** @type {HTMLElement | undefined} */ (
        root.querySelectorAll('[data-path="optimizer"]')[fault.lane ?? -1]
      );
      if (!field || !anchor) return null;
      if (!popover.isOpen || shown !== fault.lane) open(fault.lane ?? 0, anchor);
      return form.find(fault);
    },
  };
}
