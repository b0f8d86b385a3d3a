/** The page Tune: searches over any path of the config, on all cores, with what they find. */

import { byId, h, icon, setText } from "../../dom.js";
import { atMostEvery, loadRest, onTheme } from "../../draw.js";
import { count } from "../../format.js";
import { configsOf } from "../../plan.js";
import { poolOf } from "../../pool.js";
import { fetchSets, loadStyle } from "../page.js";
import { createFigure, scoreText } from "./figure.js";
import { forgetRun, keptRuns, onKept, store } from "./kept.js";
import { bestOf, scaled, scoreOf } from "./model.js";
import { createRail } from "./rail.js";
import { createSide } from "./side.js";
import { differences, foldsOf, loadInto, nameOf, offersOf, rivalOf, searchOf } from "./spec.js";
import { Study } from "./study.js";
import { createTable } from "./table.js";
import { T } from "./texts.js";

/** @typedef {import("../../app.js").View} View */
/** @typedef {import("../../state.js").Tune} Tune */
/** @typedef {import("../../protocol.js").SessionConfig} SessionConfig */
/** @typedef {import("../../pool_protocol.js").SearchSpec} SearchSpec */
/** @typedef {import("./study.js").Row} Row */
/** @typedef {import("./kept.js").KeptRun} KeptRun */
/**
 * What the settings show.
 * @typedef {object} Scene
 * @property {Tune} tune
 * @property {import("../../state.js").TuneAxis[]} axes that are searched
 * @property {import("./spec.js").Offer[]} offers
 * @property {SessionConfig} base
 * @property {import("../../protocol.js").Catalog} catalog
 * @property {import("../../protocol.js").NetworkInfo | null} network
 * @property {string} title of the problem
 * @property {string} lane
 * @property {KeptRun[]} kept
 * @property {import("../../protocol.js").Fault | null} fault
 * @property {boolean} busy
 * @property {import("./study.js").Status} status
 * @property {number} candidates
 * @property {number | null} folds
 * @property {number} workers
 * @property {number} iterations of a run
 */
/**
 * What the pictures and the table show.
 * @typedef {object} Shown
 * @property {import("./model.js").Axis[]} axes
 * @property {import("./model.js").Axis} across of a map
 * @property {import("./model.js").Axis} up
 * @property {import("./model.js").Axis | undefined} by of the sweeps
 * @property {Row[]} rows
 * @property {Row | null} best
 * @property {import("./model.js").Score} score
 * @property {number | null} folds of a trial; null for one a row
 * @property {boolean} network
 * @property {Tune["method"]} method
 * @property {boolean} halving
 * @property {{ rows: Row[], best: Row | null } | null} rival
 * @property {string} version
 * @property {string} view
 * @property {number | null} pointed the trial at the pointer in the table
 * @property {{ row: Row, mark: number }[]} curves
 * @property {boolean} log
 */

/** Redraws a second at most, while a search runs. */
const RATE = 12;
/** Settings are looked at once they have been left alone for so long, ms. */
const SETTLE_MS = 200;
/** Curves that are shown unless others are chosen. */
const CURVES = 3;
/** As many curves as there are colours. */
const CURVES_MAX = 6;

