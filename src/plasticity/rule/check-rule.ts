// Checks whether a rule's gradient fits what it computes, by comparing short lifetimes with differences.
import { Key, leavesOf, scope, type Tensor, withLeaves } from "../../core/index.js";
import { add, random, tensor } from "../../ops/index.js";
import { type CheckGradsOptions, checkGrads } from "../../testing/internal.js";
import { lifetime } from "../lifetime.js";
import { namedMotif } from "../motifs/named.js";
import { initialStart, logitsOf, lossOf, type Start } from "../network.js";
import { synapseKind } from "../synapses/registry.js";
import { checkConfig } from "./check-config.js";
import { defaultConfig, type PlasticityConfig } from "./config.js";
import { initialRule } from "./initial-rule.js";
import type { Rule } from "./parts.js";

/**
 * Checks a rule of this configuration, with numbers drawn around its initial values: the gradient of a small network's
 * lifetime, in every coefficient, initial weight and feedback weight, against differences of the lifetime itself (see
 * `checkGrads` for what this can detect; only reverse mode unless `modes` says more). With symmetric feedback the two
 * differ by definition, since no derivative passes through the path of the errors.
 *
 * @throws Error with the path, the element and both numbers if they disagree; RangeError if the configuration is
 * invalid.
 * @example checkRule(presets.rcn.config) // throws where a derivative is wrong
 */
export function checkRule(config: Partial<PlasticityConfig>, options: CheckGradsOptions = {}): void {
  const given: PlasticityConfig = { ...defaultConfig, ...config };
  checkConfig(given);
  scope(() => {
    const key = Key.of(5);
    const [sizes, steps] = [[3, 2, 2], 3];
    const around = <T>(id: number, tree: T, by: number): T =>
      withLeaves(
        tree,
        leavesOf("checkRule", tree).map(({ tensor: x }, i) =>
          add(x, random.uniform(key.fold(id).fold(i), [...x.shape], { low: -by, high: by })),
        ),
      );
    const rule: Rule = around(0, initialRule(given, sizes), 0.1);
    const start: Start = initialStart(key.fold(1), sizes, given);
    const images = random.uniform(key.fold(2), [steps, sizes[0]], { low: 0.1, high: 1 });
    const labels =
      given.head === "linear" ? random.uniform(key.fold(3), [steps, 2]) : tensor([0, 1, 1], { dtype: "int32" });
    const loss = (p: { rule: Rule; start: Start }): Tensor => {
      const weights = lifetime(given, p.rule, p.start, { images, labels });
      return lossOf(logitsOf(weights, images, given.beta), labels, given.head);
    };
    checkGrads(loss, { rule, start }, { modes: ["reverse"], ...options });
  });
}

/**
 * Checks a motif of `defineMotif` in a lifetime together with F0, under a linear rule and under one with chemicals: see
 * `checkRule`. Its locality was checked when it was defined.
 *
 * @example checkMotif("hebb") // throws where a derivative is wrong
 */
export function checkMotif(name: string, options: CheckGradsOptions = {}): void {
  namedMotif(name);
  for (const [synapse, chemicals] of [
    ["linear", 1],
    ["chemical", 2],
  ] as const) {
    checkRule({ synapse, chemicals, motifs: [0, name], initialP0: 0.1 }, options);
  }
}

/**
 * Checks a kind of synapse of `defineSynapse` in a lifetime with two chemicals: see `checkRule`.
 *
 * @example checkSynapse("chemical") // throws where a derivative is wrong
 */
export function checkSynapse(name: string, options: CheckGradsOptions = {}): void {
  const { chemicals } = synapseKind(name);
  checkRule({ synapse: name, chemicals: chemicals ? 2 : 1, motifs: [0, 2, 3, 9], tauMin: 2, initialP0: 0.1 }, options);
}
