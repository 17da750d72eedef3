// Why a server cannot be used, as one sentence that shows no secret: the messages of clients may repeat the address.
import { InputError, quote } from "../../core/index.js";
import { scrubbed } from "../secrets.js";

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

/** The error for a server that wants a password, where an address with one looks like `form`. */
export const wantsPassword = (name: string, form: string): InputError =>
  cannotUse(name, "it wants a password", `Put it into the address, ${form}, or into SYNAPTAPE_ENGINE_PASSWORD.`);

/** The error for a server that did not answer as it should. `ended` is what its client says of a connection that it ended. */
export function noAnswer(name: string, error: unknown, ended: RegExp): InputError {
  const message = String((error as Error)?.message ?? error);
  const fact = factOf(error) ?? (ended.test(message) ? "it ended the connection" : quote(scrubbed(message)));
  return cannotUse(name, fact, "Start the server, or correct the address.");
}

/** The error for a package that is not installed. */
export const notInstalled = (name: string, packages: string): InputError =>
  cannotUse(name, "the packages for it are not installed", `Run: npm install ${packages}`);