/** @param {HTMLElement} root @param {import("../../app.js").App} app @param {WebAssembly.Module} module */
export async function createTune(root, app, module) {
  const styled = loadStyle("tune");
  const pool = poolOf(module, await loadRest());
  /** @type {View | null} */
  let view = null;
  /** @type {KeptRun[]} */
  let kept = await keptRuns();
  const local = {
    view: "",
    across: "",
    up: "",
    by: "",
    log: true,
    pointed: /** @type {number | null} */ (null),
    chosen: /** @type {number[] | null} */ (null),
  };
  /** Counts what is local, for views that draw. */
  let looked = 0;
  const context = { pool, store, version: app.catalog?.version ?? "", setsOf: fetchSets(app), changed: soon };
  const main = new Study(context);
  const rival = new Study(context);
  const studies = () => (rival.spec ? [main, rival] : [main]);

  const rail = h("aside", { class: "rail", "aria-label": T.rail });
  const fig = h("main", { class: "fig" });
  const side = h("aside", { class: "side", "aria-label": T.figure });
  const trials = h("section", { class: "trials", "aria-label": T.table });
  const said = h("p", { class: "vh", role: "status" });
  const picture = h("div", { class: "picture" });
  const controls = createControls({
    press,
    again: () => restart(),
    cancel() {
      for (const study of studies()) study.cancel();
    },
  });
  fig.append(picture, controls.element);
  root.append(rail, fig, side, trials, said);
  const parts = {
    rail: createRail(rail, {
      edit(change) {
        const tune = structuredClone(app.state.tune);
        change(tune);
        app.look({ tune });
      },
      forget: forgetRun,
    }),
    figure: createFigure(picture, {
      load,
      setView: (name) => look({ view: name }),
      setAxes: (across, up) => look({ across, up }),
    }),
    side: createSide(side, { setBy: (by) => look({ by }), toggleLog: () => look({ log: !local.log }), load }),
    table: createTable(trials, { load, toggle, point: (pointed) => look({ pointed }) }),
  };
  onKept(async () => {
    kept = await keptRuns();
    soon();
  });
  onTheme(soon);
  new ResizeObserver(() => soon()).observe(fig);

  const paint = atMostEvery(1000 / RATE, draw);
  function soon() {
    if (app.state.tab === "tune") paint();
  }

  /** @param {Partial<typeof local>} part */
  function look(part) {
    Object.assign(local, part);
    looked += 1;
    soon();
  }

  /** What is searched, by the newest settings; made anew when they are others. */
  let plan = { key: /** @type {unknown[]} */ ([]), ...planOf(null) };
  /** @param {View | null} of */
  function planOf(of) {
    const none = { scene: null, spec: null, drawn: null, configs: /** @type {SessionConfig[]} */ ([]) };
    const config = of && configsOf(of.good, of.catalog.methods)[of.good.selected];
    if (!of || !config || !of.record) return none;
    const { tune } = of.state;
    const { catalog } = of;
    const { base, axes, spec, configs } = searchOf(tune, config, kept, catalog);
    return { scene: { tune, axes, base, catalog }, spec, drawn: tune, configs };
  }

  let timer = 0;
  /** Lets the studies follow the settings. */
  function follow() {
    if (!view?.record) return;
    const key = [view.good, view.state.tune, kept, view.record.run];
    if (plan.key.length > 0 && plan.key.every((part, i) => part === key[i])) return;
    plan = { key, ...planOf(view) };
    if (studies().some(({ status }) => status === "running")) return;
    clearTimeout(timer);
    timer = window.setTimeout(settle, SETTLE_MS);
  }

  async function settle() {
    clearTimeout(timer);
    timer = 0;
    const { spec, scene } = plan;
    local.chosen = null;
    const twice = scene?.axes.find(({ path }, i) => scene.axes.findIndex((axis) => axis.path === path) !== i);
    if (twice && scene?.tune.method !== "manual") {
      main.refuse({ path: `axes.${twice.path}`, message: T.twice, lane: null });
      await rival.set(null);
      return;
    }
    await main.set(spec);
    if (plan.spec !== spec) return;
    const beside = spec && scene?.tune.rival && scene.tune.method === "grid" && main.total > 0;
    await rival.set(beside ? rivalOf(spec, scene.axes, main.total, scene.tune.seed) : null);
  }

  async function press() {
    // What was changed a moment ago is what is meant.
    follow();
    if (timer) await settle();
    const [first] = studies();
    if (studies().some(({ status }) => status === "running")) {
      const paused = studies().some((study) => study.paused);
      for (const study of studies())
        if (paused) study.resume();
        else study.pause();
      return;
    }
    if (first?.status === "done" && studies().every(({ status }) => status === "done")) restart();
    else begin();
  }

  async function begin() {
    if (app.playing) app.toggle();
    await Promise.all(studies().map((study) => study.start()));
    if (studies().every(({ status }) => status === "done")) setText(said, T.announceDone(controls.text));
  }

  async function restart() {
    await Promise.all(studies().map((study) => study.clear()));
    await begin();
  }

  /** @param {Row} row @param {number} search */
  async function load(row, search) {
    const study = search === 0 ? main : rival;
    const config =
      app.state.tune.method === "manual"
        ? plan.configs[row.index]
        : study.spec && (await pool.call("trial_config", study.spec, row.index));
    if (!config) return;
    app.edit((state) => {
      loadInto(state, config);
      state.tab = "run";
    });
    requestAnimationFrame(() => requestAnimationFrame(() => byId("picture").focus()));
  }

  /** @param {Row} row */
  function toggle(row) {
    const now = shown?.curves.map((curve) => curve.row.index) ?? [];
    const chosen = now.includes(row.index)
      ? now.filter((i) => i !== row.index)
      : [...now, row.index].slice(-CURVES_MAX);
    look({ chosen });
  }

  /** @type {Shown | null} */
  let shown = null;
  function draw() {
    if (!view?.record || app.state.tab !== "tune") return;
    follow();
    const { scene } = plan;
    if (!scene) return;
    const { record, state } = view;
    const network = record.info.network ?? null;
    const offers = offersOf(scene.base, view.catalog);
    const lane = record.lanes[view.good.selected];
    const spec = main.spec ?? plan.spec;
    const running = studies().some(({ status }) => status === "running");
    parts.rail.render({
      ...scene,
      offers,
      network,
      title: record.info.title,
      lane: [lane?.title, lane?.detail].filter(Boolean).join(", "),
      kept,
      fault: main.fault ?? rival.fault,
      busy: running,
      status: main.status,
      candidates: main.total,
      folds: spec ? foldsOf(spec) : 1,
      workers: pool.size,
      iterations: Number(view.good.config.stop?.iterations) || 1000,
    });
    shown = shownOf(offers, network, state.tune);
    parts.figure.render(shown);
    parts.side.render(shown);
    parts.table.render(shown);
    controls.render(studies(), shown);
  }

  /** @param {import("./spec.js").Offer[]} offers @param {import("../../protocol.js").NetworkInfo | null} network @param {Tune} tune @returns {Shown} */
  function shownOf(offers, network, tune) {
    const manual = tune.method === "manual";
    const score = scoreOf(tune.score, network?.task);
    const differing = manual ? differences(plan.configs) : [];
    const paths = manual
      ? [...new Set(differing.flatMap((values) => Object.keys(values)))]
      : Object.keys(main.spec?.axes ?? plan.spec?.axes ?? {});
    const axes = paths.map((path) => ({ path, name: nameOf(path, offers) }));
    const rows = manual ? keptRows(differing, score) : main.rows();
    const best = bestOf(rows, score);
    const nowhere = { path: "", name: "" };
    const named = (/** @type {string} */ path) => axes.find((axis) => axis.path === path);
    const across = named(local.across) ?? axes[0] ?? nowhere;
    const up = named(local.up) ?? axes.find((axis) => axis.path !== across.path) ?? nowhere;
    const other = rival.spec ? rival.rows() : null;
    return {
      axes,
      across,
      up: up.path === across.path ? (axes.find((axis) => axis.path !== across.path) ?? nowhere) : up,
      by: named(local.by) ?? axes[0],
      rows,
      best,
      score,
      folds: main.spec ? foldsOf(main.spec) : 1,
      network: network !== null,
      method: tune.method,
      halving: rows.some(({ rung }) => rung !== undefined),
      rival: other && { rows: other, best: bestOf(other, score) },
      version: [main.version, rival.version, looked, kept.length, tune.score].join("."),
      view: local.view,
      pointed: local.pointed,
      curves: curvesOf(rows, score),
      log: local.log,
    };
  }

  /** The trials whose curves are shown, each with the colour of a lane. @param {Row[]} rows @param {import("./model.js").Score} score */
  function curvesOf(rows, score) {
    const able = rows.filter(({ result }) => (result?.curves?.iteration.length ?? 0) > 0);
    const ranked = able
      .filter(({ result }) => typeof result?.score_mean === "number")
      .sort((a, b) => {
        const d = Number(a.result?.score_mean) - Number(b.result?.score_mean);
        return (b.rung ?? 0) - (a.rung ?? 0) || (score.rises ? -d : d) || a.index - b.index;
      });
    const indices = local.chosen ?? ranked.slice(0, CURVES).map(({ index }) => index);
    return indices.flatMap((index, i) => {
      const row = able.find((r) => r.index === index);
      return row ? [{ row, mark: i + 1 }] : [];
    });
  }

  /** Kept runs as rows: with the numbers that they were kept with, until they are trained as trials. @param {Record<string, unknown>[]} differing @param {import("./model.js").Score} score @returns {Row[]} */
  function keptRows(differing, score) {
    const ran = new Map(main.rows().map((row) => [row.index, row]));
    return kept.map(({ result }, index) => {
      const row = ran.get(index);
      const values = differing[index] ?? {};
      if (row?.result || row?.state === "running") return { ...row, values };
      const own = result[score.key === "loss" ? "train_loss" : score.key];
      return { index, values, state: "over", kept: true, result: { ...result, index, values, score_mean: own } };
    });
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
      follow();
      await settle();
      await restart();
    },
    found() {
      const score = scoreOf(app.state.tune.score, view?.record?.info.network?.task);
      const rows = main.rows();
      const best = bestOf(rows, score)?.result;
      const scores = rows.flatMap(({ result }) => (typeof result?.score_mean === "number" ? [result.score_mean] : []));
      const values = Object.entries(best?.values ?? {}).map(([path, value]) => [`best.${path}`, value]);
      return {
        status: main.status,
        done: main.done,
        total: main.total,
        folds: main.spec ? foldsOf(main.spec) : 1,
        failed: rows.filter(({ result }) => result?.score_mean === null).length,
        best: best?.score_mean,
        deviation: best?.score_std,
        range: scores.length > 0 ? Math.max(...scores) - Math.min(...scores) : undefined,
        rival: bestOf(rival.rows(), score)?.result?.score_mean,
        ...Object.fromEntries(values),
      };
    },
  };
}

