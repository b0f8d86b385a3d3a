/** The rail's parts for learning: how a run is validated and when that ends it, and the seal of the test set. */

import { pair } from "../controls.js";
import { h, icon, setText } from "../dom.js";
import { at, put } from "../state.js";
import { T } from "../texts.js";
import { configBound } from "./rail_run.js";

/** @typedef {import("./rail.js").RailContext} RailContext */

/** @param {RailContext} context */
export function validationSection(context) {
  const { form, view, edit } = context;
  /** @param {string} path @param {string} label @param {string} placeholder */
  const number = (path, label, placeholder) => {
    const bound = configBound(context, path, label);
    return pair(
      label,
      form.number(bound, undefined, { placeholder, inputmode: path.endsWith("delta") ? "decimal" : "numeric" }),
    );
  };
  const early = () => at(view().state.config, "stop.early");
  const classified = view().record?.info.network?.task !== "regression";
  const watch = form.choice(
    {
      path: "stop.early.watch",
      label: T.early,
      get: () => (early() ? (early().watch ?? "val_loss") : ""),
      set: (value) =>
        edit((state) => put(state.config, "stop.early", value ? { ...early(), watch: value } : undefined)),
    },
    [
      { value: "", title: T.never },
      { value: "val_loss", title: T.watched.val_loss },
      classified
        ? { value: "val_accuracy", title: T.watched.val_accuracy }
        : { value: "val_r2", title: T.watched.val_r2 },
    ],
  );
  const rule = early()
    ? [number("stop.early.patience", T.patience, "10"), number("stop.early.min_delta", T.minDelta, "0")]
    : [];
  const section = h(
    "section",
    {},
    h("h2", {}, T.validation),
    number("record.validate_every", T.validateEvery, T.onceAnEpoch),
    number("record.validate_rows", T.validateRows, T.allRows),
    pair(T.early, watch),
    ...rule,
    early() ? h("p", { class: "hint" }, T.patienceHint) : null,
  );
  return { sections: [section] };
}

/** The seal of the test set, and how often it was broken. @param {RailContext} context */
export function seal({ view, breakSeal }) {
  const count = h("span", { class: "hint", role: "status" });
  const button = h("button", { class: "btn edge", type: "button", onclick: breakSeal }, icon("lock"), T.breakSeal);
  return {
    element: h("div", { class: "seal" }, button, count),
    refresh() {
      const { state, record } = view();
      button.disabled = !record?.info.network?.rows.test;
      setText(count, state.opened > 0 ? T.openedTimes(state.opened) : T.neverOpened);
    },
  };
}
