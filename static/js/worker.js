// The service worker: the page for writing an issue opens without a connection. No other page is kept.
// CACHE, PAGE and FILES come from the server, and queue.js stands before this.

const kept = (what) => caches.match(what, { ignoreVary: true });
const page = () => new Request(PAGE, { credentials: "omit" });

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...FILES, page()])));
});

self.addEventListener("activate", (event) => {
  const old = async () => (await caches.keys()).filter((name) => name !== CACHE).map((name) => caches.delete(name));
  event.waitUntil(old().then((gone) => Promise.all(gone)).then(() => clients.claim()));
});

// A line that is there but does not move counts as none.
function fresh(request) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, 8000);
    fetch(request).then(resolve, reject);
  });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (FILES.includes(pathname + search)) event.respondWith(kept(request).then((file) => file || fetch(request)));
  } else if (pathname === "/issues/new") {
    event.respondWith(fresh(request).catch(() => kept(PAGE)));
  } else if (pathname === "/") {
    event.respondWith(fetch(request).catch(() => Response.redirect("/issues/new")));
  }
});

self.addEventListener("sync", (event) => {
  const tell = async (path) => (await clients.matchAll()).forEach((client) => client.postMessage({ sent: path }));
  event.waitUntil(self.queue.send(false, tell));
});
