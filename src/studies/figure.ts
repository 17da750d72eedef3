// Figures as data: what a study has to show. `report` draws them, as parts of a page or as files of their own.

/** Names of colours; which they are depends on the ground. "base" is for what others are compared with. */
const hues = ["base", "s1", "s2", "s3", "s4", "s5", "s6", "l1", "l2", "l3", "l5"] as const;
/** The name of a colour. */
export type Hue = (typeof hues)[number];

/** The hues in the order in which series take them that have none of their own. */
export const cycle: readonly Hue[] = ["s5", "s1", "s2", "s3", "s4", "s6", "base"];

/** From and to, both included. */
export interface Span {
  /** The first that is included. */
  readonly from: number;
  /** The last that is included. */
  readonly to: number;
}

/** One line of a chart of curves. */
export interface Series {
  /** What the legend calls it. */
  readonly name: string;
  /** Its colour. */
  readonly hue: Hue;
  /** A curve a seed, all of the same length; NaN where there is no number. */
  readonly curves: readonly (readonly number[])[];
  /** Whether its line is dashed. */
  readonly dashed?: boolean;
  /** A published value of it, drawn dashed over the span. */
  readonly published?: number | undefined;
}

/** Curves over episodes, or over anything else: moving averages with their intervals over the seeds. */
export interface Curves {
  /** Tells it from other drawings. */
  readonly kind: "curves";
  /** What goes upwards. */
  readonly quantity: string;
  /** The lines. */
  readonly series: readonly Series[];
  /** From where to where it goes; the upper end by default follows the data. */
  readonly domain: readonly [low: number, high?: number];
  /** A stretch of the axis that is shaded. */
  readonly span?: Span | undefined;
  /** A line to hold the curves to, dashed. */
  readonly rule?: { readonly at: number; readonly name: string };
  /** In pixels. */
  readonly width?: number;
  /** In pixels. */
  readonly height?: number;
  /** Values in the moving average; 20 by default. */
  readonly window?: number;
  /** Where along the axis each value stands; by default 1, 2, ... */
  readonly at?: readonly number[];
  /** What goes to the right; "episode" by default. */
  readonly axis?: string;
}

/** A row of a chart of points. */
export interface PointRow {
  /** What stands beside it. */
  readonly name: string;
  /** Its colour. */
  readonly hue: Hue;
  /** A value a seed. */
  readonly values: readonly number[];
  /** A published value, which gets a mark. */
  readonly published?: number | undefined;
}

/** The mean of each configuration with its interval, every seed as a point, and what was published. */
export interface Points {
  /** Tells it from other drawings. */
  readonly kind: "points";
  /** What the axis is. */
  readonly quantity: string;
  /** The configurations. */
  readonly rows: readonly PointRow[];
  /** A value that all rows are held to. */
  readonly reference?: { readonly at: number; readonly name: string } | undefined;
  /** In pixels. */
  readonly width?: number;
  /** Digits after the point; 3 by default. */
  readonly digits?: number;
}

/** A matrix as a heat map, mean of the seeds, in thousandths. */
export interface Heat {
  /** Tells it from other drawings. */
  readonly kind: "heat";
  /** What stands above it. */
  readonly title: string;
  /** The matrix of each seed, row after row. */
  readonly seeds: readonly ArrayLike<number>[];
  /** What the rows are called. */
  readonly rows: readonly string[];
  /** What the columns are called. */
  readonly columns: readonly string[];
}

/** Points along a logarithmic axis, a row for each name; open ones are set apart. */
export interface LogPoints {
  /** Tells it from other drawings. */
  readonly kind: "log-points";
  /** What the axis is. */
  readonly quantity: string;
  /** A row for each name. */
  readonly rows: readonly {
    readonly name: string;
    readonly points: readonly { readonly at: number; readonly open: boolean }[];
  }[];
}

/** A table. The first column, and those that say so, are words; the others are numbers. */
export interface Table {
  /** Tells it from other drawings. */
  readonly kind: "table";
  /** The columns; `text` for those that hold words. */
  readonly columns: readonly { readonly head: string; readonly text?: boolean }[];
  /** The cells, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/** A heading above what follows. */
export interface Heading {
  /** Tells it from other drawings. */
  readonly kind: "heading";
  /** What it says. */
  readonly text: string;
}

/** A remark in small type. */
export interface Note {
  /** Tells it from other drawings. */
  readonly kind: "note";
  /** What it says. */
  readonly text: string;
}

/** Something that is drawn. */
export type Drawing = Curves | Points | Heat | LogPoints | Table | Heading | Note;

/** What is drawn together: rows of drawings, those of a row side by side where there is room. */
export interface Figure {
  /** Names its file. */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
  /** The drawings, row by row. */
  readonly rows: readonly (readonly Drawing[])[];
}
