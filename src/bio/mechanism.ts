// What plain JavaScript passes in the place of a mechanism's settings.
import { checkMade } from "../core/index.js";

/** Throws a TypeError for settings that lack one of these. */
export function checkMechanism(op: string, config: object, members: readonly string[]): void {
  checkMade(op, "the configuration", config, members, "Take the mechanism's part of what bioConfig() returns.");
}
