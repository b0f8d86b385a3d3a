/**
 * A plugin of reveal.js for decks with figures of Descent: fragments step them.
 *
 *     <li class="fragment" data-figure='{"cmd": "step", "n": 10}'>Ten steps</li>
 *
 * When the fragment is shown, the figure of its slide does what the command says; when it is hidden again, the figure goes
 * back to where it was before, bit for bit. reveal.js itself tells a figure when its slide is shown and left.
 */

import { Remote } from "../remote.js";

/** @typedef {{ remote: Remote, before: any[], queue: Promise<void>, fresh: boolean }} Figure `before`: how it stood before each command that it has followed */

const FRAGMENTS = ".fragment[data-figure]";

export const figures = {
  id: "descent-figures",

  /** @param {any} deck */
  init(deck) {
    /** @type {Map<HTMLIFrameElement, Figure>} */
    const known = new Map();

    for (const frame of deck.getSlidesElement().querySelectorAll("iframe")) {
      const slide = frame.closest("section");
      frame.addEventListener("load", () => {
        if (!frame.getAttribute("src")) return;
        // reveal.js says it to a frame that has not loaded yet; and slides that do not move aside when they go are on the
        // screen, for all that a figure can see.
        const shown = slide?.classList.contains("present");
        frame.contentWindow?.postMessage(shown ? "slide:start" : "slide:stop", "*");
        known.get(frame)?.remote.close();
        const remote = new Remote(frame);
        remote.open();
        known.set(frame, { remote, before: [], queue: Promise.resolve(), fresh: true });
        follow(frame);
      });
    }
    for (const event of ["fragmentshown", "fragmenthidden", "slidechanged"])
      deck.on(event, () => {
        for (const frame of deck.getCurrentSlide()?.querySelectorAll("iframe") ?? []) follow(frame);
      });

    // The overview shows ten slides to each side; so many figures at once would be too much for some machines.
    deck.on("overviewshown", () => {
      for (const frame of deck.getSlidesElement().querySelectorAll("iframe[data-preload]")) {
        frame.toggleAttribute("data-preload", false);
        frame.toggleAttribute("data-preloads", true);
        const src = frame.getAttribute("src");
        if (!src || frame.closest("section.present")) continue;
        frame.setAttribute("data-src", src);
        frame.removeAttribute("src");
      }
    });
    deck.on("overviewhidden", () => {
      for (const frame of deck.getSlidesElement().querySelectorAll("iframe[data-preloads]")) {
        frame.toggleAttribute("data-preload", true);
        frame.toggleAttribute("data-preloads", false);
      }
    });

    /** Brings a figure to where the fragments of its slide are, one command after the other. @param {HTMLIFrameElement} frame */
    function follow(frame) {
      const figure = known.get(frame);
      const slide = frame.closest("section");
      if (!figure || !slide?.querySelector(FRAGMENTS)) return;
      figure.queue = figure.queue.then(() => bring(figure, slide)).catch((error) => tell(slide, error));
    }
  },
};

/** @param {Figure} figure @param {Element} slide */
async function bring(figure, slide) {
  const { remote, before } = figure;
  const fragments = [...slide.querySelectorAll(FRAGMENTS)];
  const shown = () => fragments.filter((fragment) => fragment.classList.contains("visible")).length;
  while (before.length !== shown()) {
    if (before.length > shown()) {
      await remote.ask("init", { snapshot: before.pop() });
      continue;
    }
    const { cmd, ...fields } = JSON.parse(fragments[before.length]?.getAttribute("data-figure") ?? "{}");
    const { snapshot } = await remote.ask("snapshot");
    before.push(snapshot);
    await remote.ask(cmd, fields);
  }
}

/** Whoever writes the deck sees what a figure refuses. @param {Element} slide @param {Error} error */
function tell(slide, error) {
  const text = slide.querySelector(".figure-error") ?? document.createElement("p");
  text.className = "figure-error";
  text.textContent = error.message;
  slide.querySelector(".words")?.append(text);
}
