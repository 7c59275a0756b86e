import type { BenchOptions, Print } from "../figure.ts";
import { type Contestant, type Outcome, ours, peers } from "./contestants.ts";
import { type Workload, workloads } from "./workload.ts";

/** The engine's commands a second in one thread, beside what npm offers: same commands, same run, turn by turn. */
export const run = (print: Print, { short }: BenchOptions): void => {
  const steps = short ? 200_000 : 500_000;
  // The packages are so much slower that they get the first part of the commands only.
  const peerSteps = short ? 5_000 : 100_000;
  const rounds = short ? 3 : 5;
  for (const workload of workloads(steps)) {
    const outcomes = takeTurns(workload, rounds, steps, peerSteps);
    for (const peer of peers) {
      expectAgreement(ours.run(workload, peerSteps), outcomes, peer, workload);
      const mine = perSecond(outcomes.get(ours));
      const theirs = perSecond(outcomes.get(peer));
      print({
        bench: `engine/${workload.name}`,
        ours: Math.round(mine),
        unit: "ops/s",
        peer: peer.name,
        theirs: Math.round(theirs),
        ratio: Math.round((mine / theirs) * 10) / 10,
        note: `${workload.description}; medians of ${rounds} turns; ours ${steps} commands, the peer the first ${peerSteps}, with equal trades and volume`,
      });
    }
  }
};

const takeTurns = (
  workload: Workload,
  rounds: number,
  steps: number,
  peerSteps: number,
): Map<Contestant, Outcome[]> => {
  const outcomes = new Map<Contestant, Outcome[]>([ours, ...peers].map((each) => [each, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contestant, found] of outcomes) {
      const count = contestant === ours ? steps : peerSteps;
      globalThis.gc?.();
      // Once for the compiler, which forgets what it knew when the others have had their turn; then measured.
      contestant.run(workload, count);
      found.push(contestant.run(workload, count));
    }
  }
  return outcomes;
};

const perSecond = (outcomes: readonly Outcome[] = []): number => {
  const speeds = outcomes.map(({ steps, seconds }) => steps / seconds).sort((a, b) => a - b);
  return speeds[speeds.length >> 1] ?? Number.NaN;
};

const expectAgreement = (
  mine: Outcome,
  outcomes: ReadonlyMap<Contestant, readonly Outcome[]>,
  peer: Contestant,
  { name }: Workload,
): void => {
  for (const theirs of outcomes.get(peer) ?? []) {
    if (theirs.trades !== mine.trades || theirs.volume !== mine.volume) {
      throw new Error(
        `expected ${mine.trades} trades of ${mine.volume} from ${peer.name} on ${name}, were ${theirs.trades} of ${theirs.volume}`,
      );
    }
  }
};
