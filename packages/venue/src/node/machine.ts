import { randomUUID } from "node:crypto";
import { beaconAnswers, lightBeacon, quenchBeacon } from "./beacon.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import {
  type ProcessIdentity,
  type ProcessState,
  processState,
  thisProcess,
} from "./process-identity.ts";

/** A sign of life that others on the machine can see. */
export interface Beacon {
  quench(): Promise<void>;
}

/** What a process can tell of itself and of others. */
interface Processes {
  self(): ProcessIdentity;
  stateOf(other: ProcessIdentity): ProcessState;
  /** Undefined where there can be none. */
  lightBeacon(path: string): Promise<Beacon | undefined>;
  beaconAnswers(path: string): Promise<boolean>;
  /** A short text that no other process makes. */
  uniqueText(): string;
}

/** The machine that a venue runs on, as its files and locks see it. */
export interface Machine {
  readonly disk: Disk;
  readonly processes: Processes;
}

/** This one. */
export const nodeMachine: Machine = {
  disk: nodeDisk,
  processes: {
    self: thisProcess,
    stateOf: processState,
    lightBeacon: async (path) => {
      const beacon = await lightBeacon(path);
      return beacon && { quench: () => quenchBeacon(beacon) };
    },
    beaconAnswers,
    uniqueText: randomUUID,
  },
};
