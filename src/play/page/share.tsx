// Takes a life elsewhere: an address, a program, a rule's file; and opens rules and runs.
import { defineComponent, shallowRef } from "vue";
import type { ReadRun } from "../run-files.js";
import { saveFile } from "./files.js";
import type { Play } from "./use-play.js";

declare const VERSION: string;

const filesOf = (event: Event): File[] => [...((event.target as HTMLInputElement).files ?? [])];
const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** The largest file that is read, in bytes. */
const LARGEST = 50e6;

async function checkedBytes(file: File): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new Error(`${file.name} is larger than 50 MB. Give the file of a rule or of a run.`);
  return bytesOf(file);
}

/** Copies text, or shows it where a page may not. */
async function copy(text: string, done: string): Promise<string> {
  await navigator.clipboard.writeText(text).catch(() => undefined);
  return done;
}

/** See the head of this file. */
export const Share = defineComponent(
  ({ play }: { play: Play }) => {
    const address = shallowRef("");
    const program = shallowRef<{ text: string; hash: string }>();
    const run = shallowRef<ReadRun>();
    const share = async (): Promise<string> => {
      const text = await play.ask("address");
      history.replaceState(null, "", `#${text}`);
      address.value = location.href;
      return copy(location.href, "The address holds the whole life. It is copied, where this browser allows it.");
    };
    const code = async (): Promise<string> => {
      program.value = undefined;
      program.value = await play.ask("program", VERSION);
      play.seek(play.state.frame?.at || (play.state.begun?.steps ?? 0));
      return copy(program.value.text, "The program is copied, where this browser allows it.");
    };
    const open = async (event: Event): Promise<string> => {
      const [file] = filesOf(event);
      if (!file) return "";
      const bytes = await checkedBytes(file);
      const setup = await play.ask("load", bytes, file.name);
      play.use(setup);
      return `The life goes by the rule in ${file.name}.`;
    };
    const openRun = async (event: Event): Promise<string> => {
      const files = filesOf(event).filter(({ name }) =>
        /^(config\.json|checkpoint\.safetensors|metrics\.jsonl)$/.test(name),
      );
      if (new Set(files.map(({ name }) => name)).size < files.length) {
        throw new Error("This folder holds several runs. Give the folder of one of them.");
      }
      const read = await Promise.all(files.map(async (file) => [file.name, await checkedBytes(file)] as const));
      const found = await play.ask("run", Object.fromEntries(read));
      run.value = found;
      play.use(found.setup);
      return `The life goes by the rule of the run, after ${found.metrics.length} episodes.`;
    };
    const meanOf = ({ metrics }: ReadRun): string => {
      const last = metrics.slice(-50);
      const mean = last.reduce((sum, { accuracy }) => sum + accuracy, 0) / last.length;
      return last.length === 0 ? "no episodes yet" : `${(100 * mean).toFixed(1)} % in the last ${last.length} episodes`;
    };
    return () => (
      <div>
        <div class="row">
          <button type="button" id="share" class="main" onClick={() => play.tell(share())}>
            Copy the address
          </button>
          <button type="button" id="code" onClick={() => play.tell(code())}>
            Copy as code
          </button>
          <button
            type="button"
            id="save"
            onClick={() =>
              play.tell(
                play.ask("save").then((bytes) => {
                  saveFile("rule.safetensors", bytes);
                  return "The rule is saved. Try it with: synaptape evaluate rule.safetensors";
                }),
              )
            }
          >
            Save the rule
          </button>
          <label class="button">
            Open a rule
            <input
              id="load"
              class="hidden"
              type="file"
              accept=".safetensors"
              onChange={(event) => play.tell(open(event))}
            />
          </label>
          <label class="button">
            Open a run's folder
            <input
              id="run"
              class="hidden"
              type="file"
              multiple
              {...{ webkitdirectory: true }}
              onChange={(event) => play.tell(openRun(event))}
            />
          </label>
        </div>
        {address.value !== "" && (
          <label class="stack">
            The address
            <input
              id="address"
              type="text"
              readonly
              value={address.value}
              onFocus={(event) => (event.target as HTMLInputElement).select()}
            />
          </label>
        )}
        {program.value && (
          <div>
            <p>
              Run by Node, this program ends with the hash <code id="hash">{program.value.hash}</code>, which is that of
              the network as it is now.
            </p>
            <textarea id="program" readonly rows={24} aria-label="The program" value={program.value.text} />
          </div>
        )}
        {run.value && <p>The run knew {meanOf(run.value)}.</p>}
      </div>
    );
  },
  { props: ["play"] },
);
