// The tests that a mutation run starts: those in the environment, so that one folder's mutants meet that folder's tests.
// A run ends with the first test that fails. So short files come first, a property that fails is not made smaller, and
// files share their modules where a folder's choice does not say otherwise.
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTATION_TESTS ?? "[]") as string[],
    exclude: JSON.parse(process.env.MUTATION_SKIPPED ?? "[]") as string[],
    setupFiles: ["test/mutation/no-shrinking.ts"],
    sequence: { sequencer: ShortestFirst },
    isolate: process.env.MUTATION_ANEW === "true",
    ...{ testTimeout: 120_000, hookTimeout: 120_000 },
  },
});
