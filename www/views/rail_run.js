/** The rail's parts for every problem: the seeds, and when a run ends. */

import { check, iconButton, pair } from "../controls.js";
import { h } from "../dom.js";
import { at, put } from "../state.js";
import { T } from "../texts.js";

/** @param {import("./rail.js").RailContext} context */
export function seedSection({ form, view, edit, newSeed }) {
  /** @param {string} name @param {string} label */
  const seed = (name, label) =>
    form.number(configBound({ view, edit }, name, label), undefined, {
      inputmode: "numeric",
      placeholder: T.followsSeed,
    });
  const main = seed("seed", T.seed);
  const network = view().state.config.problem.kind === "network";
  const apart = h(
    "details",
    { class: "fold seeds" },
    h("summary", {}, T.seedsApart),
    pair(T.dataSeed, seed("data_seed", `${T.seed}: ${T.dataSeed}`)),
    pair(T.initSeed, seed("init_seed", `${T.seed}: ${T.initSeed}`)),
    pair(T.batchSeed, seed("batch_seed", `${T.seed}: ${T.batchSeed}`)),
  );
  const section = h(
    "section",
    {},
    h("h2", {}, T.seed),
    h(
      "div",
      { class: "pair" },
      h("label", { for: main.id }, T.seed),
      h("div", { class: "with" }, main, iconButton("dice", T.newSeed, newSeed, { class: "btn edge square" })),
    ),
    h("p", { class: "hint" }, T.seedHint),
    network ? apart : null,
  );
  return { sections: [section] };
}

/** @param {import("./rail.js").RailContext} context */
export function stopSection({ form, view, edit }) {
  /** @param {string} name @param {string} label @param {Record<string, unknown>} [props] */
  const number = (name, label, props) =>
    pair(label, form.number(configBound({ view, edit }, name, label), undefined, props));
  const section = h(
    "section",
    {},
    h("h2", {}, T.stop),
    number("stop.iterations", T.iterations, { inputmode: "numeric" }),
    number("stop.gradient_tol", T.gradientBelow, { placeholder: T.never }),
    number("stop.target", T.lossBelow, { placeholder: T.never }),
  );
  return { sections: [section] };
}

/** A control for one path of the config. @param {Pick<import("./rail.js").RailContext, "view" | "edit">} context @param {string} path @param {string} label @returns {import("../controls.js").Bound} */
export function configBound({ view, edit }, path, label) {
  return {
    path,
    label,
    get: () => at(view().state.config, path),
    set: (value) => edit((state) => put(state.config, path, value)),
  };
}

/** A yes or no of the config; not given is `otherwise`. @param {import("./rail.js").RailContext} context @param {string} path @param {string} label @param {boolean} otherwise */
export function configFlag({ form, view, edit }, path, label, otherwise) {
  const bound = configBound({ view, edit }, path, label);
  return check(form.flag({ ...bound, get: () => bound.get() ?? otherwise }), label);
}
