// Keeps the page's files for when there is no network: they are fetched anew wherever that is possible.
declare const FILES: readonly string[];
declare const VERSION: string;

const here = self as unknown as ServiceWorkerGlobalScope;
interface ServiceWorkerGlobalScope extends EventTarget {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const name = `synaptape-play-${VERSION}`;

here.addEventListener("install", (event) => {
  const kept = caches.open(name).then((cache) => cache.addAll([...FILES]));
  (event as Lasting).waitUntil(kept.then(() => here.skipWaiting()));
});

here.addEventListener("activate", (event) => {
  const old = caches.keys().then((keys) => {
    const gone = keys.filter((key) => key.startsWith("synaptape-play-") && key !== name);
    return Promise.all(gone.map((key) => caches.delete(key)));
  });
  (event as Lasting).waitUntil(old.then(() => here.clients.claim()));
});

here.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  if (request.method !== "GET") return;
  const kept = async (error: unknown): Promise<Response> => {
    const found = await caches.match(request, { ignoreSearch: true });
    if (found) return found;
    throw error;
  };
  (event as Fetching).respondWith(fetch(request).catch(kept));
});
