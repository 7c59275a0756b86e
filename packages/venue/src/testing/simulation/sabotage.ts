import { recordViews } from "@pincex/engine";
import { decodeVenueCommand, encodeVenueCommand } from "../../commands/venue-command.ts";
import { VenueCore } from "../../core/venue-core.ts";
import type { Machine } from "../../node/machine.ts";
import { ledgerBatch } from "../../projection/ledger-batch.ts";
import type { Projection } from "../../projection/projection.ts";
import type { StateMachine, StateMachineKind } from "../../sequencer/state-machine.ts";
import type { Owner } from "./scheduler.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";

/** What is broken about a build, to see whether the simulation notices. Each part stands between the venue and the world. */
export interface Sabotage {
  readonly machine?: (machine: Machine) => Machine;
  readonly kind?: (kind: StateMachineKind) => StateMachineKind;
  readonly ledgerProjection?: (database: SimulatedDatabase, owner: Owner) => Projection;
}

/** Says that the disk has what it was given, and has not asked it. */
const fsyncSkipped: Sabotage = {
  machine: ({ disk, processes }) => ({
    processes,
    disk: {
      ...disk,
      open: async (path, mode) => ({
        ...(await disk.open(path, mode)),
        datasync: async () => undefined,
        sync: async () => undefined,
      }),
    },
  }),
};

/** Does every command afresh, whatever its id: no two have the same. */
const dedupeOff: Sabotage = {
  kind: (kind) =>
    wrapped(kind, (machine) => ({
      apply: (sequence, time, commands, offset, out) => {
        const command = decodeVenueCommand(commands, offset);
        if (command.commandId === undefined) {
          machine.apply(sequence, time, commands, offset, out);
          return;
        }
        const afresh = { ...command, commandId: `${command.commandId}/${sequence}` };
        machine.apply(sequence, time, recordViews(encodeVenueCommand(afresh)), 0, out);
      },
    })),
};

/** Leaves what an order held where it is when the order ends. */
const holdNotReleased: Sabotage = {
  kind: (kind) =>
    wrapped(kind, (machine) => {
      if (machine instanceof VenueCore)
        Object.assign(machine.books, { release: () => ({ ok: true }) });
      return {};
    }),
};

/** Writes a batch, and where it now stands a moment later: what ends in between is written again. */
const projectionAppliedTwice: Sabotage = {
  ledgerProjection: (database, owner) => {
    const ask = database.connection(owner);
    const { ledger } = database;
    return {
      name: "ledger",
      position: () => ask("position of ledger", () => ledger.position),
      apply: async (events, first, last) => {
        await ask("write to ledger", () => ledger.add(ledgerBatch(events, first - 1, last)));
        await ask("move position", () => {
          ledger.position = last;
        });
      },
    };
  },
};

/** Goes on writing although another has taken over. */
const staleWriterNotFenced: Sabotage = {
  machine: ({ disk, processes }) => ({
    processes,
    disk: { ...disk, exists: (path) => path.endsWith(".lock") || disk.exists(path) },
  }),
};

/** Builds that the simulation must find fault with. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "fsync skipped": fsyncSkipped,
  "dedupe off": dedupeOff,
  "hold not released": holdNotReleased,
  "projection applied twice": projectionAppliedTwice,
  "stale writer not fenced": staleWriterNotFenced,
};

const wrapped = (
  kind: StateMachineKind,
  changed: (machine: StateMachine) => Partial<StateMachine>,
): StateMachineKind => {
  const wrap = (machine: StateMachine): StateMachine => ({
    apply: (...given) => machine.apply(...given),
    get nextDue() {
      return machine.nextDue;
    },
    get rules() {
      return machine.rules;
    },
    checkNext: () => machine.checkNext(),
    snapshot: () => machine.snapshot(),
    stateHash: () => machine.stateHash(),
    ...changed(machine),
  });
  return {
    ...kind,
    create: () => wrap(kind.create()),
    restore: (snapshot) => wrap(kind.restore(snapshot)),
  };
};
