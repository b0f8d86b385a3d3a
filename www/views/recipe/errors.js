/** The basic recipe: errors, what they say, what to do next, and whether that helped. */

import { Form } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { short } from "../../draw.js";
import { Chart, nearest, pixelOf } from "../tune/chart.js";
import { written } from "../tune/spec.js";
import { button, createBar, createTable, note, percent, pill, progressOf, section, textCell } from "./parts.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("./recipe.js").SessionConfig} SessionConfig */
/** @typedef {import("../tune/study.js").Study} Study */
/** @typedef {import("../../pool_protocol.js").TrialResult} TrialResult */
/** @typedef {import("../../../pkg/descent.js").Diagnosis} Diagnosis */
/** @typedef {Diagnosis["actions"][number]} Action */
/** @typedef {{ train: number, val: number }} Errors */

/** Differences below a tenth of a percentage point are not told. */
const TOLD = 5e-4;
/** Room for the name of a gap, px. */
const NAME = 140;
/** Where the text of the fault stands. */
const FAULT = "recipe-fault";

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createErrors(context) {
  const main = context.study();
  /** @type {Map<string, Study>} */
  let tries = new Map();
  /** @type {SessionConfig | null} */
  let known = null;
  let asked = "";
  /** @type {Diagnosis | null} */
  let diagnosis = null;
  /** @type {import("../../protocol.js").Fault | null} */
  let fault = null;
  /** The action beside which the present errors are drawn. */
  let beside = "";
  /** @type {Scene} */
  let scene;

  const form = new Form(FAULT);
  const human = form.number(
    {
      path: "human_error",
      label: T.human,
      get: () => scene?.recipe.human,
      set: (value) =>
        context.edit((recipe) => {
          recipe.human = value;
        }),
    },
    undefined,
    { placeholder: "0" },
  );
  const faultText = h("p", { class: "fault", id: FAULT, role: "alert", hidden: true });
  const humanSection = section(T.human, "%", human, faultText, h("p", { class: "hint" }, T.humanHint));
  const chart = new Chart();
  const braces = h("div", { class: "braces", "aria-hidden": "true" });
  chart.plot.box.append(braces);
  const sub = h("span", { class: "muted" });
  const key = h("ul", { class: "legend", hidden: true });
  const refusal = h("div", { class: "refusal", hidden: true });
  const stage = h("div", { class: "stage" }, chart.plot.box, refusal);
  const bar = createBar({ press, cancel });
  const verdict = h("p", { class: "verdict" });
  const summary = h("p");
  const lines = h("ol", { class: "arithmetic num" });
  const arithmetic = note(T.arithmetic, lines);
  const testText = h("p");
  const said = note(T.verdict, verdict, summary);
  const tested = note(T.testTitle, testText);
  const table = createTable(T.actions, [
    ...T.actionColumns.map((title, i) => ({ title, right: i > 1 && i < 5 })),
    { title: "" },
    { title: "" },
  ]);
  const empty = h("p", { class: "hint" });

  function press() {
    if (main.status !== "done") return main.start();
    if (diagnosis && [...tries.values()].some(({ status }) => status === "ready")) {
      for (const study of tries.values()) study.start();
      return undefined;
    }
    return main.clear().then(() => main.start());
  }

  function cancel() {
    for (const study of [main, ...tries.values()]) study.cancel();
  }

  /** Lets the studies follow the config. */
  function follow() {
    if (scene.config !== known) {
      known = scene.config;
      for (const study of tries.values()) study.set(null);
      tries = new Map();
      diagnosis = null;
      asked = "";
      beside = "";
      main.set(scene.info.network ? specOf(scene.config, {}) : null);
    }
    const errors = errorsOf(resultOf(main), scene);
    if (!errors) return;
    const typed = scene.recipe.human;
    const given = {
      train_error: errors.train,
      val_error: errors.val,
      ...(typed === undefined ? {} : { human_error: typeof typed === "number" ? typed / 100 : typed }),
      ...defined({ test_error: testError(scene) }),
    };
    const now = JSON.stringify(given);
    if (now === asked) return;
    asked = now;
    const config = scene.config;
    context
      .ask(config, "diagnose", given, config)
      .then((found) => {
        if (now !== asked || config !== known) return;
        diagnosis = found;
        fault = null;
        offer(found.actions, config);
      })
      .catch((error) => {
        if (now !== asked) return;
        fault = error;
      })
      .finally(context.soon);
  }

  /** @param {Action[]} actions @param {SessionConfig} config */
  function offer(actions, config) {
    for (const { name, values } of actions) {
      if (!values || tries.has(name)) continue;
      const study = context.study();
      tries.set(name, study);
      study.set(specOf(config, values));
    }
  }

  function draw() {
    const { network } = scene.info;
    refusal.hidden = Boolean(network);
    chart.plot.box.hidden = !network;
    if (!network) {
      const fit = scene.info.kind === "least_squares";
      const why = fit ? T.notRecipeFit(scene.title) : T.notRecipe(scene.title);
      /** @type {import("./recipe.js").TopicName[]} */
      const topics = fit ? ["method", "capacity", "rates"] : ["method", "range", "rates"];
      if (refusal.dataset.said !== why) {
        refusal.dataset.said = why;
        refusal.replaceChildren(h("p", {}, why), h("h2", {}, T.elsewhere), context.elsewhere(topics));
      }
      key.hidden = true;
      return;
    }
    const errors = errorsOf(resultOf(main), scene);
    const other = tries.get(beside);
    const tried = other ? errorsOf(resultOf(other), scene) : null;
    const test = testError(scene) ?? null;
    const typed = scene.recipe.human;
    const floor = typeof typed === "number" && typed >= 0 ? typed / 100 : 0;
    const action = diagnosis?.actions.find(({ name }) => name === beside);
    drawKey(tried && action ? action.title : "");
    const points = errors ? [floor, errors.train, errors.val, ...(test === null ? [] : [test])] : [];
    const names = [T.parts.human, T.parts.train, T.parts.val, ...(test === null ? [] : [T.parts.test])];
    const second = tried ? [floor, tried.train, tried.val] : [];
    chart.draw(
      JSON.stringify([points, second, names]),
      (canvas, painter, ratio) => {
        const most = Math.max(0.01, ...points, ...second);
        const line = (/** @type {number[]} */ values, /** @type {string} */ manner) => ({
          manner,
          joined: true,
          means: values.map((v, i) => [i, 100 * v, 0]),
        });
        const spec = {
          x: { name: "", labels: names },
          y: { name: "%", ends: [0, 112 * most], log: false, room: false },
          lines: [...(tried ? [line(second, "dashed")] : []), line(points, "solid")],
          folds: [],
          of: 1,
        };
        const at = painter.sweep(canvas, ratio, spec);
        const place = (/** @type {number} */ v, /** @type {number} */ i) =>
          /** @type {[number, number]} */ ([
            pixelOf(i, { name: "", ends: [0, 1] }, at.x, at.left, at.width),
            pixelOf(100 * v, { name: "", ends: [0, 1] }, at.y, at.top + at.height, -at.height),
          ]);
        const places = points.map(place);
        drawBraces(points, places);
        return (px, py) => {
          const found = nearest(places, px, py, 40);
          const v = points[found];
          if (v === undefined) return null;
          const then = second[found];
          /** @type {[string, string][]} */
          const read = [[T.errors, percent(v)]];
          if (then !== undefined && found > 0) read.push([action?.title ?? "", percent(then)]);
          return { x: px, y: py, head: names[found] ?? "", lines: read };
        };
      },
      () => `${T.errors}: ${points.map((v, i) => `${names[i]} ${percent(v)}`).join(", ") || T.verdictNone}.`,
    );
  }

  /** What was tried, and by which line. @param {string} title */
  function drawKey(title) {
    key.hidden = title === "";
    if (title === "" || key.dataset.said === title) return;
    key.dataset.said = title;
    key.replaceChildren(
      h("li", {}, h("i", { class: "line" }), scene.method),
      h("li", {}, h("i", { class: "line dashed" }), title),
    );
  }

  /** The gaps between neighbours, with their names; one that is not told has no room for its name either. @param {number[]} points @param {[number, number][]} places */
  function drawBraces(points, places) {
    const names = [T.gaps.bias, T.gaps.variance, T.gaps.test];
    braces.replaceChildren(
      ...places.slice(1).map(([x, y], i) => {
        const [before, above] = places[i] ?? [x, y];
        const gap = Number(points[i + 1]) - Number(points[i]);
        if (Math.abs(gap) < TOLD) return "";
        const height = Math.max(1, Math.abs(above - y));
        return h(
          "span",
          {
            class: (x + before) / 2 + NAME > chart.plot.width ? "left" : null,
            style: `left:${(x + before) / 2}px;top:${Math.min(above, y)}px;height:${height}px`,
          },
          h("b", {}, `${names[i]} ${percent(gap)}`),
        );
      }),
    );
  }

  function say() {
    const { network } = scene.info;
    const result = resultOf(main);
    const errors = errorsOf(result, scene);
    const failed = result && !errors;
    const known = errors ? diagnosis : null;
    setText(verdict, known ? T.verdicts[known.verdict] : T.verdictNone);
    verdict.dataset.verdict = known?.verdict ?? "";
    setText(
      summary,
      known
        ? known.summary
        : failed
          ? network?.rows.val === 0
            ? T.noVal
            : T.failed(result.status, result.reason ?? "")
          : T.verdictHint,
    );
    arithmetic.hidden = !known;
    const text = JSON.stringify(known?.arithmetic ?? []);
    if (lines.dataset.said !== text) {
      lines.dataset.said = text;
      lines.replaceChildren(...(known?.arithmetic ?? []).map((line) => h("li", {}, line)));
    }
    setText(testText, testNote(scene, result));
    fields();
  }

  function fields() {
    form.sync(fault);
    faultText.hidden = !fault;
    if (fault) setText(faultText, `${T.human}: ${fault.message}`);
  }

  function list() {
    const errors = errorsOf(resultOf(main), scene);
    const known = errors ? diagnosis : null;
    const actions = known?.actions ?? [];
    table.element.hidden = actions.length === 0;
    empty.hidden = actions.length > 0 || !scene.info.network;
    setText(empty, known ? T.noActions : T.noActionsYet);
    table.render(
      actions.map((action) => {
        const study = tries.get(action.name);
        const result = study ? resultOf(study) : null;
        return { key: action.name, on: action.name === beside, cells: cellsOf(action, study, result, errors, known) };
      }),
    );
  }

  /** @param {Action} action @param {Study | undefined} study @param {TrialResult | null} result @param {Errors | null} before @param {Diagnosis | null} found */
  function cellsOf(action, study, result, before, found) {
    const after = errorsOf(result, scene);
    const verdict = found?.verdict === "variance" ? "variance" : "bias";
    const from = (/** @type {number | undefined} */ a, /** @type {number | undefined} */ b) =>
      textCell(a === undefined ? "" : b === undefined ? percent(a) : `${percent(a)} ${T.from} ${percent(b)}`);
    const gapOf = (/** @type {Errors | null} */ e) =>
      e ? (verdict === "variance" ? e.val - e.train : e.train - (floorOf(scene) ?? 0)) : undefined;
    const effect = helped(before, after, verdict, result, study);
    const busy = study?.status === "running";
    return [
      {
        key: action.title,
        make: () => [h("b", {}, action.title), h("span", { class: "hint" }, action.about)],
      },
      textCell(setsOf(action)),
      from(before?.train, after?.train),
      from(before?.val, after?.val),
      from(gapOf(before), gapOf(after)),
      { key: effect.join(), make: () => (effect[2] ? [pill(effect)] : []) },
      {
        key: `${study?.status} ${action.name}`,
        make: () => {
          if (action.name === "cross_validate") return [button(T.toTune, toTune)];
          if (!study) return [];
          return [
            button(busy ? T.trying : T.try, () => attempt(action.name), {
              "aria-label": T.tryOf(action.title),
              "aria-disabled": study.status !== "ready",
              class: study.status === "ready" ? "btn edge" : "btn",
            }),
          ];
        },
      },
      {
        key: String(Boolean(result)),
        make: () =>
          result && study?.spec
            ? [
                button(T.useInRun, () => study.spec && context.load(study.spec, 0), {
                  "aria-label": T.useInRunOf(action.title),
                }),
              ]
            : [],
      },
    ];
  }

  /** @param {string} name */
  function attempt(name) {
    beside = name;
    tries.get(name)?.start();
    context.soon();
  }

  function toTune() {
    const { tune } = context.app.state;
    context.app.look({ tab: "tune", tune: { ...tune, folds: tune.folds === 1 ? 5 : tune.folds } });
  }

  return {
    settings: [humanSection],
    picture: [h("div", { class: "bar" }, h("h1", {}, T.errors), sub), stage, key],
    controls: bar.element,
    side: [said, arithmetic, tested],
    below: h("div", {}, table.element, empty),
    start: () => main.rerun(),
    found() {
      const errors = scene ? errorsOf(resultOf(main), scene) : null;
      return {
        status: main.status,
        train_error: errors?.train,
        val_error: errors?.val,
        gap: errors ? errors.val - errors.train : undefined,
        verdict: errors ? diagnosis?.verdict : undefined,
      };
    },
    render(next) {
      scene = next;
      follow();
      const { network } = scene.info;
      for (const part of [humanSection, said, tested]) part.hidden = !network;
      setText(sub, network ? T.errorsSub[network.task === "regression" ? "r2" : "accuracy"] : "");
      draw();
      say();
      list();
      const studies = [main, ...tries.values()];
      const running = studies.some(({ status }) => status === "running");
      const ready = [...tries.values()].some(({ status }) => status === "ready");
      const first = main.status !== "done";
      const progress = progressOf(first || tries.size === 0 ? [main] : [...tries.values()]);
      bar.element.hidden = !network;
      bar.render({
        label: first ? T.train : diagnosis && ready ? T.tryAll : T.trainAgain,
        picture: first || (diagnosis && ready) ? "play" : "reset",
        able: !running && (first ? main.status === "ready" : true),
        busy: running,
        text: progress.text,
        part: progress.part,
        counters: countersOf(errorsOf(resultOf(main), scene)),
      });
    },
  };
}

