/** The page as a figure in another page: what it shows, when it runs, whom it answers, and the element around it. */

import { expect, test } from "./playground.js";

const SURFACE = { problem: { kind: "surface", name: "booth" }, optimizer: { name: "momentum", lr: 0.005 } };

/** A page with a frame of ours, and with `ask(cmd, fields)`. @param {string} query @param {string} [hash] */
const host = (query, hash = "") => `<!doctype html><html lang="en"><title>Host</title><body style="background: #ffe">
<div style="height: var(--above, 0px)"></div>
<iframe id="f" title="Figure" src="/?embed=1${query}${hash && `#${hash}`}" style="width: 800px; height: 450px; border: 0"></iframe>
<script>
  let asked = 0;
  window.heard = [];
  window.unasked = [];
  addEventListener("message", ({ data, source }) => {
    if (source !== document.querySelector("#f").contentWindow) return;
    (data?.id === undefined ? unasked : heard).push(data);
  });
  window.say = (body) => document.querySelector("#f").contentWindow.postMessage(body, "*");
  window.ask = (cmd, fields = {}) => new Promise((done) => {
    asked += 1;
    const id = asked;
    const look = ({ data }) => {
      if (data?.id !== id) return;
      removeEventListener("message", look);
      done(data);
    };
    addEventListener("message", look);
    say({ v: 1, id, cmd, ...fields });
  });
