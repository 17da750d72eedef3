// Which types of elements an op takes, and which its results have. Nothing is promoted: operands of two types are an
// error, and `cast` is the cure.
import { type DType, type ElementType, type Tensor, typeNamed } from "../core/index.js";

const float32 = typeNamed("float32");
const int32 = typeNamed("int32");

/** What the operands of an op may be made of. */
const kinds = {
  /** float32 or float64: what has kernels in both, or is made of such kernels. The default. */
  floats: { accepts: (type: ElementType): boolean => type.isFloat, needs: "a float is" },
  /** int32 alone. */
  int32: { accepts: (type: ElementType): boolean => type === int32, needs: "int32 is" },
  /** Whatever has elements: what only moves them about, and arithmetic that int32 has kernels for. */
  any: { accepts: (): boolean => true, needs: "anything is" },
} as const;

/**
 * The types of an op. Operands are of one type, one of those that `takes` says, but for those at the places `indices`,
 * which are int32, and `masks`. The results are of the type of the operands ("same"), or of the one that `gives` names: "int32" for
 * places and counts, a type of its own for each op that casts.
 *
 * An op says only what differs from `floats`: `types: { indices: [1] }` for `take`, `types: { gives: "int32" }` for
 * `argmax`, `types: anyType` for an op that copies elements and does not look at them, or has a kernel for each type.
 */
export interface Typing {
  /** What operands that are no indices are made of; "floats" by default. */
  readonly takes?: keyof typeof kinds;
  /** Places, counted from 0, of operands that hold indices, labels or choices: int32 whatever the others are. */
  readonly indices?: readonly number[];
  /** Places of operands that say yes or no. They may be of any type, which the op sees to itself. */
  readonly masks?: readonly number[];
  /** Type of the results; "same", that of the operands, by default. */
  readonly gives?: "same" | DType;
}

/** The types of an op that takes operands of any type, all of the same, and gives that type. */
export const anyType: Typing = { takes: "any" };

/** The type of the results. Throws, naming op and operand, for operands of a type that the op does not take. */
export function resultType(op: string, types: Typing | undefined, inputs: readonly Tensor[]): ElementType {
  // What most ops do, at once.
  if ((types === undefined || types === anyType) && areLike(inputs) && inputs[0].type.isFloat) return inputs[0].type;
  const { takes = "floats", indices, masks, gives = "same" } = types ?? {};
  let common: ElementType | undefined;
  for (let i = 0; i < inputs.length; i++) {
    const { type } = inputs[i];
    if (masks?.includes(i)) continue;
    if (indices?.includes(i)) {
      if (type !== int32) refuse(op, i, type, kinds.int32.needs, "int32");
    } else if (!kinds[takes].accepts(type)) {
      refuse(op, i, type, kinds[takes].needs, takes === "int32" ? "int32" : (common?.name ?? "float32"));
    } else {
      common ??= type;
      if (type !== common) mixed(op, i, type, common);
    }
  }
  return gives === "same" ? (common ?? float32) : typeNamed(gives);
}

/** Whether there are operands, and all are of one type. Not `every`: its closure would be garbage for each op. */
function areLike(inputs: readonly Tensor[]): boolean {
  for (let i = 1; i < inputs.length; i++) if (inputs[i].type !== inputs[0].type) return false;
  return inputs.length > 0;
}

function refuse(op: string, place: number, { name }: ElementType, needs: string, cure: DType): never {
  throw new TypeError(`[${op}] operand ${place + 1} is ${name}; ${needs} needed. Use cast(x, "${cure}").`);
}

function mixed(op: string, place: number, { name }: ElementType, common: ElementType): never {
  const wider = name === "float64" || common.name === "float64" ? "float64" : "float32";
  throw new TypeError(
    `[${op}] operand ${place + 1} is ${name}, and what stands before it is ${common.name}; all are to be of one type. ` +
      `Use cast(x, "${wider}").`,
  );
}
