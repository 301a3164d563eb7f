// Keeps the checklist's page and its own files, so that it opens without a connection. It touches nothing else:
// answers and photos wait in the browser's store (store.js) and are sent by the page (sync.js).
const KEPT = {{ kept|safe }};
const CACHE = `sachhon-quick-${KEPT.version}`;
const CHECKLIST = /^\/danh-gia\/\d+\/nhanh\/phieu\/$/;

self.addEventListener("install", (event) => {
  const all = [KEPT.shell, ...KEPT.files].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(all)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("sachhon-quick-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // A query ("?may-chu") asks for the server's own page.
  const page = request.mode === "navigate" && CHECKLIST.test(url.pathname) && !url.search;
  if (!page && !KEPT.files.includes(url.pathname)) return;
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(page ? KEPT.shell : url.pathname))
      .then((found) => found || fetch(request)),
  );
});

// The page asks for the empty page again when it was kept in the other language.
self.addEventListener("message", (event) => {
  if (event.data !== "refresh-shell") return;
  const again = caches.open(CACHE).then((cache) => cache.add(new Request(KEPT.shell, { cache: "reload" })));
  event.waitUntil(again.then(() => event.source?.postMessage("shell-refreshed")).catch(() => {}));
});
