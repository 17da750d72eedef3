// docs/guides/kubernetes.md: nothing here can build its image or run its workers, so a linter reads the recipe, the schemas
// and types of Kubernetes hold the manifest, and both are held to what the package says of itself.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { Deployment, type IDeployment } from "kubernetes-models/apps/v1";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const guide = read("docs/guides/kubernetes.md");
const { version, engines, bin, peerDependencies, devDependencies } = JSON.parse(read("package.json"));

/** The blocks of code of this language. */
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text);

describe("the image", () => {
  const [recipe, ...others] = blocks("dockerfile");
  const statements = DockerfileParser.parse(recipe).getInstructions();
  const argumentsOf = (keyword: string): string =>
    statements
      .filter((each) => each.getKeyword() === keyword)
      .map((each) => each.getArgumentsContent())
      .join("\n");

  it("is made by one recipe in which a linter finds nothing", () => {
    expect(others).toEqual([]);
    expect(validate(recipe)).toEqual([]);
    expect(validate(recipe.replace("WORKDIR", "WORKDIRS")).length).toBeGreaterThan(0); // it does look
  });

  it("has a Node that the package takes, and runs as no superuser", () => {
    const [, major] = /^node:(\d+)-slim$/.exec(argumentsOf("FROM")) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
    expect(argumentsOf("USER")).toBe("node");
  });

  it("installs this version, and the clients with which it is tested", () => {
    const wanted = ["bullmq", "ioredis", "pg"];
    for (const name of wanted) expect(peerDependencies).toHaveProperty(name);
    const installed = [...argumentsOf("RUN").matchAll(/ ([a-z]+)@(\d+\.\d+\.\d+)/g)].map(([, name, at]) => [name, at]);
    expect(installed).toEqual([["synaptape", version], ...wanted.map((name) => [name, devDependencies[name]])]);
  });

  it("starts the built command line as the process that gets signals", () => {
    expect(JSON.parse(argumentsOf("ENTRYPOINT"))).toEqual(["node", `node_modules/synaptape/${bin.synaptape}`]);
    expect(JSON.parse(argumentsOf("CMD"))).toEqual(["worker"]);
  });
});

describe("the workers", () => {
  const documents = blocks("yaml").flatMap((text) => parseAllDocuments(text));
  const manifest: IDeployment = documents[0].toJS();
  const { spec } = manifest;
  const pod = spec?.template.spec;
  const container = pod?.containers[0];

  it("are one Deployment that the schema of Kubernetes takes", () => {
    expect(documents.map(({ errors, warnings }) => [...errors, ...warnings])).toEqual([[]]);
    expect([manifest.apiVersion, manifest.kind]).toEqual(["apps/v1", "Deployment"]);
    new Deployment(manifest).validate();
    const broken = { ...manifest, spec: { ...spec, replicas: "four" } } as unknown as IDeployment;
    expect(() => new Deployment(broken).validate()).toThrow(/replicas/); // it does look
  });

  it("have no field that Kubernetes does not know", () => {
    // The schema lets unknown fields pass; the compiler does not, in a literal.
    const folder = mkdtempSync(join(root, "build", "kubernetes-"));
    const check = (value: unknown): string => {
      const text = `import type { IDeployment } from "kubernetes-models/apps/v1";\nexport const manifest: IDeployment = ${JSON.stringify(value)};\n`;
      writeFileSync(join(folder, "manifest.ts"), text);
      const flags = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--ignoreConfig",
      ];
      try {
        execFileSync(process.execPath, [
          join(root, "node_modules/typescript/bin/tsc"),
          ...flags,
          join(folder, "manifest.ts"),
        ]);
        return "";
      } catch (error) {
        return String((error as { stdout: Buffer }).stdout);
      }
    };
    try {
      expect(check(manifest)).toBe("");
      const misspelt = JSON.parse(
        JSON.stringify(manifest).replace("terminationGracePeriodSeconds", "terminationGracePeriod"),
      );
      expect(check(misspelt)).toMatch(/'?terminationGracePeriod'?/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("select their own pods, and know the queue from a Secret alone", () => {
    expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? { none: "" });
    const [engine, ...more] = container?.env ?? [];
    expect([engine.name, more]).toEqual(["SYNAPTAPE_ENGINE", []]);
    expect(engine.value).toBeUndefined();
    const { name, key } = engine.valueFrom?.secretKeyRef ?? {};
    expect(guide).toContain(`kubectl create secret generic ${name} --from-literal=${key}='redis://`);
    expect(blocks("yaml").join()).not.toMatch(/:\/\//);
  });

  it("run the image of the recipe with flags that the command has, a processor for each cell", () => {
    expect(guide).toContain(`docker build --tag ${container?.image} .`);
    expect(container?.image).toMatch(new RegExp(`:${version.replaceAll(".", "\\.")}$`));
    const [command, ...flags] = container?.args ?? [];
    const help = execFileSync(process.execPath, ["--import", "tsx", join(root, "src/cli/main.ts"), command, "--help"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const flag of [...flags.filter((word) => word.startsWith("--")), "--lease"])
      expect(help).toContain(`${flag} <`);
    expect(help).toContain("SYNAPTAPE_ENGINE");
    expect(container?.resources?.requests?.cpu).toBe(flags[flags.indexOf("--workers") + 1]);
    const gibibytes = (amount: unknown): number => Number(/^(\d+)Gi$/.exec(String(amount))?.[1]);
    const { requests, limits } = container?.resources ?? {};
    expect(gibibytes(requests?.memory)).toBeLessThanOrEqual(gibibytes(limits?.memory));
    // Longer than the silence after which others get its cells, or finishing them would be in vain.
    const lease = Number(/--lease <s>[\s\S]*?default:\s+(\d+)/.exec(help)?.[1]);
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(lease);
  });
});
