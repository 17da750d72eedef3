// What PyTorch's ops are here, by group and by PyTorch's name, followed by the name of the variant if there is one.
import { type Ours, prefixed } from "./arguments.js";
import { indexing, reductions, shapes } from "./arrays.js";
import { activations, elementwise } from "./elementwise.js";
import { losses, products, windows } from "./layers.js";

/** For each op a function of the same arguments; undefined for arguments that have no counterpart. */
export const groups: Readonly<Record<string, Readonly<Record<string, Ours>>>> = {
  elementwise,
  activations: prefixed(activations),
  "reductions and running sums": reductions,
  shapes,
  "indexing and order": indexing,
  "products and linear algebra": products,
  losses: prefixed(losses),
  "convolution and pooling": prefixed(windows),
};
