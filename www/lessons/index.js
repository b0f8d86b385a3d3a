/** The lessons in the order of the lecture. A new one is a file beside this one and a line here. */

import adam from "./adam.js";
import gradientDescent from "./gradient_descent.js";
import momentum from "./momentum.js";

/** @type {readonly import("./lesson.js").Lesson[]} */
export const LESSONS = [gradientDescent, momentum, adam];
