// The public face of `synaptape/control`: a swimmer whose physics are MuJoCo's, in plain numbers and as differentiable steps,
// and a neural circuit that controls it.
export { type BodyOptions, type SwimmerBody, swimmerBody } from "./body.js";
export {
  type Circuit,
  type CircuitOptions,
  type CircuitParams,
  type Connection,
  type Controller,
  circuit,
  type Drive,
  type Strengths,
} from "./circuit.js";
export { type DifferentiableSwimmer, differentiableSwimmer, type SwimmerState } from "./differentiable.js";
export { type Swimmer, type SwimmerStart, simulate } from "./simulation.js";
export { type Swim, type SwimOptions, swim, swimmerStart, swimReward } from "./swim.js";
