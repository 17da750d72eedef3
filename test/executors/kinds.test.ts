// What names an engine, and what is never shown of its address.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineKind, engineKinds, openEngine, withoutSecrets } from "../../src/engines/index.js";

describe("engines", () => {
  it("every form but the empty one names one kind at most", () => {
    fc.assert(
      fc.property(fc.string(), (where) => {
        expect(engineKinds.filter((kind) => kind.owns(where)).length).toBeLessThan(2);
      }),
    );
    expect(engineKind("threads")?.name).toBe("threads");
    expect(engineKind("")).toBeUndefined();
  });

  it("refuses an address of an unknown kind, without its password", async () => {
    await expect(openEngine("mysql://ann:secret@host/db")).rejects.toThrow(
      /^\[engine\] there is no engine "mysql:\/\/host\/db"\. Give threads/,
    );
  });

  it("shows no name, no password and no parameters of an address", () => {
    const secret = fc.string({ minLength: 4, maxLength: 12, size: "max" }).map((text) => `~${text}~`);
    const scheme = fc.constantFrom("redis", "rediss", "postgres", "postgresql", "REDIS", "x+y.z-1");
    fc.assert(
      fc.property(scheme, secret, secret, secret, (kind, name, password, parameter) => {
        const shown = withoutSecrets(`${kind}://${name}:${password}@host:1234/7?password=${parameter}`);
        for (const hidden of [name, password, parameter]) expect(shown).not.toContain(hidden);
        expect(shown.startsWith(`${kind}://`)).toBe(true);
      }),
    );
    expect(withoutSecrets("redis://:a/b@c@host:6379/1#x")).toBe("redis://host:6379/1");
    expect(withoutSecrets("threads")).toBe("threads");
  });
});
