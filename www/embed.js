/**
 * The page as a figure in another page: `?embed=1` (docs/embedding.md).
 *
 * It plays while it is seen, never takes the focus by itself, and hands the keys that turn slides to the page around it.
 */

import { byId, h, setText, swatch } from "./dom.js";
import { exact, short } from "./format.js";
import { createMessages } from "./messages.js";
import { last } from "./record.js";
import { E } from "./texts_embed.js";
import { statusOf } from "./views/lanes.js";
import { loadStyle } from "./views/page.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./app.js").View} View */
/** @typedef {import("./protocol.js").Field} Field */

/** What a figure has unless it is hidden, and what it has if it is asked for. */
export const SHOWN = ["key", "legend", "transport", "knobs", "counter", "link"];
const ON_REQUEST = ["title", "time", "speed", "epoch", "curves", "rate", "equation", "lanes", "rail", "answer"];
/** Parts by name. */
export const PARTS = [...SHOWN, ...ON_REQUEST];

/** So much of the figure must be on the screen for it to play. */
const SEEN = 0.1;
/** Keys that mean nothing here, and much to slides. The numbers are those that reveal.js knows them by. @type {Record<string, number>} */
const SLIDE_KEYS = {
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  PageUp: 33,
  PageDown: 34,
  Home: 36,
  End: 35,
  Escape: 27,
  n: 78,
  p: 80,
  f: 70,
  b: 66,
  o: 79,
};

/**
 * @param {App} app
 * @param {MessageEvent[]} early what was said before anybody could listen
 */
export async function createEmbed(app, early) {
  const query = new URLSearchParams(location.search);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || query.get("autoplay") === "0";
  /** Whether it is on the screen, and on the slide that is shown. */
  let seen = false;
  let onSlide = true;
  /** Whether it is to run once it is seen. */
  let held = !still;
  /** Steps that a command asks for are made also where nobody sees them. */
  let stepping = false;
  const legend = new Legend(app);
  const knobs = [new Knob(app, rateOf), new Knob(app, weightOf)];
  const home = h("a", { class: "home", target: "_blank", rel: "noopener", title: E.opens }, E.open);
  let linkedFor = /** @type {unknown} */ (null);
  let shown = partsOf(query.get("show"), query.get("hide"));

  await loadStyle("embed");
  document.documentElement.dataset.embed = shown.join(" ");
  const transport = byId("transport");
  transport.querySelector(".group")?.after(h("div", { class: "knobs" }, ...knobs.map((knob) => knob.element)));
  transport.append(home);
  byId("picture").querySelector(".figure-keys")?.append(legend.element);

  /** Plays while it is seen. */
  function settle() {
    const visible = seen && onSlide && document.visibilityState === "visible";
    if (visible && held && app.record) {
      held = false;
      if (!app.playing) app.play();
    } else if (!visible && app.playing && !stepping) {
      held = true;
      app.pause();
    }
  }

  const messages = createMessages(
    app,
    {
      async play() {
        if (app.playing) return;
        held = true;
        if (app.ended) await app.reset();
        settle();
      },
      hold() {
        held = false;
      },
      arrange({ show, hide }) {
        shown = partsOf(show?.join(",") ?? null, hide?.join(",") ?? null);
        document.documentElement.dataset.embed = shown.join(" ");
      },
      waiting: () => held,
      stepping(on) {
        stepping = on;
        settle();
      },
    },
    () => app.catalog?.version ?? "",
  );

  new IntersectionObserver(
    (entries) => {
      seen = entries.at(-1)?.isIntersecting ?? false;
      settle();
    },
    { threshold: SEEN },
  ).observe(byId("figure"));
  document.addEventListener("visibilitychange", settle);

  /** @param {MessageEvent} event */
  function hear(event) {
    if (event.source === parent && (event.data === "slide:start" || event.data === "slide:stop")) {
      onSlide = event.data === "slide:start";
      settle();
    } else messages.hear(event);
  }
  for (const event of early) hear(event);
  addEventListener("message", hear);

  addEventListener("keydown", (event) => {
    const { key, code, shiftKey, altKey, ctrlKey, metaKey } = event;
    const number = SLIDE_KEYS[key];
    if (parent === window || number === undefined || event.defaultPrevented || ctrlKey || metaKey || editing(event))
      return;
    event.preventDefault();
    parent.postMessage({ v: 1, type: "key", key, code, keyCode: number, shiftKey, altKey }, "*");
    // A deck of reveal.js hears this; others pass it over.
    parent.postMessage(JSON.stringify({ method: "triggerKey", args: [number] }), "*");
  });
  // Who drags a knob wants the next key to turn the slide.
  addEventListener("pointerup", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "range") target.blur();
  });

  return {
    /** What stands in place of the address's run: the first `init`, if the address says that one will come. */
    first:
      query.get("wait") === "1"
        ? async () => {
            messages.open();
            await messages.begun;
          }
        : null,
    open: messages.open,
    changed() {
      settle();
      messages.changed();
    },
    /** @param {View} view */
    render(view) {
      legend.render(view);
      for (const knob of knobs) knob.render(view);
      if (linkedFor === view.good) return;
      linkedFor = view.good;
      home.href = fullAddress(app.link().url);
      home.hidden = !/^(http|file)/.test(home.href);
    },
  };
}

