/** The settings of a search: how trials are chosen, over what, and what they are judged by. */

import { check, Form, iconButton, pair, segments } from "../../controls.js";
import { h, icon, setText } from "../../dom.js";
import { count, exact } from "../../format.js";
import { AXIS_SCALES, readLeaf, readNumber, same, TUNE_METHODS } from "../../state.js";
import { continuous, lectureAxes, nameOf, suitedAxes, valuesOf, written } from "./spec.js";
import { T } from "./texts.js";

/** @typedef {import("../../state.js").Tune} Tune */
/** @typedef {import("../../state.js").TuneAxis} TuneAxis */
/** @typedef {import("./tune.js").Scene} Scene */

/** Where the text of the fault stands. */
const FAULT = "tune-fault";
/** The entry of the list of paths that makes room for another. */
const OWN = "\u0000own";
/** More axes than these no picture shows. */
const AXES_MAX = 8;

/**
 * @param {HTMLElement} root
 * @param {{ edit(change: (tune: Tune) => void): void, forget(place: number | null): void }} on
 */
export function createRail(root, on) {
  /** @type {Scene} */
  let scene;
  let form = new Form(FAULT);
  let shape = "";
  /** @type {(() => void)[]} */
  let refresh = [];
  /** Axes whose path is typed. @type {Set<number>} */
  const typed = new Set();
  const summary = h("span", { class: "sum" });
  const toggle = h(
    "button",
    {
      class: "rail-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": "tune-rail-body",
      onclick: () => toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true")),
    },
    h("b", {}, T.rail),
    summary,
    icon("chev", "chev"),
  );
  const fields = h("fieldset", { class: "rail-fields" });
  const body = h("div", { class: "rail-body", id: "tune-rail-body" }, fields);
  const fault = h("p", { class: "fault", id: FAULT, role: "alert", hidden: true });
  root.append(toggle, body);

  /** Changes the axes; those that were only suggested become the visitor's. @param {(axes: TuneAxis[]) => void} change */
  function editAxes(change) {
    const axes = structuredClone(scene.axes);
    change(axes);
    on.edit((tune) => {
      tune.axes = axes;
    });
  }

  /** @param {(tune: Tune) => void} change */
  const edit = (change) => on.edit(change);

  function rebuild() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = body.contains(active) ? active?.dataset.path : undefined;
    form = new Form(FAULT);
    refresh = [];
    const { tune } = scene;
    const method = segments(
      "tune-method",
      T.method,
      TUNE_METHODS.map((value) => ({ value, title: T.methods[value] })),
      tune.method,
      (value) =>
        edit((t) => {
          t.method = /** @type {Tune["method"]} */ (value);
        }),
    );
    const sections = [
      section(T.rail, "", method, h("p", { class: "hint" }, T.methodHints[tune.method])),
      ...(tune.method === "manual" ? [keptSection()] : [overSection()]),
      judgeSection(),
      dataSection(),
    ];
    fields.replaceChildren(...sections);
    if (focused)
      /** @type {HTMLElement | null} */ (body.querySelector(`[data-path="${CSS.escape(focused)}"]`))?.focus();
  }

  function overSection() {
    const { axes, tune } = scene;
    const presets = presetsOf(scene);
    const preset = h(
      "select",
      {
        id: "tune-preset",
        onchange: () => {
          const chosen = presets[preset.value];
          if (chosen) edit((t) => Object.assign(t, structuredClone(chosen)));
        },
      },
      h("option", { value: "" }, T.presetNone),
      ...Object.keys(presets).map((name) => h("option", { value: name }, T.presets[/** @type {"lecture"} */ (name)])),
    );
    refresh.push(() => {
      const now = Object.entries(presets).find(([, part]) =>
        Object.entries(part).every(([key, value]) => same(value, scene.tune[/** @type {"axes"} */ (key)])),
      );
      preset.value = now?.[0] ?? "";
    });
    const add = h(
      "button",
      {
        class: "chip",
        type: "button",
        onclick: () =>
          editAxes((list) => {
            const free = scene.offers.find(({ path }) => !list.some((axis) => axis.path === path));
            if (free) list.push({ path: free.path, scale: "values", values: startValues(free, scene) });
          }),
      },
      icon("plus"),
      T.addAxis,
    );
    return section(
      T.over,
      T.overSmall,
      pair(T.preset, preset),
      ...axes.map((axis, i) => axisControls(axis, i)),
      axes.length < AXES_MAX && add,
      tune.method === "grid" && rivalControl(),
    );
  }

  /** @param {TuneAxis} axis @param {number} i */
  function axisControls(axis, i) {
    const { offers } = scene;
    const offer = offers.find(({ path }) => path === axis.path);
    const own = !offer || typed.has(i);
    const name = nameOf(axis.path, offers);
    const path = h(
      "select",
      {
        "aria-label": T.axisPath(i + 1),
        "data-path": `tune.axis.${i}`,
        onchange: () => {
          if (path.value === OWN) {
            typed.add(i);
            rebuild();
            fill();
            return;
          }
          typed.delete(i);
          const to = offers.find((o) => o.path === path.value);
          if (to)
            editAxes((list) => {
              list[i] = { path: to.path, scale: "values", values: startValues(to, scene) };
            });
        },
      },
      ...offers.map((o) => h("option", { value: o.path, selected: !own && o.path === axis.path }, o.label)),
      h("option", { value: OWN, selected: own }, T.ownPath),
    );
    const ownPath = own
      ? form.text(
          {
            path: `axes.${axis.path}`,
            label: T.pathLabel(i + 1),
            get: () => scene.axes[i]?.path,
            set: (text) => {
              typed.delete(i);
              editAxes((list) => {
                const at = list[i];
                if (at) at.path = String(text).trim();
              });
            },
          },
          { class: "field mono", placeholder: T.pathHint },
        )
      : null;
    const scale = h(
      "select",
      {
        "aria-label": T.scaleOf(i + 1),
        "data-path": `tune.scale.${i}`,
        onchange: () => editAxes((list) => rescale(list, i, /** @type {TuneAxis["scale"]} */ (scale.value))),
      },
      ...AXIS_SCALES.map((value) => h("option", { value, selected: value === axis.scale }, T.scales[value])),
    );
    return h(
      "div",
      { class: "axis", role: "group", "aria-label": `${T.axis(i + 1)}: ${name}` },
      h(
        "div",
        { class: "axis-head" },
        path,
        iconButton("x", T.removeAxis(name), () => {
          typed.delete(i);
          editAxes((list) => list.splice(i, 1));
        }),
      ),
      ownPath,
      scale,
      axis.scale === "values" ? listControl(axis, i, name) : endControls(axis, i, name),
      offer?.options && axis.scale === "values" && h("p", { class: "hint" }, offer.options.join(", ")),
    );
  }

  /** @param {TuneAxis} axis @param {number} i @param {string} name */
  function listControl(axis, i, name) {
    return form.lines(
      {
        path: `axes.${axis.path}`,
        label: T.valuesOf(name),
        get: () => (scene.axes[i]?.values ?? []).map(written).join(", "),
        set: (text) =>
          editAxes((list) => {
            const at = list[i];
            if (at) at.values = valuesOf(String(text).replaceAll("−", "-"), readLeaf);
          }),
      },
      { class: "field mono", "data-role": "values" },
    );
  }

  /** @param {TuneAxis} axis @param {number} i @param {string} name */
  function endControls(axis, i, name) {
    const inputs = T.ends.map((end, k) => {
      const key = ["min", "max", "steps"][k] ?? "";
      return form.number(
        {
          path: `axes.${axis.path}.${key}`,
          label: T.endOf(name, end),
          get: () => scene.axes[i]?.values[k],
          set: (value) =>
            editAxes((list) => {
              const at = list[i];
              if (at) at.values[k] = value;
            }),
        },
        undefined,
        { placeholder: end },
      );
    });
    const shown = scene.tune.method === "random" ? inputs.slice(0, 2) : inputs;
    return h("div", { class: "ends" }, ...shown);
  }

  function rivalControl() {
    const flag = form.flag({
      path: "rival",
      label: T.rival,
      get: () => scene.tune.rival,
      set: (value) =>
        edit((t) => {
          t.rival = Boolean(value);
        }),
    });
    return h("div", {}, check(flag, T.rival), h("p", { class: "hint" }, T.rivalHint));
  }

  function judgeSection() {
    const { tune, network } = scene;
    /** @param {keyof Tune} key @param {string} path @param {string} label @param {Record<string, unknown>} [props] */
    const number = (key, path, label, props = {}) =>
      pair(
        label,
        form.number(
          {
            path,
            label,
            get: () => scene.tune[key],
            set: (value) => edit((t) => Object.assign(t, { [key]: value })),
          },
          undefined,
          props,
        ),
      );
    const score = form.choice(
      {
        path: "score",
        label: T.score,
        get: () => scene.tune.score,
        set: (value) => edit((t) => Object.assign(t, { score: value })),
      },
      Object.entries(T.scores)
        .filter(([value]) => network || value === "" || value === "loss")
        .map(([value, title]) => ({ value, title })),
    );
    const listed = T.foldChoices.some(([value]) => value === String(tune.folds));
    const folds = form.choice(
      {
        path: "folds",
        label: T.folds,
        get: () => String(scene.tune.folds),
        set: (value) =>
          edit((t) => {
            t.folds = readNumber(String(value));
          }),
      },
      [...T.foldChoices, ...(listed ? [] : [[String(tune.folds), String(tune.folds)]])].map(([value, title]) => ({
        value: String(value),
        title: String(title),
      })),
    );
    const budget = h("p", { class: "hint" });
    refresh.push(() => setText(budget, budgetOf(scene)));
    return section(
      T.judge,
      "",
      pair(T.score, score),
      network && pair(T.folds, folds),
      network && tune.folds !== 1 && number("repeats", "repeats", T.repeats),
      number("iterations", "base.stop.iterations", T.iterations, { placeholder: exact(scene.iterations) }),
      tune.method === "random" && number("trials", "trials", T.trials),
      (tune.method === "random" || tune.rival) && number("seed", "seed", T.seed),
      tune.method === "halving" && number("rung", "halving.min_iterations", T.rung, { placeholder: T.rungHint }),
      tune.method === "halving" && number("factor", "halving.factor", T.factor),
      budget,
    );
  }

  function dataSection() {
    const base = h("p", { class: "hint" });
    refresh.push(() => setText(base, T.baseOf(scene.lane, scene.title)));
    if (!scene.network) return section(T.base, "", base);
    const { train, val, test } = scene.network.rows;
    const { folds } = scene.tune;
    const words =
      folds === 1
        ? T.splitPart(train, val)
        : T.foldPart(folds === "leave_one_out" ? T.looFolds : String(folds), train + val);
    const all = Math.max(1, train + val + test);
    const bar = h(
      "div",
      {
        class: "split",
        role: "img",
        "aria-label": T.splitLabel(words, test),
        style: `grid-template-columns:${Math.max(1, train + val)}fr ${Math.max(0.15 * all, test)}fr`,
      },
      h("span", {}, words),
      h("span", {}, icon("lock"), String(test)),
    );
    return section(
      T.data,
      `${scene.title}, ${train + val + test} rows`,
      bar,
      h("p", { class: "hint" }, T.sealed),
      base,
    );
  }

  function keptSection() {
    const { kept } = scene;
    const rows = kept.map((run, i) =>
      h(
        "li",
        {},
        h("span", {}, `${i + 1}. ${run.title}`),
        iconButton("x", T.forget(i + 1), () => on.forget(i)),
      ),
    );
    return section(
      T.kept,
      kept.length > 0 ? String(kept.length) : "",
      kept.length > 0 ? h("ol", { class: "kept" }, ...rows) : h("p", { class: "hint" }, T.keptNone),
      kept.length > 1 &&
        h("button", { class: "btn edge", type: "button", onclick: () => on.forget(null) }, T.forgetAll),
    );
  }

  function fill() {
    form.sync(scene.fault);
    for (const f of refresh) f();
    const at = scene.fault && form.find(scene.fault);
    fault.hidden = !scene.fault;
    if (scene.fault) {
      setText(fault, `${scene.fault.path ? `${scene.fault.path}: ` : ""}${scene.fault.message}`);
      const place = at?.closest(".axis, .pair") ?? fields.firstElementChild;
      if (place && fault.previousElementSibling !== place) place.after(fault);
    } else fault.remove();
    fields.disabled = scene.busy;
  }

  return {
    /** @param {Scene} next */
    render(next) {
      scene = next;
      const now = shapeOf(scene);
      if (now !== shape) {
        shape = now;
        rebuild();
      }
      fill();
      setText(
        summary,
        [T.methods[scene.tune.method], scene.axes.map(({ path }) => nameOf(path, scene.offers)).join(" × ")].join(
          " · ",
        ),
      );
    },
    /** The control that a fault means. @param {import("../../protocol.js").Fault} at */
    find: (at) => form.find(at),
  };
}

