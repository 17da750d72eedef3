// Brain reference architectures as data: which circuits there are, how they are connected, and what they are for (Yamakawa
// 2021, "The whole brain architecture approach", arXiv 2103.06123; the files of WBAI). Every field is checked when it is read.
import { InputError, plain } from "../core/index.js";
import { type ConfigOf, choice, field, group, list, listOf, Place, text, whole, yesNo } from "../fields/index.js";
import { parseJson } from "../io/index.js";

const word = field({ type: text("text", { empty: true }), default: "" });
const words = field({ type: list(text()), default: [] as readonly string[] });
const id = field({ type: text(), default: "id" });
const size = field({ type: whole(0), default: 0 });

const interfaceFields = { outputs: words, inputs: words };
const referenceFields = { id, title: word, doi: word };
const circuitFields = {
  id,
  /** Whether it is a uniform circuit (UC), whose neurons all have the same function. */
  uniform: field({ type: yesNo, default: true }),
  roi: field({
    type: choice(["internal", "noROI(input)", "noROI(output)", "noROI(input,output)"]),
    default: "internal",
  }),
  mod: field({ type: choice(["Excitatory", "Inhibitory", "Modulatory", "none"]), default: "none" }),
  size,
  subCircuits: words,
  outputSemantics: word,
  comments: word,
};
const connectionFields = { sender: id, receiver: id, referenceIds: words, size, comment: word };
const semanticsFields = { circuit: id, text: word };
const nodeFields = {
  id,
  subnodes: words,
  requirement: word,
  mechanism: word,
  interface: field({ type: group(interfaceFields), default: { outputs: [], inputs: [] } as never }),
  semantics: field({ type: listOf(group(semanticsFields)), default: [] as never }),
};
const projectFields = { id, contributor: word, tlf: word, roi: word };
const braFields = {
  project: field({ type: group(projectFields), default: {} as never }),
  references: field({ type: listOf(group(referenceFields)), default: [] as never }),
  circuits: field({ type: listOf(group(circuitFields)), default: [] as never }),
  connections: field({ type: listOf(group(connectionFields)), default: [] as never }),
  frg: field({ type: listOf(group(nodeFields)), default: [] as never }),
};

/**
 * The interface of a set of circuits: the outside senders (`inputs`) and outside receivers (`outputs`), sorted by name.
 */
export type Interface = ConfigOf<typeof interfaceFields>;
/** A circuit: a set of neurons with a function. `size` is its number of neurons, 0 if it is not known. */
export type Circuit = ConfigOf<typeof circuitFields>;
/** A connection from one circuit to another, with references to the literature. */
export type Connection = ConfigOf<typeof connectionFields>;
/** A node of the hierarchy of functions. Its subnodes are other nodes, by id, or circuits, written as `U.<id>`. */
export type FrgNode = ConfigOf<typeof nodeFields>;
/** A brain reference architecture: its project, references, circuits, connections and hierarchy of functions. */
export type Bra = ConfigOf<typeof braFields>;

/**
 * A copy of a reference architecture, each field of which is checked. To check it as a whole, use `checkBra`.
 *
 * @throws InputError that names the first field that is missing, unknown or of the wrong kind.
 * @example
 * const { project, references } = cerebellum;
 * const empty = takeBra({ project, references, circuits: [], connections: [], frg: [] });
 * empty.circuits; // []
 */
export const takeBra = (value: unknown): Bra => group(braFields).take(value, new Place("[bra] ", "", "code"));

/** A reference architecture that was read from a source, which errors call `name`. */
export const readBra = (value: unknown, name: string): Bra =>
  group(braFields).take(value, new Place(`[bra] ${plain(name)}: `, "", "file"));

/**
 * The reference architecture in a JSON text.
 *
 * @param name the name of the text in errors.
 * @throws InputError for text that is not a reference architecture.
 * @example
 * const text = printBra(cerebellum);
 * parseBra(text).circuits.length; // 12
 */
export function parseBra(json: string, name = "the text"): Bra {
  let value: unknown;
  try {
    value = parseJson(json, name);
  } catch (cause) {
    throw new InputError(
      `${(cause as Error).message} Give JSON as printBra writes it, or read tables with parseTables.`,
      {
        cause,
      },
    );
  }
  return readBra(value, name);
}

/**
 * A reference architecture as JSON. `parseBra` reads it back without a change.
 *
 * @example
 * const text = printBra(cerebellum);
 * parseBra(text).project.id; // "VOR"
 */
export const printBra = (bra: Bra): string => `${JSON.stringify(takeBra(bra), undefined, 2)}\n`;
