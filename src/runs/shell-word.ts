// Paths in commands that are shown to people, or written into scripts.

/** A path as a word of a shell command, quoted if necessary. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
