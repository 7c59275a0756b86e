import { type FileJournalOptions, openJournalOn } from "../../node/file-journal.ts";
import { openSnapshotsOn } from "../../node/file-snapshots.ts";
import type { Machine } from "../../node/machine.ts";
import type { Projection } from "../../projection/projection.ts";
import { openSequencer } from "../../sequencer/open-sequencer.ts";
import type { StateMachine, StateMachineKind } from "../../sequencer/state-machine.ts";
import type { Venue } from "../../sequencer/venue.ts";
import { venueMachine } from "../../sequencer/venue-machine.ts";
import { Views } from "../../views/views.ts";
import { BitRot } from "./bit-rot.ts";
import { codeOf, isFaultOfTheWorld } from "./fault-of-the-world.ts";
import { hold } from "./law-broken.ts";
import { type ReplayedJournal, replayed } from "./replayed-journal.ts";
import type { Sabotage } from "./sabotage.ts";
import type { SimulatedProcess } from "./simulated-machine.ts";
import type { Surroundings } from "./surroundings.ts";
import { WORLD_BEGINS } from "./virtual-platform.ts";

/** A process with a venue in it, that runs or is about to. */
export interface Running {
  readonly process: SimulatedProcess;
  readonly views: Views;
  venue: Venue | undefined;
  core: StateMachine | undefined;
}

const JOURNAL = "/data/journal";
const ARCHIVE = `${JOURNAL}/archive`;
const ARCHIVE_ELSEWHERE = "/other-disk/archive";
const SNAPSHOTS = "/data/snapshots";
const SEGMENT_BYTES = 4_096;
const RESTART_MS = 15;

/** Keeps a venue running on the machine: starts it, and starts it again when it has ended, however that came. */
export class VenueHost {
  /** Milliseconds that the wall clock is ahead. */
  clockAhead = 0;
  starts = 0;
  readonly #world: Surroundings;
  readonly #sabotage: Sabotage;
  readonly #kind: StateMachineKind;
  readonly #rot: BitRot;
  #running: Running | undefined;
  #replaced: Running | undefined;
  #lastCreated: StateMachine | undefined;

  constructor(world: Surroundings, sabotage: Sabotage) {
    this.#world = world;
    this.#sabotage = sabotage;
    this.#kind = this.#remembering(sabotage.kind?.(venueMachine) ?? venueMachine);
    this.#rot = new BitRot(world, [JOURNAL, ARCHIVE, ARCHIVE_ELSEWHERE, SNAPSHOTS]);
  }

  get running(): Running | undefined {
    return this.#running;
  }

  /** The writer that was replaced while it slept, and may be awake again. */
  get replaced(): Running | undefined {
    return this.#replaced;
  }

  /** How many segments are in the archive. */
  get archived(): number {
    const { archiveDirectory = ARCHIVE } = this.#journalOptions;
    return this.#world.machine.disk.filesIn(archiveDirectory).length;
  }

  start(): void {
    const process = this.#world.machine.newProcess();
    const running: Running = { process, views: new Views(), venue: undefined, core: undefined };
    this.#running = running;
    this.starts += 1;
    this.#world.scheduler.after(0, "start", () => void this.#boot(running), process);
  }

  kill(): void {
    const { process } = this.#running ?? {};
    if (process?.alive !== true) return;
    this.#world.say(`${process.name} is killed`);
    this.#world.machine.kill(process);
    this.#startLater();
  }

  cutPower(): void {
    const { names, sectors } = this.#world.machine.cutPower();
    this.#world.say(`power cut: ${sectors} sectors and ${names} names are lost`);
    this.#replaced = undefined;
    this.#startLater();
  }

  restart(): void {
    const { process, venue } = this.#running ?? {};
    if (venue === undefined || process === undefined) return;
    this.#world.say(`${process.name} is told to stop`);
    const stop = (): void => void venue.stop().catch(() => undefined);
    this.#world.scheduler.after(0, "stop", stop, process);
  }

  /** The writer sleeps; another takes it for dead and takes over; then the writer wakes up. */
  replaceSleepingWriter(): void {
    const sleeper = this.#running;
    if (sleeper?.venue === undefined || this.#replaced !== undefined) return;
    const { dice, machine, scheduler } = this.#world;
    const { process } = sleeper;
    this.#world.say(`${process.name} falls asleep, and is taken for dead`);
    machine.pause(process);
    process.believedDead = true;
    this.#replaced = sleeper;
    this.start();
    this.#world.later(dice.between(1, 80), "wake up", () => {
      if (!process.alive || this.#replaced !== sleeper) return;
      this.#world.say(`${process.name} wakes up`);
      scheduler.resume(process);
      this.#world.later(dice.between(20, 200), "replaced", () => this.#endReplaced(sleeper));
    });
  }

