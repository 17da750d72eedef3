// Tables: the same comes back, whatever is written in them.
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Bra, cerebellum, parseTables, printTables, takeBra } from "../../src/brain/index.js";

/** Texts with what is special in tables, and names, which are not empty. */
const said = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom("a", ";", "\\", "=", ",", '"', "\n", "\r", " ", "\ufeff", "é") }),
);
const name = said.filter((text) => text !== "");
const names = fc.array(name, { maxLength: 4 });
const size = fc.nat();
const bras: fc.Arbitrary<Bra> = fc
  .record({
    project: fc.record({ id: name, contributor: said, tlf: said, roi: said }),
    references: fc.array(fc.record({ id: name, title: said, doi: said }), { maxLength: 3 }),
    circuits: fc.array(
      fc.record({
        id: name,
        uniform: fc.boolean(),
        roi: fc.constantFrom("internal" as const, "noROI(input)" as const, "noROI(input,output)" as const),
        mod: fc.constantFrom("Excitatory" as const, "none" as const),
        size,
        subCircuits: names,
        outputSemantics: said,
        comments: said,
      }),
      { maxLength: 3 },
    ),
    connections: fc.array(fc.record({ sender: name, receiver: name, referenceIds: names, size, comment: said }), {
      maxLength: 3,
    }),
    frg: fc.array(
      fc.record({
        id: name,
        subnodes: names,
        requirement: said,
        mechanism: said,
        interface: fc.record({ outputs: names, inputs: names }),
        semantics: fc.array(fc.record({ circuit: name, text: said }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(takeBra);

it("is unchanged after its tables are written and read, whatever text they hold", () => {
  fc.assert(fc.property(bras, (bra) => void expect(parseTables(printTables(bra))).toEqual(bra)));
  expect(parseTables(printTables(cerebellum))).toEqual(cerebellum);
});

it("reads what spreadsheets write: other line endings, columns in another order, a byte-order mark, needless quotes", () => {
  const tables = printTables(cerebellum);
  const project = '\ufeff"roi","tlf",contributor,id\ncerebellum,R.TLF,"",VOR\n\n';
  expect(parseTables({ ...tables, project })).toEqual(cerebellum);
});

it("says what is wrong with a table", () => {
  const tables = printTables(cerebellum);
  const bad = (change: object) => () => parseTables({ ...tables, ...change });
  expect(bad({ references: "id,title\r\n" })).toThrow(
    '[bra] references has no column "doi". Give it these columns, each once: id, title, doi.',
  );
  expect(bad({ references: "id,title,doi,id\r\n" })).toThrow('has the column "id"');
  expect(bad({ references: "id,title,doi\r\na,b\r\n" })).toThrow("row 1 of references has 2 cells. Give it 3.");
  expect(bad({ references: 'id,title,doi\r\na,b"c,d\r\n' })).toThrow("references is not CSV at");
  expect(bad({ project: "id,contributor,tlf,roi\r\n" })).toThrow("project has 0 rows. Give it one.");
  expect(bad({ circuits: tables.circuits.replace("true,noROI(input)", "true,nowhere") })).toThrow(/roi/);
  expect(bad({ circuits: tables.circuits.replace("true,", "yes,") })).toThrow(/uniform/);
  expect(bad({ circuits: undefined })).toThrow("circuits is undefined. Give the text of a table.");
});
