/** A run played again frame by frame, each frame a picture of a chart; and the frames as a film or as numbered files. */

import { drawLate } from "../../draw.js";
import { canvasOf, captionOf, chartsShown } from "./charts.js";
import { advance, pause } from "./replay.js";
import { T } from "./texts.js";
import { isFilm, withDuration } from "./webm.js";

/** @typedef {import("../../app.js").App} App */
/** @typedef {import("./charts.js").Look} Look */
/** @typedef {{ label: string, look: Look, every: number, end: number, ratio: number }} Script what is filmed */
/** @typedef {{ signal: AbortSignal, at(done: number, total: number): void }} Watch */

/** Bits of a film for each of its pixels and frames: thin lines on paper take more than a camera's picture. */
const BITS = 0.35;
/** The kinds of film that are tried, the best first. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

/** How many frames that makes, the start and the end with them. @param {number} end iteration @param {number} every */
export function framesOf(end, every) {
  return Math.ceil(end / Math.max(1, every)) + 1;
}

/**
 * The frames of a run, as PNG, from its start to an iteration. Null where it was cancelled, or the run is another by then.
 * @param {App} app @param {Script} script @param {Watch} watch @returns {Promise<Blob[] | null>}
 */
export async function filmed(app, { label, look, every, end, ratio }, { signal, at }) {
  const total = framesOf(end, every);
  /** @type {Blob[]} */
  const frames = [];
  // Back in time rather than anew: what was changed by hand is then done again in its place.
  await app.goTo(0);
  for (let k = 0; frames.length < total; k += every) {
    if (k > 0 && !(await advance(app, Math.min(k, end), signal))) return null;
    await drawn();
    const chart = chartsShown().find((one) => one.label === label);
    if (!chart) return null;
    frames.push(await pngOf(canvasOf(chart, captionOf(chart, app.record, look), look, ratio)));
    at(frames.length, total);
    if (signal.aborted) return null;
  }
  return frames;
}

/** Waits until every chart shows the last frame: what is throttled is drawn at once, and one chart a screen frame at least. */
async function drawn() {
  await screen();
  drawLate();
  const charts = document.querySelectorAll(".app .ink").length;
  for (let i = 0; i <= charts; i += 1) await screen();
}

const screen = () => new Promise((next) => requestAnimationFrame(next));

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
export function pngOf(canvas) {
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error(T.pictureFailed))), "image/png"),
  );
}

/** The kind of film that this browser records, if any. */
export function filmType() {
  return typeof MediaRecorder === "function" ? TYPES.find((type) => MediaRecorder.isTypeSupported(type)) : undefined;
}

/** A recorder on a busy machine may end before it has encoded anything; so often it is tried. */
const TRIES = 3;
/** What the encoder is given after the last frame, ms. */
const FLUSH_MS = 250;

/**
 * A film of the frames, which takes as long to record as to play. Null where it was cancelled.
 * @param {Blob[]} frames @param {number} rate a second @param {string} type @param {Watch} watch @returns {Promise<Blob | null>}
 */
export async function filmOf(frames, rate, type, watch) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const film = await recorded(frames, rate, type, watch);
    if (film === null) return null;
    if (isFilm(film)) return new Blob([film], { type: "video/webm" });
  }
  throw new Error(T.filmFailed);
}

/** @param {Blob[]} frames @param {number} rate @param {string} type @param {Watch} watch @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
async function recorded(frames, rate, type, { signal, at }) {
  const first = await createImageBitmap(/** @type {Blob} */ (frames[0]));
  const canvas = document.createElement("canvas");
  // Codecs take even sides only.
  canvas.width = first.width & ~1;
  canvas.height = first.height & ~1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const stream = canvas.captureStream(0);
  const track = /** @type {CanvasCaptureMediaStreamTrack} */ (stream.getVideoTracks()[0]);
  const bits = Math.max(2e6, Math.min(40e6, BITS * canvas.width * canvas.height * rate));
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: bits });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const over = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
  const ready = new Promise((started) => recorder.addEventListener("start", started, { once: true }));
  recorder.start();
  await Promise.race([ready, pause(FLUSH_MS)]);
  const began = performance.now();
  for (let k = 0; k < frames.length && !signal.aborted; k += 1) {
    const picture = k === 0 ? first : await createImageBitmap(/** @type {Blob} */ (frames[k]));
    context.drawImage(picture, 0, 0);
    picture.close();
    track.requestFrame();
    at(k + 1, frames.length);
    await pause(Math.max(0, began + ((k + 1) * 1000) / rate - performance.now()));
  }
  const length = performance.now() - began;
  // The last frame once more, so that it has its time.
  track.requestFrame();
  await pause(FLUSH_MS);
  recorder.stop();
  await over;
  track.stop();
  if (signal.aborted) return null;
  return withDuration(new Uint8Array(await new Blob(parts).arrayBuffer()), length);
}

/**
 * The frames as numbered files with the line that sets them in LaTeX, in one archive.
 * @param {Blob[]} frames @param {string} stem of the file names @param {number} rate a second
 */
export async function archiveOf(frames, stem, rate) {
  const { zipSync } = await import("../../generated/zip.js");
  const digits = String(frames.length - 1).length;
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  for (const [k, frame] of frames.entries())
    files[`${stem}-${String(k).padStart(digits, "0")}.png`] = new Uint8Array(await frame.arrayBuffer());
  files["README.txt"] = new TextEncoder().encode(T.framesNote(latexOf(frames.length, stem, rate)));
  // A PNG is compressed already.
  return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (zipSync(files, { level: 0 }))], { type: "application/zip" });
}

/** @param {number} frames @param {string} stem @param {number} rate */
export function latexOf(frames, stem, rate) {
  const last = String(frames - 1);
  return `\\animategraphics[controls,width=\\linewidth]{${rate}}{${stem}-}{${"0".padStart(last.length, "0")}}{${last}}`;
}
