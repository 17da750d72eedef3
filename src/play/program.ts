// A life as a program: what it does in the playground, written out with the functions of the package for a reader to run and
// to change. It takes the whole life in one call, where the playground goes step by step, and ends with the same bits.
import { base64Of } from "../core/index.js";
import type { LeafValues, RuleValues } from "../meta/index.js";
import { defaultConfig, type PlasticityConfig, ruleParts } from "../plasticity/index.js";
import { keptNameOf } from "./kept.js";
import { type Character, PIXELS, QUERIES } from "./limits.js";
import { type Setup, sizesOf } from "./setup.js";

/**
 * A program for Node that runs the first `at` images of a life (all, if `at` is 0), and prints the share of test images that
 * the network then knows, and the hash of `Life.hash`.
 *
 * @param version the version of the package that it is for.
 */
export function programOf(setup: Setup, at: number, version: string): string {
  const { seed, shots, characters } = setup;
  const { from, lines } = ruleIn(setup);
  const kinds = new Set(characters.map(({ kind }) => kind));
  const sets = [
    ...(kinds.has("glyph") ? ["const built = glyphs({ seed, perClass }).images;"] : []),
    ...(kinds.has("drawing") ? [`const drawn = drawings(${drawingsIn(characters)}, { seed, perClass }).images;`] : []),
    ...(kinds.has("pictures") ? [PICTURES] : []),
  ];
  const named = [...(kinds.has("drawing") ? ["drawings"] : []), ...(kinds.has("glyph") ? ["glyphs"] : [])];
  const imports = [
    'import { createHash } from "node:crypto";',
    'import { Key, tensor } from "synaptape";',
    ...(named.length > 0 ? [`import { ${named.join(", ")} } from "synaptape/data";`] : []),
    ...from,
  ];
  return `// A lifetime of plasticity, from the Synaptape playground. Save it as life.mjs, then run:
//   npm install synaptape@${version} && node life.mjs
${imports.join("\n")}

const seed = ${seed};
const [shots, queries] = [${shots}, ${QUERIES}]; // images of each character to learn from, and to be tested on
const sizes = [${sizesOf(setup).join(", ")}];
${lines}

// The images of each character, ${PIXELS} bytes each.
const perClass = shots + queries;
const of = (images, c) => images.subarray(c * perClass * ${PIXELS}, (c + 1) * perClass * ${PIXELS});
${sets.join("\n")}
const characters = [
${imagesIn(characters)}];

const steps = characters.length * shots;
const order = Key.of(seed).fold(1).permutation(steps);
const rows = (count, which) => {
  const images = new Float32Array(count * ${PIXELS});
  const labels = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const [c, i] = which(row);
    labels[row] = c;
    for (let p = 0; p < ${PIXELS}; p++) images[row * ${PIXELS} + p] = characters[c][i * ${PIXELS} + p] / 255;
  }
  return { images: tensor(images, { shape: [count, ${PIXELS}] }), labels: tensor(labels, { dtype: "int32" }) };
};
const learned = ${at === 0 ? "steps" : at}; // images that the network learns from, one after the other
const stream = rows(learned, (row) => [order[row] % characters.length, Math.floor(order[row] / characters.length)]);
const test = rows(characters.length * queries, (row) => [Math.floor(row / queries), shots + (row % queries)]);

const start = initialStart(Key.of(seed), sizes, config);
const { weights } = live(config, rule, start, stream);
const outputs = logitsOf(weights, test.images, config.beta);
const hash = createHash("sha256");
for (const { buffer, byteOffset, byteLength } of [...weights, outputs].map((x) => x.data())) {
  hash.update(new Uint8Array(buffer, byteOffset, byteLength));
}
console.log("test images known:", accuracyOf(outputs, test.labels));
console.log(hash.digest("hex"));
`.replace(/\n{3,}/g, "\n\n");
}

const PICTURES = `const pictures = (list) => {
  const bytes = new Uint8Array(perClass * ${PIXELS});
  for (let i = 0; i < perClass; i++) bytes.set(Buffer.from(list[i % list.length], "base64"), i * ${PIXELS});
  return bytes;
};`;

/** The rule: a kept one by its name, any other by its settings and numbers; and what is imported for it. */
function ruleIn(setup: Setup): { readonly from: readonly string[]; readonly lines: string } {
  const kept = keptNameOf(setup);
  if (kept !== undefined) {
    return {
      from: [
        'import { keptRule, ruleOf } from "synaptape/meta";',
        'import { accuracyOf, initialStart, live, logitsOf } from "synaptape/plasticity";',
      ],
      lines: `const kept = keptRule(${JSON.stringify(kept)}); // it comes with the package, already learned
const config = kept.config.plasticity;
const rule = ruleOf(kept.rule);`,
    };
  }
  return {
    from: ['import { accuracyOf, defaultConfig, initialStart, live, logitsOf, ruleFrom } from "synaptape/plasticity";'],
    lines: `const config = {
  ...defaultConfig,
${settingsIn(setup.plasticity)}};
const rule = ruleFrom({
${numbersIn(setup.rule)}});`,
  };
}

/** The settings that differ from the default, a line each. */
function settingsIn(plasticity: PlasticityConfig): string {
  return Object.entries(plasticity)
    .map(([name, value]) => [name, JSON.stringify(value), JSON.stringify(defaultConfig[name as "synapse"])] as const)
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value]) => `  ${name}: ${value.replace(/,/g, ", ")},\n`)
    .join("");
}

const numbersIn = (rule: RuleValues): string =>
  ruleParts
    .filter((part) => rule[part].length > 0)
    .map((part) => `  ${part}: [${rule[part].map(nested).join(", ")}],\n`)
    .join("");

/** The numbers of a leaf as nested lists, each number with as few digits as give it back in float32. */
function nested({ shape, data }: LeafValues): string {
  let lists = Array.from(data, short);
  for (const size of shape.slice(0).reverse()) {
    const rows: string[] = [];
    for (let i = 0; i < lists.length; i += size) rows.push(`[${lists.slice(i, i + size).join(", ")}]`);
    lists = rows;
  }
  return lists.join(", ");
}

function short(value: number): string {
  if (Object.is(value, -0)) return "-0";
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

const drawingsIn = (characters: readonly Character[]): string =>
  JSON.stringify(
    characters.flatMap((character) =>
      character.kind === "drawing" ? [{ name: "drawing", strokes: character.strokes }] : [],
    ),
  );

function imagesIn(characters: readonly Character[]): string {
  let place = 0;
  return characters
    .map((character) => {
      if (character.kind === "glyph") return `  of(built, ${character.glyph}),\n`;
      if (character.kind === "drawing") return `  of(drawn, ${place++}),\n`;
      return `  pictures(${JSON.stringify(character.images.map(base64Of))}),\n`;
    })
    .join("");
}
