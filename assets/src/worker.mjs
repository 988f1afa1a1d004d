// Keeps the entry pages, their scripts and their forms, so that they open without network. The network comes first:
// a page kept is shown only when it does not answer. Posts are never touched: the outbox sends them.

const keep = self.DANBE_KEEP ?? [];
const FILES = "danbe-files-" + keep.join("|").split("").reduce((sum, c) => ((sum * 31 + c.charCodeAt(0)) | 0) >>> 0, 7).toString(36);
const PAGES = "danbe-pages";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(keep)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith("danbe-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (/^\/saisie\/(\d+\/.*|\d+|)$/.test(address.pathname)) event.respondWith(page(request));
});

async function file(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

async function page(request) {
  try {
    const answer = await fetch(request);
    // A redirection leads to the sign-in page: shown, but never kept in place of the form.
    if (answer.ok && !answer.redirected && answer.type === "basic") await (await caches.open(PAGES)).put(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
