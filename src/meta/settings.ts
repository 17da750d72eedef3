// What the result of a run depends on, and where that differs between runs.
import { hashedPart, type TrainConfig } from "./config.js";

/** What the result of a run depends on. */
export const settingsOf = (config: TrainConfig): object => ({ ...hashedPart(config), episodes: config.episodes });

/** Where two configurations differ: the path, and both values. */
export function differences(a: unknown, b: unknown, path = ""): [path: string, a: unknown, b: unknown][] {
  const fields = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (fields(a) && fields(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.flatMap((name) => differences(a[name], b[name], path === "" ? name : `${path}.${name}`));
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [[path, a, b]];
}

/**
 * The settings that are not the same in all of these runs: the path of each, and its value in every run as JSON; "" where a run
 * has no such setting, or is not known yet.
 */
export function settingsThatDiffer(
  configs: readonly (TrainConfig | undefined)[],
): [name: string, ...values: string[]][] {
  const all = configs.map((config) => config && { ...settingsOf(config), data: config.data });
  const first = all.find((settings) => settings);
  const names = all.flatMap((settings) => (settings ? differences(first, settings).map(([path]) => path) : []));
  const at = (settings: unknown, path: string): unknown =>
    path.split(".").reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
  return [...new Set(names)].map((name) => [name, ...all.map((settings) => JSON.stringify(at(settings, name)) ?? "")]);
}