/** @param {{ press(): void, again(): void, cancel(): void }} on */
function createControls(on) {
  const picture = h("span", { class: "pic" });
  const word = h("span");
  const primary = h(
    "button",
    { class: "btn primary", type: "button", disabled: true, onclick: on.press },
    picture,
    word,
  );
  const again = h(
    "button",
    { class: "btn edge", type: "button", onclick: on.again },
    icon("reset"),
    h("span", {}, T.again),
  );
  const cancel = h(
    "button",
    { class: "btn edge", type: "button", onclick: on.cancel },
    icon("stop"),
    h("span", {}, T.cancel),
  );
  const text = h("span");
  const bar = h("progress", { max: 1, value: 0, "aria-label": T.progress });
  const best = h("dd");
  const runs = h("dd");
  const element = h(
    "fieldset",
    { class: "transport", "aria-label": T.rail },
    h("div", { class: "group" }, primary, again, cancel),
    h("div", { class: "done" }, text, bar),
    h(
      "dl",
      { class: "counters" },
      h("div", {}, h("dt", {}, T.best), best),
      h("div", { class: "opt" }, h("dt", {}, T.trainings), runs),
    ),
  );
  let drawn = "";
  return {
    element,
    get text() {
      return text.textContent ?? "";
    },
    /** @param {Study[]} studies @param {Shown} shown */
    render(studies, shown) {
      const sum = (/** @type {(study: Study) => number} */ of) => studies.reduce((s, study) => s + of(study), 0);
      const running = studies.some(({ status }) => status === "running");
      const paused = running && studies.some((study) => study.paused);
      const over = studies.every(({ status }) => status === "done");
      const [done, total] = [sum((s) => s.done), sum((s) => s.total)];
      const able = running || over || (total > 0 && studies.some(({ status }) => status === "ready"));
      const [name, label] =
        running && !paused
          ? ["pause", T.pause]
          : over && total > 0
            ? ["reset", T.again]
            : ["play", paused || done > 0 ? T.resume : T.start];
      if (`${name} ${label}` !== drawn) {
        drawn = `${name} ${label}`;
        picture.replaceChildren(icon(name, name === "reset" ? "" : "fill"));
        setText(word, label);
      }
      primary.disabled = !able;
      again.hidden = running || over || done === 0;
      cancel.hidden = !running;
      setText(text, wordsOf(studies, shown, { done, total, running, paused, over }));
      bar.value = total > 0 ? done / total : 0;
      const v = scaled(shown.best?.result?.score_mean, shown.score);
      setText(best, v === null ? T.none : `${scoreText(v, shown.score)}${shown.score.unit}`);
      const folds = shown.folds ?? 1;
      runs.replaceChildren(count(done * folds), h("small", {}, ` / ${count(total * folds)}`));
    },
  };
}

