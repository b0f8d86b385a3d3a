/** A lesson's run without a page: what conditions are about, made by sessions in this process. */

import { readFile } from "node:fs/promises";

import { catalog, initSync, register_data, Session } from "../../pkg/descent.js";
import { configsOf } from "../../www/plan.js";
import { newRecord } from "../../www/record.js";

const root = new URL("../../", import.meta.url);
initSync({ module: await readFile(new URL("pkg/descent_bg.wasm", root)) });

export const CATALOG = catalog();
/** @type {Set<string>} */
const registered = new Set();

/** @param {any} problem */
async function bring(problem) {
  const set =
    CATALOG.datasets.find((d) => d.name === problem.data?.name) ?? CATALOG.models.find((m) => m.name === problem.model);
  if (!set?.file || registered.has(set.name)) return;
  registered.add(set.name);
  register_data(set.name, await readFile(new URL(set.file, root), "utf8"));
}

/**
 * Runs each lane of a state to its end.
 * @param {import("../../www/state.js").State} state @param {number} [most] iterations
 * @returns {Promise<import("../../www/lesson_check.js").Facts>}
 */
export async function factsOf(state, most = 1e6) {
  await bring(state.config.problem);
  const sessions = configsOf(state, CATALOG.methods).map((config) => new Session(/** @type {any} */ (config)));
  const names = state.lanes.map(({ mark, optimizer }) => {
    const title = CATALOG.methods.find(({ name }) => name === optimizer.name)?.title ?? optimizer.name;
    return { mark, title, detail: "", rated: true };
  });
  const built = /** @type {any} */ ({ info: sessions[0]?.info(), points: null, grid: null, system: null });
  const record = newRecord(1, built, names);
  for (const [i, session] of sessions.entries()) {
    const report = most > 0 ? session.train_step(most) : session.report();
    const { iteration, ...columns } = session.history();
    const { dim, points } = session.path();
    Object.assign(record.lanes[i] ?? {}, {
      status: report.status === "running" ? "paused" : report.status,
      reason: report.reason ?? "",
      at: report.iteration,
      evals: report.gradient_evals,
      rows: iteration.length,
      columns: { iteration, ...columns },
      path: points,
      dim,
      points: dim > 0 ? points.length / dim : 0,
      best: report.best ?? null,
    });
    session.free();
  }
  return { state, record, catalog: CATALOG, pages: {} };
}
