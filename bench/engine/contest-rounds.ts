import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchOptions, ContestantLine, Print } from "../figure.ts";
import type { Contest } from "./contest.ts";
import { bulkLayer, typedLayer } from "./contestants/bulk-layer.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { contestants, peers } from "./contestants/index.ts";
import { type Measurement, type Traded, tradedOn } from "./measurement.ts";
import { median } from "./median.ts";
import { readObw } from "./obw.ts";
import { place, turnOf } from "./turns.ts";
import { firstPart } from "./workload.ts";
import type { WorkloadFile } from "./workload-files.ts";

const CONTEST = fileURLToPath(import.meta.resolve("./contest.ts"));

/** How often every contestant has its turn. */
export const roundsOf = ({ rounds, short }: BenchOptions): number => rounds ?? (short ? 1 : 3);

/** How often the commands are measured in each turn. */
const PASSES = 2;

/** One contestant's part in a contest. */
interface Part {
  readonly contest: Contest;
  /** A round each. */
  readonly measurements: Measurement[];
}

/** Lets all contestants take turns at a workload, then prints their figures, and ours beside each peer's. */
export const holdContest = (print: Print, options: BenchOptions, workload: WorkloadFile): void => {
  const parts = partsIn(options, workload);
  const rounds = roundsOf(options);
  for (let round = 1; round <= rounds; round += 1) {
    for (const { contest, measurements } of parts.values()) {
      measurements.push(turnOf(CONTEST, { ...contest, isDetailed: round === rounds }));
    }
  }
  expectAgreement(workload, [...parts.values()]);
  const bench = `engine/${workload.name}`;
  for (const part of parts.values()) print({ bench, ...lineOf(part) });
  const ours = parts.get(bulkLayer) as Part;
  for (const peer of peers) {
    const theirs = parts.get(peer) as Part;
    const method = `medians of ${rounds * PASSES} passes in ${rounds} rounds, ${place}`;
    print({
      bench,
      ours: opsPerSecond(ours),
      unit: "ops/s",
      peer: peer.name,
      theirs: opsPerSecond(theirs),
      ratio: Math.round((opsPerSecond(ours) / opsPerSecond(theirs)) * 10) / 10,
      note: `${workload.description}; ${method}; ${sharesOf(ours, theirs)}, with equal trades, volume and checksum`,
    });
  }
};

/** Lets our own engine take turns at a workload with plain orders and with all types among them, and prints one beside the other. */
export const compareOrderTypes = (
  print: Print,
  options: BenchOptions,
  { name, file, main, description }: WorkloadFile,
): void => {
  const rounds = roundsOf(options);
  const parts = [typedLayer, bulkLayer].map((contestant): Part => {
    const contest = { contestant: contestant.name, file, commands: main, passes: PASSES };
    return { contest: { ...contest, isDetailed: false }, measurements: [] };
  });
  for (let round = 1; round <= rounds; round += 1) {
    for (const { contest, measurements } of parts) measurements.push(turnOf(CONTEST, contest));
  }
  const [ours, theirs] = parts.map(opsPerSecond) as [number, number];
  print({
    bench: `engine/${name}-all-types`,
    ours,
    unit: "ops/s",
    peer: "the same engine, limit and market orders alone",
    theirs,
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `${description}; of a hundred orders that rest, thirty are of another type; medians of ${rounds * PASSES} passes in ${rounds} rounds, ${place}`,
  });
};

const partsIn = (options: BenchOptions, { file, main }: WorkloadFile): Map<Contestant, Part> => {
  const few = Math.min(main, options.short ? 5_000 : 20_000);
  return new Map(
    contestants.map((contestant) => {
      const commands = contestant.isSlow ? few : main;
      const contest = {
        contestant: contestant.name,
        file,
        commands,
        passes: PASSES,
        isDetailed: false,
      };
      return [contestant, { contest, measurements: [] }];
    }),
  );
};

/** Throws unless all have traded the same orders at the same prices and quantities in the same sequence as ours. */
const expectAgreement = ({ name, file }: WorkloadFile, parts: readonly Part[]): void => {
  const expected = new Map<number, string>();
  for (const { contest, measurements } of parts) {
    for (const measurement of measurements) {
      const { commands } = measurement;
      const ours = expected.get(commands) ?? shown(tradedByOurs(file, commands));
      expected.set(commands, ours);
      if (shown(measurement) === ours) continue;
      throw new Error(
        `expected ${ours} from ${contest.contestant} on the first ${commands} commands of ${name}, was ${shown(measurement)}`,
      );
    }
  }
};

const tradedByOurs = (file: string, commands: number): Traded => {
  const workload = firstPart(readObw(readFileSync(file)), commands);
  return tradedOn(workload, bulkLayer);
};

const shown = ({ trades, volume, checksum }: Traded): string =>
  `${trades} trades of ${volume} lots with checksum ${checksum}`;

const lineOf = (part: Part): Omit<ContestantLine, "bench"> => {
  const { contest, measurements } = part;
  const { commands, trades, volume, checksum, bytesPerOperation, latencyNs } = measurements.at(
    -1,
  ) as Measurement;
  return {
    contestant: contest.contestant,
    commands,
    opsPerSecond: opsPerSecond(part),
    trades,
    volume,
    checksum,
    bytesPerOperation,
    latencyNs,
  };
};

const opsPerSecond = ({ contest, measurements }: Part): number =>
  Math.round(contest.commands / median(measurements.flatMap(({ seconds }) => seconds)));

const sharesOf = (ours: Part, theirs: Part): string => {
  const [all, some] = [ours, theirs].map(({ measurements }) => measurements[0]?.commands);
  return all === some ? `${all} commands` : `ours ${all} commands, the peer the first ${some}`;
};
