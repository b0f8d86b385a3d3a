/**
 * Keeps the published page for the time without a network, once it stands. Not in a frame, where another page is at home,
 * nor where there is no server.
 */

/** @param {ServiceWorkerContainer} workers */
async function keep(workers) {
  const registered = await workers.getRegistration();
  if (registered?.waiting) {
    // A newer version came at the last visit.
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    registered.waiting.postMessage("take over");
  }
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done));
  // The page comes first.
  await new Promise((later) => setTimeout(later, 1000));
  await workers.register(new URL("../service_worker.js", import.meta.url));
}

// Some browsers refuse it, in private windows for one: then the page works as long as there is a network.
if (window === window.top && location.protocol.startsWith("http") && navigator.serviceWorker)
  keep(navigator.serviceWorker).catch(() => {});
