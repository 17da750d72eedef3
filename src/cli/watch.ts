// `synaptape watch`: a live page about runs, on this machine only. It reads the folders that were named and nothing else:
// no path that a browser asks for is ever a path of a file.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/index.js";
import { htmlPage } from "../report/html.js";
import { reportStyle } from "../report/theme.js";
import { listening, refusal, SAFE_HEADERS } from "./loopback.js";
import { say, sayJson } from "./output.js";
import { watchSignals } from "./signals.js";
import { settingsThatDiffer, WatchedRun } from "./watched-run.js";

/** The flags of `watch` that were given. */
export interface WatchFlags {
  readonly port?: number;
  readonly json?: boolean;
}

/** Milliseconds between two looks at the folders. */
const PACE = 1000;

/** Nothing but this page's own files; no script, style or frame from anywhere else. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

const HEADERS = { ...SAFE_HEADERS, "Content-Security-Policy": POLICY };

const STYLE = `${reportStyle}
#runs{list-style:none;padding:0;margin:18px 0;overflow-wrap:anywhere}
#runs li{margin:6px 0}
#load,.problem{color:var(--quiet);font-size:14px}
figure svg{cursor:crosshair;touch-action:pan-y}
button{font:inherit;color:var(--ink);background:var(--shade);border:1px solid var(--line);border-radius:6px;padding:4px 12px}
td{overflow-wrap:anywhere;white-space:normal;max-width:40ch}
`;

const BODY = `<h1>Runs as they go</h1>
<p id="load" role="status">Connecting.</p>
<ul id="runs"></ul>
<p class="note">Point at a curve to read it. Drag across a chart to look closer. <button id="whole" type="button">Show all</button></p>
<section><h2>Accuracy</h2><figure id="accuracy"></figure></section>
<section><h2>Loss</h2><figure id="loss"></figure></section>
<section><h2>Coefficients</h2><p class="note">The rule's numbers P, since this page is served.</p><figure id="coefficients"></figure></section>
<section><h2>What the guard did</h2><div class="scroll" id="guard"></div></section>
<section><h2>Where the configurations differ</h2><div class="scroll" id="differences"></div></section>
`;

/** Serves the page until a signal ends it. */
export async function watch(folders: readonly string[], { port = 0, json = false }: WatchFlags): Promise<void> {
  const runs = [...new Set(folders)].map((folder) => new WatchedRun(folder));
  const files = new Map<string, readonly [type: string, content: string | Buffer]>([
    ["/", ["text/html; charset=utf-8", page()]],
    ["/page.css", ["text/css; charset=utf-8", STYLE]],
    ["/page.js", ["text/javascript; charset=utf-8", await script()]],
  ]);
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response, files, listeners, runs));
  await listening("watch", server, port);
  const { port: open } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${open}/`;
  if (json) sayJson({ url, runs: folders });
  else say(`${url} shows ${runs.length === 1 ? "the run" : `${runs.length} runs`}. Ctrl-C ends it.`);
  const signals = watchSignals(
    () => {},
    () => {},
  );
  while (!signals.signal.aborted) {
    const news = await Promise.all(runs.map((run) => run.look()));
    if (news.some(Boolean)) send(listeners, "runs", stateOf(runs));
    send(listeners, "load", loadNow());
    await setTimeout(PACE, undefined, { signal: signals.signal }).catch(() => {});
  }
  signals.end();
  for (const listener of listeners) listener.end();
  server.close();
  server.closeAllConnections();
}

const page = (): string =>
  htmlPage("Synaptape: runs", "", BODY)
    .replace(/<style>\s*<\/style>/, '<link rel="stylesheet" href="/page.css">\n<link rel="icon" href="data:,">')
    .replace("</body>", '<script type="module" src="/page.js"></script>\n</body>');

/** The page's own code, which the build puts beside this one. */
async function script(): Promise<Buffer> {
  for (const place of ["./watch-page.js", "./cli/watch-page.js"]) {
    const found = await readFile(fileURLToPath(new URL(place, import.meta.url))).catch(() => undefined);
    if (found) return found;
  }
  throw new InputError(
    "[watch] the page's code, watch-page.js, is not beside the command line. Install synaptape again.",
  );
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, readonly [type: string, content: string | Buffer]>,
  listeners: Set<ServerResponse>,
  runs: readonly WatchedRun[],
): void {
  const { method, url = "" } = request;
  const file = files.get(url);
  const refused = refusal(request, file !== undefined || url === "/events");
  if (refused) response.writeHead(refused, HEADERS).end();
  else if (file) {
    const [type, content] = file;
    response.writeHead(200, { ...HEADERS, "Content-Type": type });
    response.end(method === "HEAD" ? undefined : content);
  } else {
    response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
    send([response], "load", loadNow());
    send([response], "runs", stateOf(runs));
  }
}

const stateOf = (runs: readonly WatchedRun[]) => ({
  runs: runs.map(({ state }) => state),
  differences: settingsThatDiffer(runs),
});

const loadNow = () => ({ busy: loadavg()[0], cores: availableParallelism(), free: freemem(), memory: totalmem() });

/** Tells every page. JSON has no line breaks, which would end the event. */
function send(to: Iterable<ServerResponse>, event: string, value: unknown): void {
  for (const response of to) response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
}
