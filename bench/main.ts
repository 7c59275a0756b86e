// Measures, and prints a JSON line a figure:
//
//   npm run bench                            everything
//   npm run bench -- engine                  one group, or several: the folders beside this file whose index.ts exports `run`
//   npm run bench -- engine --short          a quick look: fewer operations and rounds
//   npm run bench -- engine --rounds 7       how often every contestant of the engine has its turn
//   npm run bench -- engine --workload FILE  a workload in the .obw format instead of those that are generated; may be repeated
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type BenchOptions, type Print, Refusal } from "./figure.ts";

const entryOf = (group: string): string => join(import.meta.dirname, group, "index.ts");
const groups = readdirSync(import.meta.dirname).filter((name) => existsSync(entryOf(name)));

const USAGE = `Usage: npm run bench -- [GROUP …] [--short] [--rounds N] [--workload FILE …]
  GROUP            ${groups.join(", ")}; all of them if none is named
  --short          a quick look: fewer operations and rounds
  --rounds N       how often every contestant has its turn (engine)
  --workload FILE  measures a workload in the .obw format instead of those that are generated; may be repeated (engine)
`;

const refuse = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const parsed = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        short: { type: "boolean", default: false },
        rounds: { type: "string" },
        workload: { type: "string", multiple: true, default: [] },
      },
    });
  } catch (error) {
    const [sentence] = `${error instanceof Error ? error.message : error}`.split(". ");
    return refuse(`${sentence}.\n${USAGE}`);
  }
};

const { values, positionals } = parsed();
const unknown = positionals.find((name) => !groups.includes(name));
if (unknown !== undefined) refuse(`There is no bench "${unknown}".\n${USAGE}`);
const named = positionals.length > 0 ? positionals : groups;
const isOfEngine = values.rounds !== undefined || values.workload.length > 0;
if (isOfEngine && !named.includes("engine")) {
  refuse(`--rounds and --workload are of the engine's bench.\n${USAGE}`);
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1 && rounds <= 1_000)) {
  refuse(`Expected a number of rounds from 1 to 1000, was ${values.rounds}.\n${USAGE}`);
}

// npm changes to the repository's folder; a file is named from where the command was given.
const began = process.env["INIT_CWD"] ?? process.cwd();
const options: BenchOptions = {
  short: values.short,
  rounds,
  workloads: values.workload.map((file) => resolve(began, file)),
};

const print: Print = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

for (const group of named) {
  const { run } = (await import(pathToFileURL(entryOf(group)).href)) as {
    run(print: Print, options: BenchOptions): Promise<void> | void;
  };
  try {
    await run(print, options);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(error.message);
  }
}
