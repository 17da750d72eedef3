// The page of the playground.
import { defineComponent } from "vue";
import { Characters } from "./characters.js";
import { Choices } from "./choices.js";
import { LearnRule } from "./learn/learning.js";
import { useLearning } from "./learn/use-learning.js";
import { Signals, Synapses } from "./network.js";
import { Accuracy, Predictions } from "./outcome.js";
import { Rule } from "./rule.js";
import { Share } from "./share.js";
import { Transport } from "./transport.js";
import { type Play, usePlay } from "./use-play.js";
import { Views } from "./views.js";

/** A file that falls beside a character would take the place of the page, and of what was learned in it. */
function catchFiles({ fail }: Play): void {
  const catchFile = (event: DragEvent): void => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") fail("Drop images on a character. Rules and runs are opened under Share.");
  };
  addEventListener("dragover", catchFile);
  addEventListener("drop", catchFile);
}

/** See the head of this file. */
export const App = defineComponent(() => {
  const play = usePlay();
  const learning = useLearning(play);
  catchFiles(play);
  return () => {
    const { problem, done, begun } = play.state;
    return (
      <div>
        <Views current="life" />
        <header>
          <h1>A network that learns by its own rule</h1>
          <p>
            It sees one image at a time, once, and changes its synapses by a local rule: no training data is kept, and
            nothing is sent anywhere. The rule itself was learned.
          </p>
        </header>
        <main>
          <p id="problem" role="alert" class={problem === "" ? "hidden" : "problem"}>
            {problem}
          </p>
          <p role="status" class={done === "" ? "hidden" : "done"}>
            {done}
          </p>
          <section aria-labelledby="life">
            <h2 id="life">A life</h2>
            <Characters play={play} />
            <Choices play={play} />
            <Transport play={play} />
            <div class="columns">
              <div>
                <h3>How well it goes</h3>
                <Accuracy play={play} />
                <Predictions play={play} />
              </div>
              <div>
                <h3>What the layers do</h3>
                <Signals play={play} />
              </div>
              <div class="wide">
                <h3>What the synapses hold</h3>
                <Synapses play={play} />
              </div>
            </div>
          </section>
          <section aria-labelledby="rule">
            <h2 id="rule">The rule</h2>
            <p class="note">
              Move a slider: the same life, with the same images in the same order, goes by the changed rule.
            </p>
            <Rule play={play} />
          </section>
          <section aria-labelledby="learning">
            <h2 id="learning">Learning the rule</h2>
            <LearnRule play={play} learning={learning} />
          </section>
          <section aria-labelledby="sharing">
            <h2 id="sharing">Share</h2>
            <Share play={play} />
          </section>
          {!begun && <p role="status">Loading.</p>}
        </main>
      </div>
    );
  };
});
