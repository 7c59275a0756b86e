import type { Dice } from "./dice.ts";
import type { Owner, Scheduler } from "./scheduler.ts";

/** How a network behaves. Probabilities are of each message. */
export interface NetworkManners {
  loss: number;
  duplication: number;
  /** Of a message that takes fifty times as long, and so is overtaken. */
  delay: number;
  /** Nothing arrives at all. */
  parted: boolean;
}

/** Carries messages: it loses, repeats, delays and reorders them. */
export class SimulatedNetwork {
  readonly manners: NetworkManners = { loss: 0, duplication: 0, delay: 0, parted: false };
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  /** `arrives` runs as whoever `receiver` then is; never, once, or more often. */
  send(what: string, receiver: () => Owner | undefined, arrives: () => void): void {
    const { delay, duplication, loss } = this.manners;
    const copies = this.#dice.chance(duplication) ? 2 : 1;
    for (let copy = 1; copy <= copies; copy += 1) {
      if (this.#dice.chance(loss)) continue;
      const takesMs = this.#dice.between(0.05, 1) * (this.#dice.chance(delay) ? 50 : 1);
      this.#scheduler.after(takesMs, what, () => this.#deliver(what, receiver, arrives), NOBODY);
    }
  }

  #deliver(what: string, receiver: () => Owner | undefined, arrives: () => void): void {
    if (this.manners.parted) return;
    this.#scheduler.after(0, `${what} arrives`, arrives, receiver() ?? NOBODY);
  }
}

/** What is on its way belongs to no process: it arrives although its sender has died. */
const NOBODY: Owner = { name: "", alive: true, paused: false };
