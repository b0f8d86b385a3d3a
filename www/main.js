/** The page: compiles the engine, makes the views, and draws once a frame what has changed. */

import { App } from "./app.js";
import { byId } from "./dom.js";
import { openDraw } from "./draw.js";
import { compileEngine } from "./files.js";
import { createKeys } from "./keys.js";
import { suited } from "./presets.js";
import { iterationOf } from "./record.js";
import { LANES_MAX } from "./state.js";
import { T } from "./texts.js";
import { createAnswer } from "./views/answer.js";
import { axesOf, createCurves } from "./views/curves.js";
import { createDialogs } from "./views/dialogs.js";
import { createEquation } from "./views/equation.js";
import { createFigure } from "./views/figure.js";
import { applyTheme, createHeader, nextTheme } from "./views/header.js";
import { createLanes, statusOf } from "./views/lanes.js";
import { createRail } from "./views/rail.js";
import { createStage } from "./views/stage.js";
import { createTabs } from "./views/tabs.js";
import { createTransport } from "./views/transport.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").XAxis} XAxis */

/** In another page this one is a figure. What is said to it before it can answer is kept. */
const embedding = new URLSearchParams(location.search).get("embed") === "1" ? openEmbedding() : null;

function openEmbedding() {
  document.documentElement.dataset.embed = "";
  /** @type {MessageEvent[]} */
  const early = [];
  const keep = (/** @type {MessageEvent} */ event) => early.push(event);
  addEventListener("message", keep);
  const module = import("./embed.js");
  return async (/** @type {App} */ app) => {
    const embed = await (await module).createEmbed(app, early);
    removeEventListener("message", keep);
    return embed;
  };
}

