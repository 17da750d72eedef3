// What the page of the explorables asks of its worker.
import { InputError } from "../../core/index.js";
import { sha256 } from "../../runs/internal.js";
import { addressOfPlace, checkedPlace, placeIn } from "./address.js";
import type { ExplorableName, Place, Settings } from "./controls.js";
import { beginEquilibrium, type EquilibriumFrame } from "./equilibrium.js";
import { beginGrid, type GridFrame } from "./grid.js";
import type { Run } from "./run.js";
import { beginSwimmer, type SwimmerFrame } from "./swimmer.js";

/** What is seen of each explorable. */
export interface Frames {
  readonly grid: GridFrame;
  readonly equilibrium: EquilibriumFrame;
  readonly swimmer: SwimmerFrame;
}

/** What there is to see at a moment. */
export type Seen = {
  readonly [N in ExplorableName]: { readonly place: Place<N>; readonly frame: Frames[N] };
}[ExplorableName];

const begin: { readonly [N in ExplorableName]: (settings: Settings<N>) => Run<Frames[N]> } = {
  grid: beginGrid,
  equilibrium: beginEquilibrium,
  swimmer: beginSwimmer,
};

/** How each explorable begins. */
export const beginPlace = ({ name, settings }: Place): Run<Frames[ExplorableName]> =>
  (begin[name] as (settings: Settings) => Run<Frames[ExplorableName]>)(settings);

let now: { readonly place: Place; readonly run: Run<Frames[ExplorableName]>; at: number } | undefined;

const same = (a: Place, b: Place): boolean =>
  a.name === b.name && JSON.stringify(a.settings) === JSON.stringify(b.settings);

/** What can be asked for; the answer of each is plain data. */
export const exploreActs = {
  /** The moment of an address. */
  open: (address: string): Place => placeIn(address),

  /** The part of an address after # for a moment. */
  address: (place: Place): string => addressOfPlace(checkedPlace(place)),

  /** Goes to a moment: on from where it is, or from the beginning if it lies before that, or other things are chosen. */
  go(place: Place): Seen {
    checkedPlace(place);
    if (!now || !same(now.place, place) || now.at > place.at) {
      now?.run.end();
      now = undefined;
      now = { place, run: beginPlace(place), at: 0 };
    }
    for (; now.at < place.at; now.at++) now.run.step();
    return { place, frame: now.run.frame() } as Seen;
  },

  /** SHA-256 of the numbers from which all later steps follow. */
  hash(): Promise<string> {
    if (now) return sha256(now.run.state());
    throw new InputError("[explore] nothing runs. Load the page again.");
  },
};

/** What can be asked for, by name. */
export type ExploreActs = typeof exploreActs;
