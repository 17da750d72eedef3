// `synaptape play`: the playground, on this machine only. It serves the files that the build made for it and nothing else: no
// path that a browser asks for is ever a path of a file.
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/index.js";
import { listening, refusal, SAFE_HEADERS } from "./loopback.js";
import { say, sayJson } from "./output.js";
import { watchSignals } from "./signals.js";

/** The flags of `play` that were given. */
export interface PlayFlags {
  readonly port?: number;
  readonly json?: boolean;
}

/** The types of the page's files, by the ends of their names. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** As in the page itself; frames are forbidden by a header only. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "worker-src 'self'"],
  ...["connect-src 'self'", "img-src 'self' data: blob:", "base-uri 'none'", "form-action 'none'"],
  "frame-ancestors 'none'",
].join("; ");

/** Serves the playground until a signal ends it. */
export async function play({ port = 0, json = false }: PlayFlags): Promise<void> {
  const served = await builtFiles();
  const server = createServer((request, response) => {
    const [path] = (request.url ?? "").split("?");
    const file = served.get(path);
    const refused = refusal(request, file !== undefined);
    const headers = { ...SAFE_HEADERS, "Content-Security-Policy": POLICY };
    if (refused) response.writeHead(refused, headers).end();
    else {
      response.writeHead(200, { ...headers, "Content-Type": file!.type });
      response.end(request.method === "HEAD" ? undefined : file!.content);
    }
  });
  await listening("play", server, port);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  if (json) sayJson({ url });
  else say(`The playground is at ${url}. Ctrl-C ends it.`);
  const { signal, end } = watchSignals(
    () => {},
    () => {},
  );
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
  end();
  server.close();
  server.closeAllConnections();
}

/** The files of the playground by their paths, which the build puts beside the command line's folder. */
async function builtFiles(): Promise<ReadonlyMap<string, { readonly type: string; readonly content: Buffer }>> {
  const folder = fileURLToPath(new URL("../play/", import.meta.url));
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (!names.includes("index.html")) {
    throw new InputError("[play] the playground is not beside the command line. Install synaptape again.");
  }
  const files = names.map(async (name) => {
    const path = name === "index.html" ? "/" : `/${name}`;
    return [path, { type: TYPES[extname(name)], content: await readFile(join(folder, name)) }] as const;
  });
  return new Map(await Promise.all(files));
}
