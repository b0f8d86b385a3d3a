/** A config or a record from a file: checked as a whole, then run in place of what is there; a record is replayed. */

import { configsOf } from "../../plan.js";
import { fetchSets } from "../page.js";
import { fault, readText } from "./record_text.js";
import { stateOf } from "./state_text.js";
import { T } from "./texts.js";

/** @typedef {import("../../app.js").App} App */
/** @typedef {import("../../protocol.js").Fault} Fault */

/** A record of all lanes at their longest; more would stall the page. */
const BYTES_MAX = 200_000_000;

/** @param {App} app @param {Pick<ReturnType<typeof import("./verdict.js").createVerdict>, "judge">} verdict */
export function createOpener(app, verdict) {
  const setsOf = fetchSets(app);

  return {
    /** Opens a file; throws a `Fault`, and then what there was is as it was. @param {File} file */
    async take(file) {
      if (!/\.json$/i.test(file.name) && file.type !== "application/json") throw fault("", T.notJson(file.name));
      if (file.size > BYTES_MAX) throw fault("", T.tooLarge(megabytes(file.size), megabytes(BYTES_MAX)));
      const read = readText(await file.text());
      const state = stateOf(read);
      const where = await check(state);
      const former = structuredClone(app.state);
      state.theme = former.theme;
      state.tab = "run";
      const refused = await app.adopt(state);
      if (refused) throw { ...refused, path: where(refused) };
      if (!read.lanes) return;
      const lanes = read.lanes;
      verdict.judge({
        iteration: Math.max(...lanes.map(({ iteration }) => iteration)),
        lanes,
        changed: lanes.map(({ changed }) => changed),
        back: () => {
          app.adopt(former);
        },
      });
    },
  };

  /** Has the engine look at every lane's config, before anything is changed. @param {import("../../state.js").State} state */
  async function check(state) {
    const configs = configsOf(state, app.catalog?.methods ?? []);
    const pool = await app.pool();
    /** @param {Fault} refused */
    const where = ({ path, lane }) => (lane !== null && configs.length > 1 ? `lanes[${lane}]: ${path}` : path);
    for (const [lane, config] of configs.entries()) {
      try {
        pool.register(await setsOf({ base: /** @type {any} */ (config) }));
        await pool.call("check", config);
      } catch (refused) {
        const at = { .../** @type {Fault} */ (refused), lane };
        throw { ...at, path: where(at) };
      }
    }
    return where;
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
