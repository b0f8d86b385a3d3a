/** The words of the views of learning, which are loaded when they are first shown. */

export const L = {
  regimeAxis: "What the three runs differ in",
  regimeAxes: { size: "Size of the network", samples: "Number of training rows", noise: "Noise in the answers" },
  regimesAgain: "Run the three again",
  regimeNote: (/** @type {string} */ title) =>
    `${title}, its settings and seed, three times; this alone differs. The loss is without the L2 term.`,
  noSuchNoise: "These data are as they are: only generated sets can be made noisier.",
  noHiddenLayer: "No hidden layer",
  hiddenOf: (/** @type {string} */ layers) => `Hidden ${layers}`,
  allTrainingRows: "All training rows",
  trainingRows: (/** @type {number} */ n) => `${n} training rows`,
  wrongLabels: (/** @type {number} */ percent) => (percent === 0 ? "No wrong labels" : `${percent} % wrong labels`),
  regimeLosses: (/** @type {string} */ train, /** @type {string} */ val) => `train ${train}, validation ${val}`,
  verdicts: {
    fits: () => "Fits: the validation loss is near its lowest.",
    under: () => "Underfits: even its training loss is above the best validation loss here.",
    risen: (/** @type {number} */ k) => `Overfits: its validation loss has risen since iteration ${k}.`,
    apart: () => "Overfits: lower in training than the best here, higher in validation.",
  },
  directions: "Directions of the plane",
  principal: "principal",
  random: "random",
  otherDirections: "Other random directions",
  ways: "How far each lane's way is off the plane",
  planeSought: "The plane is being sought.",
  landscapeDone: (/** @type {number} */ percent) => `Loss over the plane: ${percent} %`,
  landscapeOf: (/** @type {string} */ k, /** @type {boolean} */ principal) =>
    principal
      ? `Training loss, L2 included, at iteration ${k}: over the plane through the selected lane in which the ways go furthest.`
      : `Training loss, L2 included, at iteration ${k}: along random directions as long as the weights of each unit.`,
  landscapeOld: (/** @type {string} */ k) => `As of iteration ${k}; drawn anew when the run rests.`,
  axes: (/** @type {boolean} */ principal) =>
    principal ? ["first principal direction", "second"] : ["first random direction", "second"],
  lossThere: "loss",
  way: (/** @type {string} */ title, /** @type {number} */ percent, /** @type {string} */ off) =>
    `${title}: ${percent} % of the way off the plane, ${off} away now`,
  landscapeWords: (/** @type {string} */ low, /** @type {string} */ high, /** @type {string[]} */ ways) =>
    `Loss landscape: between ${low} and ${high} on the plane. ${ways.join(". ")}.`,
  parts: { train: "training", val: "validation", test: "test" },
  partNames: { train: "training", val: "validation", test: "test" },
  partShown: "Part of the data",
  scoresCaption: "Rows, loss and scores of the selected lane on each part of the data",
  rows: "Rows",
  accuracy: "Accuracy",
  area: "ROC area",
  absoluteError: "Mean |error|",
  target: "target",
  confusion: "Confusion matrix",
  confusionOf: (/** @type {string} */ title, /** @type {string} */ part) =>
    `${title}, ${part} set. Rows: true; columns: predicted.`,
  byClass: "By class",
  classHeads: ["Class", "Precision", "Recall", "F1", "Rows"],
  roc: "ROC",
  rocWords: (/** @type {string} */ title, /** @type {string} */ areas) =>
    `True positive rate against false positive rate of ${title}. Area under the curve: ${areas}.`,
  residuals: "Residuals",
  residualWords: (/** @type {string} */ title, /** @type {string} */ part, /** @type {string} */ most) =>
    `True minus predicted over predicted values of ${title}, ${part} set; the largest miss is ${most}, a perfect prediction lies on the line at 0.`,
  qualityAt: (/** @type {string} */ title, /** @type {number} */ k) =>
    `${title} at iteration ${k}, without the L2 term.`,
  testedAt: (/** @type {string} */ title, /** @type {number} */ k, /** @type {number} */ n) =>
    `${title} as it stood at iteration ${k}, when the test set was opened ${n === 1 ? "for the first time" : `for the ${n}. time`}.`,
  stillSealed: "The test set is under seal.",
  noRows: "This part has no rows.",
  drawHint: (/** @type {string} */ title) =>
    `Learning rate of ${title}. Press to set a point, drag to move it, drag it out or press Delete to remove it. Keys: arrows move, Enter sets one more.`,
  drawClear: "Constant again",
  drawDone: "Done",
  ratePoint: (/** @type {number} */ i) => `Point ${i} of the learning rate`,
  rateFrom: (/** @type {number} */ t, /** @type {string} */ rate) => `from iteration ${t}, rate ${rate}`,
};
