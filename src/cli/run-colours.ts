// The colours of runs on the page of `watch`: six that people with normal vision, and with each kind of colour blindness, can
// tell apart, on a light and on a dark page. They were found by a search for the largest least difference (CIEDE2000, with the
// matrices of Machado and others 2009 for full protanopia, deuteranopia and tritanopia) among colours whose contrast with the
// page is from 3 to 10: it is 23 on light pages and 22.5 on dark ones.

/** The colours on a light page and on a dark one. */
export const RUN_HUES = {
  light: ["#d97b08", "#0b0fe5", "#569688", "#a02e0f", "#a57ef6", "#503c4f"],
  dark: ["#cfc126", "#324af8", "#3bc4a6", "#8f4f69", "#baaaff", "#637008"],
} as const;

const variables = (hues: readonly string[]): string => hues.map((hue, i) => `--r${i + 1}:${hue}`).join(";");

/** The same as variables of a style sheet, from --r1 to --r6. */
export const RUN_COLOURS = { light: variables(RUN_HUES.light), dark: variables(RUN_HUES.dark) };
