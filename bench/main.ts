// `npm run bench` measures everything, `npm run bench -- engine` one group, `--short` has a quick look.
// One JSON line a figure. A group is a folder beside this file whose index.ts exports `run`.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchOptions, Figure, Print } from "./figure.ts";

const entryOf = (group: string): string => join(import.meta.dirname, group, "index.ts");
const groups = readdirSync(import.meta.dirname).filter((name) => existsSync(entryOf(name)));

const args = process.argv.slice(2);
const options: BenchOptions = { short: args.includes("--short") };
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.find((name) => !groups.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench "${unknown}". There are: ${groups.join(", ")}.\n`);
  process.exit(1);
}

const print: Print = (figure: Figure) => {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
};

for (const group of named.length > 0 ? named : groups) {
  const { run } = (await import(pathToFileURL(entryOf(group)).href)) as {
    run(print: Print, options: BenchOptions): Promise<void> | void;
  };
  await run(print, options);
}
