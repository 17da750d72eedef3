// The explorables and what can be chosen in each, written once: the page draws it, addresses hold it, and the worker checks
// it. Nothing is imported, so that the page needs no engine for it.

/** A number between two limits, in steps. */
export interface NumberControl {
  readonly kind: "number";
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly usual: number;
}

/** One of a few words, each with what it means. */
export interface ChoiceControl<W extends string = string> {
  readonly kind: "choice";
  readonly label: string;
  readonly options: Readonly<Record<W, string>>;
  readonly usual: W;
}

/** What can be chosen. */
export type Control = NumberControl | ChoiceControl;

const number = (label: string, [least, most, step]: readonly [number, number, number], usual: number) =>
  ({ kind: "number", label, least, most, step, usual }) as const;
const choice = <W extends string>(label: string, options: Readonly<Record<W, string>>, usual: NoInfer<W>) =>
  ({ kind: "choice", label, options, usual }) as const;

/** Ticks with a nudge in equilibrium propagation. */
export const NUDGED = 80;

/** What there is to explore. */
export const explorables = {
  grid: {
    title: "A spark in a sheet of spiking cells",
    study: "gain",
    ...{ pace: 60, most: () => 600 },
    controls: {
      weight: number("What a spike adds to a neighbour's current", [0, 40, 0.5], 5),
      fading: number("How long a current lasts, in milliseconds", [1, 20, 0.5], 5),
      neighbours: choice("Neighbours", { moore: "eight", vonNeumann: "four, not across corners" }, "moore"),
      edges: choice("Beyond the edge", { zero: "nothing", torus: "the other side" }, "zero"),
    },
  },
  equilibrium: {
    title: "A network that settles, and is nudged",
    study: "equilibrium-propagation",
    ...{ pace: 60, most: ({ free }: { readonly free: number }) => free + NUDGED },
    controls: {
      beta: number("β, how strongly the output is nudged", [0.01, 2, 0.01], 0.1),
      epsilon: number("ε, how far a tick goes", [0.02, 0.5, 0.01], 0.08),
      free: number("Ticks before the nudge", [100, 600, 10], 300),
      seed: number("Seed of the network and its data", [0, 999, 1], 0),
    },
  },
  swimmer: {
    title: "A swimmer and its circuit",
    study: "neural-circuit-priors",
    ...{ pace: 33, most: () => 1000 },
    controls: {
      links: number("Links of the body", [3, 12, 1], 6),
      period: number("Steps in a cycle of the oscillator", [20, 120, 2], 60),
      speed: number("How fast the brain asks it to swim", [0, 1, 0.05], 1),
      turn: number("Where the brain asks it to turn", [-1, 1, 0.05], 0),
    },
  },
} as const satisfies Readonly<Record<string, Explorable>>;

/** What there is to know of an explorable before it runs. */
export interface Explorable {
  readonly title: string;
  /** The study that it belongs to. */
  readonly study: string;
  /** Steps a second at first. */
  readonly pace: number;
  /** How many steps it has. */
  most(settings: never): number;
  readonly controls: Readonly<Record<string, Control>>;
}

/** The name of an explorable. */
export type ExplorableName = keyof typeof explorables;

/** What is chosen in an explorable. */
export type Settings<N extends ExplorableName = ExplorableName> = {
  readonly [K in keyof (typeof explorables)[N]["controls"]]: (typeof explorables)[N]["controls"][K] extends {
    readonly options: Readonly<Record<infer W, string>>;
  }
    ? W
    : number;
};

/** A moment of an explorable: what is chosen, and how many steps it has taken. */
export interface Place<N extends ExplorableName = ExplorableName> {
  readonly name: N;
  readonly settings: Settings<N>;
  readonly at: number;
}

/** How many steps the explorable of a place has. */
export const stepsOf = ({ name, settings }: Place): number =>
  (explorables[name].most as (settings: Settings) => number)(settings);

/** An explorable before its first step, with what is usual. */
export const usualPlace = (name: ExplorableName): Place =>
  ({
    ...{ name, at: 0 },
    settings: Object.fromEntries(Object.entries(explorables[name].controls).map(([key, { usual }]) => [key, usual])),
  }) as unknown as Place;