async function start() {
  const compiled = compileEngine();
  const dialogs = createDialogs(document.body);
  /** @type {Awaited<ReturnType<typeof import("./embed.js").createEmbed>> | null} */
  let embed = null;
  const app = new App({
    changed() {
      draw();
      embed?.changed();
    },
    tell: dialogs.tell,
    replaced: (why) => dialogs.tell(T.replaced(why)),
    busy: (busy) => byId("figure").setAttribute("aria-busy", String(busy)),
    proof: () => exporter((on) => on.prove()),
    link: async (hash) => (namesLesson(hash) ? (await import("./views/lesson.js")).linkOf(hash) : hash),
  });
  const edit = app.edit.bind(app);
  const go = () => goToFault();
  /** @type {ReturnType<typeof import("./views/solve.js").createSolve> | null} */
  let solve = null;
  /** @type {ReturnType<typeof import("./views/embed_dialog.js").createEmbedDialog> | null} */
  let embedDialog = null;
  const views = {
    header: createHeader(byId("tools"), {
      lecture: async (button) => (await lessons()).list(button),
      share,
      embed: openEmbedDialog,
      export: () => exporter((on) => on.open()),
      help: dialogs.help,
      theme: switchTheme,
    }),
    rail: createRail(byId("rail"), {
      edit,
      begin: app.begin.bind(app),
      newSeed: app.newSeed.bind(app),
      preview: app.preview.bind(app),
      breakSeal,
    }),
    transport: createTransport(byId("transport"), {
      toggle: () => app.toggle(),
      step: () => app.advance(1),
      epoch: () => app.advance("epoch"),
      reset: () => app.reset(),
      goTo: (iteration) => app.goTo(iteration),
      setSpeed: (speed) => app.look({ speed }),
    }),
    lanes: createLanes(byId("lanes"), {
      edit,
      select,
      add: () => edit((state) => addLane(state, offered())),
      keep,
      askSchedule: app.schedule.bind(app),
      openSolve: async (lane) => {
        solve ??= (await import("./views/solve.js")).createSolve(document.body, { ask: app.openSolve.bind(app) });
        solve.open(lane);
      },
      drawSchedule: (lane) => {
        select(lane);
        curves.drawRate();
      },
      measureCosts: app.measureCosts.bind(app),
    }),
    answer: createAnswer(byId("answer")),
    equation: createEquation(byId("equation")),
    stage: createStage(byId("over"), {
      addFirst: () => edit((state) => addLane(state, offered())),
      goToFault: go,
      dismiss: () => edit(() => {}),
    }),
  };
  const figure = createFigure(byId("picture"), {
    setStart,
    plane: app.plane.bind(app),
    planeConstraints: app.planeConstraints.bind(app),
    setAxes: (axes) => app.look({ axes }),
    setPicture: (picture) => app.look({ picture }),
    setLayers: (layers) => edit((state) => Object.assign(state.config.problem, { layers })),
    pickWeight: (weight) => app.look({ weight }),
    setShow: (show) => app.look({ show }),
    setPanel: (panel) => app.look({ panel }),
    setPart: (part) => app.look({ part }),
    toggleLog,
    beside: app.beside.bind(app),
    bring: app.bring.bind(app),
    catalog: () => /** @type {import("./protocol.js").Catalog} */ (app.catalog),
    quality: app.quality.bind(app),
    landscape: app.landscape.bind(app),
    pool: app.pool.bind(app),
    breakSeal,
  });
  const curves = createCurves(byId("curves"), {
    setXAxis: (/** @type {XAxis} */ xaxis) => app.look({ xaxis }),
    toggleLog,
    setSmoothing: (ema) => app.look({ ema }),
    restoreBest: app.restoreBest.bind(app),
    edit,
    askSchedule: app.schedule.bind(app),
    rateOf: ({ optimizer }) => {
      const fields = app.catalog?.methods.find((m) => m.name === optimizer.name)?.fields;
      return Number(optimizer.lr ?? fields?.find((f) => f.name === "lr")?.default);
    },
  });
  const tabs = createTabs(byId("tabs"), {
    show: (tab) => app.look({ tab }),
    open: {
      tune: async (root, module) => (await import("./views/tune/tune.js")).createTune(root, app, module),
      recipe: async (root, module) => (await import("./views/recipe/recipe.js")).createRecipe(root, app, module),
    },
    opened: draw,
  });
  /** What samplers have drawn; loaded with the first of them. @type {ReturnType<typeof import("./views/sampling.js").createSampling> | null} */
  let sampling = null;
  async function openSampling() {
    const { createSampling } = await import("./views/sampling.js");
    sampling ??= createSampling(byId("answer"), { sampling: app.sampling.bind(app) });
    draw();
  }
  /** @type {Promise<ReturnType<typeof import("./views/lesson.js").createLessons>> | null} */
  let lecture = null;
  /** The lessons of the lecture, loaded when they are first wanted. */
  const lessons = () => {
    lecture ??= import("./views/lesson.js").then(({ createLessons }) => createLessons(app, tabs.page));
    return lecture;
  };
  const announce = createAnnouncer(byId("announce"));
  createKeys({
    running: () => app.state.tab === "run",
    toggle: () => app.toggle(),
    step: () => app.advance(1),
    back: () => app.record && app.goTo(iterationOf(app.record) - 1),
    epoch: () => app.state.config.problem.kind === "network" && app.advance("epoch"),
    reset: () => app.reset(),
    lane: (mark) => select(app.state.lanes.findIndex((lane) => lane.mark === mark)),
    add: () => embedding || edit((state) => addLane(state, offered())),
    log: () => toggleLog("loss"),
    axis: nextAxis,
    theme: switchTheme,
    help: dialogs.help,
  });
  new ResizeObserver(() => {
    figure.resize();
    curves.resize();
    draw();
  }).observe(byId("figure"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());

  let drawing = false;
  /** What has been drawn since the page was opened: the controls, then the figure, then all. */
  let drawn = 0;
  /** Draws in the next frame, once, however much has changed by then. */
  function draw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      const view = app.view;
      if (!view) return;
      try {
        applyTheme(view.state.theme);
        embed?.render(view);
        tabs.render(view);
        if (lecture || view.state.lesson) lessons().then((shown) => shown.render(view));
        if (view.state.tab !== "run") return;
        for (const part of Object.values(views)) part.render(view);
        announce(view);
        if (!view.record) return;
        if (!sampling && view.record.lanes.some((l) => l.columns.acceptance_rate)) openSampling();
        sampling?.render(view);
        // In three frames at first: in one it would keep the page from answering.
        if (drawn > 0) figure.render(view.good, view.record);
        if (drawn > 1) curves.render(view.good, view.record);
        if (drawn === 2) return;
        drawn += 1;
        draw();
      } finally {
        app.drawn();
      }
    });
  }

  /** After the colours have changed. */
  function redraw() {
    figure.resize();
    curves.resize();
    draw();
  }

  /** The methods that the problem can serve. */
  function offered() {
    const oracles = app.record?.info.oracles ?? ["gradient"];
    return (app.catalog?.methods ?? []).filter((m) => oracles.includes(m.needs)).map((m) => m.name);
  }

  function nextAxis() {
    const axes = app.record ? axesOf(app.record) : [];
    app.look({ xaxis: axes[(axes.indexOf(app.state.xaxis) + 1) % axes.length] ?? "iteration" });
  }

  /** Moves the start in the plane of two parameters; the others keep theirs. @param {[number, number]} axes @param {number} x @param {number} y */
  function setStart([i, j], x, y) {
    const info = app.record?.info;
    const known = info?.surface?.start ?? info?.least_squares?.start ?? info?.constrained?.start ?? [];
    edit(({ config: { problem } }) => {
      const start = Array.isArray(problem.start) && problem.start.length > 1 ? [...problem.start] : [...known];
      start[i] = x;
      start[j] = y;
      problem.start = start;
    });
  }

  /** @param {number} selected */
  function select(selected) {
    if (app.state.lanes[selected]) app.look({ selected });
  }

  /** @param {string} name */
  function toggleLog(name) {
    const { log } = app.state;
    app.look({ log: { ...log, [name]: !log[/** @type {keyof typeof log} */ (name)] } });
  }

  async function keep() {
    const { view } = app;
    if (!view) return;
    const { keepRun } = await import("./views/tune/kept.js");
    const number = await keepRun(view);
    if (number > 0) dialogs.tell(T.keptRun(number));
  }

  function switchTheme() {
    const theme = nextTheme(app.state.theme);
    applyTheme(theme);
    app.look({ theme });
    redraw();
  }

  /** The test set is looked at once it is said what that costs. */
  async function breakSeal() {
    const { opened } = app.state;
    if (!(await dialogs.confirm(T.sealTitle, T.sealTexts(opened), T.sealAnswers))) return;
    try {
      await app.openTest();
      app.look({ panel: "metrics", part: "test" });
    } catch (fault) {
      dialogs.tell(/** @type {import("./protocol.js").Fault} */ (fault).message);
    }
  }

  async function openEmbedDialog() {
    embedDialog ??= (await import("./views/embed_dialog.js")).createEmbedDialog(document.body, app);
    embedDialog.open();
  }

  function share() {
    const { url, length } = app.link();
    dialogs.share(url, length);
  }

  /** @type {ReturnType<typeof import("./views/export/export.js").createExport> | null} */
  let exporting = null;
  /** What leaves the page and comes back to it, loaded when it is first wanted. @param {(on: ReturnType<typeof import("./views/export/export.js").createExport>) => void} act */
  async function exporter(act) {
    const { createExport } = await import("./views/export/export.js");
    exporting ??= createExport(app, dialogs.tell);
    act(exporting);
  }
  // Where a file is not taken, a browser would leave the page for it.
  addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  addEventListener("drop", (event) => {
    const file = event.defaultPrevented ? null : event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    exporter((on) => on.take(file));
  });

  function goToFault() {
    const { fault } = app;
    if (!fault) return;
    const input = views.lanes.find(fault) ?? views.rail.find(fault);
    input?.focus();
    input?.scrollIntoView({ block: "center", behavior: "auto" });
  }

  embed = embedding && (await embedding(app));
  const module = await compiled;
  tabs.module = module;
  await openDraw(module);
  await app.start(module, embed?.first);
  embed?.open();
}

