// Numbers as colours: the sign is the hue, the size is how strongly it covers the ground, so maps suit light and dark.
import { shallowRef } from "vue";

type Ink = readonly [red: number, green: number, blue: number];

/** The colours that were read; others when the page changes between light and dark, so that all is painted again. */
const theme = shallowRef(new Map<string, string>());

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  theme.value = new Map();
});

/** A colour of the page by its name, as text. */
export function colour(name: string): string {
  const known = theme.value;
  if (!known.has(name)) {
    known.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  }
  return known.get(name) as string;
}

const inkOf = (name: string): Ink =>
  [1, 3, 5].map((at) => Number.parseInt(colour(name).slice(at, at + 2), 16)) as unknown as Ink;

/** The largest of all numbers without their signs. */
export function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

/** Puts numbers into pixels, `scale` being full strength. Positive numbers of what has no sign are ink. */
export function paint(pixels: Uint8ClampedArray, data: ArrayLike<number>, scale: number, signed: boolean): void {
  const [plus, minus, ink] = [inkOf("plus"), inkOf("minus"), inkOf("ink")];
  const strength = scale > 0 ? 255 / scale : 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    const [red, green, blue] = signed ? (value < 0 ? minus : plus) : ink;
    pixels[4 * i] = red;
    pixels[4 * i + 1] = green;
    pixels[4 * i + 2] = blue;
    pixels[4 * i + 3] = Math.abs(value) * strength;
  }
}

/** A number in few letters. */
export function few(value: number): string {
  const text = Math.abs(value) < 100 ? value.toPrecision(2) : String(Math.round(value));
  return value === 0 ? "0" : text.replace("-", "−");
}