</script></body></html>`;

/**
 * Opens a page with a frame of ours in it.
 * @param {import("@playwright/test").Page} page @param {string} query @param {string} [hash]
 */
async function embed(page, query, hash) {
  await page.route("**/host.html", (route) => route.fulfill({ contentType: "text/html", body: host(query, hash) }));
  await page.goto("/host.html");
  const frame = page.frameLocator("#f");
  await expect(frame.locator("#run")).toBeEnabled();
  return frame;
}

/** @param {import("@playwright/test").Page} page @param {string} cmd @param {object} [fields] @returns {Promise<any>} */
const ask = (page, cmd, fields = {}) =>
  page.evaluate(([c, f]) => /** @type {any} */ (window).ask(c, f), /** @type {const} */ ([cmd, fields]));

test("a figure, a legend and a few controls; what is hidden or shown by name", async ({ playground, page }) => {
  await page.setViewportSize({ width: 960, height: 540 });
  await page.goto("/?embed=1&autoplay=0");
  await expect(playground.run).toBeEnabled();
  const part = {
    head: page.locator(".head"),
    rail: page.locator("#rail"),
    curves: page.locator("#curves"),
    lanes: page.locator("#lanes"),
    equation: page.locator("#equation"),
    title: page.locator("#picture .bar"),
    legend: page.locator(".lanes-legend"),
    transport: page.locator("#transport"),
    knobs: page.locator(".knobs"),
    counter: page.locator(".counters"),
    link: page.getByRole("link", { name: "Open in Descent" }),
  };
  const visible = async () => {
    const seen = await Promise.all(
      Object.entries(part).map(async ([name, locator]) => ((await locator.isVisible()) ? [name] : [])),
    );
    return seen.flat();
  };
  expect(await visible()).toEqual(["legend", "transport", "knobs", "counter", "link"]);
  expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgba(0, 0, 0, 0)");

  await page.goto("/?embed=1&autoplay=0&hide=knobs,link,nonsense,rail,&show=curves,equation,title,whatever");
  await expect(playground.run).toBeEnabled();
  await page.locator("#step").click();
  await expect(part.equation).toBeVisible();
  expect(await visible()).toEqual(["curves", "equation", "title", "legend", "transport", "counter"]);

  await page.goto("/?embed=1&autoplay=0&hide=legend,transport,key");
  await expect(part.curves).toBeHidden();
  await expect(page.locator("#picture .plot").first()).toBeVisible();
  expect(await visible()).toEqual([]);
});

test("the link opens the same run in a page of its own", async ({ playground, page }) => {
  await page.goto("/?embed=1&autoplay=0&hide=title#f=beale&lane1=adam,lr:0.1");
  await expect(playground.run).toBeEnabled();
  await page.locator("#step").click();
  await expect(page.locator("#c-k")).toHaveText("1");
  const href = await page.getByRole("link", { name: "Open in Descent" }).getAttribute("href");
  expect(new URL(href ?? "").search).toBe("");
  expect(new URL(href ?? "").hash).toBe("#f=beale&lane=0&lane1=adam,lr:0.1");
});

test("knobs turn the selected lane, and those with the same value", async ({ playground, page }) => {
  await page.goto(
    "/?embed=1&autoplay=0#lane1=sgd,lr:0.0005&lane2=momentum,lr:0.0005,beta:0.9&lane3=adam,lr:0.3&lane=1",
  );
  await expect(playground.run).toBeEnabled();
  const rate = page.getByLabel("Learning rate of lanes 1, 2");
  await rate.fill("-3");
  await expect(page.locator(".knob output").first()).toHaveText("0.001");
  const link = page.getByRole("link", { name: "Open in Descent" });
  await expect(link).toHaveAttribute("href", /lane1=sgd,lr:0.001&lane2=momentum,lr:0.001,beta:0.9&lane3=adam,lr:0.3/);
  await page.getByRole("button", { name: /^Adam/ }).click();
  await expect(page.getByLabel("Learning rate of lane 3")).toBeVisible();
});

test("it runs while it is seen, and only then", async ({ playground, page }) => {
  const frame = await embed(page, "", "speed=30&iterations=100000");
  const k = frame.locator("#c-k");
  await expect.poll(async () => Number(await k.textContent())).toBeGreaterThan(3);
  // Scrolled away it stands still, and goes on when it is back.
  await page.evaluate(() => document.body.style.setProperty("--above", "4000px"));
  await expect(frame.locator("#run")).toHaveText("Run");
  const stood = await k.textContent();
  await page.evaluate(() => document.body.style.setProperty("--above", "0px"));
  await expect(frame.locator("#run")).toHaveText("Pause");
  await expect.poll(async () => Number(await k.textContent())).toBeGreaterThan(Number(stood));
  // The same by the messages of a deck.
  await page.evaluate(() => /** @type {any} */ (window).say("slide:stop"));
  await expect(frame.locator("#run")).toHaveText("Run");
  await page.evaluate(() => /** @type {any} */ (window).say("slide:start"));
  await expect(frame.locator("#run")).toHaveText("Pause");
  // A page that is hidden shows nothing; its frames are told by the same event.
  await frame.locator("body").evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(frame.locator("#run")).toHaveText("Run");
  await frame.locator("body").evaluate(() => {
    Reflect.deleteProperty(document, "visibilityState");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(frame.locator("#run")).toHaveText("Pause");
  // Whoever pauses it has paused it.
  await frame.locator("#run").click();
  await expect(frame.locator("#run")).toHaveText("Run");
  await page.evaluate(() => {
    const { say } = /** @type {any} */ (window);
    say("slide:stop");
    say("slide:start");
  });
  expect((await ask(page, "state")).state).toMatchObject({ playing: false, waiting: false });
  expect(playground.errors).toEqual([]);
});

test("with reduced motion nothing plays by itself, and Run runs", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const frame = await embed(page, "", "speed=30&iterations=100000");
  expect((await ask(page, "state")).state).toMatchObject({ playing: false, waiting: false, iteration: 0 });
  await frame.locator("#run").click();
  await expect(frame.locator("#run")).toHaveText("Pause");
});

test("it never takes the focus, and hands on the keys that turn slides", async ({ page }) => {
  const frame = await embed(page, "&autoplay=0");
  await ask(page, "step", { n: 3 });
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await frame.locator("#picture").click({ position: { x: 5, y: 5 } });
  await page.evaluate(() => /** @type {any} */ (window).unasked.splice(0));
  const keys = { ArrowRight: 39, ArrowLeft: 37, PageDown: 34, Escape: 27 };
  for (const key of Object.keys(keys)) await page.keyboard.press(key);
  // For any page, and in the language of reveal.js.
  const handed = Object.entries(keys).flatMap(([key, keyCode]) => [
    { v: 1, type: "key", key, code: key, keyCode, shiftKey: false, altKey: false },
    `{"method":"triggerKey","args":[${keyCode}]}`,
  ]);
  const unasked = () => page.evaluate(() => /** @type {any} */ (window).unasked);
  await expect.poll(unasked).toEqual(handed);
  // Its own keys stay.
  await page.keyboard.press(".");
  await expect(frame.locator("#c-k")).toHaveText("4");
  // Nor does it give away what moves a slider, or the start.
  await frame.getByLabel(/^learning rate of lane/).focus();
  await page.keyboard.press("ArrowRight");
  await frame.locator(".start-handle").focus();
  await page.keyboard.press("ArrowRight");
  await expect(frame.locator("#c-k")).toHaveText("0");
  expect(await unasked()).toEqual(handed);
});

test("messages: init, step, set, run, pause, snapshot, reset, state", async ({ page }) => {
  await embed(page, "&autoplay=0");
  const ready = await ask(page, "init", { config: SURFACE });
  expect(ready).toMatchObject({ v: 1, type: "ready", version: expect.stringMatching(/^\d+\.\d+/) });
  expect(ready.state).toMatchObject({
    playing: false,
    ended: false,
    iteration: 0,
    link: expect.stringMatching(/^f=booth&.*lane1=momentum,lr:0.005$/),
  });
  const stepped = await ask(page, "step", { n: 7 });
  expect(stepped).toMatchObject({ type: "done", state: { iteration: 7, playing: false } });
  expect(stepped.state.lanes).toMatchObject([{ lane: 1, title: "Momentum", status: "paused", iteration: 7 }]);
  const { snapshot } = await ask(page, "snapshot");

  // What is told can be said again: the run is the same, bit for bit.
  await ask(page, "init", { config: stepped.state.config });
  const again = await ask(page, "step", { n: 7 });
  expect(again.state.lanes[0].point).toEqual(stepped.state.lanes[0].point);

  // A method without a name changes some of its fields, and the run goes on.
  const set = await ask(page, "set", { config: { optimizer: { lr: 0.001 }, stop: { iterations: 50 } } });
  expect(set).toMatchObject({ type: "done", state: { iteration: 7 } });
  expect(set.state.config.lanes).toEqual([{ mark: 1, optimizer: { name: "momentum", lr: 0.001 } }]);
  expect(await ask(page, "set", { config: { speed: "max" } })).toMatchObject({ type: "done", state: { iteration: 7 } });
  const ran = await ask(page, "run", { wait: true });
  expect(ran).toMatchObject({ type: "done", state: { iteration: 50, ended: true, playing: false } });

  expect((await ask(page, "reset")).state).toMatchObject({ iteration: 0, ended: false });
  await ask(page, "set", { config: { speed: 5, config: { stop: { iterations: null } } } });
  expect((await ask(page, "run")).state).toMatchObject({ playing: true, ended: false });
  expect((await ask(page, "pause")).state.playing).toBe(false);

  // Back to where the snapshot was taken, with the settings of then.
  const back = await page.evaluate(
    ({ link }) => {
      const { ask, heard } = /** @type {any} */ (window);
      const kept = heard.find((/** @type {any} */ m) => m.snapshot).snapshot;
      return ask("init", { snapshot: { ...kept, link } });
    },
    { link: snapshot.link },
  );
  expect(back).toMatchObject({ type: "ready", state: { iteration: 7 } });
  expect(back.state.lanes[0].point).toEqual(stepped.state.lanes[0].point);

  // A list of configs is a race; the hash of a link is a run; a page's state has both.
  const race = await ask(page, "init", {
    config: ["sgd", "adam"].map((name) => ({ ...SURFACE, optimizer: { name, lr: 0.01 }, seed: 5 })),
  });
  expect(race.state.lanes.map((/** @type {any} */ lane) => lane.lane)).toEqual([1, 2]);
  const linked = await ask(page, "init", { config: "#kind=least_squares&model=linear" });
  expect(linked.state.lanes).toHaveLength(4);
  const state = {
    config: { problem: { kind: "surface", name: "sphere" } },
    lanes: [{ optimizer: { name: "newton" } }],
  };
  expect(await ask(page, "init", { config: state })).toMatchObject({ type: "ready" });
});

test("whoever asks to watch is told when the run changes", async ({ page }) => {
  await embed(page, "&autoplay=0", "speed=max");
  await ask(page, "state", { watch: true });
  await ask(page, "run", { wait: true });
  const watched = () =>
    page.evaluate(() =>
      /** @type {any} */ (window).heard
        .filter((/** @type {any} */ m) => m.id === 1)
        .map((/** @type {any} */ m) => [m.type, m.state.ended]),
    );
  await expect.poll(async () => (await watched()).at(-1)).toEqual(["state", true]);
});

test("bodies that are wrong are refused by name, and change nothing", async ({ page }) => {
  const frame = await embed(page, "&autoplay=0");
  await ask(page, "init", { config: SURFACE });
  await ask(page, "step", { n: 3 });
  /** @type {[string, object, string, RegExp][]} */
  const wrong = [
    ["fly", {}, "cmd", /fly is not known; allowed: init, set, step/],
    ["step", { n: 0 }, "n", /allowed: whole numbers from 1/],
    ["step", { n: "two" }, "n", /two is no number of iterations/],
    ["run", { wait: "yes" }, "wait", /allowed: true, false/],
    ["step", { m: 3 }, "m", /is not known of step; allowed: n/],
    ["init", { config: 7 }, "config", /7 is no run; allowed: an object, a list/],
    ["init", { config: [] }, "config", /allowed: 1 to 6/],
    ["init", { config: {} }, "config.problem", /nothing is no problem; allowed: an object with a kind/],
    ["init", { config: { ...SURFACE, colour: "red" } }, "config.colour", /is not known; allowed: .*optimizer/],
    ["init", { config: { ...SURFACE, speed: 3 } }, "config.speed", /allowed: one of the two kinds/],
    ["init", { config: { problem: SURFACE.problem } }, "config.optimizer", /nothing is no method/],
    ["init", { config: { ...SURFACE, optimizer: { name: "adam", lr: -1 } } }, "config.optimizer.lr", /-1/],
    ["init", { config: { ...SURFACE, optimizer: { name: "atom" } } }, "config.optimizer.name", /adam/],
    ["init", { config: [SURFACE, { ...SURFACE, seed: 4 }] }, "config[1].seed", /what config\[0\] has/],
    [
      "init",
      { config: [SURFACE, { ...SURFACE, optimizer: { name: "adam", beta1: 2 } }] },
      "config[1].optimizer.beta1",
      /2 is outside/,
    ],
    [
      "init",
      { config: { config: { problem: { kind: "surface", name: "moon" } } } },
      "config.config.problem.name",
      /beale/,
    ],
    ["set", { config: { speed: -4 } }, "config.speed", /a number from 1 to max/],
    ["set", { config: { lanes: [{ optimizer: { name: "lu" } }] } }, "config.lanes[0].optimizer.name", /./],
    ["init", { config: "#speed=x" }, "config.speed", /a number from 1/],
    ["init", { config: "#f=moon" }, "config.problem.name", /beale/],
    ["init", { config: SURFACE, snapshot: {} }, "snapshot", /one of the two/],
    ["init", { snapshot: { link: "f=booth", lanes: [1] } }, "snapshot.lanes", /what snapshot answered/],
    ["set", { hide: 4 }, "hide", /a list of texts/],
  ];
  for (const [cmd, fields, field, message] of wrong) {
    const answer = await ask(page, cmd, fields);
    expect(answer, JSON.stringify(fields)).toMatchObject({ v: 1, type: "error", field });
    expect(answer.message).toMatch(message);
  }
  // What no JSON can say.
  const strange = await page.evaluate(async () => {
    const { ask } = /** @type {any} */ (window);
    /** @type {any} */
    const ring = { kind: "surface" };
    ring.data = ring;
    const answers = [
      await ask("init", { config: { problem: ring, optimizer: { name: "sgd" } } }),
      await ask("init", { config: { problem: new Map(), optimizer: { name: "sgd" } } }),
      await ask("init", { snapshot: { link: "f=booth&lane1=sgd", lanes: [new Uint8Array([1, 2, 3])] } }),
    ];
    return answers.map(({ type, field }) => [type, field]);
  });
  expect(strange.map(([type]) => type)).toEqual(["error", "error", "error"]);
  expect(strange[1]?.[1]).toBe("config.problem");
  // Other versions and requests without a name; what is no request is not answered at all.
  const others = await page.evaluate(async () => {
    const { say, heard, ask } = /** @type {any} */ (window);
    heard.splice(0);
    say({ v: 2, id: "a", cmd: "state" });
    say({ v: 1, id: {}, cmd: "state" });
    say("state");
    say({ v: 1, id: "b", type: "done" });
    say(null);
    await ask("state");
    return heard.map((/** @type {any} */ m) => [m.id, m.type, m.field]);
  });
  expect(others.slice(0, 2)).toEqual([
    ["a", "error", "v"],
    [null, "error", "id"],
  ]);
  expect(others).toHaveLength(3);
  // The run of before stands where it stood, but for the snapshot that could not be read, whose link began another.
  await expect(frame.locator("#run")).toBeEnabled();
  expect((await ask(page, "init", { config: SURFACE })).type).toBe("ready");
});

test("a page without an origin is answered like another", async ({ page }) => {
  const frame = await embed(page, "&autoplay=0");
  await frame.locator("body").evaluate(
    (_, data) => {
      for (const origin of ["null", "", "file://"])
        dispatchEvent(new MessageEvent("message", { data: { ...data, id: `from ${origin}` }, origin, source: parent }));
    },
    { v: 1, cmd: "state" },
  );
  const ids = () => page.evaluate(() => /** @type {any} */ (window).heard.map((/** @type {any} */ m) => m.id));
  await expect.poll(ids).toEqual(["from null", "from ", "from file://"]);
});

test("what is said before the engine is there is heard", async ({ page }) => {
  const body = host("&wait=1").replace(
    "</body>",
    `<script>document.querySelector("#f").addEventListener("load", async () => {
      window.first = await ask("init", { config: ${JSON.stringify(SURFACE)} });
    });</script></body>`,
  );
  await page.route("**/host.html", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto("/host.html");
  const first = await page.waitForFunction(() => /** @type {any} */ (window).first);
  expect(await first.jsonValue()).toMatchObject({ type: "ready", state: { iteration: 0, playing: false } });
});

/** @param {string} attributes */
const hostOfElement = (attributes) => `<!doctype html><html lang="en"><head><title>Host</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self'; style-src 'self'">
<script type="module" src="/www/element.js"></script></head>
<body><descent-playground ${attributes}></descent-playground></body></html>`;

test("the element: attributes, methods, events, and what it says of a bad config", async ({ playground, page }) => {
  const config = JSON.stringify({ ...SURFACE, stop: { iterations: 40 } }).replaceAll('"', "&quot;");
  await page.addInitScript(() => {
    /** @type {any[]} */
    const told = [];
    Object.assign(window, { told });
    for (const type of ["descent-ready", "descent-state", "descent-error"])
      addEventListener(type, (event) => told.push([type, /** @type {CustomEvent} */ (event).detail]));
  });
  await page.route("**/host.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: hostOfElement(`config="${config}" hide="link" autoplay="off" title="Momentum on Booth"`),
    }),
  );
  await page.goto("/host.html");
  const element = page.locator("descent-playground");
  const frame = page.frameLocator("descent-playground iframe");
  await expect(frame.locator("#run")).toBeEnabled();
  await expect(frame.getByRole("link", { name: "Open in Descent" })).toBeHidden();
  await expect(element.locator("iframe")).toHaveAttribute("title", "Momentum on Booth");
  const seen = await element.evaluate(async (/** @type {any} */ el) => {
    const ready = await el.ready;
    const stepped = await el.step(5);
    const snapshot = await el.snapshot();
    const ran = await el.run({ wait: true });
    const restored = await el.restore(snapshot);
    const reset = await el.reset();
    await el.run();
    const paused = await el.pause();
    const failed = await el.set({ optimizer: { lr: -1 } }).catch((/** @type {any} */ e) => [e.field, e.message]);
    return {
      ks: [ready, stepped, ran, restored, reset].map((s) => s.iteration),
      ended: ran.ended,
      paused: paused.playing,
      failed,
      config: el.config,
    };
  });
  expect(seen).toMatchObject({ ks: [0, 5, 40, 5, 0], ended: true, paused: false });
  expect(seen.failed[0]).toBe("config.optimizer.lr");
  expect(seen.failed[1]).toMatch(/^config\.optimizer\.lr: -1/);
  expect(seen.config.optimizer).toEqual(SURFACE.optimizer);
  const told = () => page.evaluate(() => /** @type {any} */ (window).told.map((/** @type {any} */ t) => t[0]));
  expect(await told()).toEqual(expect.arrayContaining(["descent-ready", "descent-state"]));

  // Attributes are properties; another config begins another run in the same frame.
  await element.evaluate((/** @type {any} */ el) => {
    el.config = "#f=beale&lane1=adam";
  });
  await expect(frame.locator(".lanes-legend")).toHaveText(/^Adam/);
  await element.evaluate((el) => el.setAttribute("config", "{oops"));
  await expect(element.getByRole("alert")).toHaveText(/^config: .*allowed: JSON$/);
  await element.evaluate((/** @type {any} */ el) => {
    el.config = { problem: { kind: "surface", name: "moon" }, optimizer: { name: "sgd" } };
  });
  await expect(element.getByRole("alert")).toHaveText(/^config\.problem\.name: .*beale/);
  expect(await told()).toContain("descent-error");
  await element.evaluate((/** @type {any} */ el) => {
    el.config = { problem: { kind: "surface", name: "beale" }, optimizer: { name: "sgd" } };
    el.hide = "transport";
  });
  await expect(element.getByRole("alert")).toBeHidden();
  await expect(frame.locator("#transport")).toBeHidden();
  expect(playground.errors).toEqual([]);
});

test("the dialog Embed gives snippets of this run", async ({ playground, page }) => {
  await playground.open("f=beale&lane=0&lane1=adam,lr:0.1");
  await page.getByRole("button", { name: "Embed" }).click();
  const dialog = page.getByRole("dialog", { name: "Embed this run" });
  await dialog.getByLabel("sliders").uncheck();
  await dialog.getByLabel("curves").check();
  const text = (/** @type {string} */ id) => dialog.locator(`#embed-text-${id}`).inputValue();
  expect(await text("frame")).toMatch(
    /^<iframe src="http.*\/\?embed=1&amp;hide=knobs&amp;show=curves#f=beale&amp;lane=0&amp;lane1=adam,lr:0.1" /,
  );
  expect(await text("slide")).toMatch(/<section>\s*<iframe data-src="http/);
  const element = await text("element");
  expect(element).toMatch(/^<script type="module" src="http.*\/www\/element\.js"><\/script>\n<descent-playground /);
  await dialog.getByRole("button", { name: "Copy: Any page", exact: true }).click();
  await expect(dialog.getByRole("status")).not.toHaveText("");
  // The snippet is a figure: what is copied runs.
  await page.route("**/host.html", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Host</title>${element}` }),
  );
  await page.goto("/host.html");
  const frame = page.frameLocator("descent-playground iframe");
  await expect(frame.locator(".lanes-legend")).toHaveText(/^Adam/);
  await expect(frame.locator("#curves")).toBeVisible();
  await expect(frame.locator(".knobs")).toBeHidden();
});
