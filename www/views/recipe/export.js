/** The run as a PyTorch script and the search as one for Ray Tune: shown, copied, downloaded, or refused with the reason. */

import { segments } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { count } from "../../format.js";
import { keptRuns, onKept } from "../tune/kept.js";
import { searchOf } from "../tune/spec.js";
import { createBar, note, section } from "./parts.js";
import { T } from "./texts.js";

/** @typedef {import("./recipe.js").Context} Context */
/** @typedef {import("./recipe.js").Scene} Scene */

/** Of a longer line, only the beginning is shown. */
const LINE_MAX = 160;
/** Beyond so many lines, none is shown. */
const LINES_MAX = 4000;

/** @param {Context} context @returns {import("./recipe.js").Topic} */
export function createExport(context) {
  /** @type {unknown[]} */
  let known = [];
  let script = "";
  /** @type {import("../../protocol.js").Fault | null} */
  let fault = null;
  let busy = false;
  let told = "";
  /** @type {import("../tune/kept.js").KeptRun[]} */
  let kept = [];
  keptRuns().then((runs) => {
    kept = runs;
    context.soon();
  });
  onKept(async () => {
    kept = await keptRuns();
    context.soon();
  });
  /** @type {Scene} */
  let scene;
  const choice = segments(
    "recipe-script",
    T.scriptLabel,
    [
      { value: "run", title: T.scripts.run },
      { value: "search", title: T.scripts.search },
    ],
    context.app.state.recipe.script,
    (value) =>
      context.edit((recipe) => {
        recipe.script = value === "search" ? "search" : "run";
      }),
  );
  const hint = h("p", { class: "hint" });
  const code = h("code");
  const box = h("pre", { class: "script", tabindex: 0, role: "region", "aria-label": T.script }, code);
  const refusal = h("div", { class: "refusal", hidden: true });
  const reason = h("p", { class: "fault", role: "alert" });
  refusal.append(h("h2", {}, T.exportRefused), reason);
  const saved = h("button", { class: "btn edge", type: "button", onclick: save }, h("span", {}, T.download));
  const bar = createBar({ press: copy, cancel() {} }, saved);
  const how = h("pre", { class: "how" });
  const gives = h("p");
  const size = h("p", { class: "hint" });

  async function copy() {
    try {
      await navigator.clipboard.writeText(script);
      told = T.copied;
    } catch {
      setText(code, script);
      getSelection()?.selectAllChildren(box);
      told = T.copyRefused;
    }
    context.soon();
  }

  function save() {
    const url = URL.createObjectURL(new Blob([script], { type: "text/x-python" }));
    const link = h("a", { href: url, download: T.fileNames[scene.recipe.script] });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  async function follow() {
    const { config, recipe, view } = scene;
    const { tune } = view.state;
    const now = [config, recipe.script, ...(recipe.script === "search" ? [tune, kept] : [])];
    if (now.length === known.length && now.every((part, i) => part === known[i])) return;
    known = now;
    const current = () => known === now;
    busy = true;
    told = "";
    try {
      const made = await write();
      if (!current()) return;
      [script, fault] = [made, null];
    } catch (error) {
      if (!current()) return;
      [script, fault] = ["", /** @type {import("../../protocol.js").Fault} */ (error)];
    }
    busy = false;
    showScript();
    context.soon();

    async function write() {
      if (recipe.script === "run") return context.ask(config, "python_script", config);
      const { spec } = searchOf(tune, config, kept, view.catalog);
      if (!spec) throw { path: "", message: T.noSearch, lane: null };
      return context.ask(/** @type {any} */ (spec.base), "ray_script", spec);
    }
  }

  function showScript() {
    const lines = script.split("\n");
    const shown = lines.slice(0, LINES_MAX).map((line) => {
      const more = line.length - LINE_MAX;
      return more > 0 ? `${line.slice(0, LINE_MAX)}${T.cut(count(more))}` : line;
    });
    setText(code, shown.join("\n"));
    setText(size, script ? `${T.scriptSize(count(lines.length), count(script.length / 1000))}. ${T.cutHint}` : "");
  }

  return {
    settings: [section(T.scriptLabel, "", choice, hint)],
    picture: [h("div", { class: "bar" }, h("h1", {}, T.exportTitle)), h("div", { class: "stage" }, box, refusal)],
    controls: bar.element,
    side: [note(T.exportHow, how, gives, size)],
    below: null,
    render(next) {
      scene = next;
      follow();
      const { script: what } = scene.recipe;
      for (const input of choice.querySelectorAll("input")) input.checked = input.value === what;
      setText(hint, T.scriptHints[what]);
      refusal.hidden = !fault;
      box.hidden = Boolean(fault);
      if (fault) setText(reason, `${fault.path ? `${fault.path}: ` : ""}${fault.message}`);
      setText(how, `${T.exportRun[what]}\npython ${T.fileNames[what]}`);
      setText(gives, T.exportGives[what]);
      saved.disabled = busy || script === "";
      bar.render({
        label: T.copy,
        picture: "",
        able: !busy && script !== "",
        busy: false,
        text: busy ? T.working : told,
      });
    },
  };
}
