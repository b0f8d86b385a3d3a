/**
 * The published page without a network: all its files, as one version of them.
 *
 * A file is kept under its path and its digest. A new version brings what it has changed, beside the old one, and takes
 * over when a page that is opened asks for it and no other is open; so a page never gets files of two versions. A version
 * that comes incomplete, or with a file of another, is not taken, and is tried again at the next visit.
 */

/** What the build puts in: the digest of each file, by its path below the page. The page itself is the path "". */
const files = /** @type {Record<string, string>} */ (/** @type {any} */ (globalThis).FILES);

/** How often, and every how many ms, it is looked whether other pages are open. */
const LOOKS = 20;
const LOOK_MS = 100;

/** @typedef {{ url: string, method: string }} Asked */
/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} LongEvent */
const worker = /** @type {any} */ (globalThis);
/** @type {string} */
const scope = worker.registration.scope;
// Other pages of the same host have stores of their own.
const store = caches.open(`descent ${scope}`);

/** @param {string} path */
const keyOf = (path) => new URL(`${path}?${encodeURIComponent(files[path] ?? "")}`, scope).href;

/** Brings what is not there yet. */
async function bring() {
  const cache = await store;
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const missing = Object.keys(files).filter((path) => !kept.has(keyOf(path)));
  await Promise.all(
    missing.map(async (path) => {
      const answer = await fetch(new URL(path, scope), { cache: "no-cache", integrity: files[path] });
      if (!answer.ok) throw new Error(`${path || "the page"} cannot be loaded (${answer.status})`);
      await cache.put(keyOf(path), answer);
    }),
  );
}

/** Lets go of what belongs to older versions. */
async function tidy() {
  const cache = await store;
  const keys = new Set(Object.keys(files).map(keyOf));
  await Promise.all((await cache.keys()).map((request) => keys.has(request.url) || cache.delete(request)));
  await worker.clients.claim();
}

/** The path of a file of this version, or null. @param {Asked} request */
function pathOf({ url, method }) {
  if (method !== "GET" || !url.startsWith(scope)) return null;
  const path = new URL(url).pathname.slice(new URL(scope).pathname.length).replace(/^index\.html$/, "");
  return Object.hasOwn(files, path) ? path : null;
}

/** A page that has just been opened asks to be of this version. The one that it took the place of may count for a moment still. */
async function takeOver() {
  for (let look = 0; look < LOOKS; look += 1) {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (pages.length === 1) return worker.skipWaiting();
    await new Promise((later) => setTimeout(later, LOOK_MS));
  }
}

/** @param {Asked} request @param {string} path */
async function answer(request, path) {
  return (await (await store).match(keyOf(path))) ?? fetch(/** @type {any} */ (request));
}

addEventListener("install", (event) => /** @type {LongEvent} */ (event).waitUntil(bring()));
addEventListener("activate", (event) => /** @type {LongEvent} */ (event).waitUntil(tidy()));
addEventListener("message", (event) => /** @type {any} */ (event).waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request, respondWith } = /** @type {any} */ (event);
  const path = pathOf(request);
  if (path !== null) respondWith.call(event, answer(request, path));
});
