/**
 * The other end of `messages.js`: what a page says to a figure that it embeds.
 *
 * Questions may be asked as soon as the frame has loaded; the figure answers once its engine is there. A frame that is
 * loaded anew answers nothing that was asked of the former one.
 */

/** @typedef {{ [field: string]: any }} Body */

/** What a figure refuses: which field is wrong, and in the message what is allowed there. */
export class RemoteError extends Error {
  /** @param {string} field @param {string} message */
  constructor(field, message) {
    super(field ? `${field}: ${message}` : message);
    this.name = "RemoteError";
    this.field = field;
  }
}

/** Ids that no other one on the page has used. */
let asked = 0;

export class Remote {
  #frame;
  #on;
  /** @type {Map<string, { done(body: Body): void, failed(error: Error): void }>} */
  #waiting = new Map();
  /** The question whose answers go on: how the run changes. */
  #watch = "";
  /** @type {Promise<void>} */
  #loaded = Promise.resolve();
  #arrived = () => {};
  /** @param {MessageEvent} event */
  #hear = ({ data, source }) => {
    if (source === null || source !== this.#frame.contentWindow || typeof data !== "object" || data?.v !== 1) return;
    if (data.type === "key") return this.#on.key?.(data);
    const waiting = this.#waiting.get(data.id);
    if (!waiting) {
      if (data.id === this.#watch && data.type === "state") this.#on.state?.(data.state);
      return;
    }
    this.#waiting.delete(data.id);
    if (data.type === "error") waiting.failed(new RemoteError(data.field, data.message));
    else waiting.done(data);
  };
  #load = () => this.#arrived();

  /**
   * @param {HTMLIFrameElement} frame
   * @param {{ state?: (state: Body) => void, key?: (key: Body) => void }} [on] what is heard unasked
   */
  constructor(frame, on = {}) {
    this.#frame = frame;
    this.#on = on;
  }

  open() {
    addEventListener("message", this.#hear);
    this.#frame.addEventListener("load", this.#load);
  }

  /** The frame is about to load something else: what was asked is not answered any more. */
  loading() {
    for (const { failed } of this.#waiting.values()) failed(new RemoteError("", "the figure was loaded anew"));
    this.#waiting.clear();
    this.#watch = "";
    this.#loaded = new Promise((done) => {
      this.#arrived = done;
    });
  }

  close() {
    removeEventListener("message", this.#hear);
    this.#frame.removeEventListener("load", this.#load);
    this.loading();
  }

  /** @param {string} cmd @param {Body} [fields] @returns {Promise<Body>} the answer; fails with a `RemoteError` */
  async ask(cmd, fields = {}) {
    await this.#loaded;
    asked += 1;
    const id = `descent-${asked}`;
    if (cmd === "state" && fields.watch === true) this.#watch = id;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#frame.contentWindow?.postMessage({ v: 1, id, cmd, ...fields }, "*");
    });
  }
}
