import { describe, expect, it } from "vitest";
import { isNode } from "../../src/core/index.js";

/** What calls itself "process", as that of Node does and a stand-in does not. */
const real = (rest: object): object =>
  Object.assign({ [Symbol.toStringTag]: "process", versions: { node: "20" } }, rest);

describe("whether this is Node", () => {
  it("it is here", () => {
    expect(isNode()).toBe(true);
  });

  it.each([
    ["no process", null],
    ["the stand-in of browserify, webpack and Vite", { browser: true, env: {}, versions: {}, nextTick() {} }],
    ["a stand-in with a version of Node", { versions: { node: "20.0.0" }, env: {} }],
    ["a page of Electron with Node's integration", real({ type: "renderer" })],
    ["a worker of such a page", real({ type: "worker" })],
    ["something that bears the name and has no version", real({ versions: {} })],
  ])("it is not: %s", (_, process) => {
    expect(isNode(process)).toBe(false);
  });

  it("the main process of Electron is Node", () => {
    expect(isNode(real({ type: "browser" }))).toBe(true);
  });
});
