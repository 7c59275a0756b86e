import type { Machine } from "../../node/machine.ts";
import type { Dice } from "./dice.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

/** A process of the simulated machine. */
export interface SimulatedProcess extends Owner {
  readonly pid: number;
  /** Others on the machine take it for dead, though it is only asleep. */
  believedDead: boolean;
}

/** A machine with one disk, whose processes come and go. */
export class SimulatedMachine {
  readonly disk: SimulatedDisk;
  readonly #processes = new Map<number, SimulatedProcess>();
  #boots = 1;

  constructor(scheduler: Scheduler, dice: Dice) {
    this.disk = new SimulatedDisk(scheduler, dice);
  }

  newProcess(): SimulatedProcess {
    const pid = this.#processes.size + 1;
    const name = `process ${pid}`;
    const process = { pid, name, alive: true, paused: false, believedDead: false };
    this.#processes.set(pid, process);
    return process;
  }

  get living(): SimulatedProcess[] {
    return [...this.#processes.values()].filter(({ alive }) => alive);
  }

  /** The process is no more; what it had asked of the disk is done, or not. */
  kill(process: SimulatedProcess): void {
    process.alive = false;
    this.disk.abandon(process);
  }

  /** The process is stopped as by a debugger: what it has asked of the disk is done, it goes on later. */
  pause(process: SimulatedProcess): void {
    process.paused = true;
    this.disk.settle(process);
  }

  cutPower(): { sectors: number; names: number } {
    for (const process of this.living) this.kill(process);
    this.#boots += 1;
    return this.disk.cutPower();
  }

  /** The machine as one of its processes sees it. */
  seenBy(process: SimulatedProcess): Machine {
    const bootId = `boot-${this.#boots}`;
    let texts = 0;
    return {
      disk: this.disk.seenBy(process),
      processes: {
        self: () => ({
          pid: process.pid,
          startTime: `${process.pid}`,
          bootId,
          pidNamespace: "simulated",
        }),
        stateOf: (other) => {
          const known = other.bootId === bootId ? this.#processes.get(other.pid) : undefined;
          return known?.alive === true && !known.believedDead ? "running" : "gone";
        },
        lightBeacon: async () => undefined,
        beaconAnswers: async () => false,
        uniqueText: () => {
          texts += 1;
          return `${process.pid}-${texts}`;
        },
      },
    };
  }
}
