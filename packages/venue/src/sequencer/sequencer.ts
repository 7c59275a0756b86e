import { recordViews } from "@pincex/engine";
import { CORE_SECTION } from "../snapshots/section-names.ts";
import { Batch, type Sender } from "./batch.ts";
import type { Followers } from "./followers.ts";
import { MonotoneClock } from "./monotone-clock.ts";
import type { ProjectionFeed } from "./projection-feed.ts";
import type { Recovered } from "./recovery.ts";
import type { ResolvedOptions } from "./resolved-options.ts";
import { skippedSection } from "./starting-snapshot.ts";
import type { StateMachine, StateMachineKind } from "./state-machine.ts";
import { Alarm } from "./timer.ts";
import { nextTurn } from "./turn.ts";
import type { Submission, Venue } from "./venue.ts";
import { OutcomeUnknown, VenueOverloaded, VenueStopped } from "./venue-errors.ts";

// A frame is read and checked whole, and waits for one write.
const FRAME_BYTES_LIMIT = 1 << 20;
// How many commands share one look at the clock.
const CLOCK_EVERY = 16;
const SHORTEST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 1_000;

/**
 * One writer: it numbers commands, gives them their time, lets the state machine do them, and journals what arrived while
 * the last append was on its way as the next frame. Nobody hears of a command before its frame is durable.
 *
 * A command is done before it is journaled, so that one at which the state machine throws never gets into the journal.
 * After any failure the state is ahead of the journal in a way that nobody can undo: the venue stops, and the next start
 * recovers it.
 */
export class Sequencer implements Venue {
  readonly stopped: Promise<Error | undefined>;
  readonly #options: ResolvedOptions;
  readonly #kind: StateMachineKind;
  readonly #machine: StateMachine;
  readonly #followers: Followers;
  readonly #feeds: readonly ProjectionFeed[];
  readonly #clock: MonotoneClock;
  /** Rings when something falls due. */
  readonly #alarm: Alarm;
  readonly #epoch: number;
  readonly #skipped: readonly number[];
  #acknowledged: number;
  #applied: number;
  /** Where the last snapshot was begun, and the last that was saved. */
  #snapshotAt: number;
  /** By which rules the last snapshot was made. */
  #snapshotRules: number;
  #savedAt: number;
  /** Takes commands in. */
  #open: Batch;
  /** Done with, to be used again. */
  readonly #used: Batch[] = [];
  /** Full, and waiting for the journal. */
  readonly #full: Batch[] = [];
  #lastAppendMs = 0;
  /** Whether commands wait for the first append after a pause, and since when. */
  #gathering = false;
  #gatheringSince = 0;
  /** Resolves when nothing is on its way to the journal any more. */
  #appending: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #failure: Error | undefined;
  #tellStopped: (failure: Error | undefined) => void = () => undefined;

  constructor(
    options: ResolvedOptions,
    kind: StateMachineKind,
    recovered: Recovered,
    followers: Followers,
    feeds: readonly ProjectionFeed[],
  ) {
    const { head, machine, time, from, skipped } = recovered;
    this.#options = options;
    this.#kind = kind;
    this.#machine = machine;
    this.#followers = followers;
    this.#feeds = feeds;
    this.#clock = new MonotoneClock(options.clock, time);
    this.#epoch = head.epoch;
    this.#skipped = skipped;
    this.#acknowledged = head.sequence;
    this.#applied = head.sequence;
    this.#snapshotAt = from;
    this.#snapshotRules = machine.rules;
    this.#savedAt = from;
    this.#open = new Batch(head.sequence + 1);
    this.#alarm = new Alarm(options.timer, options.clock, () => this.#passTime());
    this.#alarm.setFor(machine.nextDue);
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
  }

  get sequence(): number {
    return this.#acknowledged;
  }

  submit(record: Uint8Array): Promise<Submission> {
    return new Promise((acknowledged, refused) => this.enter(record, { acknowledged, refused }));
  }