/** Whether a link, or the address before its hash, names a lesson. @param {string} hash */
function namesLesson(hash) {
  return /[?#&]lesson=/.test(`${location.search}#${hash}`);
}

/** Methods in the order in which they are added, for each kind of problem. @type {Record<string, string[]>} */
const ORDER = {
  surface: ["sgd", "momentum", "adam", "rmsprop", "newton", "bfgs", "nesterov", "adagrad"],
  network: ["sgd", "momentum", "adam", "rmsprop", "nesterov", "adagrad"],
  least_squares: ["sgd", "gauss_newton", "levenberg_marquardt", "levenberg", "newton", "bfgs"],
  linear_system: ["sgd", "cg", "gauss_seidel", "jacobi", "cholesky", "lu"],
  constrained: ["augmented_lagrangian", "interior_point", "admm", "primal_dual", "projected_gradient", "penalty"],
};

/** One more lane: a method that is not there yet, with the first free mark. @param {State} state @param {string[]} offered */
function addLane(state, offered) {
  if (state.lanes.length >= LANES_MAX) return;
  const order = (ORDER[state.config.problem.kind] ?? []).filter((name) => offered.includes(name));
  const name = order.find((n) => !state.lanes.some((l) => l.optimizer.name === n)) ?? order[0] ?? "sgd";
  const mark =
    Array.from({ length: LANES_MAX }, (_, i) => i + 1).find((m) => !state.lanes.some((l) => l.mark === m)) ?? 1;
  state.lanes.push({ mark, optimizer: suited(state, name) });
  state.selected = state.lanes.length - 1;
}

/** Says what a reader of the screen cannot see: a pause, and how a lane ended. @param {HTMLElement} root */
function createAnnouncer(root) {
  let playing = false;
  let run = 0;
  /** @type {string[]} */
  let ended = [];
  return (/** @type {import("./app.js").View} */ { record, playing: now }) => {
    if (!record) return;
    if (record.run !== run) ended = [];
    run = record.run;
    const ends = record.lanes.map((lane) =>
      ["running", "paused"].includes(lane.status) ? "" : `${T.laneOf(lane.lane, lane.title)}: ${statusOf(lane)[2]}.`,
    );
    // A pause sums up: what was said of a lane while others ran on may have been passed over.
    const news = ends.filter((text, i) => text && (text !== ended[i] || (playing && !now)));
    if (playing && !now) news.push(T.pausedAt(Math.max(0, ...record.lanes.map((lane) => lane.at))));
    playing = now;
    ended = ends;
    if (news.length > 0) root.textContent = news.join(" ");
  };
}

start().catch((error) => {
  const root = byId("over");
  root.textContent = `${T.lostTitle}: ${error instanceof Error ? error.message : String(error)}`;
  root.dataset.over = "lost";
});
