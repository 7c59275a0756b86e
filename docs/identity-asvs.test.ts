import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/identity-asvs.md"), "utf8");

/** All sources in which tests are, with the names of their files. */
const sources = ["identity", "gateway", "pincex"]
  .flatMap((name) => {
    const folder = join(root, "packages", name, "src");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /test\.ts$|testing.*-suite\.ts$/.test(path))
      .flatMap((path) => [path, readFileSync(join(folder, path), "utf8")]);
  })
  .join("\n");

const requirements = [...page.matchAll(/^\| ([67]\.\d+\.\d+) \|[^|]+\| ([^|]+) \| (.+) \|$/gm)];

test("every requirement of chapters 6 and 7 is there once, and says where it stands", () => {
  const sections = { "6": [3, 12, 8, 6, 8, 4, 2, 4], "7": [3, 4, 2, 5, 3, 2] };
  const expected = Object.entries(sections).flatMap(([chapter, counts]) =>
    counts.flatMap((count, section) =>
      Array.from({ length: count }, (_, index) => `${chapter}.${section + 1}.${index + 1}`),
    ),
  );
  expect(requirements.map(([, number]) => number)).toEqual(expected);
  for (const [, number, state] of requirements) {
    expect(["met", "open", "not applicable"], number).toContain(state);
  }
});

test("every test that is named is there", () => {
  const named = [...page.matchAll(/"([^"\n]+)"/g)].map(([, title = ""]) => title);
  expect(named.length).toBeGreaterThan(80);
  // Nested titles are shown with a stroke between.
  const missing = named.filter(
    (title) => !title.split(" / ").every((part) => sources.includes(part)),
  );
  expect(missing).toEqual([]);
});
