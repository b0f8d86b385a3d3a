/** What a step of a method costs on networks of other widths: measured, not counted. */

/** Hidden widths, as parts of those of the run. */
const PARTS = [0.25, 0.5, 1, 2];
/** One width is measured for so long, ms, and a step at least. */
const MEASURE_MS = 300;

/**
 * Steps of fresh sessions like the one of `config`, from the narrowest to the widest. A width that the method refuses, or
 * where it ends at once, says why.
 * @param {{ new (config: any): any }} Session @param {any} config @returns {import("./protocol.js").StepCost[]}
 */
export function costsOf(Session, config) {
  const { layers, init } = config.problem;
  const widths = PARTS.map((part) =>
    layers.map((/** @type {number} */ width) => Math.max(1, Math.round(part * width))),
  );
  const several = widths.filter((width, i) => width.join() !== widths[i - 1]?.join());
  return several.map((width) =>
    costOf(Session, {
      ...config,
      problem: { ...config.problem, layers: width, init: typeof init === "string" ? init : "he" },
      record: { ...config.record, validate_every: 0 },
      stop: {},
    }),
  );
}

/** @param {{ new (config: any): any }} Session @param {any} config @returns {import("./protocol.js").StepCost} */
function costOf(Session, config) {
  /** @type {any} */
  let session;
  try {
    session = new Session(config);
    const parameters = session.info().dim;
    // The first step takes the memory.
    let report = session.train_step(1);
    const start = performance.now();
    while (report.status === "running" && performance.now() - start < MEASURE_MS) report = session.train_step(1);
    const steps = report.iteration - 1;
    if (steps < 1) return { parameters, ms: null, reason: report.reason ?? report.status };
    return { parameters, ms: (performance.now() - start) / steps, reason: "" };
  } catch (error) {
    return { parameters: null, ms: null, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    session?.free();
  }
}
