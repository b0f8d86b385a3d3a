/**
 * `<descent-playground>`: a live figure as an element of any page (docs/embedding.md).
 *
 * It is a frame with the page in its embed mode, so nothing of the page around it reaches the figure, and the engine is
 * loaded in the frame only.
 *
 *     <script type="module" src="www/element.js"></script>
 *     <descent-playground config='{"problem": {"kind": "surface", "name": "beale"}, "optimizer": {"name": "adam"}}'>
 *     </descent-playground>
 */

import { Remote, RemoteError } from "./remote.js";

/** @typedef {import("./remote.js").Body} Body */

const STYLE = `
:host { display: block; position: relative; aspect-ratio: 16 / 9; min-height: 12rem; }
:host([hidden]) { display: none; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; background: none; }
p { position: absolute; inset: 0.75rem 0.75rem auto; margin: 0; padding: 0.5rem 0.75rem; border: 1px solid #a3190f;
  border-radius: 8px; background: #ffffff; color: #a3190f; font: 600 0.9375rem/1.4 system-ui, sans-serif; }
p:empty { display: none; }
`;

/** A figure that has not answered for so long is none, ms. */
const SILENCE_MS = 60_000;
/** Attributes that go into the frame's address. */
const QUERY = ["lesson", "hide", "show"];

export class DescentPlayground extends HTMLElement {
  static observedAttributes = ["config", "src", "title", "autoplay", ...QUERY];

