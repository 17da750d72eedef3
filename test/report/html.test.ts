// Pieces of a page, read back by a parser: what was given stands there, in its place, and nothing of it is markup.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { escapeHtml, htmlPage, htmlTable } from "../../src/report/html.js";
import { reportPage } from "../../src/report/page.js";
import { colour, inLight, reportStyle } from "../../src/report/theme.js";
import { madeUp, publishedSetting } from "./fixtures.js";

const hostile = fc.string({ unit: fc.constantFrom("a", "<", ">", "&", '"', "'", "amp;", " b"), maxLength: 8 });

describe("text in HTML", () => {
  it("is read back as it was, in an element and in an attribute", () => {
    fc.assert(
      fc.property(hostile, (given) => {
        const text = given.trim();
        const { document } = parseHTML(`<p title="${escapeHtml(text)}">${escapeHtml(text)}</p>`);
        expect(document.querySelectorAll("*")).toHaveLength(1);
        const paragraph = document.querySelector("p");
        expect([paragraph?.getAttribute("title"), paragraph?.textContent]).toEqual([text, text]);
      }),
    );
  });
});

describe("a table in HTML", () => {
  it("has every cell in its row and column, words to the left, numbers to the right, and separate column heads", () => {
    const grid = fc.record({ columns: fc.integer({ min: 1, max: 4 }), rows: fc.nat(4) }).chain(({ columns, rows }) =>
      fc.record({
        columns: fc.array(fc.record({ head: fc.stringMatching(/^[a-z]{1,5}$/), text: fc.boolean() }), {
          ...{ minLength: columns, maxLength: columns },
        }),
        rows: fc.array(fc.array(fc.stringMatching(/^[0-9]{1,4}$/), { minLength: columns, maxLength: columns }), {
          ...{ minLength: rows, maxLength: rows },
        }),
      }),
    );
    fc.assert(
      fc.property(grid, ({ columns, rows }) => {
        const { document } = parseHTML(`<html><body>${htmlTable(columns, rows)}</body></html>`);
        const read = (selector: string): Element[] => Array.from(document.querySelectorAll(selector) as never);
        expect(read("thead th").map(({ textContent }) => textContent)).toEqual(columns.map(({ head }) => head));
        expect([read("thead tr").length, read("tbody tr").length]).toEqual([1, rows.length]);
        const cells = read("tbody tr").map((row) => Array.from(row.children));
        expect(cells.map((row) => row.map(({ textContent }) => textContent))).toEqual(rows);
        for (const row of [read("thead th"), ...cells]) {
          expect(row.map((cell) => cell.getAttribute("class") === "text")).toEqual(columns.map(({ text }) => text));
        }
        for (const row of cells) expect(row.every(({ tagName }) => tagName === "TD")).toBe(true);
        expect(read(".scroll > table")).toHaveLength(1); // a wide table must not widen the page
      }),
      { numRuns: 50 },
    );
  });

  it("makes cards of rows that begin with a sentence, in which each cell says its column, and breaks long cells", () => {
    const [columns, sentence] = [[{ head: "claim", text: true }, { head: "a &amp; b" }], "so it is ".repeat(8)];
    const { document } = parseHTML(
      `<html><body>${htmlTable(columns, [
        [sentence, "1"],
        ["no", "x".repeat(30)],
      ])}</body></html>`,
    );
    const cells = Array.from(document.querySelectorAll("table.cards td") as unknown as Element[]);
    expect(cells.map((cell) => cell.getAttribute("data-head"))).toEqual([null, "a & b", null, "a & b"]);
    expect(cells.map((cell) => cell.className)).toEqual(["text long", "", "text", "long"]);
    expect(htmlTable(columns, [["no", "1"]])).not.toMatch(/cards|data-head/);
  });

  it("treats an empty column as one of numbers", () => {
    expect(htmlTable([{ head: "n" }], [["1"]])).not.toContain('class="text"');
  });
});

