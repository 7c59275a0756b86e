// One contestant in a process of its own: what it does is the JSON in the only argument, what comes of it the JSON printed.
import { readFileSync } from "node:fs";
import { typedLayer } from "./contestants/bulk-layer.ts";
import { contestants } from "./contestants/index.ts";
import { type Measure, measured } from "./measurement.ts";
import { readObw } from "./obw.ts";

/** What a process is told. */
export interface Contest extends Measure {
  /** A contestant's name. */
  readonly contestant: string;
  /** A workload's file. */
  readonly file: string;
}

const contest = JSON.parse(process.argv[2] ?? "") as Contest;
const contestant = [...contestants, typedLayer].find(({ name }) => name === contest.contestant);
if (contestant === undefined) throw new RangeError(`expected a contestant, was ${process.argv[2]}`);
const measurement = await measured(contestant, readObw(readFileSync(contest.file)), contest);
process.stdout.write(JSON.stringify(measurement));
