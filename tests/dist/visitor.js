/**
 * What a visitor does, done within a document: the same in a page and in a frame, in any browser.
 *
 * `hire(frame)` brings the visitor in. Each of its acts waits for what the page then shows, and throws what it waited for
 * in vain.
 */

/** @typedef {import("puppeteer-core").Frame} Frame */
/** @typedef {{ first: number[], last: number[], ends: string[] }} Race losses after one step and at the end, and how each lane ended */

/** @param {Frame} frame */
export async function hire(frame) {
  await frame.evaluate(install);
  return {
    opened: () => frame.evaluate(() => /** @type {any} */ (window).visitor.opened()),
    /** @returns {Promise<Race>} */
    race: () => frame.evaluate(() => /** @type {any} */ (window).visitor.race()),
    /** @param {string} set */
    trainOn: (set) => frame.evaluate((name) => /** @type {any} */ (window).visitor.trainOn(name), set),
    /** @returns {Promise<string>} what is said of a search of two trials */
    search: () => frame.evaluate(() => /** @type {any} */ (window).visitor.search()),
    recipe: () => frame.evaluate(() => /** @type {any} */ (window).visitor.recipe()),
    run: () => frame.evaluate(() => /** @type {any} */ (window).visitor.run()),
  };
}

/** Runs in the document, so it knows nothing of this module. */
function install() {
  const LONG = 60_000;
  const ENDED = /budget spent|converged|stopped|diverged/;

  /** @param {string} what @param {() => unknown} holds */
  async function until(what, holds) {
    const began = performance.now();
    while (!holds()) {
      if (performance.now() - began > LONG) throw new Error(`waited in vain: ${what}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }
  /** @param {string} selector @returns {any} */
  const one = (selector) => document.querySelector(selector);
  /** @param {string} selector @returns {any[]} */
  const all = (selector) => [...document.querySelectorAll(selector)];
  const texts = (/** @type {string} */ selector) => all(selector).map((element) => element.textContent ?? "");
  const losses = () =>
    texts('#lanes td[data-label="loss"]').map((text) => Number(text.replace("−", "-").replace(/\s/g, "")));
  const settled = () =>
    until("the engine", () => one("#run")?.disabled === false && one("#figure").getAttribute("aria-busy") === "false");

  /** @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} field @param {string} value */
  function enter(field, value) {
    field.value = value;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
  /** @param {string} name */
  function tab(name) {
    const button = all("#tabs button").find((element) => element.textContent === name);
    button.click();
  }

  const visitor = {
    async opened() {
      await settled();
      await until("a picture", () => all("#picture canvas").some(({ width }) => width > 100));
    },
    async race() {
      await settled();
      all("#transport button")
        .find((button) => button.textContent === "Step")
        .click();
      await until("one step", () => /^1\b/.test(one("#c-k").textContent));
      await until("a loss", () => losses().every((loss) => loss !== 0));
      const first = losses();
      enter(one("#speed"), one("#speed").max);
      one("#run").click();
      const ends = () => texts("#lanes .pill");
      await until("the end of all lanes", () => ends().length > 0 && ends().every((text) => ENDED.test(text)));
      await until("a stop", () => one("#run").textContent === "Run");
      return { first, last: losses(), ends: ends() };
    },
    /** @param {string} set */
    async trainOn(set) {
      one('#rail input[name="kind"][value="network"]').click();
      const choice = () =>
        all("#rail option").find((option) => option.textContent === set || option.textContent?.startsWith(`${set} `));
      await until(`the data set ${set}`, choice);
      const option = choice();
      enter(option.closest("select"), option.value);
      await until("the lanes of the data set", () => one("#c-k").textContent === "0");
      await settled();
    },
    async search() {
      tab("Tune");
      const axes = () => all("#tune .axis textarea");
      await until("two axes", () => axes().length === 2);
      const said = () => one("#tune .done > span")?.textContent ?? "";
      /** @param {number} axis @param {string} values @param {RegExp} much */
      const fill = async (axis, values, much) => {
        const before = said();
        enter(axes()[axis], values);
        await until(`${values} for axis ${axis + 1}`, () => said() !== before && much.test(said()));
      };
      await fill(1, "0", /^\d+ trials to run$/);
      await fill(0, "0.01 0.1", /^2 trials to run$/);
      one("#tune .transport .primary").click();
      await until("the end of the search", () => /trials done in/.test(said()));
      return said();
    },
    async recipe() {
      tab("Recipe");
      await until("the recipe", () => one("#recipe .transport .primary")?.disabled === false);
    },
    async run() {
      tab("Run");
      await until("the equation", () => one("#equation math"));
    },
  };
  Object.assign(window, { visitor });
}
