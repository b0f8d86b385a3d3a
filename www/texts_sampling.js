/** What the page says of samples; loaded with the first sampler. */

export const S = {
  title: (/** @type {string} */ title) => `Samples of the selected lane, ${title}`,
  parameter: "Parameter",
  warming: (/** @type {number} */ k) =>
    `Warm-up, step ${k}: the length of a step still adapts, and what is drawn is not kept.`,
  cooling: (/** @type {string} */ t, /** @type {string} */ best, /** @type {string} */ at) =>
    `T is ${t} and falls: the draws are from no one density, so the numbers below describe the search. Lowest f so far: ${best}, at (${at}).`,
  constant: (/** @type {string} */ t) => `Sampled is exp(−f/T) with T = ${t}.`,
  unknownNoise: "Sampled is the posterior of the parameters; σ is not known, its prior is 1/σ².",
  knownNoise: (/** @type {string} */ t, /** @type {string} */ sigma) =>
    `Sampled is exp(−f/T) with T = ${t}: the posterior of the parameters, if the errors have σ = √T = ${sigma}.`,
  counts: (/** @type {string} */ chains, /** @type {string} */ draws, /** @type {number} */ stride) =>
    `${chains} of ${draws} draws${stride > 1 ? `, one of ${stride} kept` : ""}`,
  chains: (/** @type {number} */ n) => (n === 1 ? "1 chain" : `${n} chains`),
  accepted: (/** @type {string} */ rate) => `${rate} % of the proposals accepted`,
  tableLabel: "What the draws say of each parameter",
  heads: ["parameter", "mean", "± error", "deviation", "95 % interval", "ESS", "ESS, tails", "R-hat"],
  between: (/** @type {string} */ low, /** @type {string} */ high) => `${low} … ${high}`,
  notMixed: "R-hat above 1.01, or an ESS below 100 a chain: run longer, or take another step.",
  mixed: "R-hat is below 1.01 and the ESS above 100 a chain.",
  trace: "Trace",
  traceSub: "draw after draw, a line for each chain",
  histogram: "Histogram",
  histogramSub: "bars: drawn; line: the true density",
  histogramOnly: "what was drawn",
  autocorrelation: "Autocorrelation",
  autocorrelationSub: "mean over chains",
  draw: "draw",
  lag: "lag",
  traceWords: (/** @type {string} */ name, /** @type {string} */ title, /** @type {number} */ chains) =>
    `Trace of ${name} by ${title}, ${chains} ${chains === 1 ? "chain" : "chains"}.`,
  histogramWords: (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string} */ mean,
    /** @type {string} */ sd,
    /** @type {boolean} */ known,
  ) =>
    `Histogram of ${name} by ${title}: mean ${mean}, standard deviation ${sd}${known ? "; with the true density" : ""}.`,
  autocorrelationWords: (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {number} */ lag,
    /** @type {boolean} */ found,
  ) =>
    found
      ? `Autocorrelation of ${name} by ${title}: it falls below 0.1 at lag ${lag}.`
      : `Autocorrelation of ${name} by ${title}: it stays above 0.1 up to lag ${lag}.`,
  nothing: "–",
};
