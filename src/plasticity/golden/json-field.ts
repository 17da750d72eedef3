// Reads JSON that other programs wrote: each accessor returns a value of the requested kind, or says which field is
// wrong.
import { InputError, plain, quote, showShape, sizeOf } from "../../core/index.js";

/** A field of a JSON document, with its path for messages. */
export class JsonField {
  constructor(
    /** The name of the file in messages. */
    readonly file: string,
    /** The path in the file, such as "params.P[0]"; empty for the whole document. */
    readonly path: string,
    readonly value: unknown,
  ) {}

  /** The error that says `fact` about this field. */
  wrong(fact: string): InputError {
    const subject = this.path === "" ? "" : `"${this.path}" `;
    return new InputError(`[verify] ${plain(this.file)}: ${subject}${fact}.`);
  }

  /** A field of this object, which may be missing. */
  maybe(name: string): JsonField {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.wrong(this.path === "" ? "it holds no JSON object" : "is not an object");
    }
    const path = this.path === "" ? name : `${this.path}.${name}`;
    return new JsonField(this.file, path, (this.value as Record<string, unknown>)[name]);
  }

  /** A field of this object that must exist. */
  get(name: string): JsonField {
    const field = this.maybe(name);
    if (field.value === undefined) throw field.wrong("is missing");
    return field;
  }

  /** Whether the field exists. */
  get there(): boolean {
    return this.value !== undefined;
  }

  /** The entries of this list, which must have `length` entries if that is given. */
  list(length?: number): JsonField[] {
    if (!Array.isArray(this.value)) throw this.wrong("is not a list");
    if (length !== undefined && this.value.length !== length) {
      throw this.wrong(`has ${this.value.length} entries where ${length} are needed`);
    }
    return this.value.map((value, i) => new JsonField(this.file, `${this.path}[${i}]`, value));
  }

  number(): number {
    if (typeof this.value !== "number" || !Number.isFinite(this.value)) throw this.wrong("is not a number");
    return this.value;
  }

  /** A whole number in this range. */
  whole(from: number, to: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < from || value > to) {
      throw this.wrong(`is ${value}, which is not a whole number from ${from} to ${to}`);
    }
    return value;
  }

  /** One of these words. */
  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    if (found === undefined) throw this.wrong(`is ${quote(this.value)}, not one of ${words.join(", ")}`);
    return found;
  }

  /** Nested lists of this shape as flat numbers, row-major. */
  array(shape: readonly number[]): Float64Array {
    const out = new Float64Array(sizeOf(shape));
    let filled = 0;
    const read = (value: unknown, axis: number, path: string): void => {
      const fail = (fact: string): never => {
        throw new JsonField(this.file, path, value).wrong(`${fact}; "${this.path}" has shape ${showShape(shape)}`);
      };
      if (axis === shape.length) {
        if (typeof value !== "number" || !Number.isFinite(value)) fail("is not a number");
        out[filled++] = value as number;
        return;
      }
      const list = Array.isArray(value) ? value : fail("is not a list");
      if (list.length !== shape[axis]) fail(`has ${list.length} entries where ${shape[axis]} are needed`);
      list.forEach((entry: unknown, i: number) => {
        read(entry, axis + 1, `${path}[${i}]`);
      });
    };
    read(this.value, 0, this.path);
    return out;
  }
}
