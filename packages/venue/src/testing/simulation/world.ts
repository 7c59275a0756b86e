import type { VenueCommand } from "../../commands/venue-command.ts";
import { VenueCore } from "../../core/venue-core.ts";
import { type FileJournalOptions, openJournalOn } from "../../node/file-journal.ts";
import { openSnapshotsOn } from "../../node/file-snapshots.ts";
import { openSequencer } from "../../sequencer/open-sequencer.ts";
import type { StateMachine, StateMachineKind } from "../../sequencer/state-machine.ts";
import type { Venue } from "../../sequencer/venue.ts";
import { venueMachine } from "../../sequencer/venue-machine.ts";
import { Views } from "../../views/views.ts";
import { beginnings } from "../command-flow.ts";
import { Dice } from "./dice.ts";
import { isFaultOfTheWorld } from "./fault-of-the-world.ts";
import { hold, LawBroken } from "./law-broken.ts";
import {
  everythingHappensOnce,
  nothingAcknowledgedIsLost,
  theBooksAddUp,
  theDatabaseEqualsTheBooks,
  theViewsShowTheBooks,
} from "./laws.ts";
import { type Climate, climateOf } from "./plagues.ts";
import { type ReplayedJournal, replayed } from "./replayed-journal.ts";
import type { Sabotage } from "./sabotage.ts";
import { type Owner, Scheduler } from "./scheduler.ts";
import { type Reply, SimulatedClient } from "./simulated-client.ts";
import { SimulatedDatabase } from "./simulated-database.ts";
import type { SimulatedFile } from "./simulated-file.ts";
import { SimulatedMachine, type SimulatedProcess } from "./simulated-machine.ts";
import { SimulatedNetwork } from "./simulated-network.ts";
import { onVirtualTime, WORLD_BEGINS } from "./virtual-platform.ts";
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

/** A venue that runs, or is about to. */
interface Running {
  readonly process: SimulatedProcess;
  readonly views: Views;
  venue: Venue | undefined;
  core: StateMachine | undefined;
}

/** A bit that was turned over, until somebody restores the file. */
interface Rot {
  readonly name: string;
  readonly file: SimulatedFile;
  readonly position: number;
  readonly bit: number;
  readonly turned: number;
}

const JOURNAL = "/data/journal";
const SNAPSHOTS = "/data/snapshots";
const SEGMENT_BYTES = 4_096;
const RESTART_MS = 15;

class World {
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #climate: Climate;
  readonly #scheduler: Scheduler;
  readonly #machine: SimulatedMachine;
  readonly #network: SimulatedNetwork;
  readonly #database: SimulatedDatabase;
  readonly #sabotage: Sabotage;
  readonly #kind: StateMachineKind;
  readonly #operator: SimulatedClient;
  readonly #clients: readonly SimulatedClient[];
  readonly #story: string[] = [];
  #running: Running | undefined;
  /** The writer that was replaced while it slept. */
  #replaced: Running | undefined;
  #lastCreated: StateMachine | undefined;
  #clockAhead = 0;
  #rot: Rot | undefined;
  #plagued = true;
  #starts = 0;
  #commands = 0;
  #broken: LawBroken | undefined;

