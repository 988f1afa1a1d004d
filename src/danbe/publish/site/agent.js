// Keeps the pages of services for when there is no network. What the network has goes first: a service may have closed.
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FIRST)));
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const language = VERSION.split("-").slice(0, 2).join("-") + "-";
    for (const name of await caches.keys()) if (name.startsWith(language) && name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("message", (event) => {
  const pages = (event.data || {}).keep || [];
  event.waitUntil((async () => {
    const cache = await caches.open(VERSION);
    await Promise.all(pages.map(async (page) => (await cache.match(page)) || cache.add(page).catch(() => {})));
    event.source.postMessage({ kept: pages.length });
  })());
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(VERSION);
    try {
      const answer = await fetch(event.request);
      if (answer.ok) cache.put(event.request, answer.clone());
      return answer;
    } catch (error) {
      const held = await cache.match(event.request, { ignoreSearch: true });
      if (held) return held;
      throw error;
    }
  })());
});
