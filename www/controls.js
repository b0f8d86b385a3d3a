/**
 * Controls that show one value of the state and change it. They are made from the catalogue's fields, so a range, a
 * default or a choice stands in one place only: in the engine.
 */

import { h, icon, setText } from "./dom.js";
import { exact } from "./format.js";
import { readNumber } from "./state.js";

/** @typedef {import("./protocol.js").Field} Field */
/** @typedef {import("./protocol.js").Fault} Fault */
/**
 * What a control shows and changes. `path` is the config path by which the engine calls it.
 * @typedef {object} Bound
 * @property {string} path @property {number} [lane] @property {string} label
 * @property {() => unknown} get @property {(value: unknown) => void} set
 */
/** @typedef {{ bound: Bound, input: HTMLElement, sync: () => void }} Control */
/** @typedef {{ value: string, title: string }} Option */

/** Where the text of the fault stands, for `aria-describedby`. */
export const FAULT_ID = "fault-text";

let made = 0;

/** Controls that belong together; `sync` shows the state and the fault in them. */
export class Form {
  /** @type {Control[]} */
  #controls = [];
  #faultId;

  /** @param {string} [faultId] of the element with the text of the fault */
  constructor(faultId = FAULT_ID) {
    this.#faultId = faultId;
  }

  /** @param {Fault | null} fault */
  sync(fault) {
    for (const { bound, input, sync } of this.#controls) {
      sync();
      const wrong = fault !== null && concerns(fault, bound);
      if (wrong === input.hasAttribute("aria-invalid")) continue;
      input.toggleAttribute("aria-invalid", wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
      if (wrong) input.setAttribute("aria-describedby", this.#faultId);
      else input.removeAttribute("aria-describedby");
    }
  }

  /** The control that a fault means, if it is here: the one whose path is the longest part of the fault's. @param {Fault} fault @returns {HTMLElement | null} */
  find(fault) {
    const found = this.#controls.filter(({ bound }) => concerns(fault, bound));
    found.sort((a, b) => b.bound.path.length - a.bound.path.length);
    return found[0]?.input ?? null;
  }

  /** Text, taken over on Enter or when the field is left. @param {Bound} bound @param {Record<string, unknown>} [props] */
  text(bound, props = {}) {
    const input = h("input", {
      class: "field",
      autocomplete: "off",
      spellcheck: "false",
      ...props,
      onchange: () => bound.set(input.value),
    });
    return this.#keep(
      bound,
      input,
      () => exact(bound.get()),
      (text) => {
        input.value = text;
      },
    );
  }

  /** Text that may need more than a line, taken over on Enter or when the field is left. @param {Bound} bound @param {Record<string, unknown>} [props] */
  lines(bound, props = {}) {
    const input = h("textarea", {
      class: "field",
      rows: 1,
      autocomplete: "off",
      spellcheck: "false",
      ...props,
      onchange: () => bound.set(input.value),
      onkeydown(/** @type {KeyboardEvent} */ event) {
        if (event.key !== "Enter" || event.shiftKey) return;
        event.preventDefault();
        bound.set(input.value);
      },
    });
    return this.#keep(
      bound,
      input,
      () => exact(bound.get()),
      (text) => {
        input.value = text;
      },
    );
  }

  /** A number; what is no number is kept as typed, for the engine to refuse. @param {Bound} bound @param {Field} [field] @param {Record<string, unknown>} [props] */
  number(bound, field, props = {}) {
    const input = h("input", {
      class: "field",
      inputmode: "decimal",
      autocomplete: "off",
      title: field ? `${field.label} ${rangeOf(field)}`.trim() : null,
      ...props,
      onchange: () => bound.set(input.value.trim() === "" ? undefined : readNumber(input.value)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => nudge(event, input, field),
    });
    return this.#keep(
      bound,
      input,
      () => exact(bound.get() ?? field?.default),
      (text) => {
        input.value = text;
      },
    );
  }

