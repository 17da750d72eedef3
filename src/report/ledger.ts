// The ledger: the results of studies at full scale, as pages of Markdown with figures, all written from kept results.
import type { Result } from "../runs/index.js";
import { type AnyStudy, type ClaimLine, claimTable, type Figure, judged } from "../studies/index.js";
import { figureMarkdown, figureSvg, markdownTable } from "./draw.js";

/** What a study's page is filled with. */
export interface LedgerParts {
  /** Parts of the page by name. */
  readonly parts: Readonly<Record<string, string>>;
  /** Figures by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly claims: readonly ClaimLine[];
}

/** The images that kept results were computed from. */
export interface KeptImages {
  readonly name: string;
  readonly images: number;
  readonly classes: number;
  readonly perClass: readonly [least: number, most: number];
  /** Of images and classes; see `dataHash`. */
  readonly sha256: string;
}

/** The page of a study: a part for each figure, one for the claims, and one that describes the results. */
export function ledgerParts(
  study: AnyStudy,
  results: readonly Result[],
  images: readonly KeptImages[] = [],
): LedgerParts {
  const claims = judged(study, results);
  const figures: readonly Figure[] = study.figures?.(results as never) ?? [];
  const parts: Record<string, string> = {
    claims: markdownTable(claimTable(claims)),
    results: [resultsText(results), ...images.map(imagesText)].map((line) => `- ${line}`).join("\n"),
  };
  const files: Record<string, string> = {};
  for (const figure of figures) {
    const svg = figureSvg(figure);
    if (svg) files[`${figure.name}.svg`] = svg;
    const text = figureMarkdown(figure);
    parts[figure.name] = svg ? `![${figure.title}](${figure.name}.svg)\n\n${text}`.trimEnd() : text;
  }
  return { parts, files, claims };
}

function resultsText(results: readonly Result[]): string {
  const seeds = new Set(results.map(({ cell: { seed } }) => seed)).size;
  const numerics = [...new Set(results.map(({ numerics: each }) => each))].sort((a, b) => a - b);
  return `${results.length} results of ${seeds} ${seeds === 1 ? "seed" : "seeds"}, of version ${numerics.join(" and ")} of the numbers`;
}

const imagesText = ({ name, images, classes, perClass, sha256 }: KeptImages): string =>
  `images: \`${name}\`, ${images.toLocaleString("en")} of ${classes} classes, ${perClass.join(" to ")} of each; SHA-256 of images ` +
  `and classes ${sha256.slice(0, 16)}`;

/** The page with its parts filled in, each between <!-- its name --> and <!-- end -->. */
export function filled(page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->).*?(<!-- end -->)`, "s"),
        (_, start, end) => `${start}\n\n${part}\n\n${end}`,
      ),
    page,
  );
}

/** The table of all studies' claims. */
export function ledgerTable(
  studies: readonly { readonly name: string; readonly claims: readonly ClaimLine[] }[],
): string {
  return studies
    .map(({ name, claims }) => {
      const count = (verdict: string): number => claims.filter((line) => line.verdict === verdict).length;
      const counts = ["holds", "does not hold", "open"].map((verdict) => `${count(verdict)} ${verdict}`).join(", ");
      return `### [${name}](${name}/README.md)\n\n${claims.length} claims: ${counts}.\n\n${markdownTable(claimTable(claims))}`;
    })
    .join("\n\n");
}
