// A test that comes to its end without one assertion fails: it could not have failed otherwise.
import { beforeEach, expect } from "vitest";

beforeEach(() => {
  expect.hasAssertions();
});
