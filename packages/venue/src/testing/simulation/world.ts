import type { VenueCommand } from "../../commands/venue-command.ts";
import { VenueCore } from "../../core/venue-core.ts";
import type { StateMachine } from "../../sequencer/state-machine.ts";
import { beginnings } from "../command-flow.ts";
import type { Climate } from "./climate.ts";
import { Fate } from "./fate.ts";
import { codeOf } from "./fault-of-the-world.ts";
import { hold, type LawBroken } from "./law-broken.ts";
import {
  everythingHappensOnce,
  nothingAcknowledgedIsLost,
  theBooksAddUp,
  theDatabaseEqualsTheBooks,
  theViewsShowTheBooks,
} from "./laws.ts";
import type { Sabotage } from "./sabotage.ts";
import { type Owner, Scheduler } from "./scheduler.ts";
import { type Reply, SimulatedClient } from "./simulated-client.ts";
import { Surroundings } from "./surroundings.ts";
import { type Running, VenueHost } from "./venue-host.ts";
import { onVirtualTime } from "./virtual-platform.ts";
import { wish } from "./wishes.ts";

/** What became of a world. */
export interface Outcome {
  readonly seed: number;
  /** Equal for equal runs: of every step, in its order. */
  readonly trace: string;
  /** What happened, a line each, with the millisecond. */
  readonly story: readonly string[];
  /** The law that was broken, if one was. */
  readonly broken: LawBroken | undefined;
  readonly steps: number;
  readonly commands: number;
  readonly acknowledged: number;
  readonly starts: number;
  /** Segments that had gone into the archive in the end. */
  readonly archived: number;
}

/** Lives through the world of a seed, with a build as it is or sabotaged. */
export const simulate = async (seed: number, sabotage: Sabotage = {}): Promise<Outcome> => {
  const scheduler = new Scheduler();
  return onVirtualTime(scheduler, () => new World(seed, scheduler, sabotage).live());
};

/** Everything in it, from the first start to the last look at the laws. */
class World {
  readonly #seed: number;
  readonly #surroundings: Surroundings;
  readonly #host: VenueHost;
  readonly #fate: Fate;
  readonly #operator: SimulatedClient;
  readonly #clients: readonly SimulatedClient[];
  #commands = 0;

  constructor(seed: number, scheduler: Scheduler, sabotage: Sabotage) {
    this.#seed = seed;
    this.#surroundings = new Surroundings(seed, scheduler);
    this.#host = new VenueHost(this.#surroundings, sabotage);
    this.#fate = new Fate(this.#surroundings, this.#host);
    this.#operator = this.#client("operator", beginnings, 1);
    this.#clients = this.#clientsOf(this.#surroundings.climate);
  }

  async live(): Promise<Outcome> {
    const { climate, scheduler, story } = this.#surroundings;
    this.#surroundings.say(`the world of seed ${this.#seed}: ${inWords(climate)}`);
    try {
      await this.#liveThroughPlagues();
      await this.#endAndStartOnceMore();
      await this.#judge();
    } catch (error) {
      this.#surroundings.breaks("the world comes to an end", error);
    }
    return {
      seed: this.#seed,
      trace: scheduler.trace,
      story,
      broken: this.#surroundings.broken,
      steps: scheduler.asked,
      commands: this.#commands,
      acknowledged: this.#everyone.flatMap((client) => client.told).length,
      starts: this.#host.starts,
      archived: this.#host.archived,
    };
  }

  get #everyone(): SimulatedClient[] {
    return [this.#operator, ...this.#clients];
  }

