// Values that no function can use, each larger than a message may be, and every place of a call where one can stand.

/** Lists in objects in lists. */
function deep(levels: number, inside: unknown): unknown {
  let value = inside;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Absurd values of about this size by what they are. Used as they are, so that a call that keeps one keeps no more. */
function absurdOf(size: number): Readonly<Record<string, unknown>> {
  const text = `\u001b[31m\n\u202e${"x".repeat(size)}`;
  class Named {}
  Object.defineProperty(Named, "name", { value: text });
  return {
    "a long text": text,
    "many axes": new Array(size).fill(2),
    "an object with a long key": { [text]: 1 },
    "a class with a long name": new Named(),
    "many texts": new Array(size / 100).fill("\u0007 name"),
    "deep lists": deep(size / 100, text),
    "an object with many keys": Object.fromEntries(Array.from({ length: size / 10 }, (_, i) => [`\u0007${i}`, i])),
    "a long symbol": Symbol(text),
    "a bigint of many bits": 1n << BigInt(10 * size),
    "a number that is none": Number.NaN,
  };
}

/** For every place of every call: five times as long as a message may be. */
export const absurd = absurdOf(10_000);
/** For one place of each call: whatever takes longer than it should takes very long with these. */
export const huge = absurdOf(100_000);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

type Path = readonly (string | number)[];

/** Paths of everything in lists and plain objects, down to `depth`; of a list only the first and the last part. */
export function placesIn(value: unknown, depth: number, path: Path = []): Path[] {
  if (!isPlain(value) || depth === 0) return [path];
  const keys = Object.keys(value);
  const chosen = Array.isArray(value) ? [...new Set([keys[0], keys.at(-1)])].filter((key) => key !== undefined) : keys;
  return [
    path,
    ...chosen.flatMap((key) =>
      placesIn((value as Record<string, unknown>)[key as string], depth - 1, [...path, key as string]),
    ),
  ];
}

/** A copy of `value` in which `odd` stands at `path`. */
export function withAt(value: unknown, [key, ...rest]: Path, odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = withAt((value as Record<string, unknown>)[key], rest, odd);
  return copy;
}

/** Options that note which names are asked for. */
export function nosy(): { readonly options: object; readonly asked: Set<string> } {
  const asked = new Set<string>();
  const options = new Proxy(
    {},
    {
      get: (_, name) => void (typeof name === "string" && asked.add(name)),
      has: (_, name) => {
        if (typeof name === "string") asked.add(name);
        return false;
      },
    },
  );
  return { options, asked };
}

/** What is wrong with a message; undefined if nothing. */
export function faultOf(message: string): string | undefined {
  if (message.length >= 2000) return `${message.length} characters: ${message.slice(0, 150).replace(/[^ -~]/g, "?")}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
  const control = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.exec(message);
  return control
    ? `control character ${control[0].charCodeAt(0)}: ${message.slice(0, 150).replace(/[^ -~]/g, "?")}`
    : undefined;
}
