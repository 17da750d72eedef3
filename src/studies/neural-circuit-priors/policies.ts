// What controls the swimmer in this study: the circuit from several first strengths, and a perceptron to compare it with.
import {
  type CircuitParams,
  type Controller,
  circuit,
  type Swimmer,
  type SwimmerBody,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../../control/index.js";
import { type Key, leavesOf, scope, type Tensor, type TreeOf } from "../../core/index.js";
import { activation, dense, type Network, network, type Params } from "../../nn/index.js";
import { tensor } from "../../ops/index.js";
import { mean } from "../statistics.js";

/** The paper's body: six links. */
export const BODY = swimmerBody();

/** Units of both hidden layers of the perceptron. */
const UNITS = 64;

/** Parameters with what they are used for. */
export interface Policy<P> {
  /** The first parameters. */
  init(key: Key): P;
  /** The controller with these. */
  controller(params: P): Controller;
  /** The controller of another body with the same parameters, where that is possible. */
  readonly on?: (params: P, body: SwimmerBody) => Controller;
}

const signed = circuit({ joints: BODY.joints });
const free = circuit({ joints: BODY.joints, ranges: "free" });

/** The circuit whose connections keep their sign. */
const constrained: Omit<Policy<CircuitParams>, "init"> = {
  controller: (params) => signed.controller(params),
  on: (params, { joints }) => circuit({ joints }).controller(params),
};

const perceptron: Network = network({
  input: [BODY.joints + 3 * BODY.links],
  layers: [...[dense(UNITS), activation("tanh")], ...[dense(UNITS), activation("tanh")], dense(BODY.joints)],
});

/** What the perceptron sees: the joints, and how each link moves in its own axes. */
const seen = (swimmer: Swimmer): Tensor => {
  const numbers = [...swimmer.joints(), ...swimmer.linkVelocities()];
  return tensor(Float64Array.from(numbers), { shape: [1, numbers.length] });
};

/** All policies by name. */
export const policies = {
  constant: { init: () => signed.constant(), ...constrained },
  constrained: { init: (key: Key) => signed.random(key), ...constrained },
  free: { init: (key: Key) => free.random(key), controller: (params: CircuitParams) => free.controller(params) },
  perceptron: {
    init: (key: Key) => perceptron.init(key),
    controller: (params: Params) => (swimmer: Swimmer) =>
      scope(() => Float64Array.from(perceptron.apply(params, seen(swimmer)).data())),
  },
} satisfies Readonly<Record<string, Policy<CircuitParams> | Policy<Params>>>;

/** The name of a policy. */
export type PolicyName = keyof typeof policies;
/** Their names. */
export const policyNames = Object.keys(policies) as PolicyName[];

/** How many numbers the perceptron of the paper has. */
export const PERCEPTRON_NUMBERS = 6021;

/** How many numbers these parameters are. */
export const countOf = <P extends TreeOf<P>>(params: P): number =>
  leavesOf("policy", params).reduce((sum, { tensor: { size } }) => sum + size, 0);

/** The return of one episode from the start of a key. */
export const returnFrom = (controller: Controller, key: Key, steps: number, body: SwimmerBody = BODY): number =>
  swim(simulate(body, swimmerStart(body, key)), controller, { steps }).total;

/** The mean return from five starts. */
export const meanReturn = (controller: Controller, key: Key, steps: number, body: SwimmerBody = BODY): number =>
  mean(key.split(5).map((each) => returnFrom(controller, each, steps, body)));
