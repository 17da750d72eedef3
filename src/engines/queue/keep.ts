// What a queue needs of its server besides the queue itself: a place for bytes under names, and a board of short notes
// that everybody reads. Both forget what nobody has renewed.

/** Bytes under names, in spaces such as "result". */
export interface Keep {
  /** The bytes under these names, in their order; undefined where there are none. */
  get(space: string, names: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /**
   * Keeps bytes under a name that is free, for so many seconds. If it is taken, the bytes that are there are returned,
   * and stay.
   */
  putOnce(space: string, name: string, bytes: Uint8Array, seconds: number): Promise<Uint8Array | undefined>;
  /** Keeps bytes under a name, in the place of those that are there. */
  put(space: string, name: string, bytes: Uint8Array, seconds: number): Promise<void>;
  /** Forgets a name. */
  remove(space: string, name: string): Promise<void>;
  /** The notes on a board, by their names. */
  notes(board: string): Promise<ReadonlyMap<string, string>>;
  /** Puts a note on a board, where it stays for so many seconds. */
  note(board: string, name: string, text: string, seconds: number): Promise<void>;
  /** Takes a note off. */
  unnote(board: string, name: string): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** Text as bytes. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes as text. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
