import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";

// Every `ts` block that a reader can copy is run, in pages and in doc comments, and every `expression; // => value` in it is checked.
const root = join(import.meta.dirname, "../..");
const runDirectory = join(root, "examples", ".snippets");
mkdirSync(runDirectory, { recursive: true });

export const packageReadmes = readdirSync(join(root, "packages")).map(
  (name) => `packages/${name}/README.md`,
);
const guides = readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const sources = readdirSync(join(root, "packages"), { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/]+\/src\/.*(?<!\.test)\.ts$/.test(path))
  .map((path) => `packages/${path}`);
const pages = ["README.md", "docs/ledger.md", ...packageReadmes, ...guides, ...sources];

export const isThere = (path: string): boolean => existsSync(join(root, path));

/** What a block needs beside Node.js. */
export type Needs = "nothing" | "postgres";

const needsOf = (code: string): Needs => (code.includes(' from "pg";') ? "postgres" : "nothing");

/** Of doc comments only those blocks that bring what they need, and so can be copied: others show a line in its place. */
const canBeCopied = (path: string, code: string): boolean =>
  !path.endsWith(".ts") || code.startsWith("import ");

const textOf = (path: string): string => {
  const text = readFileSync(join(root, path), "utf8");
  return path.endsWith(".ts") ? text.replace(/^\s*\* ?/gm, "") : text;
};

const blocksOf = (path: string): string[] =>
  [...textOf(path).matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map(([, code]) => code ?? "")
    .filter((code) => canBeCopied(path, code));

const asserting = (code: string): string =>
  `import { expect as __expect } from "vitest";\n${code.replace(
    /^(\s*)([^/\n]+?);? \/\/ => (.+)$/gm,
    "$1__expect($2).toEqual($3);",
  )}`;

/** Runs the blocks that need no more than what is there. */
export const describeSnippets = (there: Needs): void => {
  for (const path of pages.filter(isThere)) {
    const blocks = blocksOf(path).map((code, index) => ({ code, index }));
    const those = blocks.filter(({ code }) => needsOf(code) === there);
    if (those.length === 0) continue;
    describe(path, () => {
      for (const { code, index } of those) {
        test(`block ${index + 1} runs and shows what it says`, { timeout: 60_000 }, async () => {
          const file = join(runDirectory, `${path.replaceAll("/", "-")}.${index + 1}.ts`);
          writeFileSync(file, asserting(code));
          await import(file);
        });
      }
    });
  }
};
