/** The range test: the loss of one run whose learning rate climbs, and the rates that it suggests. */

import { Form } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { short } from "../../draw.js";
import { count } from "../../format.js";
import { Chart, pixelOf } from "../tune/chart.js";
import { button, createBar, note, section } from "./parts.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */
/** @typedef {import("../../../pkg/descent.js").RangeTest} RangeTest */

/** Where the text of the fault stands. */
const FAULT = "range-fault";
/** A loss of so many times the first is as far as the picture goes. */
const ABOVE = 2;

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createRange(context) {
  /** Of which config and settings `found` is. */
  let known = "";
  /** @type {import("./recipe.js").SessionConfig | null} */
  let config = null;
  /** @type {RangeTest | null} */
  let found = null;
  /** @type {import("../../protocol.js").Fault | null} */
  let fault = null;
  let busy = false;
  /** @type {Scene} */
  let scene;

  const form = new Form(FAULT);
  const faultText = h("p", { class: "fault", id: FAULT, role: "alert", hidden: true });
  const fields = T.rangePaths.map((path, k) => {
    const input = form.number({
      path,
      label: `${T.climb}: ${T.rangeFields[k]}`,
      get: () => scene?.recipe.climb[k],
      set: (value) =>
        context.edit((recipe) => {
          recipe.climb[k] = value;
        }),
    });
    return h("div", { class: "stack" }, h("label", { for: input.id }, T.rangeFields[k]), input);
  });
  const chart = new Chart();
  const refusal = h("div", { class: "refusal", hidden: true });
  const refused = h("p");
  refusal.append(
    refused,
    h("p", { class: "muted" }, T.noRateHint),
    h("h2", {}, T.elsewhere),
    context.elsewhere(["method"]),
  );
  const bar = createBar({ press, cancel() {} });
  const steepest = suggestion(T.steepest, T.steepestAbout);
  const lowest = suggestion(T.lowest, T.lowestAbout);
  const nothing = h("p", { class: "hint" });

  /** @param {string} title @param {string} about */
  function suggestion(title, about) {
    const text = h("span");
    let rate = 0;
    const use = h("button", { class: "btn edge", type: "button", onclick: () => context.useRate(rate) }, text);
    const element = h("div", { class: "rate", hidden: true }, h("b", {}, title), h("p", {}, about), use);
    return {
      element,
      /** @param {number | null | undefined} lr */
      show(lr) {
        element.hidden = typeof lr !== "number";
        if (typeof lr !== "number") return;
        rate = Number(lr.toPrecision(2));
        setText(text, T.useRate(short(rate)));
      },
    };
  }

  async function press() {
    const now = keyOf(scene);
    const [min_lr, max_lr, iterations] = scene.recipe.climb;
    busy = true;
    fault = null;
    context.soon();
    try {
      const options = { min_lr, max_lr, iterations };
      const test = await context.ask(scene.config, "range_test", scene.config, options);
      if (now === keyOf(scene)) [known, found] = [now, test];
    } catch (error) {
      fault = /** @type {import("../../protocol.js").Fault} */ (error);
    }
    busy = false;
    context.soon();
  }

  function draw() {
    const test = found;
    chart.draw(
      `${known} ${scene.config.optimizer.name}`,
      (canvas, painter, ratio) => {
        const { lr, ema } = test ?? { lr: [], ema: [] };
        const spec = specOf(test, scene);
        const at = painter.sweep(canvas, ratio, spec);
        return (px, py) => {
          if (px < at.left || px > at.left + at.width || py < at.top || py > at.top + at.height) return null;
          const xs = lr.map((v) => pixelOf(v, spec.x, at.x, at.left, at.width));
          const i = xs.findLastIndex((x) => x <= px + 1);
          const v = ema[i];
          if (v === undefined) return null;
          return { x: xs[i] ?? px, y: py, head: `α ${short(lr[i] ?? 0)}`, lines: [[T.rangeTitle, short(v)]] };
        };
      },
      () =>
        test
          ? `${T.rangeTitle}: steepest ${test.steepest === null ? T.none : short(test.steepest)}, lowest ${test.lowest === null ? T.none : short(test.lowest)}.`
          : T.rangeTitle,
    );
  }

  return {
    settings: [
      section(T.climb, "", h("div", { class: "three" }, ...fields), faultText, h("p", { class: "hint" }, T.rangeHint)),
    ],
    picture: [
      h("div", { class: "bar" }, h("h1", {}, T.rangeTitle), h("span", { class: "muted" }, T.rangeSub)),
      h("div", { class: "stage" }, chart.plot.box, refusal),
    ],
    controls: bar.element,
    side: [note(T.rangeFound, steepest.element, lowest.element, nothing)],
    below: null,
    render(next) {
      scene = next;
      const rated = hasRate(scene);
      if (scene.config !== config || (found && known !== keyOf(scene) && !busy)) {
        config = scene.config;
        if (known !== keyOf(scene)) [known, found, fault] = ["", null, null];
      }
      form.sync(fault);
      faultText.hidden = !fault;
      if (fault) setText(faultText, `${fault.path ? `${fault.path}: ` : ""}${fault.message}`);
      refusal.hidden = rated;
      chart.plot.box.hidden = !rated;
      bar.element.hidden = !rated;
      setText(refused, T.noRate(scene.method));
      if (rated) draw();
      steepest.show(rated ? found?.steepest : null);
      lowest.show(rated ? found?.lowest : null);
      setText(nothing, found && found.steepest === null ? T.neverFalls : found ? "" : T.rangeHint);
      const steps = found?.lr.length ?? 0;
      bar.render({
        label: found ? T.testAgain : T.test,
        picture: found ? "reset" : "play",
        able: !busy && rated,
        busy: false,
        text: busy
          ? T.working
          : found
            ? T.rangeDone(count(steps), short(found.lr[steps - 1] ?? Number.NaN))
            : T.rangeReady(count(Number(scene.recipe.climb[2]) || 0)),
      });
    },
  };
}

