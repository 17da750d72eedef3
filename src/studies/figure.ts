// The figures of a study as data. `report` draws them, as parts of a page or as files of their own.

/** Names of colours; their values depend on the background. "base" is for what others are compared with. */
const hues = ["base", "s1", "s2", "s3", "s4", "s5", "s6", "l1", "l2", "l3", "l5"] as const;
/** The name of a colour. */
export type Hue = (typeof hues)[number];

/** The hues in the order in which they are given to series without a hue of their own. */
export const cycle: readonly Hue[] = ["s5", "s1", "s2", "s3", "s4", "s6", "base"];

/** A range that includes both ends. */
export interface Span {
  /** The first position. */
  readonly from: number;
  /** The last position. */
  readonly to: number;
}

/** One line of a chart of curves. */
export interface Series {
  /** Its name, drawn next to it. */
  readonly name: string;
  /** Its colour. */
  readonly hue: Hue;
  /** One curve per seed, all of the same length; NaN where there is no number. */
  readonly curves: readonly (readonly number[])[];
  /** Whether its line is dashed. */
  readonly dashed?: boolean;
  /** A published value for it, drawn as a dashed line over the span. */
  readonly published?: number | undefined;
}

/** Curves over episodes, or over anything else: moving averages with their intervals over the seeds. */
export interface Curves {
  /** The kind of drawing. */
  readonly kind: "curves";
  /** The quantity of the vertical axis. */
  readonly quantity: string;
  /** The lines. */
  readonly series: readonly Series[];
  /** The range of the vertical axis; the upper end by default follows the data. */
  readonly domain: readonly [low: number, high?: number];
  /** A range of the horizontal axis that is shaded. */
  readonly span?: Span | undefined;
  /** A dashed horizontal line to compare the curves with. Its name is where the curves begin, or where they end. */
  readonly rule?: { readonly at: number; readonly name: string; readonly end?: true };
  /** In pixels. */
  readonly width?: number;
  /** In pixels. */
  readonly height?: number;
  /** Values in the moving average; 20 by default. */
  readonly window?: number;
  /** The position of each value on the horizontal axis; by default 1, 2, ... */
  readonly at?: readonly number[];
  /** The quantity of the horizontal axis; "episode" by default. */
  readonly axis?: string;
  /** Names to leave room for beside its own, so that the axes of charts one below the other have one length. */
  readonly alongside?: readonly string[];
}

/** A row of a chart of points. */
export interface PointRow {
  /** Its name, drawn next to it. */
  readonly name: string;
  /** Its colour. */
  readonly hue: Hue;
  /** One value per seed. */
  readonly values: readonly number[];
  /** A published value, which is marked. */
  readonly published?: number | undefined;
}

/** The mean of each configuration with its interval, every seed as a point, and what was published. */
export interface Points {
  /** The kind of drawing. */
  readonly kind: "points";
  /** The quantity of the axis. */
  readonly quantity: string;
  /** The configurations. */
  readonly rows: readonly PointRow[];
  /** A value to compare all rows with. */
  readonly reference?: { readonly at: number; readonly name: string } | undefined;
  /** In pixels. */
  readonly width?: number;
  /** Digits after the point; 3 by default. */
  readonly digits?: number;
}

/** A matrix as a heat map: the mean over the seeds, in thousandths. */
export interface Heat {
  /** The kind of drawing. */
  readonly kind: "heat";
  /** Its title, drawn above it. */
  readonly title: string;
  /** The matrix of each seed, row after row. */
  readonly seeds: readonly ArrayLike<number>[];
  /** The names of the rows. */
  readonly rows: readonly string[];
  /** The names of the columns. */
  readonly columns: readonly string[];
}

/** Points along a logarithmic axis, a row for each name; open ones are drawn as circles. */
export interface LogPoints {
  /** The kind of drawing. */
  readonly kind: "log-points";
  /** The quantity of the axis. */
  readonly quantity: string;
  /** A row for each name. */
  readonly rows: readonly {
    readonly name: string;
    readonly points: readonly { readonly at: number; readonly open: boolean }[];
  }[];
}

/** Parallel coordinates: an axis for each quantity, and a line through all axes for each of several things. */
export interface Parallel {
  /** The kind of drawing. */
  readonly kind: "parallel";
  /** The axes from left to right, each with one value per line; lines are coloured by the last one. */
  readonly axes: readonly { readonly name: string; readonly values: readonly (number | string)[] }[];
}

/** A directed graph, laid out from left to right. */
export interface Diagram {
  /** The kind of drawing. */
  readonly kind: "diagram";
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  /** The nodes; `dashed` for those that are outside of what is described. */
  readonly nodes: readonly { readonly name: string; readonly hue: Hue; readonly dashed?: boolean }[];
  /** The edges, from node to node by name; `blunt` for those that end in a bar, as inhibition is drawn. */
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly hue: Hue;
    readonly blunt?: boolean;
  }[];
}

/** A chain of points that moves, seen from above: it plays again and again. */
export interface Motion {
  /** The kind of drawing. */
  readonly kind: "motion";
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  /** The colour of the chain. */
  readonly hue: Hue;
  /** For each picture x and y of each point in turn, in metres; y grows upwards. */
  readonly frames: readonly (readonly number[])[];
  /** How long all pictures last. */
  readonly seconds: number;
}

/** Grids of cells as small pictures, such as those of a wave or of spikes by cell and time. */
export interface Maps {
  /** The kind of drawing. */
  readonly kind: "maps";
  /** What they show, for those who cannot see them. */
  readonly label: string;
  /** The colour of a cell with a value of 1. */
  readonly hue: Hue;
  /** How many cells there are in a row of a picture. */
  readonly columns: number;
  /** The length of a cell's side, in pixels; 5 by default. */
  readonly size?: number;
  /** The pictures from left to right: a name, and the values of all cells row by row, from 0 (empty) to 1. */
  readonly maps: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** A table. The first column, and columns with `text`, hold words; the others hold numbers. */
export interface Table {
  /** The kind of drawing. */
  readonly kind: "table";
  /** The columns; `text` for those that hold words. */
  readonly columns: readonly { readonly head: string; readonly text?: boolean }[];
  /** The cells, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/** A heading above what follows. */
export interface Heading {
  /** The kind of drawing. */
  readonly kind: "heading";
  /** Its text. */
  readonly text: string;
}

/** A remark in small type. */
export interface Note {
  /** The kind of drawing. */
  readonly kind: "note";
  /** Its text. */
  readonly text: string;
}

/** Something that is drawn. */
export type Drawing = Curves | Points | Heat | LogPoints | Parallel | Diagram | Motion | Maps | Table | Heading | Note;

/** A figure: rows of drawings, with those of a row side by side if there is room. */
export interface Figure {
  /** The name of its file. */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
  /** The drawings, row by row. */
  readonly rows: readonly (readonly Drawing[])[];
}
