import type { Dice } from "./dice.ts";

/** What may befall a world. Each world has some of them: what always comes together hides what each does alone. */
interface Plagues {
  readonly kill: boolean;
  readonly powerCut: boolean;
  readonly restart: boolean;
  readonly sleepyWriter: boolean;
  readonly bitRot: boolean;
  readonly clockJumps: boolean;
  readonly databaseOutage: boolean;
  readonly partition: boolean;
  readonly badNetwork: boolean;
  readonly slowDisk: boolean;
  readonly failingDisk: boolean;
  readonly fullDisk: boolean;
  readonly readOnlyDisk: boolean;
}

/** What a world is like. */
export interface Climate {
  readonly plagues: Plagues;
  /** How long they last, and how far apart they are as a rule. */
  readonly plaguedMs: number;
  readonly betweenMs: number;
  readonly commands: number;
  readonly clients: number;
  readonly atOnce: number;
  readonly snapshotEvery: number;
  readonly snapshotsKept: number;
  readonly queueLimit: number;
  readonly archiveElsewhere: boolean;
  readonly syncMs: number;
}

export const climateOf = (dice: Dice): Climate => {
  const often = (): boolean => dice.chance(0.6);
  return {
    plagues: {
      kill: often(),
      powerCut: often(),
      restart: dice.chance(0.3),
      sleepyWriter: dice.chance(0.5),
      bitRot: dice.chance(0.4),
      clockJumps: dice.chance(0.4),
      databaseOutage: often(),
      partition: dice.chance(0.3),
      badNetwork: often(),
      slowDisk: dice.chance(0.3),
      failingDisk: dice.chance(0.4),
      fullDisk: dice.chance(0.3),
      readOnlyDisk: dice.chance(0.2),
    },
    plaguedMs: dice.between(300, 2_500),
    betweenMs: dice.pick([30, 100, 300]),
    commands: dice.pick([20, 60, 100]),
    clients: dice.pick([2, 3, 5]),
    atOnce: dice.pick([1, 2, 6]),
    snapshotEvery: dice.pick([5, 12, 30]),
    snapshotsKept: dice.pick([1, 2, 3]),
    queueLimit: dice.pick([4, 10_000]),
    archiveElsewhere: dice.chance(0.3),
    syncMs: dice.pick([0.3, 1, 4]),
  };
};
