/** The keyboard. No key works while a field has the focus, or a dialog or panel is open. */

/**
 * @typedef {object} KeyActions
 * @property {() => void} toggle @property {() => void} step @property {() => void} back @property {() => void} epoch @property {() => void} reset
 * @property {(mark: number) => void} lane @property {() => void} add @property {() => void} log
 * @property {() => boolean} running whether the page Run is shown, whose keys most of them are
 * @property {() => void} axis @property {() => void} theme @property {() => void} help
 */

/** @param {KeyActions} on */
export function createKeys(on) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": on.toggle,
    ".": on.step,
    ",": on.back,
    e: on.epoch,
    r: on.reset,
    a: on.add,
    l: on.log,
    x: on.axis,
    t: on.theme,
    "?": on.help,
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || busy(event)) return;
    const act = /^[1-9]$/.test(event.key) ? () => on.lane(Number(event.key)) : keys[event.key];
    if (!act || !(on.running() || event.key === "t" || event.key === "?")) return;
    event.preventDefault();
    act();
  });
}

/** Whether the key belongs to what has the focus. @param {KeyboardEvent} event */
export function busy({ target, key }) {
  if (!(target instanceof Element)) return false;
  if (document.querySelector("dialog[open], :popover-open")) return true;
  if (target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea")) return true;
  return key === " " && target.closest("button, a, input, summary") !== null;
}
