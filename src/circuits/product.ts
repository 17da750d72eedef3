// Values in a netlist: a number times parameters, such as 1.4 * bias * ic. A circuit keeps them as they are written, so that
// margins scale a parameter, and gradients flow to it.
import { InputError, quote } from "../core/index.js";

/** A number times parameters. */
export interface Product {
  /** The number. */
  readonly factor: number;
  /** The names of the parameters, sorted; a name that stands twice is squared. */
  readonly names: readonly string[];
}

/** The number as a product without parameters. */
export const constant = (factor: number): Product => ({ factor, names: [] });

/** The product that a text describes: numbers and names with "*" between them. */
export function parseProduct(text: string, where: string): Product {
  const parts = text.split("*");
  let factor = 1;
  const names: string[] = [];
  for (const part of parts) {
    if (/^[a-z_]\w*$/i.test(part)) names.push(part);
    else if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part)) factor *= Number(part);
    else
      throw new InputError(
        `[parseNetlist] ${where}: ${quote(text)} is no value. Write a number without its unit (mA, pH, ohms or ps), or numbers and names with * between.`,
      );
  }
  if (!Number.isFinite(factor)) throw new InputError(`[parseNetlist] ${where}: ${quote(text)} is too large.`);
  return { factor, names: names.sort() };
}

/** The product with each name replaced by the product that stands for it, where there is one. */
export function substituted({ factor, names }: Product, values: ReadonlyMap<string, Product>): Product {
  let whole = factor;
  const left: string[] = [];
  for (const name of names) {
    const value = values.get(name);
    whole *= value?.factor ?? 1;
    left.push(...(value?.names ?? [name]));
  }
  return { factor: whole, names: left.sort() };
}

/** The number that a product has with these parameters. */
export function evaluated({ factor, names }: Product, parameters: Readonly<Record<string, number>>): number {
  return names.reduce((product, name) => product * parameters[name], factor);
}
