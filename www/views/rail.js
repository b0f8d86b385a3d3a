/** The rail: what is solved. Kind, its settings, data, seed, stop. */

import { Form } from "../controls.js";
import { h, icon, setText } from "../dom.js";
import { exact } from "../format.js";
import { SHOWS } from "../presets.js";
import { same } from "../state.js";
import { T } from "../texts.js";
import { dataSections } from "./rail_data.js";
import { fitSections } from "./rail_fit.js";
import { validationSection } from "./rail_learning.js";
import { networkSection } from "./rail_network.js";
import { seedSection, stopSection } from "./rail_run.js";
import { surfaceSections } from "./rail_surface.js";
import { systemSections } from "./rail_system.js";

/** @typedef {import("../app.js").View} View */
/** @typedef {import("../state.js").State} State */
/** What the sections of the rail are made with. */
/**
 * @typedef {object} RailContext
 * @property {Form} form
 * @property {() => View} view the newest
 * @property {(change: (state: State) => void) => void} edit
 * @property {(kind: string, name?: string, all?: boolean) => void} begin with another problem
 * @property {() => void} newSeed
 * @property {() => void} breakSeal looks at the test set, once that is confirmed
 * @property {(csv: string) => Promise<import("../protocol.js").CsvPreview>} preview what a text holds; throws a `Fault`
 * @property {{ ownCsv: boolean, csvText: string, freeSplit: boolean }} local what the rail itself remembers
 * @property {() => void} rebuild makes the controls again, after a change of `local`
 */

const KINDS = /** @type {const} */ (["surface", "network", "least_squares", "linear_system", "constrained"]);

/**
 * @param {HTMLElement} root
 * @param {Pick<RailContext, "edit" | "begin" | "newSeed" | "preview" | "breakSeal">} on
 */
export function createRail(root, on) {
  /** @type {View} */
  let view;
  let form = new Form();
  let shape = "";
  /** @type {RailContext["local"]} */
  const local = { ownCsv: false, csvText: "", freeSplit: false };
  /** @type {(() => void)[]} */
  let refresh = [];
  const summary = h("span", { class: "sum" });
  const toggle = h(
    "button",
    {
      class: "rail-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": "rail-body",
      onclick: () => open(toggle.getAttribute("aria-expanded") !== "true"),
    },
    h("b", {}, T.problem),
    summary,
    icon("chev", "chev"),
  );
  const body = h("div", { class: "rail-body", id: "rail-body" });
  root.append(toggle, body);

  /** @param {boolean} expanded */
  function open(expanded) {
    toggle.setAttribute("aria-expanded", String(expanded));
  }

  function rebuild() {
    const focused = body.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.path
      : undefined;
    const opened = new Set([...body.querySelectorAll("details[open]")].map((d) => d.className));
    form = new Form();
    const begin = (/** @type {string} */ kind, /** @type {string | undefined} */ name, all = false) => {
      Object.assign(local, { ownCsv: false, freeSplit: false });
      on.begin(kind, name, all);
    };
    const context = { ...on, begin, form, view: () => view, local, rebuild: rebuildNow };
    /** @type {{ sections: HTMLElement[], refresh?: () => void }[]} */
    const parts = sectionsOf(view.state.config.problem.kind, context);
    parts.push(seedSection(context), stopSection(context));
    refresh = parts.flatMap((part) => part.refresh ?? []);
    body.replaceChildren(kinds(context), ...parts.flatMap((part) => part.sections));
    for (const details of body.querySelectorAll("details")) if (opened.has(details.className)) details.open = true;
    if (focused)
      /** @type {HTMLElement | null} */ (body.querySelector(`[data-path="${CSS.escape(focused)}"]`))?.focus();
  }

  /** What few visitors see is loaded when it is first wanted. @param {string} kind */
  async function load(kind) {
    if (kind !== "constrained" || constrainedSections) return;
    ({ constrainedSections } = await import("./rail_constrained.js"));
    rebuildNow();
  }

  function fill() {
    form.sync(view.fault);
    for (const f of refresh) f();
  }

  function rebuildNow() {
    rebuild();
    fill();
  }

  return {
    /** @param {View} next */
    render(next) {
      view = next;
      const now = shapeOf(view);
      if (now !== shape) {
        shape = now;
        rebuild();
        load(view.state.config.problem.kind);
      }
      fill();
      setText(summary, summaryOf(view));
    },
    /** Shows the field that a fault means. @param {import("../protocol.js").Fault} fault */
    find(fault) {
      const input = form.find(fault);
      if (input) open(true);
      const details = input?.closest("details");
      if (details) details.open = true;
      return input;
    },
  };
}

