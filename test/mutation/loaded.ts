// Loads the modules in which faults are planted. Where a fault keeps a module from being loaded, the files of tests that
// import it fail before they have a test, which the tool takes for nothing; this test fails.
import { expect, it } from "vitest";

it.each(JSON.parse(process.env.MUTATION_FILES ?? "[]") as string[])("%s can be loaded", async (file) => {
  await expect(import(`../../${file}`)).resolves.toBeDefined();
});
