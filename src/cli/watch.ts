// `synaptape watch`: a live page about runs, on this machine only. It reads the folders that were named and nothing else:
// no path that a browser asks for is ever a path of a file.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/index.js";
import { settingsThatDiffer } from "../meta/internal.js";
import { htmlPage } from "../report/html.js";
import { reportStyle } from "../report/theme.js";
import { listening, refusal, SAFE_HEADERS } from "./loopback.js";
import { say, sayJson } from "./output.js";
import { RUN_COLOURS } from "./run-colours.js";
import { watchSignals } from "./signals.js";
import { WatchedAnswers } from "./watch-samples.js";
import { WatchedRun, WINDOW } from "./watched-run.js";

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
.runs{${RUN_COLOURS.light}}
@media (prefers-color-scheme:dark){.runs{${RUN_COLOURS.dark}}}
#runs{list-style:none;padding:0;margin:18px 0;overflow-wrap:anywhere}
#runs li{margin:6px 0}
#load,.problem{color:var(--quiet);font-size:14px}
figure svg{cursor:crosshair;touch-action:pan-y}
button{font:inherit;color:var(--ink);background:var(--shade);border:1px solid var(--line);border-radius:6px;padding:4px 12px}
td{overflow-wrap:anywhere;white-space:normal;max-width:40ch}
#answers h3{overflow-wrap:anywhere}
#answers div{display:flex;flex-wrap:wrap;gap:6px 10px}
#answers figure{margin:0;text-align:center;font-size:13px}
#answers img{display:block;width:44px;height:44px;image-rendering:pixelated;border-radius:3px}
`;

const BODY = `<h1>Runs as they go</h1>
<p id="load" role="status">Connecting.</p>
<ul id="runs"></ul>
<p class="note">Point at a curve to read it. Drag across a chart to look closer. <button id="whole" type="button">Show all</button></p>
<section><h2>Accuracy</h2><figure id="accuracy"></figure></section>
<section><h2>Loss</h2><figure id="loss"></figure></section>
<section><h2>Coefficients</h2><p class="note">The rule's numbers P at each look since this page is served: a dot for the last one, which is all that a finished run has.</p><figure id="coefficients"></figure></section>
<section><h2>What the networks answer</h2><p class="note">Two queries of each class of a task that the run was not trained on, after one lifetime by its rule, with the class that the network names. Wrong answers are underlined. Looked at every ten seconds at most.</p><div id="answers"></div></section>
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
  const answers = runs.map(({ folder }) => new WatchedAnswers(folder));
  const listeners = new Set<ServerResponse>();
  const greet = (to: ServerResponse): void => {
    send([to], "load", loadNow());
    send([to], "news", { news: runs.map(({ whole }) => whole), ...about(runs) });
    for (const { last } of answers) if (last) send([to], "answers", last);
  };
  const server = createServer((request, response) => answer(request, response, files, listeners, greet));
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
    if (news.some(Boolean)) send(listeners, "news", { news: news.map((each) => each ?? null), ...about(runs) });
    send(listeners, "load", loadNow());
    for (const [i, each] of answers.entries()) {
      const said = listeners.size > 0 && (await each.look(runs[i].contents));
      if (said) send(listeners, "answers", said);
    }
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
    .replace("<body>", '<body class="runs">')
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
  greet: (to: ServerResponse) => void,
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
    greet(response);
  }
}

/** What a page is told about all runs together. */
const about = (runs: readonly WatchedRun[]) => ({
  window: WINDOW,
  differences: settingsThatDiffer(runs.map(({ begun }) => begun)),
});

const loadNow = () => ({ busy: loadavg()[0], cores: availableParallelism(), free: freemem(), memory: totalmem() });

/** Tells every page. JSON has no line breaks, which would end the event. */
function send(to: Iterable<ServerResponse>, event: string, value: unknown): void {
  for (const response of to) response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
}