  /** Nothing runs while a bit of what is kept turns over. */
  rotABit(): void {
    if (!this.#rot.strike()) return;
    for (const process of this.#world.machine.living) this.#world.machine.kill(process);
    this.#replaced = undefined;
    this.#startLater();
  }

  wakeReplaced(): void {
    if (this.#replaced !== undefined) this.#world.scheduler.resume(this.#replaced.process);
  }

  /** Ends what runs for good. */
  async end(way: "stop" | "kill" | "power"): Promise<void> {
    const { process, venue } = this.#running as Running;
    this.#running = undefined;
    this.#world.say(`the last end: ${way}`);
    if (way === "kill") this.#world.machine.kill(process);
    if (way === "power") this.#world.machine.cutPower();
    if (way !== "stop") return;
    const stop = (): void => void venue?.stop().catch(() => undefined);
    this.#world.scheduler.after(0, "stop", stop, process);
    await this.#world.until(() => !process.alive);
  }

  /** What a reader finds when nothing runs. */
  async readJournal(): Promise<ReplayedJournal> {
    const process = this.#world.machine.newProcess();
    let read: ReplayedJournal | undefined;
    const readAll = async (): Promise<void> => {
      const journal = await openJournalOn(
        this.#world.machine.seenBy(process),
        this.#journalOptions,
      );
      read = await replayed(journal, this.#kind);
      await journal.close();
    };
    const complain = (error: unknown): void => this.#world.breaks("the journal can be read", error);
    this.#world.scheduler.after(0, "read", () => void readAll().catch(complain), process);
    await this.#world.until(() => read !== undefined);
    return read ?? { machine: this.#kind.create(), commands: [] };
  }

  async #boot(running: Running): Promise<void> {
    const { process } = running;
    try {
      const machine = this.#sabotaged(process);
      const journal = await openJournalOn(machine, this.#journalOptions);
      const keep = this.#world.climate.snapshotsKept;
      const snapshots = await openSnapshotsOn(machine.disk, { directory: SNAPSHOTS, keep });
      let from = 0;
      const { queueLimit, snapshotEvery } = this.#world.climate;
      const venue = await openSequencer(
        {
          journal,
          snapshots,
          snapshotEvery,
          queueLimit,
          views: [running.views],
          projections: this.#projections(process),
          clock: () => WORLD_BEGINS + this.#world.scheduler.now + this.clockAhead,
          onProgress: (progress) => {
            from = progress.from;
          },
        },
        this.#kind,
      );
      running.core = this.#lastCreated;
      const [hash, head] = [venue.stateHash(), venue.sequence];
      void venue.stopped.then((failure) => this.#stopped(running, failure));
      const fresh = await replayed(journal, this.#kind);
      hold(
        "a start comes to the state of the whole journal",
        fresh.machine.stateHash() === hash,
        () => `from the snapshot of ${from} to ${head}, another state than from nothing`,
      );
      running.venue = venue;
      this.#rot.mend();
      const torn = journal.torn === undefined ? "" : ", behind a torn frame";
      this.#world.say(`${process.name} runs at ${head}, from the snapshot of ${from}${torn}`);
    } catch (error) {
      this.#startFailed(running, error);
    }
  }

  get #journalOptions(): FileJournalOptions {
    const options = { directory: JOURNAL, segmentBytes: SEGMENT_BYTES };
    if (!this.#world.climate.archiveElsewhere) return options;
    return { ...options, archiveDirectory: ARCHIVE_ELSEWHERE };
  }

  #sabotaged(process: SimulatedProcess): Machine {
    const machine = this.#world.machine.seenBy(process);
    return this.#sabotage.machine?.(machine) ?? machine;
  }

  #projections(process: SimulatedProcess): Projection[] {
    const { database } = this.#world;
    const ledger = this.#sabotage.ledgerProjection?.(database, process);
    return [ledger ?? database.ledgerProjection(process), database.auditProjection(process)];
  }

  #startFailed(running: Running, error: unknown): void {
    this.#world.say(`${running.process.name} does not start: ${error}`);
    const isRotten = this.#rot.isThere && codeOf(error) === "journal_damaged";
    if (!isRotten && !isFaultOfTheWorld(error)) {
      this.#world.breaks("a venue starts after every crash", error);
      return;
    }
    this.#rot.mend();
    this.#world.machine.kill(running.process);
    if (this.#running === running) this.#startLater();
  }

  #stopped(running: Running, failure: Error | undefined): void {
    running.venue = undefined;
    if (!running.process.alive) return;
    this.#world.say(`${running.process.name} stops: ${failure ?? "as it was told"}`);
    this.#world.machine.kill(running.process);
    if (failure !== undefined && !isFaultOfTheWorld(failure)) {
      this.#world.breaks("a venue stops only for faults of the world", failure);
      return;
    }
    if (this.#running === running) this.#startLater();
    else this.#endReplaced(running);
  }

  #endReplaced(running: Running): void {
    if (this.#replaced !== running) return;
    this.#world.machine.kill(running.process);
    this.#replaced = undefined;
  }

  #startLater(): void {
    const { process } = this.#running as Running;
    this.#world.later(RESTART_MS, "start again", () => {
      if (this.#running?.process === process && !process.alive) this.start();
    });
  }

  #remembering(kind: StateMachineKind): StateMachineKind {
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
}
