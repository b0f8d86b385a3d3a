/** Run, pause, step, epoch, reset, speed; and how far it has come. */

import { h, icon, setText } from "../dom.js";
import { count, exact } from "../format.js";
import { T } from "../texts.js";

/** Iterations a second, from a slow walk to as fast as it goes. */
export const SPEEDS = [1, 2, 5, 12, 30, 60, 120, 300, 1000, 3000, Number.POSITIVE_INFINITY];

/**
 * @param {HTMLElement} root
 * @param {{ toggle(): void, step(): void, epoch(): void, reset(): void, goTo(iteration: number): void, setSpeed(speed: number): void }} on
 */
export function createTransport(root, on) {
  const run = h("button", {
    class: "btn primary",
    id: "run",
    type: "button",
    disabled: true,
    title: T.runTitle,
    onclick: on.toggle,
  });
  const step = button("step", T.step, T.stepTitle, on.step);
  const epoch = button("epoch", T.epoch, T.epochTitle, on.epoch);
  const reset = button("reset", T.reset, T.resetTitle, on.reset);
  const range = h("input", {
    type: "range",
    id: "speed",
    min: 0,
    max: SPEEDS.length - 1,
    step: 1,
    "aria-label": T.speedLabel,
    oninput: () => on.setSpeed(SPEEDS[Number(range.value)] ?? 1),
  });
  const output = h("output", { for: "speed" });
  const time = h("input", {
    type: "range",
    id: "time",
    step: 1,
    title: T.timeTitle,
    "aria-label": T.timeLabel,
    oninput: () => on.goTo(Number(time.value)),
  });
  const iteration = h("span", { id: "c-k" });
  const budget = h("small");
  const epochs = h("dd", { id: "c-ep" });
  const gradients = h("dd", { id: "c-e" });
  root.append(
    time,
    h("div", { class: "group" }, run, step, epoch, reset),
    h("label", { class: "speed" }, h("span", {}, T.speed), range, output),
    h(
      "dl",
      { class: "counters" },
      h("div", {}, h("dt", {}, T.iteration), h("dd", {}, iteration, " ", budget)),
      h("div", { class: "opt" }, h("dt", {}, T.epoch.toLowerCase()), epochs),
      h("div", { class: "opt" }, h("dt", {}, T.gradients), gradients),
    ),
  );
  let running = /** @type {boolean | null} */ (null);

  return {
    /** @param {import("../app.js").View} view */
    render({ state, record, fault, playing, span }) {
      const none = !record || record.lanes.length === 0 || fault !== null;
      run.disabled = step.disabled = reset.disabled = none;
      const surface = state.config.problem.kind !== "network";
      epoch.disabled = none || surface;
      epoch.title = surface ? T.noEpochs : T.epochTitle;
      if (running !== playing) {
        running = playing;
        run.replaceChildren(icon(playing ? "pause" : "play", "fill"), h("span", {}, playing ? T.pause : T.run));
      }
      const stop = nearest(state.speed);
      if (document.activeElement !== range) range.value = String(stop);
      setText(output, state.speed === Number.POSITIVE_INFINITY ? T.max : T.perSecond(exact(state.speed)));
      range.setAttribute("aria-valuetext", output.textContent ?? "");
      const lanes = record?.lanes ?? [];
      const furthest = lanes.reduce((a, b) => (b.at > a.at ? b : a), lanes[0] ?? { at: 0, epoch: 0 });
      setText(iteration, count(furthest.at));
      time.min = String(span[0]);
      time.max = String(span[1]);
      time.disabled = none || span[1] === span[0];
      if (playing || document.activeElement !== time) time.value = String(furthest.at);
      time.setAttribute("aria-valuetext", T.timeValue(furthest.at, span[1]));
      const most = state.config.stop?.iterations;
      setText(budget, typeof most === "number" ? `/ ${count(most)}` : "");
      setText(epochs, surface ? "–" : furthest.epoch.toFixed(1));
      setText(gradients, count(lanes.reduce((sum, lane) => sum + lane.evals, 0)));
    },
  };
}

/** @param {string} name @param {string} label @param {string} title @param {() => void} onclick */
function button(name, label, title, onclick) {
  return h(
    "button",
    { class: "btn edge", id: name, type: "button", disabled: true, title, onclick },
    icon(name),
    h("span", {}, label),
  );
}

/** @param {number} speed */
function nearest(speed) {
  const i = SPEEDS.findIndex((s) => s >= speed);
  return i < 0 ? SPEEDS.length - 1 : i;
}
