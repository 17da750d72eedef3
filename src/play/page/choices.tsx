// What is chosen before a life begins: the rule, how errors travel, chemicals, the network, and chance.
import type { PlasticityConfig, PresetName } from "../../plasticity/index.js";
import { LIMITS } from "../limits.js";
import type { Play } from "./use-play.js";

/** The rules that are offered, and what they are. */
const RULES: Readonly<Partial<Record<PresetName, string>>> = {
  rcn: "chemicals (learned)",
  bio: "three motifs (learned)",
  bp: "backpropagation (learned step)",
  fa: "feedback alignment (learned step)",
  "rcn-momentum": "chemicals as velocity (learned)",
  dfa: "direct feedback (not learned)",
  sign: "sign-symmetric feedback (not learned)",
  "kolen-pollack": "plastic feedback (not learned)",
  "rcn-gated": "chemicals that set their time constants (not learned)",
};

const FEEDBACK: Readonly<Record<PlasticityConfig["feedback"], string>> = {
  fixed: "fixed random weights",
  symmetric: "the weights themselves",
  direct: "from the output to each layer",
  sign: "random sizes, the weights' signs",
  plastic: "weights that learn too",
};

const textIn = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

/** See the head of this file. */
export function Choices({ play }: { play: Play }) {
  const { begun, choice } = play.state;
  if (!begun) return null;
  const { plasticity, hidden, shots, seed } = begun.setup;
  const kept = begun.kept.find(({ name }) => name === begun.choice);
  const numberOf = (name: "chemicals" | "tauMax", label: string, [least, most]: readonly [number, number]) => (
    <label>
      {label}
      <input
        type="number"
        min={least}
        max={most}
        value={plasticity[name]}
        onChange={(event) => play.change({ plasticity: { [name]: Number(textIn(event)) } })}
      />
    </label>
  );
  return (
    <div class="choices">
      <label>
        Rule
        <select
          id="preset"
          value={choice}
          aria-describedby={kept && "kept"}
          onChange={(event) => play.choose(textIn(event))}
        >
          {Object.entries(RULES).map(([name, about]) => (
            <option value={name} key={name}>{`${name}: ${about}`}</option>
          ))}
          <optgroup label="Come with the package, learned on handwriting">
            {begun.kept.map(({ name }) => (
              <option value={name} key={name}>
                {name}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <label>
        Errors travel through
        <select
          id="feedback"
          value={plasticity.feedback}
          onChange={(event) => play.change({ plasticity: { feedback: textIn(event) as PlasticityConfig["feedback"] } })}
        >
          {Object.entries(FEEDBACK).map(([name, about]) => (
            <option value={name} key={name}>
              {about}
            </option>
          ))}
        </select>
      </label>
      {plasticity.synapse !== "linear" && numberOf("chemicals", "Chemicals", LIMITS.chemicals)}
      {plasticity.synapse !== "linear" && numberOf("tauMax", "Slowest time constant", [1, 1000])}
      <label>
        Hidden layers
        <input
          type="text"
          inputmode="numeric"
          value={hidden.join(", ")}
          onChange={(event) => {
            const widths = textIn(event).match(/\d+/g) ?? [];
            play.change({ hidden: widths.map(Number) });
          }}
        />
      </label>
      <label>
        Images of each
        <input
          type="number"
          min={LIMITS.shots[0]}
          max={LIMITS.shots[1]}
          value={shots}
          onChange={(event) => play.change({ shots: Number(textIn(event)) })}
        />
      </label>
      <label>
        Seed
        <input
          type="number"
          min={0}
          max={LIMITS.seed[1]}
          value={seed}
          onChange={(event) => play.change({ seed: Number(textIn(event)) })}
        />
      </label>
      {kept && (
        <p class="note" id="kept">
          {`${kept.name} comes with the package, already learned: ${kept.about}, in a network with hidden layers of ${kept.hidden.join(", ")} units.`}
        </p>
      )}
    </div>
  );
}
