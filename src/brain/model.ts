// Brain reference architectures as data: which circuits there are, how they are connected, and what they are for (Yamakawa
// 2021, "The whole brain architecture approach", arXiv 2103.06123; the files of WBAI). Read from JSON, each field checked.
import { plain } from "../core/index.js";
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
  /** Whether all of its neurons do the same: a uniform circuit (UC). */
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

/** What goes into a set of circuits and what comes out: senders outside, and receivers outside, sorted by name. */
export type Interface = ConfigOf<typeof interfaceFields>;
/** A circuit: a set of neurons with a function. `size` is its number of neurons, 0 where it is not known. */
export type Circuit = ConfigOf<typeof circuitFields>;
/** A connection from one circuit to another, with the literature that it is known from. */
export type Connection = ConfigOf<typeof connectionFields>;
/** A node of the hierarchy of functions. Its subnodes are other nodes, by id, or circuits, as `U.<id>`. */
export type FrgNode = ConfigOf<typeof nodeFields>;
/** A brain reference architecture. */
export type Bra = ConfigOf<typeof braFields>;

/**
 * A copy of a reference architecture, every field of it checked. Whether it makes sense as a whole is for `checkBra`.
 *
 * @throws InputError naming the first field that is missing, unknown or of the wrong kind.
 */
export const takeBra = (value: unknown): Bra => group(braFields).take(value, new Place("[bra] ", "", "code"));

/** A reference architecture that was read from somewhere; errors call this `name`. */
export const readBra = (value: unknown, name: string): Bra =>
  group(braFields).take(value, new Place(`[bra] ${plain(name)}: `, "", "file"));

/**
 * The reference architecture in a JSON text.
 *
 * @param name what errors call the text.
 * @throws InputError for text that is not a reference architecture.
 */
export const parseBra = (json: string, name = "the text"): Bra => readBra(parseJson(json, name), name);

/** A reference architecture as JSON, which `parseBra` reads back to the same. */
export const printBra = (bra: Bra): string => `${JSON.stringify(takeBra(bra), undefined, 2)}\n`;
