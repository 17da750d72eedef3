// The tests that a mutation run starts: those in the environment, so that one folder's mutants meet that folder's tests.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTATION_TESTS ?? "[]") as string[],
    exclude: JSON.parse(process.env.MUTATION_SKIPPED ?? "[]") as string[],
    testTimeout: 120_000,
  },
});