  constructor(seed: number, scheduler: Scheduler, sabotage: Sabotage) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
    this.#climate = climateOf(this.#dice);
    this.#scheduler = scheduler;
    this.#machine = new SimulatedMachine(scheduler, this.#dice);
    this.#network = new SimulatedNetwork(scheduler, this.#dice);
    this.#database = new SimulatedDatabase(scheduler, this.#network);
    this.#sabotage = sabotage;
    this.#kind = this.#remembered(sabotage.kind?.(venueMachine) ?? venueMachine);
    this.#operator = this.#client("operator", beginnings, 1);
    this.#clients = this.#clientsOf(this.#climate);
  }

  async live(): Promise<Outcome> {
    this.#say(`the world of seed ${this.#seed}: ${describe(this.#climate)}`);
    try {
      await this.#liveThroughPlagues();
      await this.#findPeace();
    } catch (error) {
      this.#breaks(
        error instanceof LawBroken
          ? error
          : new LawBroken("the world comes to an end", String(error), error),
      );
    }
    const told = this.#everyone.flatMap((client) => client.told);
    return {
      seed: this.#seed,
      trace: this.#scheduler.trace,
      story: this.#story,
      broken: this.#broken,
      steps: this.#scheduler.asked,
      commands: this.#commands,
      acknowledged: told.length,
      starts: this.#starts,
      archived: this.#archived(),
    };
  }

  #archived(): number {
    const { archiveDirectory = `${JOURNAL}/archive` } = this.#journalOptions;
    return this.#machine.disk.filesIn(archiveDirectory).length;
  }

  get #everyone(): SimulatedClient[] {
    return [this.#operator, ...this.#clients];
  }

  async #liveThroughPlagues(): Promise<void> {
    this.#start();
    this.#misbehave();
    this.#operator.begin();
    this.#waitForTheOperator();
    this.#nextPlague();
    this.#scheduler.after(this.#climate.plaguedMs, "peace", () => this.#endPlagues());
    await this.#until(() => !this.#plagued && this.#everyone.every((client) => client.isDone));
  }

  /** All faults are over. What was done must be there, however the venue ends and starts once more. */
  async #findPeace(): Promise<void> {
    if (this.#broken !== undefined) return;
    await this.#untilCalm();
    await this.#end(this.#dice.pick(["stop", "kill", "power"] as const));
    this.#start();
    await this.#untilCalm();
    if (this.#broken !== undefined) return;
    const { core, views } = this.#running as Running;
    await this.#end("stop");
    const { commands, machine } = await this.#readJournal();
    if (this.#broken !== undefined) return;
    this.#commands = commands.length;
    const [live, fresh] = [(core as StateMachine).stateHash(), machine.stateHash()];
    hold(
      "the running state is that of the journal",
      live === fresh,
      () => "they have other hashes",
    );
    nothingAcknowledgedIsLost(
      this.#everyone.flatMap((client) => client.told),
      commands,
    );
    everythingHappensOnce(commands);
    theBooksAddUp(bareCore(machine));
    theBooksAddUp(bareCore(core as StateMachine));
    theDatabaseEqualsTheBooks(this.#database, bareCore(machine), commands);
    theViewsShowTheBooks(views, bareCore(machine), [1, 2, 3]);
    this.#say(`all laws hold: ${commands.length} commands, state ${machine.stateHash()}`);
  }

  /** Until a venue runs whose projections have written everything. */
  async #untilCalm(): Promise<void> {
    await this.#until(() => {
      const { venue } = this.#running ?? {};
      const { audit, ledger } = this.#database;
      const behind = Math.min(audit.position, ledger.position);
      return venue !== undefined && behind >= venue.sequence && !this.#isBusy();
    });
  }

  #isBusy(): boolean {
    return this.#everyone.some((client) => !client.isDone);
  }

  async #until(isSo: () => boolean): Promise<void> {
    await this.#scheduler.until(() => this.#broken !== undefined || isSo());
  }

  /** What a reader finds after the venue has stopped. */
  async #readJournal(): Promise<ReplayedJournal> {
    const process = this.#machine.newProcess();
    let read: ReplayedJournal | undefined;
    const readAll = async (): Promise<void> => {
      const journal = await openJournalOn(this.#machine.seenBy(process), this.#journalOptions);
      read = await replayed(journal, this.#kind);
      await journal.close();
    };
    const complain = (error: unknown): void =>
      this.#breaks(new LawBroken("the journal can be read", String(error), error));
    this.#scheduler.after(0, "read", () => void readAll().catch(complain), process);
    await this.#until(() => read !== undefined);
    return read ?? { machine: this.#kind.create(), commands: [] };
  }

  get #journalOptions(): FileJournalOptions {
    const options = { directory: JOURNAL, segmentBytes: SEGMENT_BYTES };
    if (!this.#climate.archiveElsewhere) return options;
    return { ...options, archiveDirectory: "/other-disk/archive" };
  }

  // The venue

  #start(): void {
    const process = this.#machine.newProcess();
    const running: Running = {
      process,
      views: new Views(),
      venue: undefined,
      core: undefined,
    };
    this.#running = running;
    this.#starts += 1;
    this.#scheduler.after(0, "start", () => void this.#boot(running), process);
  }

  async #boot(running: Running): Promise<void> {
    const { process, views } = running;
    try {
      const machine = this.#seenBy(process);
      const { queueLimit, snapshotEvery, snapshotsKept } = this.#climate;
      const journal = await openJournalOn(machine, this.#journalOptions);
      const keep = snapshotsKept;
      const snapshots = await openSnapshotsOn(machine.disk, { directory: SNAPSHOTS, keep });
      let from = 0;
      const venue = await openSequencer(
        {
          journal,
          snapshots,
          views: [views],
          projections: [this.#ledgerProjection(process), this.#database.auditProjection(process)],
          clock: () => WORLD_BEGINS + this.#scheduler.now + this.#clockAhead,
          snapshotEvery,
          queueLimit,
          onProgress: (progress) => {
            from = progress.from;
          },
        },
        this.#kind,
      );
      const core = this.#lastCreated as StateMachine;
      const hash = venue.stateHash();
      const head = venue.sequence;
      void venue.stopped.then((failure) => this.#stopped(running, failure));
      const fresh = await replayed(journal, this.#kind);
      hold(
        "a start comes to the state of the whole journal",
        fresh.machine.stateHash() === hash,
        () => `from the snapshot of ${from} to ${head}, another state than from nothing`,
      );
      running.core = core;
      running.venue = venue;
      this.#mendRot();
      const torn = journal.torn === undefined ? "" : ", behind a torn frame";
      this.#say(`${process.name} runs at ${head}, from the snapshot of ${from}${torn}`);
    } catch (error) {
      this.#startFailed(running, error);
    }
  }

  #seenBy(process: SimulatedProcess): ReturnType<SimulatedMachine["seenBy"]> {
    const machine = this.#machine.seenBy(process);
    return this.#sabotage.machine?.(machine) ?? machine;
  }

  #ledgerProjection(process: SimulatedProcess): ReturnType<SimulatedDatabase["ledgerProjection"]> {
    const { ledgerProjection } = this.#sabotage;
    return ledgerProjection?.(this.#database, process) ?? this.#database.ledgerProjection(process);
  }

  #startFailed(running: Running, error: unknown): void {
    if (error instanceof LawBroken) {
      this.#breaks(error);
      return;
    }
    const isRotten = this.#rot !== undefined && codeOf(error) === "journal_damaged";
    this.#say(`${running.process.name} does not start: ${error}`);
    if (!isRotten && !isFaultOfTheWorld(error)) {
      this.#breaks(new LawBroken("a venue starts after every crash", String(error), error));
      return;
    }
    this.#mendRot();
    this.#machine.kill(running.process);
    if (this.#running === running) this.#startLater();
  }

  #stopped(running: Running, failure: Error | undefined): void {
    running.venue = undefined;
    if (!running.process.alive) return;
    this.#say(`${running.process.name} stops: ${failure ?? "as it was told"}`);
    this.#machine.kill(running.process);
    if (failure !== undefined && !isFaultOfTheWorld(failure)) {
      this.#breaks(
        new LawBroken("a venue stops only for faults of the world", String(failure), failure),
      );
      return;
    }
    if (this.#running === running) this.#startLater();
    else if (this.#replaced === running) this.#replaced = undefined;
  }

  #startLater(): void {
    const { process } = this.#running as Running;
    this.#scheduler.after(
      RESTART_MS,
      "supervisor",
      () => {
        if (this.#running?.process === process && !process.alive) this.#start();
      },
      SUPERVISOR,
    );
  }

  #breaks(law: LawBroken): void {
    this.#broken ??= law;
    this.#say(`BROKEN: ${law.message}`);
  }

  // Clients

  #clientsOf({ atOnce, clients, commands }: Climate): SimulatedClient[] {
    const wanted = Array.from({ length: clients }, (): VenueCommand[] => []);
    for (let count = 0; count < commands; count += 1) {
      wanted[count % clients]?.push(wish(this.#dice));
    }
    return wanted.map((wishes, index) => this.#client(`client-${index + 1}`, wishes, atOnce));
  }

  #client(name: string, wanted: readonly VenueCommand[], atOnce: number): SimulatedClient {
    return new SimulatedClient(name, wanted, {
      atOnce,
      dice: this.#dice,
      scheduler: this.#scheduler,
      send: (client, record, reply) => this.#request(client, record, reply),
    });
  }

  #waitForTheOperator(): void {
    const look = (): void => {
      if (this.#operator.isDone) for (const client of this.#clients) client.begin();
      else this.#scheduler.after(5, "clients wait", look, SUPERVISOR);
    };
    look();
  }

  #request(client: Owner, record: Uint8Array, reply: (reply: Reply) => void): void {
    const asked =
      this.#replaced !== undefined && this.#dice.chance(0.4) ? this.#replaced : this.#running;
    if (asked === undefined) return;
    const answer = (told: Reply): void =>
      this.#network.send(
        "reply",
        () => client,
        () => reply(told),
      );
    this.#network.send(
      "request",
      () => asked.process,
      () => {
        // Nobody listens: the connection is refused, and the client's patience is all that notices.
        asked.venue?.submit(record).then(
          ({ events, sequence, time }) =>
            answer({ kind: "answered", sequence, time, events: events.slice() }),
          (error) => answer({ kind: "failed", code: codeOf(error) }),
        );
      },
    );
  }

  // Plagues

  #misbehave(): void {
    const { plagues, syncMs } = this.#climate;
    const { manners: disk } = this.#machine.disk;
    disk.syncMs = syncMs;
    if (plagues.slowDisk) disk.stall = 0.02;
    if (plagues.failingDisk)
      Object.assign(disk, { failToSync: 0.004, failToWrite: 0.004, failToRead: 0.004 });
    if (plagues.badNetwork)
      Object.assign(this.#network.manners, { loss: 0.1, duplication: 0.15, delay: 0.1 });
  }

  #endPlagues(): void {
    this.#say("the plagues are over");
    this.#plagued = false;
    Object.assign(this.#machine.disk.manners, {
      stall: 0,
      failToSync: 0,
      failToWrite: 0,
      failToRead: 0,
    });
    Object.assign(this.#network.manners, { loss: 0, duplication: 0, delay: 0, parted: false });
    this.#database.down = false;
    if (this.#replaced !== undefined) this.#scheduler.resume(this.#replaced.process);
  }

  #nextPlague(): void {
    const wait = this.#climate.betweenMs * this.#dice.between(0.1, 2);
    this.#scheduler.after(wait, "fate", () => {
      if (!this.#plagued) return;
      this.#strike();
      this.#nextPlague();
    });
  }

  #strike(): void {
    const { plagues } = this.#climate;
    const blows: (() => void)[] = [];
    if (plagues.kill) blows.push(() => this.#kill());
    if (plagues.powerCut) blows.push(() => this.#cutPower());
    if (plagues.restart) blows.push(() => this.#restart());
    if (plagues.sleepyWriter) blows.push(() => this.#replaceSleepingWriter());
    if (plagues.bitRot) blows.push(() => this.#rotABit());
    if (plagues.clockJumps) blows.push(() => this.#jumpClock());
    if (plagues.databaseOutage) blows.push(() => this.#interruptDatabase());
    if (plagues.partition) blows.push(() => this.#partNetwork());
    if (blows.length > 0) this.#dice.pick(blows)();
  }

  #kill(): void {
    if (this.#running?.process.alive !== true) return;
    this.#say(`${this.#running.process.name} is killed`);
    this.#machine.kill(this.#running.process);
    this.#startLater();
  }

  #cutPower(): void {
    const { names, sectors } = this.#machine.cutPower();
    this.#say(`power cut: ${sectors} sectors and ${names} names are lost`);
    this.#replaced = undefined;
    this.#startLater();
  }

  #restart(): void {
    const { venue } = this.#running ?? {};
    if (venue === undefined) return;
    this.#say(`${this.#running?.process.name} is told to stop`);
    const { process } = this.#running as Running;
    this.#scheduler.after(0, "stop", () => void venue.stop().catch(() => undefined), process);
  }

  /** The writer sleeps; a standby takes it for dead and takes over; then the writer wakes up. */
  #replaceSleepingWriter(): void {
    const sleeper = this.#running;
    if (sleeper?.venue === undefined || this.#replaced !== undefined) return;
    this.#say(`${sleeper.process.name} falls asleep, and is taken for dead`);
    this.#machine.pause(sleeper.process);
    sleeper.process.believedDead = true;
    this.#replaced = sleeper;
    this.#start();
    this.#scheduler.after(
      this.#dice.between(1, 80),
      "wake up",
      () => {
        if (!sleeper.process.alive || this.#replaced !== sleeper) return;
        this.#say(`${sleeper.process.name} wakes up`);
        this.#scheduler.resume(sleeper.process);
        this.#scheduler.after(
          this.#dice.between(20, 200),
          "replaced",
          () => {
            if (this.#replaced !== sleeper) return;
            this.#machine.kill(sleeper.process);
            this.#replaced = undefined;
          },
          SUPERVISOR,
        );
      },
      SUPERVISOR,
    );
  }

  #rotABit(): void {
    if (this.#rot !== undefined) return;
    const { disk } = this.#machine;
    const folder = this.#dice.pick([
      JOURNAL,
      `${JOURNAL}/archive`,
      SNAPSHOTS,
      "/other-disk/archive",
    ]);
    const names = disk.filesIn(folder).filter((name) => /^\d{16}\./.test(name));
    if (names.length === 0) return;
    const name = this.#dice.pick(names);
    const file = disk.file(`${folder}/${name}`);
    if (file === undefined || file.size === 0) return;
    for (const process of this.#machine.living) this.#machine.kill(process);
    this.#replaced = undefined;
    const position = this.#dice.below(file.size);
    const bit = this.#dice.below(8);
    file.flip(position, bit);
    this.#rot = { name, file, position, bit, turned: file.byteAt(position) };
    this.#say(`bit ${bit} of byte ${position} of ${name} is turned over while nothing runs`);
    this.#startLater();
  }

  /** Somebody restores the file, unless it was written over since. */
  #mendRot(): void {
    if (this.#rot === undefined) return;
    const { bit, file, name, position, turned } = this.#rot;
    if (file.byteAt(position) === turned) file.flip(position, bit);
    this.#say(`${name} is restored`);
    this.#rot = undefined;
  }

  #jumpClock(): void {
    this.#clockAhead += Math.round(this.#dice.between(-300, 300));
    this.#say(`the clock is now ${this.#clockAhead} ms ahead`);
  }

  #interruptDatabase(): void {
    this.#database.down = true;
    this.#say("the database is down");
    this.#scheduler.after(this.#dice.between(5, 150), "database", () => {
      this.#database.down = false;
    });
  }

  #partNetwork(): void {
    this.#network.manners.parted = true;
    this.#say("the network is parted");
    this.#scheduler.after(this.#dice.between(5, 150), "network", () => {
      this.#network.manners.parted = false;
    });
  }

  async #end(way: "stop" | "kill" | "power"): Promise<void> {
    const running = this.#running as Running;
    this.#running = undefined;
    this.#say(`the last end: ${way}`);
    if (way === "stop") {
      const { process, venue } = running;
      this.#scheduler.after(0, "stop", () => void venue?.stop().catch(() => undefined), process);
      await this.#until(() => !process.alive);
    } else if (way === "kill") this.#machine.kill(running.process);
    else this.#machine.cutPower();
  }

  #remembered(kind: StateMachineKind): StateMachineKind {
    const remember = (machine: StateMachine): StateMachine => {
      this.#lastCreated = machine;
      return machine;
    };
    return {
      ...kind,
      create: () => remember(kind.create()),
      restore: (snapshot) => remember(kind.restore(snapshot)),
    };
  }

  #say(text: string): void {
    this.#story.push(`${this.#scheduler.now.toFixed(2).padStart(9)} ms  ${text}`);
    this.#scheduler.note(text);
  }
}

/** Starts again what ended. */
const SUPERVISOR: Owner = { name: "supervisor", alive: true, paused: false };

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

const describe = ({ plagues, ...rest }: Climate): string => {
  const those = Object.entries(plagues).flatMap(([name, isThere]) => (isThere ? [name] : []));
  const numbers = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === "number" ? Math.round(value * 10) / 10 : value}`,
  );
  return `${those.join(", ") || "no plagues"}; ${numbers.join(", ")}`;
};

/** The core in a state machine, whatever is wrapped around it. */
const bareCore = (machine: StateMachine): VenueCore => {
  if (machine instanceof VenueCore) return machine;
  return VenueCore.restore(machine.snapshot());
};