  #frame = document.createElement("iframe");
  #fault = document.createElement("p");
  #remote = new Remote(this.#frame, {
    state: (state) => this.#tell("descent-state", state),
    key: (key) => this.#press(key),
  });
  /** @type {Promise<Body>} */
  #started = Promise.reject(new RemoteError("", "the element is in no document"));
  #soon = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#fault.setAttribute("role", "alert");
    this.#fault.setAttribute("part", "error");
    this.#frame.setAttribute("part", "frame");
    this.#frame.loading = "lazy";
    this.#frame.allow = "fullscreen; clipboard-write";
    root.append(this.#fault);
    this.#started.catch(() => {});
  }

  connectedCallback() {
    this.#remote.open();
    this.#load();
    // A frame that stands there without an address loads an empty page first.
    this.shadowRoot?.prepend(this.#frame);
  }

  disconnectedCallback() {
    this.#remote.close();
    this.#frame.remove();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "title") this.#frame.title = this.title || "Descent";
    else if (name === "config" && before !== null && now !== null) this.#begin();
    else if (!this.#soon) {
      // Several attributes set one after the other load one frame.
      this.#soon = true;
      queueMicrotask(() => {
        this.#soon = false;
        if (this.isConnected) this.#load();
      });
    }
  }

  /** The run, as `init` takes it: an object, a list, or the hash of a link. Null where the attribute is missing; throws where it is no JSON. */
  get config() {
    const text = this.getAttribute("config");
    return text === null ? null : readConfig(text);
  }

  set config(config) {
    this.#reflect("config", config === null || config === undefined ? null : JSON.stringify(config));
  }

  /** Identifier of a lesson. */
  get lesson() {
    return this.getAttribute("lesson") ?? "";
  }

  set lesson(lesson) {
    this.#reflect("lesson", lesson);
  }

  /** Parts to leave out, with commas. */
  get hide() {
    return this.getAttribute("hide") ?? "";
  }

  set hide(hide) {
    this.#reflect("hide", hide);
  }

  /** Parts to add, with commas. */
  get show() {
    return this.getAttribute("show") ?? "";
  }

  set show(show) {
    this.#reflect("show", show);
  }

  /** The page to show; by default the one that this module belongs to. */
  get src() {
    return new URL(
      this.getAttribute("src") ?? "../index.html",
      this.hasAttribute("src") ? document.baseURI : import.meta.url,
    ).href;
  }

  set src(src) {
    this.#reflect("src", src);
  }

  /** Whether it runs by itself while it is seen: unless the attribute is `off`, or the visitor wants no motion. */
  get autoplay() {
    return !["off", "0", "false"].includes(this.getAttribute("autoplay") ?? "");
  }

  set autoplay(on) {
    this.#reflect("autoplay", on ? null : "off");
  }

  /** The first answer of the figure: its engine is there, its run is made. */
  get ready() {
    return this.#started.then(({ state }) => state);
  }

  /** Runs while it is seen. @param {{ wait?: boolean }} [how] `wait`: answers when the run has ended or is paused */
  run(how = {}) {
    return this.#ask("run", how);
  }

  pause() {
    return this.#ask("pause");
  }

  /** @param {number} [n] iterations */
  step(n = 1) {
    return this.#ask("step", { n });
  }

  reset() {
    return this.#ask("reset");
  }

  /** How the run stands. */
  state() {
    return this.#ask("state");
  }

  /** Changes some settings. @param {unknown} config */
  set(config) {
    return this.#ask("set", { config });
  }

  /** The run as it stands, for `restore`. @returns {Promise<Body>} */
  async snapshot() {
    await this.#started;
    return (await this.#remote.ask("snapshot")).snapshot;
  }

  /** Goes on from where a snapshot was taken. @param {Body} snapshot */
  restore(snapshot) {
    return this.#ask("init", { snapshot });
  }

  /** @param {string} cmd @param {Body} [fields] @returns {Promise<Body>} the state of the run */
  async #ask(cmd, fields = {}) {
    await this.#started;
    return (await this.#remote.ask(cmd, fields)).state;
  }

  /** Loads the frame, and begins in it. */
  #load() {
    /** @type {URL} */
    let address;
    try {
      address = new URL(this.src);
    } catch {
      return this.#refuse(new RemoteError("src", `${this.getAttribute("src")} is no address; allowed: a URL`));
    }
    address.searchParams.set("embed", "1");
    for (const name of QUERY) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    if (!this.autoplay) address.searchParams.set("autoplay", "0");
    if (this.hasAttribute("config")) address.searchParams.set("wait", "1");
    this.#frame.title = this.title || "Descent";
    this.#remote.loading();
    this.#frame.src = address.href;
    this.#begin();
  }

  /** Begins the run that the attribute says, or takes the one that the address made. */
  #begin() {
    this.#fault.textContent = "";
    const started = this.#start();
    this.#started = started;
    // What has been overtaken by another beginning is nobody's concern.
    started.then(
      ({ state }) => this.#started === started && this.#tell("descent-ready", state),
      (error) => this.#started === started && this.#refuse(error),
    );
  }

  async #start() {
    const given = this.hasAttribute("config");
    const first = given ? this.#remote.ask("init", { config: this.config }) : this.#remote.ask("state");
    const answer = await Promise.race([first, silence(this.src)]);
    await this.#remote.ask("state", { watch: true });
    const moves = this.autoplay && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    return given && moves ? this.#remote.ask("run") : answer;
  }

  /** @param {RemoteError} error */
  #refuse(error) {
    if (!this.isConnected) return;
    this.#fault.textContent = error.message;
    this.#tell("descent-error", { field: error.field ?? "", message: error.message });
  }

  /** @param {string} type @param {Body} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** A key that was pressed in the figure and means something to the page around it. @param {Body} key */
  #press({ key, code, shiftKey, altKey, keyCode }) {
    const init = { key, code, shiftKey, altKey, keyCode, bubbles: true, composed: true, cancelable: true };
    this.dispatchEvent(new KeyboardEvent("keydown", init));
  }

  /** @param {string} name @param {string | null} value */
  #reflect(name, value) {
    if (value === null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }
}

/** @param {string} src @returns {Promise<never>} */
function silence(src) {
  return new Promise((_, failed) => {
    setTimeout(
      () => failed(new RemoteError("src", `no figure answers at ${src}; allowed: Descent's page`)),
      SILENCE_MS,
    );
  });
}

/** @param {string} text */
function readConfig(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RemoteError("config", `${error instanceof Error ? error.message : error}; allowed: JSON`);
  }
}

if (!customElements.get("descent-playground")) customElements.define("descent-playground", DescentPlayground);
