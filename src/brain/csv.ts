// Reference architectures as five tables in CSV (RFC 4180), for use with spreadsheets.
import { checkKind, InputError, quote } from "../core/index.js";
import { csvRows } from "../io/internal.js";
import { type Bra, readBra, takeBra } from "./model.js";

/** The tables, each as the text of a CSV file. */
export type BraTables = Readonly<Record<"project" | "references" | "circuits" | "connections" | "frg", string>>;

/** Joins parts so that `split` gives them back, whatever they contain. */
const join = (parts: readonly string[], by: string): string =>
  parts.map((part) => part.replace(/\\/g, "\\\\").replaceAll(by, `\\${by}`)).join(by);

/** The parts of a text that `join` made; none for "". */
function split(text: string, by: string): string[] {
  if (text === "") return [];
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === by) parts.push("");
    else parts[parts.length - 1] += text[i] === "\\" ? (text[++i] ?? "") : text[i];
  }
  return parts;
}

/** A kind of column: how a value is written to a cell, and how a cell is read. */
interface Column {
  write(value: never): string;
  read(cell: string): unknown;
}

const word: Column = { write: (value: string) => value, read: (cell) => cell };
const words: Column = { write: (value: readonly string[]) => join(value, ";"), read: (cell) => split(cell, ";") };
// A cell that is not a number, or not true or false, stays a text, which the fields then refuse.
const count: Column = { write: String, read: (cell) => (/^\d+$/.test(cell) ? Number(cell) : cell) };
const yesNo: Column = {
  write: String,
  read: (cell) => (cell === "true" || cell === "false" ? cell === "true" : cell),
};
/** Circuits with the meaning of their outputs: `PC=eye velocity;GrC=context`. */
const meanings: Column = {
  write: (value: Bra["frg"][number]["semantics"]) =>
    join(
      value.map(({ circuit, text }) => join([circuit, text], "=")),
      ";",
    ),
  read: (cell) =>
    split(cell, ";").map((pair) => {
      const [circuit, text = ""] = split(pair, "=");
      return { circuit, text };
    }),
};

/** The columns of each table, named after fields, or after a field within one, as in `interface.inputs`. */
const columns: Readonly<Record<keyof BraTables, Readonly<Record<string, Column>>>> = {
  project: { id: word, contributor: word, tlf: word, roi: word },
  references: { id: word, title: word, doi: word },
  circuits: {
    ...{ id: word, uniform: yesNo, roi: word, mod: word, size: count, subCircuits: words },
    ...{ outputSemantics: word, comments: word },
  },
  connections: { sender: word, receiver: word, referenceIds: words, size: count, comment: word },
  frg: {
    ...{ id: word, subnodes: words, requirement: word, mechanism: word },
    ...{ "interface.outputs": words, "interface.inputs": words, semantics: meanings },
  },
};
const names = Object.keys(columns) as (keyof BraTables)[];

const written = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const line = (cells: readonly string[]): string => `${cells.map(written).join(",")}\r\n`;

/** A value within a record, by its path. */
const valueAt = (record: unknown, path: string): unknown =>
  path.split(".").reduce((value, name) => (value as Record<string, unknown>)[name], record);

/**
 * A reference architecture as tables with a head line each. `parseTables` reads them back without a change.
 *
 * @example printTables(cerebellum).project.split("\r\n") // ["id,contributor,tlf,roi", "VOR,,R.TLF,cerebellum", ""]
 */
export function printTables(bra: Bra): BraTables {
  const whole = takeBra(bra);
  const tables = names.map((name) => {
    const records: readonly unknown[] = name === "project" ? [whole.project] : whole[name];
    const kinds = Object.entries(columns[name]);
    const rows = records.map((record) => kinds.map(([path, { write }]) => write(valueAt(record, path) as never)));
    return [name, [Object.keys(columns[name]), ...rows].map(line).join("")];
  });
  return Object.fromEntries(tables);
}

/**
 * The reference architecture in these tables. Lists in a cell are separated by semicolons. A semicolon after a backslash is
 * part of a word.
 *
 * @throws InputError for text that is not CSV, for missing, unknown and repeated columns, and for fields of the wrong kind.
 * It names the table.
 * @example
 * const tables = printTables(cerebellum);
 * parseTables(tables).connections.length; // 19
 */
export function parseTables(tables: BraTables): Bra {
  checkKind("bra", "what is read", tables, "an object");
  const read = Object.fromEntries(names.map((name) => [name, recordsOf(name, tables[name])]));
  const { project } = read;
  if (project.length !== 1) {
    throw new InputError(`[bra] project has ${project.length} rows. Give it one.`);
  }
  return readBra({ ...read, project: project[0] }, "the tables");
}

/** The records in a table. */
function recordsOf(name: keyof BraTables, text: string): Record<string, unknown>[] {
  if (typeof text !== "string") throw new InputError(`[bra] ${name} is ${quote(text)}. Give the text of a table.`);
  const [head = [], ...rows] = csvRows(text.replace(/^\ufeff/, ""), `[bra] ${name}`);
  const known = Object.keys(columns[name]);
  const unknown = head.filter((column, i) => !known.includes(column) || head.indexOf(column) !== i);
  const missing = known.filter((column) => !head.includes(column));
  if (unknown.length > 0 || missing.length > 0) {
    const wrong = unknown.length > 0 ? `has the column ${quote(unknown[0])}` : `has no column ${quote(missing[0])}`;
    throw new InputError(`[bra] ${name} ${wrong}. Give it these columns, each once: ${known.join(", ")}.`);
  }
  return rows.map((cells, i) => {
    if (cells.length !== head.length) {
      throw new InputError(`[bra] row ${i + 1} of ${name} has ${cells.length} cells. Give it ${head.length}.`);
    }
    const record: Record<string, unknown> = {};
    head.forEach((path, at) => {
      const [field, inner] = path.split(".");
      const value = columns[name][path].read(cells[at]);
      record[field] = inner === undefined ? value : { ...(record[field] as object), [inner]: value };
    });
    return record;
  });
}
