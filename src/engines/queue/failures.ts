// Why a server cannot be used, as one sentence that shows no secret: the messages of clients may repeat the address.
import { InputError } from "../../core/index.js";

/** What the codes of the system mean. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no machine has this name",
  EAI_AGAIN: "the name of the machine cannot be looked up",
  EHOSTUNREACH: "the machine cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "it does not answer",
  ECONNRESET: "it ended the connection",
  EPIPE: "it ended the connection",
};

/** The fact that a code states, if it is known. */
export const factOf = (error: unknown): string | undefined => {
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  return CODES[code ?? ""] ?? (/timeout|timed out/i.test(message) ? CODES.ETIMEDOUT : undefined);
};

/** The error for a server that cannot be used. */
export const cannotUse = (name: string, fact: string, cure: string): InputError =>
  new InputError(`[engine] ${name} cannot be used: ${fact}. ${cure}`);

/** The error for a package that is not installed. */
export const notInstalled = (name: string, packages: string): InputError =>
  cannotUse(name, "the packages for it are not installed", `Run: npm install ${packages}`);