/** @param {Errors | null} errors @returns {[string, string][]} */
function countersOf(errors) {
  return [
    [T.parts.train, errors ? percent(errors.train) : T.none],
    [T.parts.val, errors ? percent(errors.val) : T.none],
  ];
}

/** One run of a config with some of its values set otherwise. @param {SessionConfig} config @param {Record<string, unknown>} values @returns {import("./recipe.js").SearchSpec} */
function specOf(config, values) {
  return { base: /** @type {any} */ (config), method: "manual", points: [values] };
}

/** @param {Study} study */
function resultOf(study) {
  return study.rows()[0]?.result ?? null;
}

/** What a run gets wrong; null where it has failed or there is nothing to compare with. @param {TrialResult | null} result @param {Scene} scene @returns {Errors | null} */
function errorsOf(result, { info }) {
  const [train, val] =
    info.network?.task === "regression"
      ? [result?.train_r2, result?.val_r2]
      : [result?.train_accuracy, result?.val_accuracy];
  return typeof train === "number" && typeof val === "number" ? { train: 1 - train, val: 1 - val } : null;
}

/** @param {Scene} scene */
function floorOf({ recipe }) {
  return typeof recipe.human === "number" ? recipe.human / 100 : undefined;
}

/** What the selected lane made of the test rows, if the seal was broken. @param {Scene} scene */
function testError({ record, view, info }) {
  if (view.state.opened === 0) return undefined;
  const metrics = record.lanes[view.good.selected]?.tested?.metrics;
  const score = info.network?.task === "regression" ? metrics?.r2 : metrics?.accuracy;
  return typeof score === "number" ? 1 - score : undefined;
}

