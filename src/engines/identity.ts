// What two processes must share to compute the same bits. One that differs must not take part.
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
}

/** The identity of this process. */
export const identity = (): Identity => ({ version: packageVersion(), numerics: NUMERICS, kernels: kernelHash });

/** Whether two processes compute the same bits. */
export const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.version === b.version && a.numerics === b.numerics && a.kernels === b.kernels;

/** An identity in words: "version 0.1.0, numerics 1, kernels 1a2b3c4d". */
export const identityText = ({ version, numerics, kernels }: Identity): string =>
  `version ${version}, numerics ${numerics}, kernels ${kernels.slice(0, 8)}`;
