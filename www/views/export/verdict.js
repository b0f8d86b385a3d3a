/** What a replay came to, in a bar that stays until it is closed. */

import { iconButton } from "../../controls.js";
import { h, icon, setText } from "../../dom.js";
import { count } from "../../format.js";
import { differences, replay } from "./replay.js";
import { T } from "./texts.js";

/** @typedef {import("../../app.js").App} App */
/**
 * What is to be shown to be true.
 * @typedef {object} Claim
 * @property {number} iteration
 * @property {import("./replay.js").Said[]} lanes
 * @property {(number | null)[]} [changed] where each lane was changed while it ran
 * @property {string} [engine] version that it was made by
 * @property {() => void} [back] to what there was before
 */

/** @param {App} app */
export function createVerdict(app) {
  const sign = h("span", { class: "sign" });
  const text = h("p", { role: "status" });
  const again = h("button", { class: "btn edge", type: "button" }, T.again);
  const back = h("button", { class: "btn edge", type: "button" }, T.back);
  const element = h(
    "section",
    { class: "verdict", id: "verdict", "aria-label": T.verdictLabel, hidden: true },
    sign,
    text,
    h("div", { class: "answers" }, again, back, iconButton("x", T.close, close)),
  );
  document.body.append(element);
  let act = { again() {}, back() {} };
  again.addEventListener("click", () => act.again());
  back.addEventListener("click", () => {
    close();
    act.back();
  });
  let turn = 0;

  function close() {
    turn += 1;
    element.hidden = true;
  }

  /** @param {"run" | "check" | "warn"} name @param {string} words */
  function say(name, words) {
    element.hidden = false;
    element.dataset.verdict = name;
    sign.replaceChildren(icon(name));
    setText(text, words);
  }

  return {
    /** Replays and says what it comes to. @param {Claim} claim */
    async judge(claim) {
      turn += 1;
      const mine = turn;
      act = { again: () => this.judge(claim), back: claim.back ?? (() => {}) };
      back.hidden = !claim.back;
      again.hidden = true;
      say("run", T.replaying(count(claim.iteration)));
      const there = await replay(app, claim.iteration);
      const are = there ? await app.exported() : null;
      if (mine !== turn) return;
      again.hidden = Boolean(are);
      if (!are) return say("warn", T.interrupted);
      const wrong = differences(claim.lanes, are);
      if (wrong.length === 0 && claim.lanes.length === are.length)
        return say("check", T.reproduced(are.length, count(claim.iteration)));
      say("warn", wordsOf(claim, are.length, wrong));
    },
  };

  /** @param {Claim} claim @param {number} lanes @param {import("./replay.js").Difference[]} wrong */
  function wordsOf({ lanes: said, changed = [], engine }, lanes, wrong) {
    const parts = [T.differs];
    if (said.length !== lanes) parts.push(T.lanesDiffer(said.length, lanes));
    for (const { lane, from } of wrong) {
      const { lane: mark = lane + 1, title = "" } = app.record?.lanes[lane] ?? {};
      parts.push(T.laneDiffers(mark, title, from === null ? "" : count(from)));
      const at = changed[lane];
      if (at != null) parts.push(T.laneChanged(mark, count(at)));
    }
    const ours = app.catalog?.version ?? "";
    if (engine && engine !== ours) parts.push(T.otherVersion(engine, ours));
    return parts.join(" ");
  }
}