/** @param {Scene} scene @param {TrialResult | null} result */
function testNote(scene, result) {
  const { record, view, info } = scene;
  const rows = info.network?.rows.test ?? 0;
  const { opened } = view.state;
  if (rows === 0) return T.noTest;
  if (opened === 0) return T.sealed(rows);
  const tested = record.lanes[view.good.selected]?.tested;
  return tested ? T.opened(opened, tested.at, result?.iterations ?? tested.at) : T.openedElsewhere(opened);
}

/** What an action sets, or why it sets nothing. @param {Action} action */
function setsOf({ name, values }) {
  if (values)
    return Object.entries(values)
      .map(([path, value]) => `${path.split(".").at(-1)} ${valueText(value)}`)
      .join(", ");
  return /** @type {Record<string, string>} */ (T.cannot)[name] ?? T.cannotElse;
}

/** @param {unknown} value */
function valueText(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return written(value);
  return Object.entries(value)
    .map(([key, v]) => (key === "name" ? v : `${key} ${typeof v === "number" ? short(v) : v}`))
    .join(", ");
}

/** Class, picture and words for what an action did. @param {Errors | null} before @param {Errors | null} after @param {"bias" | "variance"} verdict @param {TrialResult | null} result @param {Study | undefined} study @returns {[string, string, string]} */
function helped(before, after, verdict, result, study) {
  if (study?.status === "running") return ["", "run", T.trying];
  if (study?.fault) return ["diverged", "warn", T.tryFailed(study.fault.message)];
  if (!result || !before) return ["", "pause2", ""];
  if (!after) return ["diverged", "warn", T.tryFailed(result.reason ?? T.statuses[result.status])];
  const gained = before.val - after.val;
  if (gained > TOLD) return ["converged", "check", T.helped(percent(gained))];
  const closed =
    verdict === "bias" ? before.train - after.train : before.val - before.train - (after.val - after.train);
  if (closed > TOLD) return ["", "warn", T.helpedPart(T.gaps[verdict])];
  if (gained < -TOLD) return ["", "warn", T.hurt(percent(-gained))];
  return ["", "stop", T.same];
}

/** @param {Record<string, unknown>} fields */
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
