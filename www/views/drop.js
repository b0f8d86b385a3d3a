/** A text that may be typed, dropped or picked, with what is wrong said beside it. */

import { h, setText } from "../dom.js";
import { count } from "../format.js";
import { T } from "../texts.js";

/** @typedef {import("../protocol.js").Fault} Fault */

/** The engine reads more, but the page would stall on the text. */
const BYTES_MAX = 5_000_000;
/** Typing is looked at after a pause of so many ms. */
const PAUSE_MS = 250;

/**
 * @param {{
 *   id: string, path: string, label: string, hint: string, use: string, text: string,
 *   look?(text: string): Promise<void>,
 *   take(text: string): void,
 *   fault(): Fault | null,
 * }} on `look` is called while it is typed, blank too, and throws a `Fault`; `take` when it is to be used
 */
export function dropArea(on) {
  const message = h("p", { class: "fault", role: "alert", id: `${on.id}-fault`, hidden: true });
  const area = h("textarea", {
    class: "field mono",
    rows: 6,
    spellcheck: "false",
    id: on.id,
    "aria-label": on.label,
    "data-path": on.path,
    "aria-describedby": `${on.id}-fault`,
    oninput: typed,
  });
  area.value = on.text;
  const file = h("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv",
    class: "vh",
    id: `${on.id}-file`,
    "aria-label": T.csvPick,
    onchange: () => read(file.files?.[0]),
  });
  const use = h("button", { class: "btn edge", type: "button", onclick: take }, on.use);
  const element = h(
    "div",
    { class: "csv", ondragover: over, ondragleave: () => element.classList.remove("over"), ondrop: dropped },
    area,
    message,
    h("div", { class: "row" }, file, h("label", { class: "btn edge", for: `${on.id}-file` }, T.csvPick), use),
    h("p", { class: "hint" }, on.hint),
  );
  let timer = 0;
  /** @type {Fault | null} */
  let wrong = null;
  look();

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  }

  async function look() {
    wrong = null;
    use.disabled = area.value.trim() === "";
    try {
      await on.look?.(area.value);
    } catch (fault) {
      wrong = /** @type {Fault} */ (fault);
    }
    refresh();
  }

  async function take() {
    clearTimeout(timer);
    await look();
    if (!wrong && !use.disabled) on.take(area.value);
  }

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    element.classList.add("over");
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    element.classList.remove("over");
    const one = event.dataTransfer?.files[0];
    if (one) read(one);
    else fill(event.dataTransfer?.getData("text") ?? "");
  }

  /** @param {File | undefined} picked */
  async function read(picked) {
    if (!picked) return;
    if (picked.size <= BYTES_MAX) return fill(await picked.text());
    wrong = { path: "", message: T.csvTooLarge(size(picked.size), size(BYTES_MAX)), lane: null };
    refresh();
  }

  /** @param {string} text */
  function fill(text) {
    area.value = text;
    return take();
  }

  function refresh() {
    const fault = on.fault();
    const [part = ""] = on.path.split(".csv");
    const text = wrong?.message ?? (fault?.path.startsWith(part) ? fault.message : "");
    setText(message, text);
    message.hidden = text === "";
    if (text) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
  }

  return { element, take, refresh };
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1e6 ? `${count(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
