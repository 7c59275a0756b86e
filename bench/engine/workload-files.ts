import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BenchOptions, Refusal } from "../figure.ts";
import { descriptionOf, type Mix, mixesOf } from "./mixes.ts";
import { readObw, writeObw } from "./obw.ts";
import { generated } from "./order-flow.ts";
import { surveyMessages } from "./survey.ts";
import { surveyWorkload } from "./survey-workload.ts";
import type { Workload } from "./workload.ts";

/** A workload that all contestants read from a file. */
export interface WorkloadFile {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  /** Commands to be measured. */
  readonly main: number;
}

const SEED = 42;

/** The files that were given, if they can be used; throws a `Refusal` otherwise. */
export const givenFiles = (files: readonly string[]): WorkloadFile[] =>
  files.map((file) => {
    const { setup, main, symbols } = readGiven(file);
    const name = basename(file, ".obw");
    const description = `${basename(file)}: ${setup} commands first, markets ${symbols}`;
    return { name, description, file, main };
  });

const readGiven = (file: string): Workload => {
  try {
    return readObw(readFileSync(file));
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Refusal(`${file} is not a workload in the .obw format: ${error.message}.`);
    }
    throw new Refusal(
      `A workload can't be read: ${error instanceof Error ? error.message : error}.`,
    );
  }
};

/** Generates one workload after another into the folder, and last the survey's, where its recording is. */
export function* generatedFiles(
  folder: string,
  { short }: BenchOptions,
): Generator<WorkloadFile, void> {
  for (const mix of mixesOf(short)) yield written(folder, mix);
  const messages = surveyMessages();
  if (messages === undefined) return;
  const workload = surveyWorkload(messages, short ? 100_000 : messages.count);
  const file = join(folder, "survey.obw");
  writeFileSync(file, writeObw(workload));
  const description = `1 market, the first ${workload.main} messages of the survey's workload`;
  yield { name: "survey", description, file, main: workload.main };
}

const written = (folder: string, mix: Mix): WorkloadFile => {
  const file = join(folder, `${mix.name}.obw`);
  writeFileSync(file, writeObw(generated(mix, SEED)));
  return { name: mix.name, description: descriptionOf(mix), file, main: mix.main };
};
