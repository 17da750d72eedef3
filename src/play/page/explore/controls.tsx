// What can be chosen in an explorable, and what moves it.
import { type Control, explorables, stepsOf } from "../../explore/controls.js";
import { type Exploring, SPEEDS } from "./use-explore.js";

const textIn = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

/** One control. */
function Chosen({ exploring, name, control }: { exploring: Exploring; name: string; control: Control }) {
  const value: number | string | undefined = exploring.state.seen?.place.settings[name as never];
  if (control.kind === "number") {
    const { label, least, most, step } = control;
    return (
      <label>
        <span>
          {label}: <b class="number">{value}</b>
        </span>
        <input
          id={name}
          type="range"
          {...{ min: least, max: most, step, value }}
          onInput={(event) => exploring.choose(name, Number(textIn(event)))}
        />
      </label>
    );
  }
  return (
    <label>
      {control.label}
      <select id={name} value={value} onChange={(event) => exploring.choose(name, textIn(event))}>
        {Object.entries(control.options).map(([word, about]) => (
          <option value={word} key={word}>
            {about}
          </option>
        ))}
      </select>
    </label>
  );
}

/** All of them. */
export function Controls({ exploring }: { exploring: Exploring }) {
  const { seen } = exploring.state;
  if (!seen) return null;
  const controls: Readonly<Record<string, Control>> = explorables[seen.place.name].controls;
  return (
    <fieldset class="explored">
      <legend class="hidden">What is chosen</legend>
      {Object.entries(controls).map(([name, control]) => (
        <Chosen key={`${seen.place.name} ${name}`} {...{ exploring, name, control }} />
      ))}
    </fieldset>
  );
}

/** Moves it: to the beginning, play, step, to any moment, and how fast. */
export function Moves({ exploring }: { exploring: Exploring }) {
  const { seen, playing, speed } = exploring.state;
  if (!seen) return null;
  const [at, steps] = [seen.place.at, stepsOf(seen.place)];
  return (
    <fieldset class="transport">
      <legend class="hidden">Move through it</legend>
      <button type="button" id="play" class="main" onClick={exploring.play}>
        {playing ? "Pause" : "Play"}
      </button>
      <button type="button" id="step" disabled={at === steps} onClick={() => exploring.seek(at + 1)}>
        Step
      </button>
      <button type="button" id="rewind" disabled={at === 0} onClick={() => exploring.seek(0)}>
        Rewind
      </button>
      <button type="button" id="reset" onClick={exploring.reset}>
        Reset
      </button>
      <label class="grow">
        <span class="number">{`Step ${at} of ${steps}`}</span>
        <input
          id="moment"
          type="range"
          min={0}
          max={steps}
          value={at}
          onInput={(event) => exploring.seek(Number(textIn(event)))}
        />
      </label>
      <label>
        Steps a second
        <select id="pace" value={speed} onChange={(event) => exploring.setSpeed(Number(textIn(event)))}>
          {SPEEDS.map((one) => (
            <option value={one} key={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