/** Whether the lane's method has a learning rate. @param {Scene} scene */
export function hasRate({ described }) {
  return described?.fields.some(({ name }) => name === "lr") ?? false;
}

/** @param {Scene} scene */
function keyOf({ config, recipe }) {
  return JSON.stringify([config, recipe.climb]);
}

/** @param {RangeTest | null} test @param {Scene} scene */
function specOf(test, { recipe }) {
  const [min, max] = recipe.climb.map(Number);
  /** @type {[number, number]} */
  const ends = test ? [Number(test.lr[0]), Number(test.lr[test.lr.length - 1])] : [min || 1e-6, max || 10];
  const smooth = (test?.ema ?? []).filter(Number.isFinite);
  const first = smooth[0] ?? 1;
  const low = Math.min(...(smooth.length > 0 ? smooth : [0]));
  const high = Math.min(
    Math.max(...(smooth.length > 0 ? smooth : [1])),
    low + ABOVE * Math.max(first - low, Math.abs(low) || 1),
  );
  const log = low > 0 && first / low > 20;
  const line = (/** @type {"loss" | "ema"} */ key, /** @type {string} */ manner) => ({
    manner,
    joined: true,
    means: (test?.[key] ?? []).map((v, i) => [test?.lr[i], Number.isFinite(v) ? v : null, 0]),
  });
  const flags = [
    [test?.steepest, T.steepest],
    [test?.lowest, T.lowest],
  ].filter(([x]) => typeof x === "number");
  return {
    x: { name: T.lr, ends, log: true, room: false },
    y: { name: "", ends: [low, high], log, room: true },
    lines: test ? [line("loss", "raw"), line("ema", "bare")] : [],
    folds: [],
    of: 1,
    flags,
  };
}

/** A button that takes a rate over. @param {Context} context @param {number} lr @param {Record<string, unknown>} [props] */
export function rateButton(context, lr, props = {}) {
  return button(T.useRate(short(lr)), () => context.useRate(lr), props);
}
