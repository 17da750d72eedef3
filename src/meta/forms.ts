// In which form the lifetimes of an episode are computed: each form is one record.
import type { Checkpoint } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import {
  dualLifetime,
  type Life,
  live,
  logitsOf,
  type PlasticityConfig,
  type Rule,
  type Start,
  type Stream,
} from "../plasticity/index.js";
import { noDual } from "../plasticity/internal.js";
import { partOf } from "./part-of.js";

/** The lifetimes of an episode. */
export interface Lives {
  /** The network after the steps from `begin` (included) to `end` (excluded); `from` is the network that takes them. */
  live(rule: Rule, begin: number, end: number, from?: Life): Life;
  /** Its answers to the queries, as `logitsOf` gives them. */
  outputs(life: Life): Tensor;
}

/** What they depend on, besides the rule. */
interface Setting {
  readonly config: PlasticityConfig;
  readonly checkpoint: Checkpoint;
  readonly start: Start;
  readonly stream: Stream;
  readonly queries: Stream;
}

interface Form {
  /** Why a rule cannot be computed in this form, and the cure; undefined if it can. */
  misfit(config: PlasticityConfig): string | undefined;
  lives(setting: Setting): Lives;
}

/** The weights of every layer. */
const direct: Form = {
  misfit: () => undefined,
  lives: ({ config, checkpoint, start, stream, queries }) => ({
    live(rule, begin, end, from) {
      const whole = end - begin === stream.labels.shape[0];
      return live(config, rule, start, whole ? stream : partOf(stream, begin, end), { checkpoint, from });
    },
    outputs: ({ weights }) => logitsOf(weights, queries.images, config.beta),
  }),
};

/** The products of the first layer's weights with the examples; see `plasticity/dual.ts`. */
const dual: Form = {
  misfit: noDual,
  lives({ config, checkpoint, start, stream, queries }) {
    const { live, outputs } = dualLifetime(config, start, stream, queries.images);
    return { live: (rule, begin, end, from) => live(rule, { begin, end, from, checkpoint }), outputs };
  },
};

const forms = { direct, dual } satisfies Readonly<Record<string, Form>>;

/** The name of a form. */
export type FormName = keyof typeof forms;

/** The names of all forms, the default first. */
export const formNames = Object.keys(forms) as readonly FormName[];

/** The form of this name. */
export const formOf = (name: FormName): Form => forms[name];
