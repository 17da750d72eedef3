// A plain static server on localhost: what a page sees of a folder when nothing transforms its files.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".css": "text/css",
};

/** Serves `folder`, and `pages` that lie in no folder by their path, with these headers too, until it is closed. */
export async function serve(folder: string, pages: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    try {
      const body = pages[path] ?? (await readFile(join(folder, path)));
      response
        .writeHead(200, { ...headers, "content-type": types[extname(path)] ?? "application/octet-stream" })
        .end(body);
    } catch {
      response.writeHead(404).end(`${path} is not here`);
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** The import map that gives a page the names of a package whose folder is served at `base`. */
export function importMap(exports: Record<string, { default: string }>, base: string): string {
  const entries = Object.entries(exports).map(([path, { default: file }]) => [
    path.replace(".", "synaptape"),
    file.replace(".", base),
  ]);
  return JSON.stringify({ imports: Object.fromEntries(entries) });
}

/** A page whose module script calls `done(result)`; whatever goes wrong in it becomes the error of `resultOf`. */
export function page(module: string, head = ""): string {
  return `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script>
  window.result = new Promise((done, failed) => {
    window.done = (result) => Promise.resolve(result).then(done, failed);
    const complain = (event) => failed(new Error(event.message || "not loaded: " + (event.target.src || event.reason)));
    addEventListener("error", complain, true);
    addEventListener("unhandledrejection", complain);
  });
</script>
${head}
${module}
`;
}