  /** `submit` for who is called back. The record's bytes may change as soon as this returns. */
  enter(record: Uint8Array, sender: Sender): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      sender.refused(refusal);
      return;
    }
    const batch = this.#open;
    let time: number;
    let offset: number;
    try {
      time = this.#clock.now();
      offset = this.#admitted(batch, time, record);
    } catch (error) {
      sender.refused(error as Error);
      return;
    }
    batch.wait({ time, eventsFrom: batch.events.length, sender });
    try {
      this.#applied += 1;
      this.#machine.apply(this.#applied, time, batch.commands, offset, batch.events);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#alarm.setFor(this.#machine.nextDue);
    if (batch.payloadBytes >= FRAME_BYTES_LIMIT) this.#seal();
    if (this.#appending === undefined) this.#gather(batch);
  }

  async flushed(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.reached(this.#acknowledged)));
  }

  stop(): Promise<void> {
    this.#alarm.clear();
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  stateHash(): string {
    return this.#machine.stateHash();
  }

  /** Stops at once, because the state or a consumer can no longer be trusted. What waits is not done. */
  fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = cause instanceof Error ? cause : new Error(String(cause));
    this.#alarm.clear();
    const stopped = new VenueStopped(this.#failure);
    for (const batch of [...this.#full, this.#open]) batch.reject(stopped);
    this.#full.length = 0;
    this.#open = new Batch(this.#applied + 1);
    this.#tellStopped(this.#failure);
  }

  /** The alarm may have been set for something that is no more, or have rung before its time. */
  #passTime(): void {
    const { nextDue } = this.#machine;
    const now = this.#clock.now();
    if (nextDue > now) {
      this.#alarm.setFor(nextDue);
      return;
    }
    const refusal = this.#refusal();
    if (refusal instanceof VenueOverloaded) this.#alarm.setFor(now + refusal.retryAfterMs);
    // What then goes wrong is told to all by `stopped`.
    else this.submit(this.#kind.timeCommand).catch(() => undefined);
  }

  #refusal(): Error | undefined {
    if (this.#failure !== undefined) return new VenueStopped(this.#failure);
    if (this.#stopping !== undefined) return new VenueStopped();
    const { projectionQueueBytes, queueLimit } = this.#options;
    if (this.#applied - this.#acknowledged >= queueLimit) {
      return new VenueOverloaded("the journal", this.#retryAfterMs());
    }
    const behind = this.#feeds.find((feed) => feed.queuedBytes > projectionQueueBytes);
    if (behind === undefined) return undefined;
    return new VenueOverloaded(`the projection ${behind.name}`, LONGEST_RETRY_MS);
  }

  #retryAfterMs(): number {
    const untilQueueMoves = Math.ceil(this.#lastAppendMs * (this.#full.length + 1));
    return Math.min(Math.max(untilQueueMoves, SHORTEST_RETRY_MS), LONGEST_RETRY_MS);
  }

  /** Where the record stands in the batch, once it is known to be a command. */
  #admitted(batch: Batch, time: number, record: Uint8Array): number {
    const offset = batch.write(time, record);
    try {
      this.#kind.assertCommand(batch.commands, offset);
      return offset;
    } catch (error) {
      batch.withdraw(offset);
      throw error;
    }
  }

  /**
   * Whoever was just answered, and all that the same turn brings, come along in the first frame; but once doing them has
   * taken as long as an append, the disk should not wait for the rest: both then work at once, on two groups of clients.
   */
  #gather(batch: Batch): void {
    if (!this.#gathering) {
      this.#gathering = true;
      this.#gatheringSince = performance.now();
      nextTurn(() => this.#begin());
      return;
    }
    if (batch.count % CLOCK_EVERY !== 0) return;
    if (performance.now() - this.#gatheringSince > this.#lastAppendMs) this.#begin();
  }

  #begin(): void {
    if (!this.#gathering) return;
    this.#gathering = false;
    this.#appending = this.#appendWhatArrives();
  }

  async #appendWhatArrives(): Promise<void> {
    for (let batch = this.#nextBatch(); batch !== undefined; batch = this.#nextBatch()) {
      await this.#append(batch);
    }
    this.#appending = undefined;
  }

  #nextBatch(): Batch | undefined {
    if (this.#failure !== undefined) return undefined;
    if (this.#full.length === 0 && this.#open.count > 0) this.#seal();
    return this.#full.shift();
  }

  /** Here, and only here, is the machine's state the one that belongs to the end of a batch. */
  #seal(): void {
    const batch = this.#open;
    if (this.#snapshotIsDue(batch)) {
      this.#snapshotAt = batch.lastSequence;
      this.#snapshotRules = this.#machine.rules;
      batch.core = this.#coreSnapshot(batch.lastSequence);
    }
    this.#full.push(batch);
    this.#open = this.#used.pop() ?? new Batch(0);
    this.#open.begin(this.#applied + 1);
  }

  #coreSnapshot(sequence: number): Uint8Array | undefined {
    try {
      return this.#machine.snapshot();
    } catch (error) {
      this.#options.onNotice({ kind: "snapshot_failed", sequence, error });
      return undefined;
    }
  }

  #snapshotIsDue(batch: Batch): boolean {
    if (this.#options.snapshots === undefined || this.#saving !== undefined) return false;
    if (this.#machine.rules !== this.#snapshotRules) return true;
    return batch.lastSequence - this.#snapshotAt >= this.#options.snapshotEvery;
  }

  async #append(batch: Batch): Promise<void> {
    const started = performance.now();
    try {
      await this.#options.journal.append(batch.frame(this.#epoch));
    } catch (error) {
      batch.reject(new OutcomeUnknown(error));
      this.fail(error);
      return;
    }
    this.#lastAppendMs = performance.now() - started;
    this.#acknowledge(batch);
    this.#checkNext();
    if (batch.core !== undefined && this.#failure === undefined) {
      await this.#takeSnapshot(batch.core, batch);
    }
    this.#used.push(batch);
  }

  /** A broken law stops the venue: what it would do from here on can't be trusted. */
  #checkNext(): void {
    if (this.#failure !== undefined) return;
    try {
      this.#machine.checkNext();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Followers come first, so that whoever is answered reads what it wrote. */
  #acknowledge(batch: Batch): void {
    const events = batch.events.finished();
    try {
      this.#followers.apply(recordViews(events), events.length, batch.lastSequence);
    } catch (error) {
      batch.reject(new OutcomeUnknown(error));
      this.fail(error);
      return;
    }
    this.#acknowledged = batch.lastSequence;
    for (const feed of this.#feeds) feed.push(events, batch.lastSequence);
    batch.acknowledge(events);
  }

  /** The views are read before the next frame moves them; writing the file goes on behind. */
  async #takeSnapshot(core: Uint8Array, { lastSequence, lastTime }: Batch): Promise<void> {
    const head = await this.#options.journal.head().catch(() => undefined);
    if (head?.sequence !== lastSequence) return;
    this.#saving = this.#save(core, head.hash, lastSequence, lastTime).finally(() => {
      this.#saving = undefined;
    });
  }

  async #save(core: Uint8Array, hash: Uint8Array, sequence: number, time: number): Promise<void> {
    const { onNotice, snapshots } = this.#options;
    if (snapshots === undefined) return;
    const needed = Math.min(sequence, ...this.#feeds.map((feed) => feed.position));
    let oldest: number;
    try {
      const sections = skippedSection(this.#skipped).set(CORE_SECTION, core);
      for (const [name, bytes] of await this.#followers.snapshot()) sections.set(name, bytes);
      oldest = await snapshots.save({ sequence, time, journalHash: hash, sections }, needed);
      this.#savedAt = sequence;
      onNotice({ kind: "snapshot_saved", sequence });
    } catch (error) {
      onNotice({ kind: "snapshot_failed", sequence, error });
      return;
    }
    await this.#archive(Math.min(oldest, needed));
  }

  /** Every start begins with a snapshot that is kept, and none of them before `upTo`. */
  async #archive(upTo: number): Promise<void> {
    const { journal, onNotice } = this.#options;
    try {
      await journal.archive?.(upTo);
    } catch (error) {
      onNotice({ kind: "archive_failed", sequence: upTo, error });
    }
  }

  async #finish(): Promise<void> {
    this.#begin();
    await this.#appending;
    await Promise.all(this.#feeds.map((feed) => feed.end()));
    await this.#saving;
    const { journal, snapshots } = this.#options;
    const moved = this.#acknowledged > this.#savedAt;
    if (this.#failure === undefined && snapshots !== undefined && moved) {
      const { hash } = await journal.head();
      const core = this.#coreSnapshot(this.#acknowledged);
      if (core !== undefined) await this.#save(core, hash, this.#acknowledged, this.#clock.last);
    }
    await journal.close().finally(() => this.#tellStopped(undefined));
  }
}
