/** The page Recipe: what the errors say and what to do next, which method to take, how fast to step, how large to be. */

import { byId, h, icon, setText } from "../../dom.js";
import { atMostEvery, loadRest, onTheme } from "../../draw.js";
import { configsOf } from "../../plan.js";
import { poolOf } from "../../pool.js";
import { TOPICS } from "../../state.js";
import { fetchSets, loadStyle } from "../page.js";
import { store } from "../tune/kept.js";
import { loadInto, withoutCharts } from "../tune/spec.js";
import { Study } from "../tune/study.js";
import { createCapacity } from "./capacity.js";
import { createErrors } from "./errors.js";
import { createExport } from "./export.js";
import { createMethod } from "./method.js";
import { button, section } from "./parts.js";
import { createRange } from "./range.js";
import { createRates } from "./rates.js";
import { T } from "./texts.js";

/** @typedef {import("../../app.js").View} View */
/** @typedef {import("../../state.js").Recipe} Recipe */
/** @typedef {Recipe["topic"]} TopicName */
/** @typedef {import("../../protocol.js").SessionConfig} SessionConfig */
/** @typedef {import("../../pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {import("../../pool_protocol.js").CallName} CallName */
/**
 * What the topics show.
 * @typedef {object} Scene
 * @property {View} view
 * @property {Recipe} recipe
 * @property {SessionConfig} config of the selected lane; the same object as long as it is the same config
 * @property {import("../../protocol.js").Info} info
 * @property {import("../../record.js").Record} record
 * @property {string} title of the problem
 * @property {string} method title of the lane's
 * @property {import("../../protocol.js").MethodInfo | undefined} described
 */
/**
 * What a topic may do.
 * @typedef {object} Context
 * @property {import("../../app.js").App} app
 * @property {import("../../pool.js").Pool} pool
 * @property {() => Study} study a search of its own
 * @property {(change: (recipe: Recipe) => void) => void} edit
 * @property {(config: SessionConfig, name: CallName, ...args: unknown[]) => Promise<any>} ask the engine, which then knows the config's data
 * @property {(spec: SearchSpec, index: number) => Promise<void>} load a trial into the selected lane of the page Run
 * @property {(lr: number) => void} useRate
 * @property {(topics: TopicName[]) => HTMLElement} elsewhere buttons to what applies
 * @property {() => void} soon
 */
/**
 * A part of the page.
 * @typedef {object} Topic
 * @property {HTMLElement[]} settings @property {HTMLElement[]} picture @property {HTMLElement[]} side
 * @property {HTMLElement | null} controls @property {HTMLElement | null} below
 * @property {(scene: Scene) => void} render
 * @property {() => Promise<void>} [start] runs what it is set to from its beginning
 * @property {() => { [name: string]: unknown }} [found] what there is to read of it, by name
 */

/** Redraws a second at most, while something runs. */
const RATE = 12;

/** @type {Record<TopicName, (context: Context) => Topic>} */
const MAKERS = {
  recipe: createErrors,
  method: createMethod,
  range: createRange,
  rates: createRates,
  capacity: createCapacity,
  export: createExport,
};