describe("a page", () => {
  it("has its title, its style and its body, each once, and fits the screen", () => {
    const { document } = parseHTML(htmlPage("A & B", "p{color:red}", '<p id="it">text</p>'));
    expect(document.querySelector("head > title")?.textContent).toBe("A & B");
    expect(document.querySelector("head > style")?.textContent?.trim()).toBe("p{color:red}");
    expect(document.querySelectorAll("body > main > #it")).toHaveLength(1);
    expect(document.querySelector("meta[charset]")?.getAttribute("charset")).toBe("utf-8");
    expect(document.querySelector("meta[name=viewport]")?.getAttribute("content")).toContain("width=device-width");
    expect(document.querySelector("html")?.getAttribute("lang")).toBe("en");
  });

  it("says in its footer the most seeds of any configuration, and the most episodes that all runs of one have", () => {
    const arm = fc.record({ seeds: fc.integer({ min: 1, max: 3 }), episodes: fc.integer({ min: 5, max: 9 }) });
    fc.assert(
      fc.property(fc.array(arm, { minLength: 1, maxLength: 3 }), (arms) => {
        const evidence = arms.map(({ seeds, episodes }) => {
          const { runs, ...rest } = madeUp("bio", 0.5, seeds, { ...publishedSetting, episodes });
          // The first run is longer than the others, if there are others.
          const [first] = runs;
          const longer = { ...first, accuracy: [...first.accuracy, ...(seeds > 1 ? [1, 1] : [])] };
          return { ...rest, runs: [longer, ...runs.slice(1)] };
        });
        const { document } = parseHTML(reportPage({ title: "t", lead: "l", sections: [], evidence }));
        const most = Math.max(...arms.map(({ seeds }) => seeds));
        const episodes = Math.max(...arms.map((each) => each.episodes));
        expect(document.querySelector("footer")?.textContent).toMatch(
          new RegExp(`^Up to ${most} ${most === 1 ? "seed" : "seeds"} and ${episodes} episodes\\. The unit`),
        );
      }),
      { numRuns: 20 },
    );
    const { document } = parseHTML(reportPage({ title: "t", lead: "l", sections: [] }));
    expect(document.querySelector("footer")?.textContent).toMatch(/^The unit is the seed/);
  });

  it("links to each of its sections, in order", () => {
    const sections = ["one", "two"].map((id) => ({ id, title: `Section ${id}`, body: `<p>${id}</p>` }));
    const { document } = parseHTML(reportPage({ title: "t", lead: "l", sections }));
    const links = Array.from(document.querySelectorAll("nav a") as never) as Element[];
    expect(links.map((link) => [link.getAttribute("href"), link.textContent])).toEqual(
      sections.map(({ id, title }) => [`#${id}`, title]),
    );
    for (const { id } of sections) expect(document.querySelector(`section#${id} p`)?.textContent).toBe(id);
  });
});

describe("colours", () => {
  /** The names and values of a block of the style sheet. */
  const block = (start: string): Map<string, string> => {
    const [, text] = reportStyle.split(start);
    return new Map([...text.slice(0, text.indexOf("}")).matchAll(/--(\w+):(#[0-9a-f]{6})/g)].map(([, a, b]) => [a, b]));
  };
  const light = block(":root{color-scheme:light dark;");
  const dark = block("prefers-color-scheme:dark){:root{");
  /** The contrast of two colours by the formula of WCAG 2. */
  const contrast = (one: string, other: string): number => {
    const [a, b] = [one, other].map((text) => {
      const [red, green, blue] = [1, 3, 5].map((at) => {
        const share = Number.parseInt(text.slice(at, at + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };

  it("have the same names for light, dark and paper, and paper is light", () => {
    expect(light.size).toBeGreaterThan(15);
    expect([...dark.keys()]).toEqual([...light.keys()]);
    expect(block("@media print{:root{color-scheme:light;")).toEqual(light);
  });

  it("of series and words can be told from their background", () => {
    for (const colours of [light, dark]) {
      const ground = colours.get("ground") ?? "";
      for (const [name, value] of colours) {
        if (/^(s\d|base|quiet|ink|plus|minus)$/.test(name)) {
          expect(contrast(value, ground), name).toBeGreaterThan(3);
        }
      }
      // Numbers of chemicals are stronger from one to five.
      const steps = ["l1", "l2", "l3", "l5"].map((name) => contrast(colours.get(name) ?? "", ground));
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    }
  });

  it("are given by value, those for light, in a standalone file", () => {
    const names = [...light.keys()] as Parameters<typeof colour>[0][];
    expect(inLight(names.map(colour).join(" "))).toBe(names.map((name) => light.get(name)).join(" "));
  });
});
