// Which engine this is, where the answer decides what may be loaded.

/**
 * Whether modules of Node can be imported here: in Node, Bun and Deno, not in a page. A page may carry a stand-in called
 * `process`, even with versions; it is a plain object, where the real one calls itself "process". The pages of Electron
 * have the real one, but their `import` is that of the browser.
 *
 * @param process the object of that name; in the build for pages there is none.
 */
export function isNode(process: unknown = globalThis.process): boolean {
  if (Object.prototype.toString.call(process) !== "[object process]") return false;
  const { type, versions } = process as { type?: string; versions?: { node?: string } };
  return typeof versions?.node === "string" && type !== "renderer" && type !== "worker";
}
