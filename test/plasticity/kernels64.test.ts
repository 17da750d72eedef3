// The tests of the plasticity kernels once more, for float64.

// ../assembly/element.ts asks for it; every file of tests has modules of its own, so nobody else sees it.
Object.assign(globalThis, { testFloat64: true });

await import("./kernels.test.js");
