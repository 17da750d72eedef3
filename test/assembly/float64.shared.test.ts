// The tests of the kernels that both types share, once more for float64.

// element.ts asks for it; every file of tests has modules of its own, so nobody else sees it.
Object.assign(globalThis, { testFloat64: true });

await import("./elementwise.test.js");
await import("./gather.test.js");
await import("./matmul.test.js");
await import("./patches.test.js");
await import("./reduce.test.js");
await import("./softmax.test.js");
await import("./strided.test.js");
// The last, as it makes the memory grow.
await import("./long.test.js");
