/**
 * The page as a visitor handles it: by its controls and by what it says.
 *
 * Besides, `heard` keeps what the worker told the page, number by number: that two runs are the same bit for bit cannot
 * be read from three digits.
 */

import { test as base, expect } from "@playwright/test";

export { expect };

/** What ends a lane, as its pill says it. */
const ENDED = /budget spent|converged|diverged|stopped|broke down/;
const RUN_OUT_MS = 45_000;

/**
 * What the worker said of one run: the losses of each lane, how far each has come, and the last parameters of the
 * selected one.
 * @typedef {{ losses: number[][], iterations: number[], parameters: number[] }} Heard
 */

export class Playground {
  /** What went wrong in the page. @type {string[]} */
  errors = [];

  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.page = page;
    this.run = page.locator("#run");
    this.rows = page.locator("#lanes tbody tr");
    this.pills = page.locator("#lanes .pill");
    this.alert = page.locator("#over .error");
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
    page.on("requestfailed", (request) => this.errors.push(`${request.url()} failed`));
  }

  /** Opens the page, and waits until there is a run. @param {string} [hash] */
  async open(hash = "") {
    await this.page.addInitScript(listen);
    await this.page.goto(`/${hash && `#${hash}`}`);
    await expect(this.run).toBeEnabled();
  }

  /** Follows another link in the page that is open, and waits until it is followed or refused. @param {string} hash */
  async follow(hash) {
    await this.page.evaluate(
      (to) =>
        new Promise((followed) => {
          addEventListener("hashchange", followed, { once: true });
          if (location.hash.slice(1) === to) followed(undefined);
          location.hash = to;
        }),
      hash,
    );
    await this.settled();
  }

  /** The field with this name. @param {string} name */
  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  /** The field of a config path, of the lane at a position where there is one in each. @param {string} path @param {number} [lane] */
  at(path, lane) {
    return this.page.locator(`[data-path="${path}"]${lane === undefined ? "" : `[data-lane="${lane}"]`}`);
  }

  /** Types into a field, takes it over, and waits until the engine has answered. @param {import("@playwright/test").Locator} field @param {string | number} text */
  async type(field, text) {
    await field.fill(String(text));
    await field.press("Enter");
    await this.settled();
  }

  /** Waits until what is wanted is made and drawn, and the worker has answered all that it was asked. */
  async settled() {
    await this.page.waitForFunction(
      () =>
        /** @type {any} */ (window).descentHeard.asked === 0 &&
        document.querySelector("#figure")?.getAttribute("aria-busy") === "false",
    );
    // The answer is drawn in the next frame, and that frame is over when another begins.
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }

  /** As fast as it goes. */
  async fullSpeed() {
    await this.field("Speed, iterations per second").press("End");
  }

  /** Runs at full speed until each lane has ended; from the start, if each had. */
  async runOut() {
    await this.fullSpeed();
    const former = (await this.allEnded()) ? await this.runNumber() : -1;
    await this.run.click();
    if (former >= 0) await expect.poll(() => this.runNumber()).toBeGreaterThan(former);
    await this.ended();
  }

  /** Waits until every lane has ended. */
  async ended() {
    await expect.poll(() => this.allEnded(), { timeout: RUN_OUT_MS, intervals: [50] }).toBe(true);
    await expect(this.run).toHaveText("Run");
  }

  async allEnded() {
    const texts = await this.pills.allTextContents();
    return texts.length > 0 && texts.every((text) => ENDED.test(text));
  }

  /** How far the furthest lane is, as the page says. */
  async iteration() {
    return Number((await this.page.locator("#c-k").innerText()).replace(/\s/g, ""));
  }

  /** What a lane's row says under a heading; the minus of print as a number's. @param {number} lane @param {string} label */
  async says(lane, label) {
    const cell = this.rows.nth(lane).locator(`td[data-label="${label}"]`);
    return (await cell.innerText()).replace("−", "-").replace(/\s/g, "");
  }

  async runNumber() {
    return this.page.evaluate(() => /** @type {any} */ (window).descentHeard.last);
  }

  /** What the worker said of the last run. @returns {Promise<Heard>} */
  async heard() {
    return this.page.evaluate(() => {
      const { runs, last } = /** @type {any} */ (window).descentHeard;
      return runs[last];
    });
  }
}

/** Runs in the page before its scripts: keeps what workers say, and counts what they still have to answer. */
function listen() {
  /** @type {{ runs: Record<number, Heard>, last: number, asked: number }} */
  const heard = { runs: {}, last: 0, asked: 0 };
  Object.assign(window, { descentHeard: heard });
  /** @param {any} frame */
  const keep = (frame) => {
    heard.last = frame.run;
    heard.runs[frame.run] ??= { losses: [], iterations: [], parameters: [] };
    const run = /** @type {Heard} */ (heard.runs[frame.run]);
    for (const [i, lane] of frame.lanes.entries()) {
      const { from, columns } = lane.history;
      run.losses[i] ??= [];
      run.losses[i].splice(from, Number.POSITIVE_INFINITY, ...columns.loss);
      run.iterations[i] = lane.iteration;
      if (lane.picture?.parameters) run.parameters = [...lane.picture.parameters];
    }
  };
  window.Worker = class extends Worker {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener("message", ({ data }) => {
        if (data.type === "frame") keep(data);
        if ("id" in data) heard.asked -= 1;
      });
    }

    /** @override @param {any} message @param {any} [rest] */
    postMessage(message, rest) {
      if ("id" in message) heard.asked += 1;
      super.postMessage(message, rest);
    }
  };
}

/** @type {import("@playwright/test").Fixtures<{ playground: Playground }, {}, import("@playwright/test").PlaywrightTestArgs>} */
const fixtures = {
  playground: async ({ page }, use) => {
    const playground = new Playground(page);
    await use(playground);
    expect(playground.errors, "errors of the page").toEqual([]);
  },
};

/** A test of the page; whatever goes wrong in the page fails it. */
export const test = base.extend(fixtures);
