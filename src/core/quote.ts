// How a value or a text from outside is shown in a message. Every message that repeats something the user gave (a value,
// a name, a path, a piece of a file) goes through `quote`, `plain` or `listed`, so that no message is longer than a
// few lines, none takes longer to make than the value took to arrive, and none sends control characters to a terminal.

/** Characters of a value that are shown. */
const MOST_OF_A_VALUE = 80;
/** Characters of a name or a path that are shown: enough for any path that people type. */
const MOST_OF_A_NAME = 300;

/** C0 and C1 controls, line separators, marks that turn the direction of text, and halves of surrogate pairs. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (text: string): string =>
  text.replace(
    UNPRINTABLE,
    (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The first `most` characters, without half of a surrogate pair at the end. */
function beginning(text: string, most: number): string {
  const cut = text.slice(0, most);
  return cut.length < text.length && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * A name or a path as it stands, without quotes: control characters are escaped, and what is longer than `most`
 * characters is cut, which is said.
 */
export function plain(text: string, most = MOST_OF_A_NAME): string {
  if (typeof text !== "string") return quote(text, most);
  const start = beginning(text, most);
  return start.length < text.length ? `${escaped(start)}... (${text.length} characters)` : escaped(text);
}

/** The first `most` of these names, and how many more there are. */
export function listed(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map((name) => plain(name, MOST_OF_A_VALUE));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}

/**
 * A value of any kind for a message, about as JSON shows it: `"text"`, `[1,2]`, `{"a":null}`. Control characters are
 * escaped; what is longer than `most` characters is cut, which is said. It is safe for values of any size and depth,
 * those that contain themselves, and those whose getters throw; objects of a class are named, not opened.
 */
export function quote(value: unknown, most = MOST_OF_A_VALUE): string {
  if (typeof value === "string") {
    const start = beginning(value, most);
    return start.length < value.length ? `${quoted(start)}... (${value.length} characters)` : quoted(value);
  }
  const writer = new Writer(most);
  writer.write(value);
  return writer.full ? `${writer.text}... (cut)` : writer.text;
}

/** In quotes, with quotes and backslashes escaped as in JSON. */
const quoted = (text: string): string => `"${escaped(text.replace(/["\\]/g, "\\$&"))}"`;

/** A bigint of more bits than this takes long to write out, and nobody reads it. */
const LARGE = 1n << 256n;

/** Writes values one after the other until there is no room. Each level takes a character, so depth is bounded too. */
class Writer {
  text = "";
  full = false;
  private readonly above = new Set<object>();
  constructor(private readonly most: number) {}

  private add(text: string): void {
    if (this.full) return;
    const room = this.most - this.text.length;
    this.text += beginning(text, room);
    this.full = text.length > room;
  }

  write(value: unknown): void {
    if (typeof value === "string") {
      this.add(quoted(beginning(value, this.most)));
      if (value.length > this.most) this.full = true;
    } else if (typeof value === "bigint") {
      this.add(value < LARGE && value > -LARGE ? `${value}n` : "a bigint of more than 256 bits");
    } else if (typeof value === "function") this.add("a function");
    else if (typeof value !== "object" || value === null) {
      this.add(Object.is(value, -0) ? "-0" : plain(String(value), this.most));
    } else if (this.above.has(value)) this.add("(itself)");
    else {
      this.above.add(value);
      try {
        this.open(value);
      } catch {
        this.add("(unreadable)"); // a getter or a proxy that throws
      }
      this.above.delete(value);
    }
  }

  private open(value: object): void {
    if (Array.isArray(value)) {
      this.add("[");
      for (let i = 0; i < value.length && !this.full; i++) {
        if (i > 0) this.add(",");
        this.write(value[i]);
      }
      this.add("]");
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // The prototype of plain objects, also of another realm, has no prototype itself.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      const name: unknown = value.constructor?.name;
      const kind = typeof name === "string" && name !== "" ? plain(name, 40) : "object";
      this.add(`${/^[aeio]/i.test(kind) ? "an" : "a"} ${kind}`);
      return;
    }
    this.add("{");
    let first = true;
    for (const key in value) {
      if (this.full) break;
      if (!Object.hasOwn(value, key)) continue;
      if (!first) this.add(",");
      first = false;
      this.write(key);
      this.add(":");
      this.write((value as Record<string, unknown>)[key]);
    }
    this.add("}");
  }
}
