import type { Shown } from "./figure.js";

export function angleSection(_: readonly Shown[]): string {
  return "";
}
