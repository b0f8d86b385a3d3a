/** The words of the export dialog and of what is opened again. */

export const T = {
  title: "Export",
  topicsLabel: "What to export",
  topics: { picture: "Picture", animation: "Animation", data: "Data", link: "Link", open: "Open" },
  close: "Close",

  chart: "Chart",
  whichChart: "Chart",
  noChart: "There is no chart on this page yet. Run something first.",
  captioned: "Title and lanes around it",
  light: "Light colours, for print",
  pictureFailed: "the browser made no picture of it; it may be too large",
  saveSvg: "SVG",
  savePng: "PNG, 2×",
  pictureHint:
    "The chart as it is on the page now. SVG holds lines and text as such, for LaTeX, Beamer and papers; grounds of colour are an image in it.",
  previewOf: (/** @type {string} */ words) => `Preview. ${words}`,

  every: "A frame every",
  everyUnit: "iterations",
  rate: "Frames a second",
  frames: (/** @type {string} */ n, /** @type {string} */ seconds, /** @type {string} */ end) =>
    `${n} frames up to iteration ${end}, ${seconds} s.`,
  animationHint: "The run is played again from its start, one frame after the other. It ends where it stands now.",
  animationNone: "Run first: an animation shows a run up to where it stands.",
  animationEnded: "Choose the page Run: an animation shows a run.",
  saveWebm: "WebM",
  saveFrames: "Frames, .zip",
  cancel: "Cancel",
  progressLabel: "Frames made",
  drawing: (/** @type {number} */ done, /** @type {number} */ total) => `Frame ${done} of ${total} …`,
  recording: (/** @type {string} */ seconds) => `Recording; ${seconds} s to go …`,
  cancelled: "Cancelled. The run stands where the last frame was.",
  filmFailed: "the browser recorded no picture; try again, or save the frames instead",
  noRecorder: "This browser cannot record WebM. Save the frames instead.",
  latexLabel: "For LaTeX, with the package animate",
  framesNote: (/** @type {string} */ line) =>
    `The frames of a run, as PNG.\n\nIn LaTeX, with \\usepackage{animate}, in this folder:\n\n${line}\n`,

  saved: (/** @type {string} */ name) => `Saved ${name}.`,
  copy: "Copy",
  copied: "Copied.",
  copyRefused: "The clipboard is closed to this page. It is selected: copy it by hand.",
  working: "Working …",

  data: {
    history: ["History", "Every column of every lane, a row an iteration."],
    record: ["Record", "All of the run, to be opened here again: settings, history, and the digest of each lane."],
    parameters: ["Parameters", "Where each lane stands; of a network layer by layer."],
    config: ["Config", "Of the selected lane, as the API takes it; or of all lanes."],
    python: ["PyTorch", "The selected lane as a script that stands alone, with the same start, data and batches."],
  },
  csv: "CSV",
  json: "JSON",
  selectedLane: "Selected lane",
  allLanes: "All lanes",
  script: "Script",
  of: (/** @type {string} */ what, /** @type {string} */ kind) => `${what}: ${kind}`,
  dataHint:
    "Numbers have all their digits, so they read back to the same bits. In JSON NaN, Infinity, -Infinity and -0 are strings.",
  noLanes: "There is no lane to export.",

  link: "Link",
  withProof: "With proof",
  proofHint: (/** @type {string} */ at) =>
    `The link carries a digest of each lane's parameters at iteration ${at}. Who opens it has the run replayed and is told whether it comes to the same bits.`,
  proofPlaying: "The run goes on. Pause it: a proof is of where it stands.",
  proofStart: "Run first: at its start there is nothing to prove.",
  proofChanged: (/** @type {number} */ lane, /** @type {string} */ at) =>
    `Lane ${lane} was changed at iteration ${at}, while it ran, so the link does not lead to it. Reset and run again for a proof.`,
  proofLost: (/** @type {string} */ path) =>
    `The link cannot hold ${path}, so it does not lead to this run. A record can: save it under Data.`,
  proofLong: "The data are too long for a link, so the link alone does not lead to this run. Save a record under Data.",
  linkLong: (/** @type {string} */ size, /** @type {string} */ most) =>
    `With your data the link has ${size} characters; beyond ${most} it is cut by mail and chat. This one is without them: whoever opens it adds the file under Data.`,
  qr: "QR code",
  qrOf: "QR code of the link",
  qrLong: (/** @type {string} */ size, /** @type {string} */ most) =>
    `The link has ${size} characters; a QR code holds ${most} at most. Share the link itself.`,
  qrDense: "A code so dense is read at a large size only.",
  saveQr: "SVG",
  snippet: "To embed",
  snippetHint: "For a web page or slides in HTML.",

  open: "Open a file",
  openHint:
    "A record or a config, as saved here (.json). Drop it anywhere on the page, or choose it. A record is replayed and compared with what it says.",
  choose: "Choose file",
  tooLarge: (/** @type {string} */ size, /** @type {string} */ most) =>
    `The file has ${size}; at most ${most} can be read.`,
  notJson: (/** @type {string} */ name) =>
    `${name} is no .json file. A config or a record is opened here; a CSV with data goes to the field under Data.`,
  refused: (/** @type {string} */ name) => `${name} cannot be opened. What you had is kept.`,
  opened: (/** @type {string} */ name) => `${name} is open.`,

  verdictLabel: "Replay",
  replaying: (/** @type {string} */ at) => `Replaying up to iteration ${at} …`,
  reproduced: (/** @type {number} */ lanes, /** @type {string} */ at) =>
    `Reproduced: ${lanes === 1 ? "the lane has" : `all ${lanes} lanes have`} the same parameters at iteration ${at}, bit for bit.`,
  differs: "Not reproduced.",
  laneDiffers: (/** @type {number} */ lane, /** @type {string} */ title, /** @type {string} */ from) =>
    `Lane ${lane}, ${title}, ${from ? `differs from iteration ${from} on` : "ends in other parameters"}.`,
  laneChanged: (/** @type {number} */ lane, /** @type {string} */ at) =>
    `Lane ${lane} had been changed at iteration ${at}, while it ran; a replay has its last settings from the start.`,
  lanesDiffer: (/** @type {number} */ said, /** @type {number} */ are) =>
    `It speaks of ${said} ${said === 1 ? "lane" : "lanes"}, the run has ${are}.`,
  otherVersion: (/** @type {string} */ theirs, /** @type {string} */ ours) =>
    `It was made by version ${theirs}; this is ${ours}.`,
  interrupted: "The replay was interrupted, so it is not known whether the run is the same.",
  again: "Replay again",
  back: "Back to the former run",
};