/** @type {typeof import("./rail_constrained.js").constrainedSections | null} */
let constrainedSections = null;

/** @param {string} kind @param {RailContext} context */
function sectionsOf(kind, context) {
  const shows = showsSection(kind, context);
  switch (kind) {
    case "network":
      return [shows, dataSections(context), networkSection(context), validationSection(context)];
    case "least_squares":
      return [shows, fitSections(context)];
    case "linear_system":
      return [systemSections(context)];
    case "constrained":
      return [shows, ...(constrainedSections ? [constrainedSections(context)] : [])];
    default:
      return [shows, surfaceSections(context)];
  }
}

/** States that show one thing, whole: problem, methods and all. @param {string} kind @param {RailContext} context */
function showsSection(kind, { view, edit }) {
  const shows = SHOWS.filter((show) => show.kind === kind);
  const select = h(
    "select",
    {
      id: "shows",
      "aria-label": T.shows,
      onchange() {
        const show = shows.find(({ name }) => name === select.value);
        if (!show) return;
        edit((state) => {
          const { theme } = state;
          Object.assign(state, structuredClone(show.state()), { theme });
        });
      },
    },
    h("option", { value: "" }, T.showsNone),
    ...shows.map(({ name, title }) => h("option", { value: name }, title)),
  );
  return {
    sections: [h("section", {}, h("h2", {}, T.shows), select)],
    refresh() {
      const { config, lanes } = view().state;
      const now = shows.find((show) => {
        const state = show.state();
        return same(config, state.config) && same(lanes, state.lanes);
      });
      const value = now?.name ?? "";
      if (select.value !== value && document.activeElement !== select) select.value = value;
    },
  };
}

/** What decides which controls there are. @param {View} view */
function shapeOf({ state, catalog, record }) {
  const { problem } = state.config;
  const { data } = problem;
  const activations = Array.isArray(problem.activation) ? problem.activation.length : 0;
  return JSON.stringify([
    catalog.version,
    problem.kind,
    problem.name,
    problem.formula !== undefined,
    data?.name,
    data?.csv !== undefined,
    problem.layers?.length,
    activations,
    problem.model,
    record?.info.least_squares?.parameters,
    problem.a?.name,
    state.config.stop?.early !== undefined,
    record?.info.network?.task,
    [problem.equality, problem.inequality].map((given) => (Array.isArray(given) ? given.length : typeof given)),
    problem.kind === "surface" && record?.info.surface ? record.info.dim : 0,
  ]);
}

/** @param {RailContext} context */
function kinds({ view, begin }) {
  const now = view().state.config.problem.kind;
  return h(
    "section",
    {},
    h("h2", { id: "h-kind" }, T.problem),
    h(
      "div",
      { class: "kinds", role: "radiogroup", "aria-labelledby": "h-kind" },
      ...KINDS.map((kind) =>
        h(
          "label",
          {},
          h("input", {
            type: "radio",
            name: "kind",
            value: kind,
            "data-path": "problem.kind",
            checked: kind === now,
            onchange: () => begin(kind, undefined),
          }),
          icon(kind),
          h("span", {}, T.kinds[kind]),
        ),
      ),
    ),
  );
}

/** One line that says what is solved. @param {View} view */
function summaryOf({ state, catalog }) {
  const { problem, seed, batch_size } = state.config;
  if (problem.kind === "surface") {
    const title = catalog.surfaces.find((s) => s.name === problem.name)?.title ?? problem.formula ?? problem.name;
    const start = Array.isArray(problem.start)
      ? ` · ${T.start.toLowerCase()} (${problem.start.map(exact).join(", ")})`
      : "";
    return `${T.kinds.surface} · ${title}${start} · ${T.seed.toLowerCase()} ${exact(seed)}`;
  }
  const kind = T.kinds[problem.kind];
  if (problem.kind === "least_squares")
    return `${kind} · ${catalog.models.find((m) => m.name === problem.model)?.title ?? problem.model}`;
  if (problem.kind === "constrained") {
    const { objective } = problem;
    return `${kind} · ${typeof objective === "string" ? objective : Object.keys(objective ?? {}).join(", ")}`;
  }
  if (problem.kind === "linear_system")
    return `${kind} · ${catalog.matrices.find((m) => m.name === problem.a?.name)?.title ?? T.ownMatrix}`;
  const title = catalog.datasets.find((d) => d.name === problem.data?.name)?.title ?? T.ownCsv;
  const layers = [...(problem.layers ?? [])].map(exact).join("-") || T.noHidden;
  return `${T.kinds.network} · ${title} · ${layers} ${[problem.activation].flat().join(", ")} · batch ${exact(batch_size ?? T.full)} · ${T.seed.toLowerCase()} ${exact(seed)}`;
}
