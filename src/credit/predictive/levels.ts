// A graph of neurons in levels. The level of a vertex is its longest distance from the output. An edge that spans several
// levels gets a relay, a vertex that does nothing, on each level in between, so that the errors of all paths arrive in the
// same tick (Salvatori et al. 2022, "Reverse differentiation via predictive coding").
import { listed, quote } from "../../core/index.js";
import { INPUT } from "../checks.js";

/** The names of the vertices that predict each vertex. */
export type Sources = Readonly<Record<string, readonly string[]>>;

/** A vertex of a graph in levels. */
export interface LevelledVertex {
  /** Its name; for a relay, such as "input to second", the names of both ends of its edge. */
  readonly name: string;
  /** Its longest distance from the output, whose level is 0. */
  readonly level: number;
  /** Whether it is a relay. */
  readonly relay: boolean;
  /**
   * Its edges: the place of the vertex that predicts it, and the name of the edge's source before relays were added.
   */
  readonly edges: readonly { readonly from: number; readonly source: string }[];
}

/** The vertices in an order in which each comes after all that predict it. Throws a RangeError that names a cycle. */
function ordered(op: string, sources: Sources): string[] {
  const done = new Set([INPUT]);
  const path: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].map((each) => quote(each));
      throw new RangeError(
        `[${op}] ${cycle.join(" predicts ")}, which is a cycle. Remove one of these edges from \`vertices\`.`,
      );
    }
    path.push(name);
    for (const source of sources[name]) visit(source);
    path.pop();
    done.add(name);
  };
  for (const name of Object.keys(sources)) visit(name);
  return [...done];
}

/**
 * The graph in levels, in an order in which each vertex comes after those that predict it: the input first.
 *
 * @param relays whether long edges are divided. If not, levels are the same, and errors that started in different ticks mix.
 * @throws RangeError for a cycle, an unknown source, a vertex without sources, an input that nothing uses, or several
 * vertices that predict no other.
 */
export function levelled(op: string, sources: Sources, relays: boolean): LevelledVertex[] {
  const names = Object.keys(sources);
  if (names.length === 0) throw new RangeError(`[${op}] \`vertices\` is empty. Give at least the output.`);
  for (const name of names) {
    if (name === INPUT)
      throw new RangeError(
        `[${op}] one of the \`vertices\` is called "input", which is the name of the data. Rename it.`,
      );
    if (sources[name].length === 0) {
      throw new RangeError(`[${op}] nothing predicts ${quote(name)}. Give it a source in \`from\`, such as input.`);
    }
    const unknown = sources[name].find((source) => source !== INPUT && !Object.hasOwn(sources, source));
    if (unknown === undefined) continue;
    throw new RangeError(
      `[${op}] ${quote(name)} is predicted by ${quote(unknown)}, which does not exist. There are ${listed([INPUT, ...names])}.`,
    );
  }
  const order = ordered(op, sources);
  const used = new Set(Object.values(sources).flat());
  const ends = order.filter((name) => !used.has(name));
  if (ends.length !== 1 || ends[0] === INPUT) {
    throw new RangeError(
      `[${op}] ${listed(ends)} predict no other vertex, but only the output may do so. Connect the others to it, or leave them out.`,
    );
  }
  const levels = new Map(order.map((name) => [name, 0]));
  for (const name of [...order].reverse()) {
    if (name === INPUT) continue;
    for (const source of sources[name]) levels.set(source, Math.max(levels.get(source)!, levels.get(name)! + 1));
  }
  return withRelays(order, sources, levels, relays);
}

function withRelays(
  order: readonly string[],
  sources: Sources,
  levels: ReadonlyMap<string, number>,
  relays: boolean,
): LevelledVertex[] {
  const vertices: LevelledVertex[] = [];
  const places = new Map<string, number>();
  const add = (vertex: LevelledVertex): number => vertices.push(vertex) - 1;
  for (const name of order) {
    const level = levels.get(name)!;
    const edges = (name === INPUT ? [] : sources[name]).map((source) => {
      let from = places.get(source)!;
      for (let between = levels.get(source)! - 1; relays && between > level; between--) {
        const relay = { name: `${source} to ${name}`, level: between, relay: true, edges: [{ from, source }] };
        from = add(relay);
      }
      return { from, source };
    });
    places.set(name, add({ name, level, relay: false, edges }));
  }
  return vertices;
}
