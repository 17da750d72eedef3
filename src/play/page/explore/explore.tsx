// The page of explorables: small experiments of studies, to play with.
import { defineComponent } from "vue";
import type { Seen } from "../../explore/acts.js";
import { type ExplorableName, explorables, stepsOf } from "../../explore/controls.js";
import { Views } from "../views.js";
import { Controls, Moves } from "./controls.js";
import { Equilibrium, sayEquilibrium } from "./equilibrium.js";
import { Grid, sayGrid } from "./grid.js";
import { Swimmer, saySwimmer } from "./swimmer.js";
import { useExplore } from "./use-explore.js";

/** What each explorable is about, how it is drawn, and what is said of it. */
const shown: {
  readonly [N in ExplorableName]: {
    readonly about: string;
    readonly draw: (seen: Extract<Seen, { place: { name: N } }>) => unknown;
    readonly say: (frame: Extract<Seen, { place: { name: N } }>["frame"]) => string;
  };
} = {
  grid: {
    about:
      "The cell in the middle gets a current for five milliseconds. Each spike excites the neighbours a little: too little, and " +
      "nothing comes of it; enough, and a wave runs through the sheet; more, and cells spike again behind it.",
    draw: ({ frame, place }) => <Grid frame={frame} steps={stepsOf(place)} />,
    say: sayGrid,
  },
  equilibrium: {
    about:
      "The states of the network roll down an energy until they rest. Then the output is pulled towards its target, and all " +
      "states move a little. From what it sees change, each synapse knows the gradient of the loss: no errors are sent back. " +
      "A weaker nudge gives a better gradient: a tenth of it leaves about a tenth of the error.",
    draw: ({ frame }) => <Equilibrium frame={frame} />,
    say: sayEquilibrium,
  },
  swimmer: {
    about:
      "A chain of links in a fluid, with the physics of MuJoCo's swimmer, and the swimming circuit of C. elegans: an oscillator bends " +
      "the head, and each joint follows what the joint before it feels. Four numbers of strength are all that there is to " +
      "learn; these have not learned yet.",
    draw: ({ frame }) => <Swimmer frame={frame} />,
    say: saySwimmer,
  },
};

/** See the head of this file. */
export const Explore = defineComponent(() => {
  const exploring = useExplore();
  return () => {
    const { seen, problem, playing, hash } = exploring.state;
    const name = seen?.place.name;
    const one = name && (shown[name] as (typeof shown)["grid"]);
    const sentence = one && seen ? one.say(seen.frame as never) : "";
    return (
      <div>
        <Views current={name} />
        <header>
          <h1>{name ? explorables[name].title : "Explorables"}</h1>
          {one && <p>{one.about}</p>}
        </header>
        <main>
          <p id="problem" role="alert" class={problem === "" ? "hidden" : "problem"}>
            {problem}
          </p>
          <Moves exploring={exploring} />
          <p id="said" class="number">
            {sentence}
          </p>
          <div class="beside">
            {one && seen ? one.draw(seen as never) : <p role="status">Loading.</p>}
            <Controls exploring={exploring} />
          </div>
          <p class="hidden" role="status">
            {playing ? "" : sentence}
          </p>
          {name && (
            <p class="note">
              It belongs to a study: <code>npx synaptape reproduce {explorables[name].study}</code>. The address holds
              this moment; the same step has the same numbers everywhere, of which the SHA-256 is{" "}
              <code id="state">{hash || "shown at rest"}</code>.
            </p>
          )}
        </main>
      </div>
    );
  };
});
