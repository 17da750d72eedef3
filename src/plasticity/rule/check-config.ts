// Checks a configuration: each setting by itself, and whether they fit together.
import { checkKind, quote } from "../../core/index.js";
import { Place, take } from "../../fields/index.js";
import { feedbackNames, feedbackPath, feedbackPaths } from "../feedback/paths.js";
import { feedbackConfig } from "../feedback/plastic.js";
import { namedMotif } from "../motifs/named.js";
import { MOTIFS } from "../motifs/numbered.js";
import { synapseKind, synapseKinds } from "../synapses/registry.js";
import { defaultConfig, type PlasticityConfig, plasticityFields } from "./config.js";

/**
 * Throws a RangeError that names the first setting that is invalid, by itself or together with others.
 *
 * @example checkConfig(presets.rcn.config) // returns nothing; a wrong setting throws
 */
export function checkConfig(config: PlasticityConfig): void {
  checkKind("plasticity", "the configuration", config, "an object");
  if (Array.isArray(config.motifs) && Array.isArray(config.feedbackMotifs)) checkTogether(config);
  // Settings of plastic feedback are not read if the feedback is not plastic.
  const unread = feedbackPath(config.feedback)?.plastic
    ? []
    : Object.keys(config).filter((name) => /^feedback./.test(name));
  const read = { ...config, ...Object.fromEntries(unread.map((name) => [name, defaultConfig[name as "feedback"]])) };
  take(plasticityFields, read, new Place("[plasticity] ", "", "code"));
}

/**
 * Checks whether settings fit together. These sentences say why they do not, whereas those about single settings list
 * what is allowed.
 */
function checkTogether(config: PlasticityConfig): void {
  checkRule(config, "");
  const { feedback, feedbackSynapse, beta } = config;
  if (!(beta > 0)) fail(`beta is ${quote(beta)}: it must be positive.`);
  if (!Object.hasOwn(feedbackPaths, feedback)) {
    fail(
      `no feedback is called ${quote(feedback)}: there are ${feedbackNames.join(", ")}. Choose another \`feedback\`.`,
    );
  }
  if (!feedbackPath(feedback).plastic) return;
  if (!synapseKind(feedbackSynapse).asFeedback) {
    const able = synapseKinds().filter(({ asFeedback }) => asFeedback);
    const names = able.map(({ name }) => name).join(", ");
    fail(`feedback weights are held by ${names}, not ${quote(feedbackSynapse)}. Choose another \`feedbackSynapse\`.`);
  }
  checkRule(feedbackConfig(config), "feedback: ");
}

function fail(fact: string): never {
  throw new RangeError(`[plasticity] ${fact}`);
}

/** The fields that a rule of the weights and one of the feedback weights have in common. */
function checkRule(config: PlasticityConfig, whose: string): void {
  const { motifs, chemicals, synapse, bias, scales, coupling, tauMin, tauMax } = config;
  if (motifs.length === 0) fail(`${whose}no motif is on: give \`motifs\` at least one of 0 to ${MOTIFS - 1}.`);
  for (const motif of motifs) {
    if (typeof motif === "string") namedMotif(motif);
    else if (!Number.isInteger(motif) || motif < 0 || motif >= MOTIFS) {
      fail(`${whose}motif ${quote(motif)} does not exist: they run from 0 to ${MOTIFS - 1}.`);
    }
  }
  if (new Set(motifs).size < motifs.length) fail(`${whose}motifs ${quote(motifs)} name one twice.`);
  if (!Number.isInteger(chemicals) || chemicals < 1) {
    fail(`${whose}${quote(chemicals)} chemicals: use a whole number of at least 1.`);
  }
  const kind = synapseKind(synapse);
  if (!kind.chemicals && chemicals !== 1) {
    fail(`${whose}the ${synapse} rule has no chemicals; ${quote(chemicals)} were asked for.`);
  }
  if (!kind.scales && bias !== "none") fail(`the ${synapse} rule has no bias; ${quote(bias)} was asked for.`);
  if (!kind.scales && scales !== "fixed")
    fail(`the ${synapse} rule has no time scales that could be ${quote(scales)}.`);
  if (!kind.scales && coupling !== "plain")
    fail(`the ${synapse} rule has no coupling that could be ${quote(coupling)}.`);
  if (!(tauMin >= 1 && tauMax >= tauMin)) {
    fail(`time constants from ${quote(tauMin)} to ${quote(tauMax)}: 1 <= \`tauMin\` <= \`tauMax\` is needed.`);
  }
  const fact = kind.check?.(config);
  if (fact) fail(`${whose}${fact}`);
}
