// The signature decides which program a call runs: the structure of the arguments, the shapes and types of their tensors,
// and the values of everything else in them.
import { Key, kindOf, plain, quote, Tensor } from "../core/index.js";

const classes = new WeakMap<object, number>();
let classCount = 0;

/** A number for each class, so that instances of different classes have different signatures. */
function classOf(value: object): number {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return 0;
  const known = classes.get(prototype);
  if (known !== undefined) return known;
  classes.set(prototype, ++classCount);
  return classCount;
}

function isTree(value: object): boolean {
  return !(ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Map || value instanceof Set);
}

/** Words for messages about a tree. */
export interface Words {
  readonly what: string;
  /** The cure for a function in place of a tensor or plain data. */
  readonly noFunctions: string;
}

function cureFor(value: unknown, noFunctions: string): string {
  if (value instanceof Key) return "Draw outside, and pass the drawn tensor.";
  if (typeof value === "function") return noFunctions;
  return "Use tensors, plain data, and trees of them; make tensors with tensor().";
}

/**
 * The signature of a tree. Its tensors are added to `leaves`, in order.
 *
 * @param words what the tree is, for messages.
 * @throws TypeError for what is neither a tensor nor plain data.
 */
export function signatureOf({ what, noFunctions }: Words, tree: unknown, leaves: Tensor[]): string {
  const above = new Set<unknown>();
  const visit = (node: unknown, path: string): string => {
    if (node instanceof Tensor) {
      leaves.push(node);
      return `${node.dtype}[${node.shape.join()}]`;
    }
    if (typeof node === "number") return Object.is(node, -0) ? "-0" : String(node);
    if (typeof node === "string") return JSON.stringify(node);
    if (typeof node === "bigint") return `${node}n`;
    if (node === null || node === undefined || typeof node === "boolean") return String(node);
    const refuse = (fact: string, cure: string): never => {
      throw new TypeError(`[compile] ${what}${path === "" ? "" : `, at ${quote(plain(path))},`} ${fact}. ${cure}`);
    };
    if (typeof node !== "object" || node instanceof Key || !isTree(node) || "then" in node) {
      return refuse(`is ${kindOf(node)}`, cureFor(node, noFunctions));
    }
    if (above.has(node)) return refuse("contains itself", "Leave out what points back: a tree has no circles.");
    above.add(node);
    const parts = Object.entries(node).map(
      ([key, child]) => `${JSON.stringify(key)}:${visit(child, `${path}.${key}`)}`,
    );
    above.delete(node);
    return `${classOf(node)}{${parts.join()}}`;
  };
  return visit(tree, "");
}
