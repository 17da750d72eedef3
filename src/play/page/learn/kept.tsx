// The rules that were kept.
import { saveFile } from "../files.js";
import type { Play } from "../use-play.js";
import type { Learning } from "./use-learning.js";

/** See the head of this file. */
export function KeptRules({ play, learning }: { play: Play; learning: Learning }) {
  const { kept } = learning.state;
  if (kept.length === 0) return null;
  return (
    <div>
      <h3>Rules kept on this page</h3>
      <ul class="kept">
        {kept.map((rule) => (
          <li key={rule.name}>
            <span>
              {rule.name}: <span class="number">{(100 * rule.accuracy).toFixed(1)} %</span> known in its last tasks
            </span>
            <span class="row">
              <button type="button" onClick={() => play.use(rule)}>
                Let the life go by it<span class="hidden">: {rule.name}</span>
              </button>
              <button
                type="button"
                onClick={() =>
                  play.tell(
                    learning.save(rule).then((bytes) => {
                      saveFile("rule.safetensors", bytes);
                      return `${rule.name} is saved. Try it with: synaptape evaluate rule.safetensors`;
                    }),
                  )
                }
              >
                Save<span class="hidden"> {rule.name}</span>
              </button>
              <button type="button" onClick={() => learning.forget(rule)}>
                Remove<span class="hidden"> {rule.name}</span>
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