/** What decides which controls there are. @param {Scene} scene */
function shapeOf({ tune, axes, offers, network, title, kept, iterations }) {
  return JSON.stringify([
    [tune.method, tune.rival, tune.folds, title, iterations, network?.rows],
    axes.map(({ path, scale }) => [path, scale]),
    offers.map(({ path }) => path),
    kept.map((run) => run.title),
  ]);
}

/** @param {string} title @param {string} small @param {...import("../../dom.js").Child} children */
function section(title, small, ...children) {
  return h("section", {}, h("h2", {}, title, small && h("small", {}, small)), ...children);
}

/** Settings that are set at one stroke. @param {Scene} scene @returns {Record<string, Partial<Tune>>} */
function presetsOf({ base, catalog, network, tune }) {
  const lr = Number(base.optimizer.lr ?? 0.01) || 0.01;
  const suited = /** @type {Partial<Tune>} */ ({ axes: [] });
  if (!network) return { suited };
  const rate = suitedAxes(base, catalog, "grid").slice(0, 1);
  return {
    suited,
    ...(tune.method === "random" ? {} : { lecture: { axes: lectureAxes(lr) } }),
    widths: {
      axes: [
        { path: "problem.layers", scale: "values", values: [2, 4, 8, 16, 32] },
        { path: "problem.l2", scale: "values", values: [0, 0.001, 0.01, 0.1] },
      ],
    },
    ...(rate[0]?.path === "optimizer.lr" ? { one: { axes: rate, folds: 10 } } : {}),
  };
}

