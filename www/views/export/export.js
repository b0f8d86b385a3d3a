/** The dialog through which a run leaves the page and comes back: pictures, animations, data, links, files. */

import { iconButton, segments } from "../../controls.js";
import { h, setText } from "../../dom.js";
import { loadStyle } from "../../files.js";
import { createData } from "./data.js";
import { createFilm } from "./film.js";
import { createLink } from "./link.js";
import { createOpener } from "./open.js";
import { createOpenPanel } from "./open_panel.js";
import { createPicture } from "./picture.js";
import { T } from "./texts.js";
import { createVerdict } from "./verdict.js";

/** @typedef {import("../../app.js").App} App */
/** @typedef {keyof typeof T.topics} Topic */
/**
 * What a panel of the dialog is given.
 * @typedef {object} Context
 * @property {App} app
 * @property {(text: string) => void} say in the dialog's last line
 * @property {(work: () => void | Promise<void>) => Promise<void>} attempt says what goes wrong
 * @property {(file: File) => Promise<boolean>} take opens a file; says whether it is open
 */
/** @typedef {{ element: HTMLElement, show(): void, hide?(): void }} Panel `show` is called whenever the panel is opened */

/** @param {App} app @param {(text: string) => void} tell a passing note */
export function createExport(app, tell) {
  const styled = loadStyle("export");
  /** @type {ReturnType<typeof createVerdict> | null} */
  let bar = null;
  const verdict = () => (bar ??= createVerdict(app));
  const opener = createOpener(app, { judge: (claim) => verdict().judge(claim) });
  const status = h("p", { class: "said", role: "status" });
  const wrong = h("p", { class: "fault", role: "alert", hidden: true });
  /** @type {Context} */
  const context = { app, say, attempt, take };
  /** @type {Record<Topic, Panel>} */
  const panels = {
    picture: createPicture(context),
    animation: createFilm(context),
    data: createData(context),
    link: createLink(context),
    open: createOpenPanel(context),
  };
  const topics = /** @type {Topic[]} */ (Object.keys(T.topics));
  /** @type {Topic} */
  let shown = "picture";
  const choice = segments(
    "export-topic",
    T.topicsLabel,
    topics.map((value) => ({ value, title: T.topics[value] })),
    shown,
    (value) => show(/** @type {Topic} */ (value)),
  );
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    {
      id: "export-dialog",
      "aria-labelledby": "export-title",
      onclick: (/** @type {MouseEvent} */ event) => event.target === dialog && close(),
      onclose: () => panels[shown].hide?.(),
    },
    h(
      "div",
      { class: "content" },
      h("div", { class: "panel-head" }, h("h2", { id: "export-title" }, T.title), iconButton("x", T.close, close)),
      choice,
      ...topics.map((topic) => panels[topic].element),
      wrong,
      status,
    ),
  );
  document.body.append(dialog);

  /** @param {Topic} topic */
  function show(topic) {
    if (topic !== shown) panels[shown].hide?.();
    shown = topic;
    for (const name of topics) panels[name].element.hidden = name !== topic;
    for (const input of choice.querySelectorAll("input")) input.checked = input.value === topic;
    say("");
    attempt(() => panels[topic].show());
  }

  /** @param {string} text */
  function say(text) {
    wrong.hidden = true;
    setText(status, text);
  }

  /** @param {unknown} error */
  function blame(error) {
    const { path = "", message = String(error) } = /** @type {Partial<import("../../protocol.js").Fault>} */ (
      error ?? {}
    );
    setText(status, "");
    setText(wrong, path ? `${path}: ${message}` : message);
    wrong.hidden = false;
  }

  /** @param {() => void | Promise<void>} work */
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      blame(error);
    }
  }

  /** @param {File} file */
  async function take(file) {
    say(T.working);
    try {
      await opener.take(file);
    } catch (error) {
      blame(error);
      wrong.append(h("br"), T.refused(file.name));
      return false;
    }
    if (dialog.open) close();
    tell(T.opened(file.name));
    return true;
  }

  async function open(/** @type {Topic} */ topic = shown) {
    await styled;
    if (!dialog.open) dialog.showModal();
    show(topic);
  }

  return {
    open,
    /** Opens a file that was dropped on the page; what is wrong with it is said in the dialog. @param {File} file */
    async take(file) {
      await styled;
      if (await take(file)) return;
      const said = [...wrong.childNodes];
      await open("open");
      wrong.replaceChildren(...said);
      wrong.hidden = false;
    },
    /** Replays the run of a link, and compares it with the proof that the link carries. */
    async prove() {
      await styled;
      const [iteration = "0", ...digests] = app.state.proof.split(",");
      verdict().judge({ iteration: Number(iteration), lanes: digests.map((digest) => ({ digest })) });
    },
  };
}
