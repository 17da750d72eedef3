// The learned rule that a run begins with, as its configuration records it.
import { type ConfigOf, defaultsOf, field, text } from "../fields/index.js";

/** Which rule a run begins with. */
export const beginFields = {
  /** The name of the kept rule; "" for a rule before any learning. The result depends on the hash only. */
  rule: field({
    type: text("a rule", { empty: true }),
    default: "",
    since: "0.2.0",
    before: "",
    hashed: false,
  }),
  /** What `ruleHash` gives for it; "" for none. */
  hash: field({ type: text("a hash", { empty: true }), default: "" }),
};

/** The rule that a run begins with. */
export type Begin = ConfigOf<typeof beginFields>;

/** That of a run whose rule begins before any learning. */
export const unlearned: Begin = defaultsOf(beginFields);
