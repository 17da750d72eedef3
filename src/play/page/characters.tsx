// The characters that the network learns: built-in ones, drawn ones, and images of one's own.
import { defineComponent, ref } from "vue";
import { type Character, LIMITS } from "../limits.js";
import { NumberMap } from "./map.js";
import { Pad } from "./pad.js";
import { readPictures } from "./pictures.js";
import type { Play } from "./use-play.js";

/** See the head of this file. */
export const Characters = defineComponent(
  ({ play }: { play: Play }) => {
    /** The character that is being drawn. */
    const drawing = ref<number>();
    const put = (place: number, character: Character): void => {
      const { characters = [] } = play.state.begun?.setup ?? {};
      play.change({ characters: characters.map((one, i) => (i === place ? character : one)) });
    };
    const drop = (place: number, files: Iterable<File>): void =>
      play.tell(
        readPictures([...files]).then((images) => {
          put(place, { kind: "pictures", images });
          const count = images.length === 1 ? "one image" : `${images.length} images, which are shown in turn`;
          return `Character ${place + 1} has ${count}.`;
        }),
      );
    const one = (character: Character, place: number, count: number) => (
      <li
        key={place}
        onDragover={(event: DragEvent) => event.preventDefault()}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          drop(place, event.dataTransfer?.files ?? []);
        }}
      >
        {play.state.begun?.samples[place] && (
          <NumberMap
            data={play.state.begun.samples[place]}
            rows={28}
            columns={28}
            scale={1}
            label={`Character ${place + 1}: ${play.state.begun.names[place]}`}
            bare
          />
        )}
        <select
          aria-label={`Character ${place + 1}`}
          value={character.kind === "glyph" ? character.glyph : ""}
          onChange={(event) => put(place, { kind: "glyph", glyph: Number((event.target as HTMLSelectElement).value) })}
        >
          {character.kind !== "glyph" && (
            <option value="" disabled>
              {character.kind === "drawing" ? "drawn" : "images"}
            </option>
          )}
          {play.state.begun?.glyphs.map((name, glyph) => (
            <option value={glyph} key={name}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" class="draw" onClick={() => (drawing.value = place)}>
          Draw<span class="hidden"> character {place + 1}</span>
        </button>
        <label class="button">
          Images<span class="hidden"> of character {place + 1}</span>
          <input
            class="hidden"
            type="file"
            accept="image/*"
            multiple
            onChange={(event) => drop(place, (event.target as HTMLInputElement).files ?? [])}
          />
        </label>
        {count > LIMITS.characters[0] && (
          <button
            type="button"
            onClick={() => {
              const { characters = [] } = play.state.begun?.setup ?? {};
              play.change({ characters: characters.filter((_, i) => i !== place) });
            }}
          >
            Remove<span class="hidden"> character {place + 1}</span>
          </button>
        )}
      </li>
    );
    return () => {
      const { characters = [] } = play.state.begun?.setup ?? {};
      return (
        <div>
          <ul class="characters">{characters.map((character, place) => one(character, place, characters.length))}</ul>
          {characters.length < LIMITS.characters[1] && (
            <button
              type="button"
              onClick={() =>
                play.change({ characters: [...characters, { kind: "glyph", glyph: characters.length + 20 }] })
              }
            >
              One more character
            </button>
          )}
          <p class="note">
            Choose a character, draw one, or drop images on it. A drawing is written in many handwritings; images are
            scaled to 28 x 28 pixels, grey, and stay on this machine.
          </p>
          {drawing.value !== undefined && (
            <Pad
              place={drawing.value + 1}
              onDrawn={(strokes: number[][]) => {
                put(drawing.value as number, { kind: "drawing", strokes });
                drawing.value = undefined;
              }}
              onLeave={() => {
                drawing.value = undefined;
              }}
            />
          )}
        </div>
      );
    };
  },
  { props: ["play"] },
);
