/**
 * What a lesson is made of. docs/lessons.md says how to write one; `scripts/lessons.js` checks each when the page is built.
 *
 * @typedef {object} Step
 * @property {string} try what to do
 * @property {string} set what the button sets: keys of a link, on top of the lesson's state
 * @property {string} happens what will happen
 * @property {import("../lesson_check.js").Condition[]} expect the same, to be checked
 */
/**
 * @typedef {object} Lesson
 * @property {string} id the name of its file
 * @property {string} title
 * @property {string} section of the lecture that it belongs to
 * @property {string} look one sentence: what to look for
 * @property {string[]} equation lines of LaTeX
 * @property {string} state the prepared state: the part of a link after the `#`
 * @property {Step[]} steps two or three
 * @property {{ ask: string, check: import("../lesson_check.js").Condition[], answer: { set: string, because: string } }} question
 *   with a check that reads the run, and one answer
 */

export {};
