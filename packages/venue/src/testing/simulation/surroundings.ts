import { type Climate, climateOf } from "./climate.ts";
import { Dice } from "./dice.ts";
import { LawBroken } from "./law-broken.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import { SimulatedDatabase } from "./simulated-database.ts";
import { SimulatedMachine } from "./simulated-machine.ts";
import { SimulatedNetwork } from "./simulated-network.ts";

/** All that there is in a world beside its venue and its clients, and the story of what happens in it. */
export class Surroundings {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly climate: Climate;
  readonly machine: SimulatedMachine;
  readonly network: SimulatedNetwork;
  readonly database: SimulatedDatabase;
  /** What happened, a line each. */
  readonly story: string[] = [];
  #broken: LawBroken | undefined;

  constructor(seed: number, scheduler: Scheduler) {
    this.scheduler = scheduler;
    this.dice = new Dice(seed);
    this.climate = climateOf(this.dice);
    this.machine = new SimulatedMachine(scheduler, this.dice);
    this.network = new SimulatedNetwork(scheduler, this.dice);
    this.database = new SimulatedDatabase(scheduler, this.network);
  }

  /** The first law that was found broken. */
  get broken(): LawBroken | undefined {
    return this.#broken;
  }

  say(text: string): void {
    this.story.push(`${this.scheduler.now.toFixed(2).padStart(9)} ms  ${text}`);
    this.scheduler.note(text);
  }

  /** Ends the world: a law is broken, or something happened that must not. */
  breaks(law: string, error: unknown): void {
    const broken = error instanceof LawBroken ? error : new LawBroken(law, String(error), error);
    this.#broken ??= broken;
    this.say(`BROKEN: ${broken.message}`);
  }

  /** Lets the world go on until something is so, or it ends. */
  async until(isSo: () => boolean): Promise<void> {
    await this.scheduler.until(() => this.#broken !== undefined || isSo());
  }

  /** Later, and whoever has died by then. */
  later(milliseconds: number, what: string, run: () => void): void {
    this.scheduler.after(milliseconds, what, run, FATE);
  }
}

/** Owns what no process does. */
const FATE: Owner = { name: "fate", alive: true, paused: false };
