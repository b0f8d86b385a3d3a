/** Which, what and when: the method that the lecture would pick, why, and a race of it against the present one. */

import { h, setText } from "../../dom.js";
import { suited } from "../../presets.js";
import { LANES_MAX } from "../../state.js";
import { button, createTable, note, textCell } from "./parts.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../pkg/descent.js").Advice} Advice */

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createMethod(context) {
  /** @type {import("./recipe.js").SessionConfig | null} */
  let known = null;
  /** @type {Advice | null} */
  let advice = null;
  /** @type {import("../../protocol.js").Fault | null} */
  let fault = null;
  /** @type {Scene} */
  let scene;
  const title = h("p", { class: "pick" });
  const reason = h("p", { class: "reason" });
  const about = h("p", { class: "muted" });
  const facts = h("ul", { class: "facts" });
  const races = h("div", { class: "offers" });
  const refused = h("p", { class: "fault", role: "alert", hidden: true });
  const card = h(
    "div",
    { class: "card" },
    h("p", { class: "muted" }, T.pickOf),
    title,
    reason,
    h("h2", {}, T.facts),
    facts,
    races,
    about,
  );
  const rules = T.ruleList.map(([what, how, names]) => ({
    names,
    element: h("li", {}, h("b", {}, what), h("span", {}, how)),
  }));
  const table = createTable(T.alternatives, [
    ...T.methodColumns.slice(0, 2).map((name) => ({ title: name })),
    { title: "" },
  ]);

  function follow() {
    if (scene.config === known) return;
    known = scene.config;
    const config = scene.config;
    context
      .ask(config, "advise", config)
      .then((found) => {
        if (config !== known) return;
        [advice, fault] = [found, null];
      })
      .catch((error) => {
        if (config !== known) return;
        [advice, fault] = [null, error];
      })
      .finally(context.soon);
  }

  /** @param {string} name */
  function infoOf(name) {
    return scene.view.catalog.methods.find((method) => method.name === name);
  }

  /** @param {string} name */
  function race(name) {
    context.app.run((state) => {
      addRival(state, name);
      state.tab = "run";
    });
  }

  return {
    settings: [],
    picture: [h("div", { class: "bar" }, h("h1", {}, T.topics.method)), h("div", { class: "stage" }, card, refused)],
    controls: null,
    side: [
      note(
        T.rules,
        h("ul", { class: "rules" }, ...rules.map(({ element }) => element)),
        h("p", { class: "hint" }, T.rulesSource),
      ),
    ],
    below: table.element,
    found: () => ({ status: advice ? "done" : "checking", method: advice?.method }),
    render(next) {
      scene = next;
      follow();
      refused.hidden = !fault;
      if (fault) setText(refused, `${T.adviceRefused}: ${fault.path ? `${fault.path}: ` : ""}${fault.message}`);
      card.hidden = !advice;
      table.element.hidden = !advice;
      for (const { names, element } of rules) {
        const on = advice !== null && names.includes(advice.method);
        if (on) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
      if (!advice) return;
      const present = scene.config.optimizer.name;
      const own = scene.method;
      const { method, alternatives } = advice;
      const picked = infoOf(method)?.title ?? method;
      setText(title, picked);
      setText(reason, `${sentence(advice.reason)}.`);
      setText(about, method === present ? T.isIt(picked) : T.raceHint);
      const said = JSON.stringify([advice, present]);
      if (card.dataset.said !== said) {
        card.dataset.said = said;
        facts.replaceChildren(...advice.facts.map((fact) => h("li", {}, fact)));
        races.replaceChildren(
          button(method === present ? T.runIt : T.race(picked, own), () => race(method), { class: "btn primary" }),
        );
      }
      table.render(
        [method, ...alternatives].map((name) => {
          const info = infoOf(name);
          return {
            key: name,
            on: name === method,
            cells: [
              textCell(info?.title ?? name),
              textCell(info?.about ?? ""),
              {
                key: `${name} ${present}`,
                make: () =>
                  name === present
                    ? [h("span", { class: "muted" }, T.isIt(info?.title ?? name))]
                    : [button(T.raceShort, () => race(name), { "aria-label": T.race(info?.title ?? name, own) })],
              },
            ],
          };
        }),
      );
    },
  };
}

/** A lane with this method beside the selected one, unless there is one; the last of the others goes where all are taken. @param {State} state @param {string} name */
function addRival(state, name) {
  if (state.lanes.some(({ optimizer }) => optimizer.name === name)) return;
  if (state.lanes.length >= LANES_MAX) {
    const last = state.lanes.length - 1;
    state.lanes.splice(state.selected === last ? last - 1 : last, 1);
    if (state.selected === last) state.selected = last - 1;
  }
  const marks = Array.from({ length: LANES_MAX }, (_, i) => i + 1);
  const mark = marks.find((m) => !state.lanes.some((lane) => lane.mark === m)) ?? 1;
  state.lanes.push({ mark, optimizer: suited(state, name) });
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