/** The parts to show: of `hide` and `show` the one that takes away wins; names that mean nothing are passed over. @param {string | null} show @param {string | null} hide */
function partsOf(show, hide) {
  const names = (/** @type {string | null} */ list) => (list ?? "").split(",").map((name) => name.trim());
  const wanted = [...SHOWN, ...names(show).filter((name) => ON_REQUEST.includes(name))];
  const unwanted = names(hide);
  return wanted.filter((name) => !unwanted.includes(name));
}

/** The same run in a page of its own; what else the query says stays. @param {string} url */
function fullAddress(url) {
  const address = new URL(url);
  for (const name of ["embed", "show", "hide", "autoplay", "wait"]) address.searchParams.delete(name);
  return address.href;
}

/** Whether a key belongs to what has the focus. @param {KeyboardEvent} event */
function editing({ target }) {
  if (document.querySelector("dialog[open], :popover-open")) return true;
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/** The lanes, each with its loss or how it ended; a click selects one. */
class Legend {
  element = h("ul", { class: "legend lanes-legend", "aria-label": "Legend" });
  #app;
  #key = "";
  /** @type {{ button: HTMLButtonElement, says: HTMLElement }[]} */
  #items = [];

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {View} view */
  render({ record }) {
    const lanes = record?.lanes ?? [];
    const key = lanes.map(({ lane, title, detail }) => [lane, title, detail].join("\t")).join("\n");
    if (key !== this.#key) {
      this.#key = key;
      this.#items = lanes.map(({ lane, title, detail }, selected) => {
        const twice = lanes.filter((other) => other.title === title).length > 1;
        const says = h("span", { class: "muted num" });
        const button = h(
          "button",
          { type: "button", onclick: () => this.#app.look({ selected }) },
          swatch(lane),
          h("b", {}, title),
          twice && detail ? h("span", { class: "muted" }, detail) : null,
          says,
        );
        return { button, says };
      });
      this.element.replaceChildren(...this.#items.map(({ button }) => h("li", {}, button)));
    }
    lanes.forEach((lane, i) => {
      const item = this.#items[i];
      if (!item) return;
      const ended = ["converged", "diverged", "breakdown"].includes(lane.status);
      const loss = last(lane, "loss");
      setText(item.says, ended ? statusOf(lane)[2] : Number.isNaN(loss) ? "" : E.lossIs(short(loss)));
      const pressed = String(lane.selected);
      if (item.button.getAttribute("aria-pressed") !== pressed) item.button.setAttribute("aria-pressed", pressed);
    });
  }
}

/** A field of the selected lane's method, as far as a slider can show it. @typedef {{ field: Field, log: boolean }} Turned */

/** The learning rate. @param {Field[]} fields @returns {Turned | null} */
function rateOf(fields) {
  const field = fields.find(({ name }) => name === "lr");
  return field ? { field, log: true } : null;
}

/** The most telling of the other numbers: how much of the past counts, or how strong the damping is. @param {Field[]} fields @returns {Turned | null} */
function weightOf(fields) {
  for (const name of ["beta", "beta1", "lambda", "rho", "damping", "temperature"]) {
    const field = fields.find((f) => f.name === name && f.type === "number");
    if (field) return { field, log: field.max == null };
  }
  return null;
}

/** A slider for one field of the selected lane, and of the lanes that have the same value in it. */
class Knob {
  #app;
  #of;
  #symbol = h("span", { "aria-hidden": "true" });
  #output = h("output");
  #input = h("input", { type: "range", step: "any", oninput: () => this.#turn() });
  element = h("label", { class: "knob", hidden: true }, this.#symbol, this.#input, this.#output);
  /** @type {Turned | null} */
  #turned = null;
  #rangedFor = "";
  /** Positions of the lanes that it turns. @type {number[]} */
  #lanes = [];

  /** @param {App} app @param {(fields: Field[]) => Turned | null} of */
  constructor(app, of) {
    this.#app = app;
    this.#of = of;
  }

  /** @param {View} view */
  render({ state, catalog }) {
    const lane = state.lanes[state.selected];
    const method = catalog.methods.find(({ name }) => name === lane?.optimizer.name);
    const turned = method ? this.#of(method.fields) : null;
    const value = turned ? Number(lane?.optimizer[turned.field.name] ?? turned.field.default) : Number.NaN;
    const usable = turned !== null && Number.isFinite(value) && (!turned.log || value > 0);
    this.element.hidden = !usable;
    if (!usable || !turned) return;
    this.#turned = turned;
    const { name, symbol, label } = turned.field;
    this.#lanes = [...state.lanes.keys()].filter((i) => {
      const other = state.lanes[i]?.optimizer;
      return i === state.selected || (other?.[name] !== undefined && other[name] === lane?.optimizer[name]);
    });
    const at = turned.log ? Math.log10(value) : value;
    const key = [lane?.mark, lane?.optimizer.name, name].join();
    if (key !== this.#rangedFor || at < Number(this.#input.min) || at > Number(this.#input.max)) {
      this.#rangedFor = key;
      const [min, max] = rangeOf(turned, value);
      Object.assign(this.#input, { min, max });
    }
    setText(this.#symbol, symbol);
    const marks = this.#lanes.map((i) => state.lanes[i]?.mark ?? i + 1);
    const words = E.lanesOf(label, marks);
    if (this.#input.getAttribute("aria-label") !== words) this.#input.setAttribute("aria-label", words);
    if (document.activeElement !== this.#input) this.#input.value = String(at);
    setText(this.#output, exact(value));
    this.#input.setAttribute("aria-valuetext", exact(value));
  }

  #turn() {
    const turned = this.#turned;
    if (!turned) return;
    const at = Number(this.#input.value);
    const value = turned.log ? Number((10 ** at).toPrecision(2)) : Math.round(100 * at) / 100;
    const lanes = new Set(this.#lanes);
    this.#app.edit((state) => {
      for (const [i, lane] of state.lanes.entries()) if (lanes.has(i)) lane.optimizer[turned.field.name] = value;
    });
  }
}

/** From where to where a slider goes: the whole range of a field that has one, else some powers of ten around its value. @param {Turned} turned @param {number} value */
function rangeOf({ field, log }, value) {
  if (log) return [Math.log10(value) - 1.5, Math.log10(value) + 1.5];
  const [min, max] = [Number(field.min ?? 0), Number(field.max ?? 1)];
  const rim = (max - min) / 100;
  return [field.min_included === false ? min + rim : min, field.max_included === false ? max - rim : max];
}