/** @param {Study[]} studies @param {Shown} shown @param {{ done: number, total: number, running: boolean, paused: boolean, over: boolean }} now */
function wordsOf(studies, shown, { done, total, running, paused, over }) {
  const all = T.trialsOf(count(total));
  const [main] = studies;
  if (main?.status === "checking") return T.checking;
  if (paused) return T.pausedAt(done, all);
  if (running) {
    const left = Math.max(...studies.map(({ progress }) => progress?.left ?? 0));
    const at = studies.reduce((s, study) => s + study.running, 0);
    return T.doing(done, all, at, left > 0 ? timeText(left) : "");
  }
  const lost = studies.find(({ fault, status }) => fault && status === "ready");
  if (lost?.fault) return T.lost(lost.fault.message);
  if (main?.status === "refused") return T.refused;
  if (total === 0) return "";
  if (!over) return done > 0 ? T.keptAt(done, all) : T.ready(all);
  const took = Math.max(...studies.map((study) => study.took));
  const failed = shown.rows.filter(({ result }) => result && result.score_mean === null).length;
  return T.finished(all, took > 0 ? timeText(took) : "", failed);
}

/** @param {number} ms */
function timeText(ms) {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  return s < 100 ? `${Math.round(s)} s` : `${Math.round(s / 60)} min`;
}