  /** A number on a scale of `values`. @param {Bound} bound @param {number[]} values @param {(v: number) => string} [show] */
  slider(bound, values, show = exact) {
    const output = h("output");
    const nearest = () => {
      const v = Number(bound.get());
      let best = 0;
      values.forEach((candidate, i) => {
        if (Math.abs(candidate - v) < Math.abs((values[best] ?? 0) - v) || candidate === v) best = i;
      });
      return best;
    };
    const input = h("input", {
      type: "range",
      min: 0,
      max: values.length - 1,
      step: 1,
      oninput: () => {
        setText(output, show(values[Number(input.value)] ?? 0));
        input.setAttribute("aria-valuetext", output.textContent ?? "");
      },
      onchange: () => bound.set(values[Number(input.value)]),
    });
    this.#keep(
      bound,
      input,
      () => `${nearest()} ${show(Number(bound.get()))}`,
      () => {
        input.value = String(nearest());
        setText(output, show(Number(bound.get())));
        input.setAttribute("aria-valuetext", output.textContent ?? "");
      },
    );
    return h("div", { class: "with" }, input, output);
  }

  /** @param {Bound} bound @param {Option[]} options */
  choice(bound, options) {
    const input = h(
      "select",
      { onchange: () => bound.set(input.value) },
      ...options.map(({ value, title }) => h("option", { value }, title)),
    );
    return this.#keep(
      bound,
      input,
      () => String(bound.get() ?? ""),
      (text) => {
        input.value = text;
      },
    );
  }

  /** @param {Bound} bound */
  flag(bound) {
    const input = h("input", { type: "checkbox", onchange: () => bound.set(input.checked) });
    return this.#keep(
      bound,
      input,
      () => String(Boolean(bound.get())),
      (text) => {
        input.checked = text === "true";
      },
    );
  }

  /** A number of the catalogue that one turns rather than types, with its label. @param {Field} field @param {Bound} bound */
  dial(field, bound) {
    const min = field.min ?? 0;
    const max = field.max ?? 1;
    return pair(
      field.label,
      this.slider({ ...bound, get: () => bound.get() ?? field.default }, steps(min, max, (max - min) / 100)),
    );
  }

  /** The control that suits a field of the catalogue, with its label. @param {Field} field @param {Bound} bound */
  field(field, bound) {
    const whole = { ...bound, get: () => bound.get() ?? field.default };
    if (field.type === "flag") return check(this.flag(whole), field.label);
    if (field.type === "choice")
      return pair(
        field.label,
        this.choice(
          whole,
          (field.options ?? []).map((value) => ({ value, title: value })),
        ),
      );
    return pair(field.label, this.number(bound, field));
  }

  /**
   * @template {HTMLElement} E
   * @param {Bound} bound @param {E} input @param {() => string} read @param {(text: string) => void} write
   * @returns {E}
   */
  #keep(bound, input, read, write) {
    made += 1;
    input.id ||= `c${made}`;
    input.setAttribute("aria-label", bound.label);
    input.dataset.path = bound.path;
    if (bound.lane !== undefined) input.dataset.lane = String(bound.lane);
    /** @type {string | null} */
    let shown = null;
    const sync = () => {
      const text = read();
      if (text === shown) return;
      shown = text;
      write(text);
    };
    // What was typed and refused is the state's own draft; what is still being typed must not be overwritten.
    input.addEventListener("input", () => {
      shown = null;
    });
    const calm = () => {
      if (document.activeElement !== input || shown !== null) sync();
    };
    input.addEventListener("blur", sync);
    this.#controls.push({ bound, input, sync: calm });
    sync();
    return input;
  }
}

/** Whether a fault is about this control: at its path, or below it. @param {Fault} fault @param {Bound} bound */
function concerns(fault, { path, lane }) {
  if (lane !== undefined && fault.lane !== null && fault.lane !== lane) return false;
  return fault.path === path || fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`);
}

/** Arrow keys change a number by a twentieth of its decade. @param {KeyboardEvent} event @param {HTMLInputElement} input @param {Field} [field] */
function nudge(event, input, field) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const v = readNumber(input.value);
  if (typeof v !== "number") return;
  event.preventDefault();
  const whole = field?.type === "integer" || field === undefined;
  const step = whole ? 1 : 10 ** Math.floor(Math.log10(Math.abs(v) || 0.1)) / 2;
  const next = v + (event.key === "ArrowUp" ? step : -step);
  input.value = exact(whole ? Math.round(next) : Number(next.toPrecision(6)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** `[0, 1)`, as the engine writes it. @param {Field} field */
function rangeOf({ min, max, min_included = true, max_included = true }) {
  if (min == null && max == null) return "";
  const low = min == null ? "(−∞" : `${min_included ? "[" : "("}${exact(min)}`;
  const high = max == null ? "∞)" : `${exact(max)}${max_included ? "]" : ")"}`;
  return `${low}, ${high}`;
}

/** @param {number} min @param {number} max @param {number} step */
export function steps(min, max, step) {
  return Array.from({ length: Math.round((max - min) / step) + 1 }, (_, i) => Number((min + i * step).toFixed(6)));
}

/** A label and its control. @param {string} label @param {HTMLElement} control */
export function pair(label, control) {
  const input = control.id ? control : control.querySelector("input, select, textarea");
  return h("div", { class: "pair" }, h("label", { for: input?.id ?? null }, label), control);
}

/** A checkbox and its label. @param {HTMLElement} input @param {string} label */
export function check(input, label) {
  return h("label", { class: "check" }, input, h("span", {}, label));
}

/** Radio buttons that look like one switch. @param {string} name @param {string} label @param {Option[]} options @param {string} value @param {(value: string) => void} set */
export function segments(name, label, options, value, set) {
  const items = options.map((option) =>
    h(
      "label",
      {},
      h("input", {
        type: "radio",
        name,
        value: option.value,
        checked: option.value === value,
        onchange: () => set(option.value),
      }),
      h("span", {}, option.title),
    ),
  );
  return h("div", { class: "seg wide", role: "radiogroup", "aria-label": label }, ...items);
}

/** A button with a picture. @param {string} name of the icon @param {string} label @param {() => void} onclick @param {Record<string, unknown>} [props] */
export function iconButton(name, label, onclick, props = {}) {
  return h(
    "button",
    { class: "btn square", type: "button", "aria-label": label, title: label, onclick, ...props },
    icon(name),
  );
}
