// Numbers as colours: the sign is the hue, the size is how strongly it covers the ground, so maps suit light and dark.

type Ink = readonly [red: number, green: number, blue: number];

let inks: { readonly plus: Ink; readonly minus: Ink; readonly ink: Ink } | undefined;

function read(name: string): Ink {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Ink;
}

/** The colours of the page, read once for each of its themes. */
function current() {
  inks ??= { plus: read("plus"), minus: read("minus"), ink: read("ink") };
  return inks;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  inks = undefined;
});

/** The largest of all numbers without their signs. */
export function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

/** Puts numbers into pixels, `scale` being full strength. Positive numbers of what has no sign are ink. */
export function paint(pixels: Uint8ClampedArray, data: ArrayLike<number>, scale: number, signed: boolean): void {
  const { plus, minus, ink } = current();
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
export const few = (value: number): string => (value === 0 ? "0" : value.toPrecision(2).replace("-", "−"));
