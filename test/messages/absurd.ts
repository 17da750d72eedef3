// Values that no function can use, each larger than a message may be, and every place of a call where one can stand.

const text = `\u001b[31m\n\u202e${"x".repeat(100_000)}`;

/** Lists in objects in lists. */
function deep(levels: number): unknown {
  let value: unknown = text;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

class Named {}
Object.defineProperty(Named, "name", { value: text });

/** Absurd values by what they are. Used as they are, so that a call that keeps one keeps no more memory. */
export const absurd: Readonly<Record<string, unknown>> = {
  "a text of 100,000 characters": text,
  "100,000 axes": new Array(100_000).fill(2),
  "an object with a key of 100,000 characters": { [text]: 1 },
  "a class with a name of 100,000 characters": new Named(),
  "1,000 texts": new Array(1000).fill("\u0007 name"),
  "lists 1,000 deep": deep(1000),
  "an object with 10,000 keys": Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`\u0007${i}`, i])),
  "a symbol of 100,000 characters": Symbol(text),
  "a bigint of a million bits": 1n << 1_000_000n,
  "a number that is none": Number.NaN,
};

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
