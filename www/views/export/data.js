/** The panel of data: the history, the record, parameters, configs, and the run as a script. */

import { h } from "../../dom.js";
import { configsOf } from "../../plan.js";
import { nameOf, save } from "./files.js";
import { fault, historyCsv, jsonOf, parametersCsv, parametersJson, recordText } from "./record_text.js";
import { T } from "./texts.js";

/** @typedef {import("./record_text.js").Lane} Lane */
/** @typedef {keyof typeof T.data} Kind */

/** @param {import("./export.js").Context} context @returns {import("./export.js").Panel} */
export function createData({ app, say, attempt }) {
  /** The lanes as they stand, all at one moment. @returns {Promise<Lane[]>} */
  async function lanes() {
    const record = app.record;
    const all = await app.exported();
    if (!record || !all || all.length === 0) throw fault("", T.noLanes);
    return all.map((exported, i) => {
      const { lane = i + 1, title = "", detail = "" } = record.lanes[i] ?? {};
      return { lane, title: [title, detail].filter(Boolean).join(", "), exported };
    });
  }

  /** What the parameters are called. */
  function named() {
    const { network, least_squares: fit, constrained, surface, dim = 0 } = app.record?.info ?? {};
    const names = fit?.parameters ?? constrained?.variables ?? (surface && dim === 2 ? ["x", "y"] : []);
    return { sizes: network?.sizes ?? null, names };
  }

  /** @param {string} what @param {string} kind @param {string} type @param {() => Promise<string>} write */
  function file(what, kind, type, write) {
    return () =>
      attempt(async () => {
        say(T.working);
        const name = nameOf(app, what, kind);
        save(name, new Blob([await write()], { type }));
        say(T.saved(name));
      });
  }

  const view = () => app.view?.good ?? app.state;

  async function record() {
    const all = await lanes();
    const { url: link } = app.link();
    return recordText(view(), all, { version: app.catalog?.version ?? "", link, title: app.record?.info.title ?? "" });
  }

  async function script() {
    const config = configsOf(view(), app.catalog?.methods ?? [])[view().selected];
    if (!config) throw fault("", T.noLanes);
    return (await app.pool()).call("python_script", config);
  }

  const JSON_TYPE = "application/json";
  /** @type {[kind: Kind, buttons: [text: string, act: () => void][]][]} */
  const rows = [
    ["record", [[T.json, file("record", "json", JSON_TYPE, record)]]],
    ["history", [[T.csv, file("history", "csv", "text/csv", async () => historyCsv(await lanes()))]]],
    [
      "parameters",
      [
        [
          T.csv,
          file("parameters", "csv", "text/csv", async () => parametersCsv(await lanes(), named().sizes, named().names)),
        ],
        [
          T.json,
          file("parameters", "json", JSON_TYPE, async () =>
            parametersJson(await lanes(), named().sizes, named().names),
          ),
        ],
      ],
    ],
    [
      "config",
      [
        [
          T.selectedLane,
          file(
            "config",
            "json",
            JSON_TYPE,
            async () => `${jsonOf((await lanes())[view().selected]?.exported.config)}\n`,
          ),
        ],
        [
          T.allLanes,
          file("configs", "json", JSON_TYPE, async () => `${jsonOf((await lanes()).map((l) => l.exported.config))}\n`),
        ],
      ],
    ],
    ["python", [[T.script, file("run", "py", "text/x-python", script)]]],
  ];
  const items = rows.map(([kind, buttons]) => {
    const [title = "", about = ""] = T.data[kind];
    return h(
      "li",
      {},
      h("div", {}, h("h3", {}, title), h("p", { class: "hint" }, about)),
      h(
        "div",
        { class: "row" },
        ...buttons.map(([text, onclick]) =>
          h("button", { class: "btn edge", type: "button", onclick, "aria-label": T.of(title, text) }, text),
        ),
      ),
    );
  });
  return {
    element: h("div", { class: "panel" }, h("ul", { class: "files" }, ...items), h("p", { class: "hint" }, T.dataHint)),
    show() {},
  };
}
