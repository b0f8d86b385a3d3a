/** The panel of animations: which chart, how many frames, and what becomes of them. */

import { check, pair } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { count } from "../../format.js";
import { archiveOf, filmed, filmOf, filmType, framesOf, latexOf } from "./animation.js";
import { chartsShown } from "./charts.js";
import { copy, nameOf, save } from "./files.js";
import { T } from "./texts.js";

/** So many frames are proposed, and so many can be made: each is kept until all are there. */
const FRAMES = 100;
const FRAMES_MAX = 1000;
/** A frame is about so wide, in pixels, but at most twice as sharp as the page. */
const WIDTH = 1280;

/** @param {import("./export.js").Context} context @returns {import("./export.js").Panel} */
export function createFilm({ app, say, attempt }) {
  const list = h("select", { id: "film-chart" });
  const every = h("input", { class: "field", id: "film-every", type: "number", min: 1, step: 1, oninput: propose });
  const rate = h("input", {
    class: "field",
    id: "film-rate",
    type: "number",
    min: 1,
    max: 60,
    step: 1,
    value: 15,
    oninput: propose,
  });
  const captioned = h("input", { type: "checkbox", checked: true });
  const light = h("input", { type: "checkbox" });
  const size = h("p", { class: "hint" });
  const none = h("p", { class: "hint", hidden: true });
  const webm = h("button", { class: "btn edge", type: "button", onclick: () => work(saveFilm) }, T.saveWebm);
  const zip = h("button", { class: "btn edge", type: "button", onclick: () => work(saveFrames) }, T.saveFrames);
  const stop = h(
    "button",
    { class: "btn edge", type: "button", hidden: true, onclick: () => cancel?.abort() },
    T.cancel,
  );
  const progress = h("progress", { max: 1, value: 0, "aria-label": T.progressLabel, hidden: true });
  const latex = h("input", { class: "field mono", readonly: true, id: "film-latex", onfocus: () => latex.select() });
  const latexCopy = h(
    "button",
    {
      class: "btn edge",
      type: "button",
      onclick: async () => say((await copy(latex.value, latex)) ? T.copied : T.copyRefused),
    },
    T.copy,
  );
  const parts = [
    pair(T.whichChart, list),
    pair(`${T.every} … ${T.everyUnit}`, every),
    pair(T.rate, rate),
    h("div", { class: "row" }, check(captioned, T.captioned), check(light, T.light)),
    size,
    h("div", { class: "row" }, webm, zip, stop, progress),
    pair(T.latexLabel, h("div", { class: "with" }, latex, latexCopy)),
    h("p", { class: "hint" }, T.animationHint),
  ];
  /** @type {AbortController | null} */
  let cancel = null;
  let end = 0;

  /** A whole number from 1. @param {HTMLInputElement} input @param {number} most */
  function whole(input, most) {
    return Math.max(1, Math.min(most, Math.floor(Number(input.value)) || 1));
  }

  /** Says how long it will be. */
  function propose() {
    const step = Math.max(whole(every, 1e9), Math.ceil(end / (FRAMES_MAX - 1)));
    const frames = framesOf(end, step);
    const speed = whole(rate, 60);
    setText(size, T.frames(count(frames), (frames / speed).toFixed(1), count(end)));
    latex.value = latexOf(frames, stem(), speed);
    return { step, speed };
  }

  const stem = () => nameOf(app, "", "png").replace(/\.png$/, "");

  /** @param {(frames: Blob[], speed: number, signal: AbortSignal) => Promise<void>} make */
  async function work(make) {
    const { step, speed } = propose();
    const chart = chartsShown().find(({ label }) => label === list.value);
    if (!chart) return;
    const look = { theme: /** @type {"" | "light"} */ (light.checked ? "light" : ""), captioned: captioned.checked };
    cancel = new AbortController();
    const { signal } = cancel;
    busy(true);
    await attempt(async () => {
      const ratio = Math.max(1, Math.min(2, WIDTH / chart.element.clientWidth));
      const frames = await filmed(
        app,
        { label: chart.label, look, every: step, end, ratio },
        { signal, at: (done, total) => tellProgress(done, total, T.drawing(done, total)) },
      );
      if (frames) await make(frames, speed, signal);
      else say(T.cancelled);
    });
    cancel = null;
    busy(false);
  }

  /** @param {number} done @param {number} total @param {string} text */
  function tellProgress(done, total, text) {
    progress.value = done / total;
    say(text);
  }

  /** @param {boolean} is */
  function busy(is) {
    for (const control of [list, every, rate, captioned, light, zip]) control.disabled = is;
    webm.disabled = is || !filmType();
    stop.hidden = progress.hidden = !is;
    if (is) stop.focus();
  }

  /** @param {Blob[]} frames @param {number} speed @param {AbortSignal} signal */
  async function saveFilm(frames, speed, signal) {
    const at = (/** @type {number} */ done, /** @type {number} */ total) =>
      tellProgress(done, total, T.recording(((total - done) / speed).toFixed(0)));
    const film = await filmOf(frames, speed, filmType() ?? "", { signal, at });
    if (!film) return say(T.cancelled);
    const name = `${stem()}.webm`;
    save(name, film);
    say(T.saved(name));
  }

  /** @param {Blob[]} frames @param {number} speed */
  async function saveFrames(frames, speed) {
    const name = `${stem()}-frames.zip`;
    save(name, await archiveOf(frames, stem(), speed));
    latex.value = latexOf(frames.length, stem(), speed);
    say(T.saved(name));
  }

  return {
    element: h("div", { class: "panel" }, none, ...parts),
    show() {
      const onRun = app.state.tab === "run";
      const charts = onRun ? chartsShown() : [];
      const former = list.value;
      list.replaceChildren(...charts.map(({ label }) => h("option", { value: label }, label)));
      if (charts.some(({ label }) => label === former)) list.value = former;
      const now = Math.max(0, ...(app.record?.lanes.map(({ at }) => at) ?? []));
      if (now !== end || every.value === "") every.value = String(Math.max(1, Math.ceil(now / FRAMES)));
      end = now;
      const able = charts.length > 0 && end > 0;
      none.hidden = able;
      setText(none, onRun ? T.animationNone : T.animationEnded);
      for (const part of parts) part.hidden = !able;
      if (!able) return;
      busy(false);
      propose();
      if (!filmType()) say(T.noRecorder);
    },
    hide: () => cancel?.abort(),
  };
}