  async #liveThroughPlagues(): Promise<void> {
    this.#host.start();
    this.#fate.begin();
    this.#operator.begin();
    this.#beginAfterTheOperator();
    await this.#untilCalm();
  }

  /** What was done must be there, however the venue ends. */
  async #endAndStartOnceMore(): Promise<void> {
    if (this.#surroundings.broken !== undefined) return;
    await this.#host.end(this.#surroundings.dice.pick(["stop", "kill", "power"] as const));
    this.#host.start();
    await this.#untilCalm();
  }

  /** Compares what runs, what the journal says, what the database has, and what everybody was told. */
  async #judge(): Promise<void> {
    if (this.#surroundings.broken !== undefined) return;
    const { core, views } = this.#host.running as Running;
    await this.#host.end("stop");
    const { commands, machine } = await this.#host.readJournal();
    if (this.#surroundings.broken !== undefined) return;
    this.#commands = commands.length;
    const [live, fresh] = [(core as StateMachine).stateHash(), machine.stateHash()];
    const law = "the running state is that of the journal";
    hold(law, live === fresh, () => `their hashes are ${live} and ${fresh}`);
    nothingAcknowledgedIsLost(
      this.#everyone.flatMap((client) => client.told),
      commands,
    );
    everythingHappensOnce(commands);
    const books = bareCore(machine);
    theBooksAddUp(bareCore(core as StateMachine));
    theBooksAddUp(books);
    theDatabaseEqualsTheBooks(this.#surroundings.database, books, commands);
    theViewsShowTheBooks(views, books, [1, 2, 3]);
    this.#surroundings.say(`all laws hold: ${commands.length} commands, state ${fresh}`);
  }

  /** Until the plagues are over, everybody is answered, and a venue runs whose projections have written everything. */
  async #untilCalm(): Promise<void> {
    const { audit, ledger } = this.#surroundings.database;
    await this.#surroundings.until(() => {
      const { venue } = this.#host.running ?? {};
      if (!this.#fate.isOver || venue === undefined) return false;
      const behind = Math.min(audit.position, ledger.position);
      return behind >= venue.sequence && this.#everyone.every((client) => client.isDone);
    });
  }

  #clientsOf({ atOnce, clients, commands }: Climate): SimulatedClient[] {
    const wanted = Array.from({ length: clients }, (): VenueCommand[] => []);
    for (let count = 0; count < commands; count += 1) {
      wanted[count % clients]?.push(wish(this.#surroundings.dice));
    }
    return wanted.map((wishes, index) => this.#client(`client-${index + 1}`, wishes, atOnce));
  }

  #client(name: string, wanted: readonly VenueCommand[], atOnce: number): SimulatedClient {
    const { dice, scheduler } = this.#surroundings;
    const send = this.#request.bind(this);
    return new SimulatedClient(name, wanted, { atOnce, dice, scheduler, send });
  }

  #beginAfterTheOperator(): void {
    if (this.#operator.isDone) for (const client of this.#clients) client.begin();
    else this.#surroundings.later(5, "clients wait", () => this.#beginAfterTheOperator());
  }

  /** To the venue that runs, or to one that was replaced: clients may not have heard of it. */
  #request(client: Owner, record: Uint8Array, reply: (reply: Reply) => void): void {
    const { dice, network } = this.#surroundings;
    const { replaced, running } = this.#host;
    const asked = replaced !== undefined && dice.chance(0.4) ? replaced : running;
    if (asked === undefined) return;
    const answer = (told: Reply): void =>
      network.send(
        "reply",
        () => client,
        () => reply(told),
      );
    const arrive = (): void => {
      // Where nobody listens, the client's patience is all that notices.
      asked.venue?.submit(record).then(
        ({ events, sequence, time }) =>
          answer({ kind: "answered", sequence, time, events: events.slice() }),
        (error) => answer({ kind: "failed", code: codeOf(error) }),
      );
    };
    network.send("request", () => asked.process, arrive);
  }
}

const inWords = ({ plagues, ...rest }: Climate): string => {
  const those = Object.entries(plagues).flatMap(([name, isThere]) => (isThere ? [name] : []));
  const numbers = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === "number" ? Math.round(value * 10) / 10 : value}`,
  );
  return `${those.join(", ") || "no plagues"}; ${numbers.join(", ")}`;
};

/** The core in a state machine, whatever is wrapped around it. */
const bareCore = (machine: StateMachine): VenueCore =>
  machine instanceof VenueCore ? machine : VenueCore.restore(machine.snapshot());
