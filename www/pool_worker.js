/** A worker of the pool: opens the engine and passes messages. What it does with them stands in trial_runner.js. */

import * as core from "../pkg/descent.js";
import { TrialRunner } from "./trial_runner.js";

/** @param {import("./pool_protocol.js").News} news */
const post = (news) => postMessage(news);

const runner = new TrialRunner(core, post);

/** @param {MessageEvent<import("./pool_protocol.js").Order>} event */
function hear({ data: order }) {
  if (order.type !== "open") {
    runner.hear(order);
    return;
  }
  core.initSync({ module: order.module });
  if (order.rest) core.give_rest(order.rest);
  post({ type: "opened" });
}

addEventListener("message", hear);
