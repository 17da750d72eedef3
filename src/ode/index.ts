// The public face of `synaptape/ode`: single steps of differential equations over trees of tensors.
export { type ImplicitOptions, implicitMidpoint } from "./implicit.js";
export { type Acceleration, type Field, type Motion, rk4, semiImplicitEuler } from "./steps.js";
