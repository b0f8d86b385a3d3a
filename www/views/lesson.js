/**
 * A lesson of the lecture beside the run that it is about: what to look for, steps that set the controls, and a question
 * whose answer is read from the run.
 *
 * It stands at the top of the rail of whatever page is shown. Where there is no rail, in an embedded figure and in
 * the projector's theme, it is a strip below the transport.
 */

import { iconButton } from "../controls.js";
import { byId, h, icon, setText } from "../dom.js";
import { atMostEvery } from "../draw.js";
import { equations } from "../generated/lessons.js";
import { busy } from "../keys.js";
import { holds, isSet, judge, over, withSet } from "../lesson_check.js";
import { LESSONS } from "../lessons/index.js";
import { baseState } from "../presets.js";
import { decode } from "../state.js";
import { mathOf } from "./equation.js";
import { L } from "./lesson_texts.js";
import { loadStyle } from "./page.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../app.js").View} View */
/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Tab} Tab */
/** @typedef {import("../lessons/lesson.js").Lesson} Lesson */
/** @typedef {{ element: HTMLElement, button: HTMLButtonElement, said: HTMLElement, wanted: State }} StepView */

/** Where it is kept which lessons are done. */
const KEPT = "descent.lessons";
/** What is found is looked at so often, times a second. */
const RATE = 5;
/** How often it is asked whether a page is loaded, ms. */
const LOOK_MS = 30;
/** How often the pages Tune and Recipe are looked at, which say nothing when they have found something, ms. */
const WATCH_MS = 250;
/** In another page it is a strip, unless that page hides it. */
const QUERY = new URLSearchParams(location.search);
const EMBEDDED = QUERY.get("embed") === "1";
const HIDDEN = (QUERY.get("hide") ?? "").split(",").some((name) => name.trim() === "lesson");
/** From this width on the projector's theme has no rail. */
const HALL = "(min-width: 900px)";
/** Below this width the panel stands above the figure, and unfolds. */
const NARROW = "(max-width: 1239px)";

