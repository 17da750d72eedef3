// What two processes must share to compute the same bits. One that differs must not take part.
import { loadedParts } from "../meta/internal.js";
import { NUMERICS } from "../runs/index.js";
import { packageVersion } from "../runs/node.js";
import { kernelHash } from "./wasm-hash.generated.js";

/** What identifies the code of a process. */
export interface Identity {
  /** The version of the package. */
  readonly version: string;
  /** The version of the numerics. */
  readonly numerics: number;
  /** SHA-256 of the compiled kernels. */
  readonly kernels: string;
  /** The hashes of the modules of own parts that are loaded, by `--module` or `loadParts`; "" for none. */
  readonly module: string;
}

/** The identity of this process. */
export const identity = (): Identity => ({
  ...{ version: packageVersion(), numerics: NUMERICS, kernels: kernelHash },
  module: loadedParts()
    .map(({ hash }) => hash)
    .join(","),
});

/** Whether two processes compute the same bits. */
export const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.version === b.version && a.numerics === b.numerics && a.kernels === b.kernels && a.module === b.module;

/** What has to be done so that two processes compute the same bits. */
export const cureOf = (a: Identity, b: Identity): string =>
  sameIdentity(a, { ...b, module: a.module }) ? "Give both the same --module." : "Install the same version.";

/** An identity in words: "version 0.1.0, numerics 1, kernels 1a2b3c4d", and "module 5e6f7a8b" if there is one. */
export function identityText({ version, numerics, kernels, module }: Identity): string {
  const modules = module.split(",").filter((hash) => hash !== "");
  const parts = [`kernels ${kernels.slice(0, 8)}`, ...modules.map((hash) => `module ${hash.slice(0, 8)}`)];
  return [`version ${version}`, `numerics ${numerics}`, ...parts].join(", ");
}