/** Values to begin with: the choices there are, or those around the present one. @param {import("./spec.js").Offer} offer @param {Scene} scene @returns {unknown[]} */
function startValues({ path, field, options }, { base, catalog }) {
  if (options) return options.slice(0, 4);
  if (field?.type === "flag") return [true, false];
  if (field?.type === "choice") return field.options ?? [];
  const suited = suitedAxes(base, catalog, "grid").find((axis) => axis.path === path && axis.scale === "values");
  if (suited) return suited.values;
  /** @type {Record<string, unknown[]>} */
  const known = {
    "problem.l2": [0, 1e-4, 0.001, 0.01, 0.1, 1],
    "problem.layers": [4, 8, 16, "8x8"],
    batch_size: [1, 4, 16, 64, "full"],
    "stop.iterations": [100, 300, 1000],
    "problem.data.n": [50, 100, 200, 400],
    "problem.data.noise": [0, 0.1, 0.2, 0.4],
    "problem.train_rows": [10, 20, 40, 80],
    "problem.noise": [0, 0.1, 1],
    clip_norm: [0.1, 1, 10],
  };
  if (known[path]) return known[path];
  if (path.endsWith("seed")) return [0, 1, 2, 3, 4];
  const value = path.split(".").reduce((/** @type {any} */ o, key) => o?.[key], base) ?? field?.default;
  if (typeof value !== "number" || value === 0) return value === undefined ? [] : [value];
  const top = field?.max ?? Number.POSITIVE_INFINITY;
  if (top === 1) return [0, 0.5, 0.9, 0.99];
  return [value / 10, value, value * 10].map((v) => Number(v.toPrecision(6)));
}

/** Other values of an axis, that span as much. @param {TuneAxis[]} list @param {number} i @param {TuneAxis["scale"]} scale */
function rescale(list, i, scale) {
  const axis = list[i];
  if (!axis || axis.scale === scale) return;
  if (scale === "values") {
    const [low, high] = axis.values.map(Number);
    axis.values = [low, high].filter((v) => v !== undefined && Number.isFinite(v));
  } else if (axis.scale === "values") {
    const spanned = continuous(axis);
    axis.values = spanned.scale === "values" ? [] : [...spanned.values, Math.max(2, Math.min(9, axis.values.length))];
  }
  axis.scale = scale;
}

/** @param {Scene} scene */
function budgetOf({ candidates, folds, workers, status }) {
  if (status === "checking") return T.checking;
  if (candidates === 0) return "";
  const runs = count(candidates * (folds ?? 1));
  return T.budget(T.trialsOf(count(candidates)), folds ?? 1, runs, workers);
}
