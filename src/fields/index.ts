// Tables of settings, in which each setting is defined once: see `table.ts`.
export { type Flag, flagsOf, givenIn, inFlags, readFlag, UsageError } from "./flags.js";
export { type ListOptions, list, listOf, wordOr } from "./lists.js";
export { didYouMean, nearest } from "./nearest.js";
export { decimalIn, number, type Range, whole, wholeIn } from "./numbers.js";
export {
  type AnyFields,
  type ConfigOf,
  canonical,
  complete,
  defaultsOf,
  type Field,
  type Fields,
  field,
  group,
  take,
  type VariantOf,
  variants,
  withDefaults,
} from "./table.js";
export { isObject, type Leaf, leaf, Place, type TextForm, type Type } from "./type.js";
export { choice, named, orOf, text, yesNo } from "./words.js";