/** A link that names a lesson and nothing that makes a run stands for the lesson's state. @param {string} hash @returns {string} */
export function linkOf(hash) {
  const parts = hash.replace(/^#/, "").split("&").filter(Boolean);
  const own = parts.find((part) => part.startsWith("lesson="));
  const asked = takeQuery();
  const id = own === undefined ? asked : decoded(own.slice("lesson=".length));
  if (id === "") return hash;
  const lesson = LESSONS.find((known) => known.id === id);
  if (!lesson)
    throw {
      path: "lesson",
      message: L.unknown(
        id,
        LESSONS.map((known) => known.id),
      ),
      lane: null,
    };
  const others = parts.filter((part) => part !== own);
  const looks = others.every((part) => /^(theme|run|speed)=/.test(part));
  return [...(looks ? [lesson.state] : []), ...others, `lesson=${id}`].filter(Boolean).join("&");
}

/** A part of a link; what cannot be read stays as it is. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let taken = false;
/** The lesson that the address asks for before its hash; from then on it stands in the hash. */
function takeQuery() {
  const query = new URLSearchParams(location.search);
  const id = taken ? "" : (query.get("lesson") ?? "");
  taken = true;
  if (!query.has("lesson")) return id;
  query.delete("lesson");
  const rest = query.toString();
  try {
    history.replaceState(null, "", `${location.pathname}${rest && `?${rest}`}${location.hash}`);
  } catch {
    // A frame without an address of its own keeps it; it is asked once only.
  }
  return id;
}

/** @param {App} app @param {(tab: Tab) => import("./tabs.js").Page | null} pageOf */
export function createLessons(app, pageOf) {
  const styled = loadStyle("lesson");
  const done = new Done();
  const chooser = createChooser(done, (id) => go(id), close);
  const place = h("button", {
    class: "btn edge",
    type: "button",
    title: L.placeTitle,
    "aria-haspopup": "dialog",
    onclick: () => chooser.open(place, app.state.lesson),
  });
  const title = h("h2", { id: "lesson-title", tabindex: "-1" });
  const sentence = h("p", { class: "look" });
  const math = h("div", { class: "lesson-math", role: "group", tabindex: "0", "aria-label": L.equation });
  const steps = h("ol", { class: "tries" });
  const hand = h("p", { class: "hint" });
  const ask = h("p");
  const check = h("button", { class: "btn primary", type: "button", onclick: () => press() }, L.check);
  const answer = h("button", { class: "btn edge", type: "button", onclick: () => showAnswer() }, L.answer);
  const said = h("p", { class: "lesson-said", role: "status" });
  const wanted = h("ul", { class: "wanted" });
  const because = h("p", { class: "because", hidden: true });
  const more = h(
    "button",
    {
      class: "lesson-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": "lesson-body",
      onclick: () => unfold(more.getAttribute("aria-expanded") !== "true"),
    },
    h("span", {}, L.more),
    icon("chev", "chev"),
  );
  const body = h(
    "div",
    { class: "lesson-body", id: "lesson-body" },
    h("div", {}, math, h("h3", {}, L.nowTry), steps, hand),
    h("div", {}, h("h3", {}, L.question), ask, h("div", { class: "answers" }, check, answer), said, wanted, because),
  );
  const element = h(
    "section",
    { class: "lesson", id: "lesson", "aria-labelledby": "lesson-title" },
    h(
      "div",
      { class: "lesson-head" },
      place,
      iconButton("previous", L.previousTitle, () => turn(-1), { id: "lesson-previous" }),
      iconButton("next", L.nextTitle, () => turn(1), { id: "lesson-next" }),
      iconButton("reset", L.again, () => prepare(true)),
      h("span", { class: "spring" }),
      iconButton("x", L.close, close),
    ),
    title,
    sentence,
    more,
    body,
  );

  /** @type {View | null} */
  let view = null;
  /** @type {Lesson | null} */
  let lesson = null;
  /** @type {StepView[]} */
  let views = [];
  /** @type {State} */
  let prepared = app.state;
  /** How many changes of what runs are under way: what was found before says nothing then. */
  let changing = 0;
  /** Whether the visitor has asked what is missing. */
  let asked = false;
  /** What was said last to be missing; null: nothing was said. @type {string | null} */
  let announced = null;
  let watching = 0;

  addEventListener("keydown", (event) => {
    // A slide turns by these keys.
    if (!lesson || EMBEDDED || event.ctrlKey || event.metaKey || event.altKey || busy(event)) return;
    if (event.key === "n") turn(1);
    else if (event.key === "p") turn(-1);
  });

  /** @param {number} by */
  function turn(by) {
    const next = lesson && LESSONS[LESSONS.indexOf(lesson) + by];
    if (next) go(next.id);
  }

  /** @param {string} id */
  async function go(id) {
    await styled;
    show(id);
    await prepare(false);
    title.focus({ preventScroll: !matchMedia(NARROW).matches });
  }

  function close() {
    app.look({ lesson: "" });
    byId("lecture").focus();
  }

  /** The lesson's own state; a theme that the visitor has chosen stays. @param {boolean} calm whether the speed stays too */
  async function prepare(calm) {
    await take(prepared, "", calm);
  }

  /** Makes a state run, from its beginning. @param {State} state @param {"" | "run" | "begin"} then @param {boolean} [calm] */
  async function take(state, then, calm = true) {
    const { theme, speed, opened } = app.state;
    changing += 1;
    announced = null;
    const wanted = structuredClone({ ...state, theme, lesson: lesson?.id ?? "", ...(calm ? { speed } : {}) });
    // Who has looked at the test set of these data has looked at it.
    wanted.opened = Math.max(wanted.opened, calm ? opened : 0);
    try {
      await app.open(wanted, then === "run" && wanted.tab === "run");
      if (then !== "" && wanted.tab !== "run") await begin(wanted.tab);
    } finally {
      changing -= 1;
      look();
    }
  }

  /** Runs what a page is set to. @param {Exclude<Tab, "run">} tab */
  async function begin(tab) {
    let page = pageOf(tab);
    while (!page) {
      await new Promise((loaded) => setTimeout(loaded, LOOK_MS));
      page = pageOf(tab);
    }
    if (app.view) await page.start(app.view);
  }

  /** @param {number} i */
  async function step(i) {
    const one = views[i];
    if (!one) return;
    delete one.element.dataset.met;
    one.said.replaceChildren();
    unfoldFigure();
    await take(one.wanted, "run");
  }

  async function showAnswer() {
    if (!lesson) return;
    because.hidden = false;
    asked = true;
    unfoldFigure();
    await take(withSet(prepared, lesson.question.answer.set, baseState), "run");
  }

  /** Says whether the question is answered, and what is missing. */
  function press() {
    asked = true;
    announced = null;
    look();
  }

  function facts() {
    const found = (/** @type {Tab} */ tab) => pageOf(tab)?.found() ?? {};
    return (
      view && {
        state: view.good,
        record: view.record,
        catalog: view.catalog,
        pages: { tune: found("tune"), recipe: found("recipe") },
      }
    );
  }

  /** Whether there is a run or a search, and it has ended. @param {View} of */
  function ended({ state, record, playing }) {
    if (state.tab !== "run") return pageOf(state.tab)?.found().status === "done";
    return !playing && record !== null && record.lanes.length > 0 && record.lanes.every(over);
  }

  const look = atMostEvery(1000 / RATE, () => {
    const known = facts();
    if (!lesson || !view || !known || changing > 0) return;
    if (ended(view)) tick(lesson, known);
    const judged = judge(lesson.question.check, known);
    const met = judged.every((one) => one.met);
    element.dataset.met = String(met);
    if (met && !view.playing) {
      done.add(lesson.id);
      because.hidden = false;
      element.dataset.done = "true";
    }
    list(judged, asked || met);
    if (!view.playing && (asked || met)) tell(judged.filter((one) => !one.met));
  });

  /** Ticks the steps that are set, and have done what they foretold. @param {Lesson} of @param {import("../lesson_check.js").Facts} known */
  function tick({ steps: all }, known) {
    for (const [i, { element: item, said: text, wanted: state }] of views.entries()) {
      const one = all[i];
      if (!one || item.dataset.met || !isSet(known.state, state, one.set) || !holds(one.expect, known)) continue;
      item.dataset.met = "true";
      text.replaceChildren(h("span", { class: "vh" }, L.step(i + 1)), L.happened);
    }
  }

  /** What is asked for, with what was found. @param {import("../lesson_check.js").Judged[]} judged @param {boolean} shown */
  function list(judged, shown) {
    wanted.hidden = !shown;
    const text = JSON.stringify(judged);
    if (!shown || wanted.dataset.said === text) return;
    wanted.dataset.said = text;
    wanted.replaceChildren(
      ...judged.map(({ met, said: what }) =>
        h("li", { "data-met": String(met) }, icon(met ? "check" : "run"), h("span", {}, what)),
      ),
    );
  }

  /** What is missing stands in the list; who listens hears it at once. @param {import("../lesson_check.js").Judged[]} missing */
  function tell(missing) {
    const now = missing.map(({ said: what }) => what).join(". ");
    if (announced === now) return;
    announced = now;
    const none = missing.length === 0;
    said.replaceChildren(
      none ? L.passed : `${L.missing(missing.length)} `,
      none ? "" : h("span", { class: "vh" }, now),
    );
  }

  /** Fills the panel. @param {string} id */
  function show(id) {
    const next = LESSONS.find((known) => known.id === id) ?? null;
    if (!next || next === lesson) return;
    lesson = next;
    prepared = decode(next.state, baseState).state;
    const at = LESSONS.indexOf(next);
    element.dataset.lesson = id;
    delete element.dataset.met;
    element.dataset.done = String(done.has(id));
    asked = false;
    announced = null;
    setText(place, L.place(at + 1, LESSONS.length));
    setText(title, next.title);
    setText(sentence, next.look);
    /** @type {HTMLButtonElement} */ (element.querySelector("#lesson-previous")).disabled = at === 0;
    /** @type {HTMLButtonElement} */ (element.querySelector("#lesson-next")).disabled = at === LESSONS.length - 1;
    math.replaceChildren(...(equations[id] ?? []).map(mathOf));
    views = next.steps.map((one, i) => stepView(one, i));
    steps.replaceChildren(...views.map((one) => one.element));
    setText(hand, prepared.tab === "run" ? L.byHand : L.byHandPage);
    setText(ask, next.question.ask);
    setText(said, "");
    setText(because, next.question.answer.because);
    because.hidden = true;
    wanted.replaceChildren();
    delete wanted.dataset.said;
    wanted.hidden = true;
  }

  /** @param {import("../lessons/lesson.js").Step} one @param {number} i @returns {StepView} */
  function stepView(one, i) {
    const button = h(
      "button",
      {
        class: "btn edge",
        type: "button",
        "aria-label": L.stepOf(i + 1, one.try),
        onclick: () => step(i),
      },
      icon("play", "fill"),
      h("span", { class: "short" }, L.setRun),
      h("span", { class: "long" }, one.try),
    );
    const text = h("span", { role: "status" });
    const item = h(
      "li",
      {},
      h("p", { class: "try" }, one.try),
      h("p", { class: "then" }, one.happens, " ", icon("check"), text),
      button,
    );
    return { element: item, button, said: text, wanted: withSet(prepared, one.set, baseState) };
  }

  /** @param {boolean} open */
  function unfold(open) {
    more.setAttribute("aria-expanded", String(open));
  }

  /** Where the panel stands above the figure, what was set is seen once the steps are out of the way. */
  function unfoldFigure() {
    if (!matchMedia(NARROW).matches) return;
    unfold(false);
    document.querySelector(`.app[data-tab="${app.state.tab}"] .fig`)?.scrollIntoView({ block: "start" });
  }

  /** @param {boolean} on */
  function watch(on) {
    if (on === watching > 0) return;
    clearInterval(watching);
    watching = on ? window.setInterval(look, WATCH_MS) : 0;
  }

  /** Puts the panel where the shown page has its settings, or below its picture. @param {State} of */
  function settle({ tab, theme }) {
    const hall = tab === "run" && theme === "projector" && matchMedia(HALL).matches;
    const strip = EMBEDDED || hall;
    element.classList.toggle("strip", strip);
    element.classList.toggle("hall", strip && !EMBEDDED);
    const part = strip ? ".fig" : ".rail";
    const home = document.querySelector(tab === "run" ? `.app > ${part}` : `#${tab} > ${part}`);
    if (!home || element.parentElement === home) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    if (strip) home.append(element);
    else home.prepend(element);
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }

  return {
    /** The list of all lessons, beside the button that asked for it. @param {HTMLElement} button */
    async list(button) {
      await styled;
      chooser.open(button, app.state.lesson);
    },
    /** @param {View} next */
    async render(next) {
      view = next;
      const id = next.state.lesson;
      watch(id !== "" && next.state.tab !== "run");
      if (id === "") {
        lesson = null;
        element.remove();
        return;
      }
      await styled;
      if (view !== next || (EMBEDDED && HIDDEN)) return;
      show(id);
      settle(next.state);
      look();
    },
  };
}

/** The list of lessons, with those that are done. @param {Done} done @param {(id: string) => void} choose @param {() => void} close */
function createChooser(done, choose, close) {
  const note = h("p");
  const list = h("ol", { class: "lessons" });
  const leave = h(
    "button",
    {
      class: "btn edge",
      type: "button",
      onclick() {
        panel.hidePopover();
        close();
      },
    },
    L.close,
  );
  const panel = h(
    "div",
    { class: "popover chooser", popover: "auto", role: "dialog", "aria-labelledby": "chooser-title", id: "chooser" },
    h(
      "div",
      { class: "panel-head" },
      h("h2", { id: "chooser-title" }, L.list),
      iconButton("x", L.closeList, () => panel.hidePopover()),
    ),
    h("div", { class: "content" }, note, list, leave),
  );
  document.body.append(panel);
  /** @type {HTMLElement | null} */
  let anchor = null;
  panel.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed" && panel.contains(document.activeElement))
      anchor?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    buttons[buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + by]?.focus();
  });
  return {
    /** @param {HTMLElement} beside @param {string} now */
    open(beside, now) {
      anchor = beside;
      setText(note, L.listNote(LESSONS.filter(({ id }) => done.has(id)).length, LESSONS.length));
      leave.hidden = now === "";
      list.replaceChildren(
        ...LESSONS.map(({ id, title }) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                class: "btn",
                type: "button",
                "aria-current": id === now ? "true" : null,
                onclick() {
                  panel.hidePopover();
                  choose(id);
                },
              },
              h("span", {}, title),
              done.has(id) ? h("span", { class: "done" }, icon("check"), L.doneMark) : null,
            ),
          ),
        ),
      );
      panel.showPopover();
      const button = beside.getBoundingClientRect();
      panel.style.left = `${Math.max(8, Math.min(button.left, innerWidth - panel.offsetWidth - 8))}px`;
      panel.style.top = `${Math.max(8, Math.min(button.bottom + 6, innerHeight - panel.offsetHeight - 8))}px`;
      const current = list.querySelector("[aria-current]") ?? list.querySelector("button");
      /** @type {HTMLElement | null} */ (current)?.focus();
    },
  };
}

/** The lessons that are done: kept in this browser, or as long as the page where that is refused. */
class Done {
  /** @type {Set<string>} */
  #ids;

  constructor() {
    /** @type {unknown} */
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    } catch {
      // Refused, or not what was written: nothing is done yet.
    }
    this.#ids = new Set(Array.isArray(kept) ? kept.map(String) : []);
  }

  /** @param {string} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** @param {string} id */
  add(id) {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    try {
      localStorage.setItem(KEPT, JSON.stringify([...this.#ids]));
    } catch {
      // Refused: it is kept as long as the page.
    }
  }
}
