// A moment of an explorable as the part of an address after #, and back. As for lives, whoever opens one need not trust it.
import { InputError, plain, quote } from "../../core/index.js";
import { wholeIn } from "../../fields/index.js";
import { type Control, type ExplorableName, explorables, type Place, stepsOf, usualPlace } from "./controls.js";

/** The part of an address after # for this moment: only what is not usual. */
export function addressOfPlace({ name, settings, at }: Place): string {
  const usual = usualPlace(name).settings;
  const chosen = Object.entries(settings).filter(([key, value]) => value !== usual[key as never]);
  return new URLSearchParams({
    explore: name,
    ...Object.fromEntries(chosen.map(([key, value]) => [key, String(value)])),
    ...(at > 0 ? { at: String(at) } : {}),
  }).toString();
}

/**
 * The moment of an address.
 *
 * @param text the part of the address after #.
 * @throws InputError that says what is wrong with it.
 */
export function placeIn(text: string): Place {
  if (text.length > 1000) {
    throw new InputError(
      `[explore] this address has ${text.length} letters, more than this page writes. Copy it again.`,
    );
  }
  const fields = new URLSearchParams(text);
  const name = fields.get("explore") ?? "";
  if (!Object.hasOwn(explorables, name)) {
    throw new InputError(
      `[explore] there is nothing called ${quote(plain(name))} to explore. There are ${Object.keys(explorables).join(", ")}.`,
    );
  }
  const usual = usualPlace(name as ExplorableName);
  const known = ["explore", "at", ...Object.keys(usual.settings)];
  const odd = [...fields.keys()].find((key, i, all) => !known.includes(key) || all.indexOf(key) < i);
  if (odd !== undefined) {
    throw new InputError(
      `[explore] this address has ${quote(plain(odd))} where it should not. Copy the whole address again.`,
    );
  }
  const controls: Readonly<Record<string, Control>> = explorables[name as ExplorableName].controls;
  const settings = Object.entries(controls).map(([key, control]) => [key, valueIn(fields.get(key), key, control)]);
  const at = fields.get("at") ?? "0";
  return checkedPlace({
    ...usual,
    settings: Object.fromEntries(settings),
    at: wholeIn(at, 0, Number.MAX_SAFE_INTEGER) ?? Number.NaN,
  });
}

function valueIn(text: string | null, key: string, control: Control): number | string {
  if (text === null) return control.usual;
  if (control.kind === "choice") return text;
  if (/^-?\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw new InputError(`[explore] this address has ${quote(plain(text))} as ${key}; it takes a number.`);
}

/** The same place. Throws an InputError for what is not offered, and for more steps than are computed. */
export function checkedPlace(place: Place): Place {
  const { name, settings, at } = place;
  const controls: Readonly<Record<string, Control>> = explorables[name].controls;
  for (const [key, control] of Object.entries(controls)) {
    const value: number | string = settings[key as never];
    if (control.kind === "choice") {
      if (Object.hasOwn(control.options, value)) continue;
      const words = Object.keys(control.options).join(" or ");
      throw new InputError(`[explore] ${key} is ${quote(plain(String(value)))}. Use ${words}.`);
    }
    const { least, most: largest } = control;
    if (typeof value === "number" && value >= least && value <= largest && isStep(value, control)) continue;
    throw new InputError(
      `[explore] ${key} is ${quote(value)}. Give a number from ${least} to ${largest} in steps of ${control.step}.`,
    );
  }
  const most = stepsOf(place);
  if (Number.isSafeInteger(at) && at >= 0 && at <= most) return place;
  throw new InputError(`[explore] the moment is ${quote(at)}. Give a whole number of steps from 0 to ${most}.`);
}

/** Whether it is one of the numbers that the control offers, as decimal numbers. */
function isStep(value: number, { least, step }: { readonly least: number; readonly step: number }): boolean {
  const steps = Math.round((value - least) / step);
  return Number((least + steps * step).toFixed(9)) === value;
}