/** @param {HTMLElement} root @param {import("../../app.js").App} app @param {WebAssembly.Module} module */
export async function createRecipe(root, app, module) {
  const styled = Promise.all([loadStyle("tune"), loadStyle("recipe")]);
  const pool = poolOf(module, await loadRest());
  const setsOf = fetchSets(app);
  /** @type {View | null} */
  let view = null;
  /** @type {Map<TopicName, Topic>} */
  const made = new Map();

  /** @type {Context} */
  const context = {
    app,
    pool,
    study: () => new Study({ pool, store, version: app.catalog?.version ?? "", setsOf, changed: soon }),
    edit(change) {
      const recipe = structuredClone(app.state.recipe);
      change(recipe);
      app.look({ recipe });
    },
    async ask(config, name, ...args) {
      pool.register(await setsOf({ base: /** @type {any} */ (config) }));
      return pool.call(name, ...args);
    },
    async load(spec, index) {
      const config = await pool.call("trial_config", spec, index);
      toRun((state) => loadInto(state, config));
    },
    useRate: (lr) =>
      toRun((state) => {
        const lane = state.lanes[state.selected];
        if (lane) lane.optimizer.lr = lr;
      }),
    elsewhere: (topics) =>
      h(
        "div",
        { class: "offers" },
        ...topics.map((topic) => button(T.topics[topic], () => go(topic))),
        button(T.networkOffer, () => app.begin("network", "moons")),
      ),
    soon,
  };

  /** @param {(state: import("../../state.js").State) => void} change */
  function toRun(change) {
    app.edit((state) => {
      change(state);
      state.tab = "run";
    });
    requestAnimationFrame(() => requestAnimationFrame(() => byId("picture").focus()));
  }

  /** @param {TopicName} topic */
  function go(topic) {
    context.edit((recipe) => {
      recipe.topic = topic;
    });
    radios.get(topic)?.focus();
  }

  const radios = new Map(
    TOPICS.map((topic) => [
      topic,
      h("input", { type: "radio", name: "recipe-topic", value: topic, onchange: () => go(topic) }),
    ]),
  );
  const topics = h(
    "div",
    { class: "kinds", role: "radiogroup", "aria-label": T.topicsLabel },
    ...[...radios].map(([topic, input]) => h("label", {}, input, h("span", {}, T.topics[topic]))),
  );
  const summary = h("span", { class: "sum" });
  const toggle = h(
    "button",
    {
      class: "rail-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": "recipe-rail-body",
      onclick: () => toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true")),
    },
    h("b", {}, T.details),
    summary,
    icon("chev", "chev"),
  );
  const lane = h("select", { "aria-label": T.lane, onchange: () => app.look({ selected: Number(lane.value) }) });
  const about = h("p", { class: "hint" });
  const settings = h("div", { class: "rail-fields" });
  const rail = h(
    "aside",
    { class: "rail", "aria-label": T.rail },
    topics,
    toggle,
    h("div", { class: "rail-body", id: "recipe-rail-body" }, settings),
  );
  const runSection = section(T.run, "", lane, about);
  const picture = h("div", { class: "picture" });
  const fig = h("main", { class: "fig" });
  const side = h("aside", { class: "side", "aria-label": T.details });
  const below = h("section", { class: "trials" });
  root.append(rail, fig, side, below);
  onTheme(soon);
  new ResizeObserver(() => soon()).observe(fig);

  const paint = atMostEvery(1000 / RATE, draw);
  function soon() {
    if (app.state.tab === "recipe") paint();
  }

  /** @type {TopicName | ""} */
  let shown = "";
  /** @param {TopicName} name */
  function show(name) {
    const known = made.get(name);
    const topic = known ?? MAKERS[name](context);
    made.set(name, topic);
    if (name === shown) return topic;
    shown = name;
    settings.replaceChildren(...topic.settings, runSection);
    picture.replaceChildren(...topic.picture);
    fig.replaceChildren(picture, ...(topic.controls ? [topic.controls] : []));
    side.replaceChildren(h("h2", { class: "vh" }, T.topics[name]), ...topic.side);
    below.replaceChildren(...(topic.below ? [topic.below] : []));
    below.setAttribute("aria-label", T.topics[name]);
    below.hidden = !topic.below;
    root.dataset.topic = name;
    return topic;
  }

  /** The config of the selected lane; the same object until it is another. */
  let last = { key: /** @type {unknown[]} */ ([]), config: /** @type {SessionConfig | undefined} */ (undefined) };
  /** @param {View} of */
  function configOf({ good, catalog }) {
    const key = [good.config, good.lanes, good.selected];
    if (key.every((part, i) => part === last.key[i])) return last.config;
    const config = configsOf(good, catalog.methods)[good.selected];
    if (!config) return undefined;
    const rest = withoutCharts(config);
    // A run that is reset or selected again is the same run.
    const same = JSON.stringify(rest) === JSON.stringify(last.config);
    last = { key, config: same ? last.config : rest };
    return last.config;
  }

  let lanes = "";
  function draw() {
    if (!view?.record || app.state.tab !== "recipe") return;
    const { record, state, catalog } = view;
    const { recipe } = state;
    const config = configOf(view);
    const topic = show(recipe.topic);
    const radio = radios.get(recipe.topic);
    if (radio && !radio.checked) radio.checked = true;
    const names = JSON.stringify(record.lanes.map(({ lane: mark, title, detail }) => [mark, title, detail]));
    if (names !== lanes) {
      lanes = names;
      lane.replaceChildren(
        ...record.lanes.map(({ lane: mark, title, detail }, i) =>
          h("option", { value: i }, `${mark}  ${[title, detail].filter(Boolean).join(", ")}`),
        ),
      );
    }
    lane.value = String(view.good.selected);
    lane.hidden = record.lanes.length === 0;
    setText(about, config ? T.runHint(record.info.title) : T.noLane);
    if (!config) return;
    const described = catalog.methods.find(({ name }) => name === config.optimizer.name);
    const method = described?.title ?? config.optimizer.name;
    setText(summary, `${method} · ${record.info.title}`);
    topic.render({ view, recipe, config, info: record.info, record, title: record.info.title, method, described });
  }

  await styled;
  return {
    /** @param {View} next */
    render(next) {
      view = next;
      paint();
    },
    /** @param {View} next */
    async start(next) {
      view = next;
      draw();
      if (shown) await made.get(shown)?.start?.();
    },
    found: () => (shown && made.get(shown)?.found?.()) || {},
  };
}
