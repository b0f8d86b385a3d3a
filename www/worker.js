/** The worker: opens the engine and passes messages. What the engine does with them stands in engine.js. */

import {
  catalog,
  check,
  fresh_seed,
  give_rest,
  initSync,
  landscape_shadow,
  preview_csv,
  register_data,
  Session,
  schedule_values,
} from "../pkg/descent.js";
import { Engine } from "./engine.js";
import { readFault } from "./protocol.js";

/** @param {import("./protocol.js").Answer} answer @param {Transferable[]} [transfer] */
const post = (answer, transfer = []) => postMessage(answer, { transfer });

const engine = new Engine({ Session, check, schedule_values, register_data, landscape_shadow }, post, failed);

/**
 * A trap leaves the instance in an unknown state: the page must start another worker. Anything else is an answer.
 * @param {unknown} error @param {number} [id] @param {number | null} [lane]
 */
function failed(error, id, lane = null) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError || id === undefined)
    post({ type: "trap", message });
  else post({ type: "failed", id, fault: readFault(message, lane) });
}

/** @param {MessageEvent<(import("./protocol.js").Request & { id: number }) | import("./protocol.js").Command>} event */
function hear({ data: message }) {
  const id = "id" in message ? message.id : undefined;
  try {
    if (message.type === "open") {
      initSync({ module: message.module });
      post({ type: "done", id: message.id, value: catalog() });
    } else if (message.type === "rest") {
      give_rest(message.module);
      post({ type: "done", id: message.id, value: null });
    } else if (message.type === "seed") {
      post({ type: "done", id: message.id, value: fresh_seed() });
    } else if (message.type === "preview") {
      post({ type: "done", id: message.id, value: preview_csv(message.csv) });
    } else if ("id" in message) {
      const [value, transfer] = engine.answer(message);
      post({ type: "done", id: message.id, value }, transfer);
    } else {
      engine.obey(message);
    }
  } catch (error) {
    failed(error, id, engine.blamed);
  }
}

addEventListener("message", hear);
