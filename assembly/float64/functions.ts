// The functions of one double, each within 2 ULP; test/assembly/precision.test.ts has the figures.
export * from "./arcs";
export * from "./erf";
export * from "./hyperbolic";
export * from "./power";
export * from "./trigonometry";
