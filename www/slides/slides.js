/** The lecture as slides: reveal.js, equations made at build time, and figures that its fragments step. */

import Reveal from "../generated/reveal/reveal.mjs";
import { equations } from "../generated/slide_equations.js";
import { figures } from "./figures.js";

/** Beyond so many characters of LaTeX an equation is set smaller. */
const LONG = 75;

for (const element of document.querySelectorAll("[data-tex]")) {
  const latex = element.getAttribute("data-tex") ?? "";
  element.innerHTML = equations[latex] ?? "";
  element.classList.toggle("long", latex.length > LONG);
}

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
/** @type {any} */
const Deck = Reveal;
const deck = new Deck({
  width: 1280,
  height: 720,
  margin: 0.04,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: still ? "none" : "slide",
  transitionSpeed: "fast",
  // The figure of the next slide is ready when it comes; those further away are let go.
  viewDistance: 2,
  mobileViewDistance: 2,
  plugins: [figures],
});
deck.initialize();
