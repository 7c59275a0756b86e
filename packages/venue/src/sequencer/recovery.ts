import { type RecordViews, RecordWriter } from "@pincex/engine";
import { invariant } from "../core/invariant.ts";
import { sameBytes } from "../journal/frame-codec.ts";
import { eachCommand } from "../journal/frame-payload.ts";
import type { JournalHead, StoredFrame } from "../journal/journal.ts";
import type { Snapshot, SnapshotStore } from "../snapshots/snapshot.ts";
import { CommandReplay } from "./command-replay.ts";
import type { Followers } from "./followers.ts";
import type { ProjectionFeed } from "./projection-feed.ts";
import type { ResolvedOptions } from "./resolved-options.ts";
import { type Begun, restoreNewest } from "./starting-snapshot.ts";
import type { StateMachine, StateMachineKind } from "./state-machine.ts";
import { nextTurn } from "./turn.ts";
import { StartRefused } from "./venue-errors.ts";

// Long enough that the turns between cost nothing, short enough that a progress bar moves and databases are served.
const TURN_MS = 50;

/** A venue as it was when its journal ended. */
export interface Recovered {
  readonly machine: StateMachine;
  readonly head: JournalHead;
  /** The time of the last command; 0 if there was none. */
  readonly time: number;
  /** Sequence number of the snapshot that it began with; 0 if there was none. */
  readonly from: number;
  /** Sequence numbers of the commands that were passed over, as the journal says. */
  readonly skipped: readonly number[];
}

/** Restores the newest snapshot that every consumer can start from, and replays the journal from there. */
export const recover = async (
  options: ResolvedOptions,
  kind: StateMachineKind,
  followers: Followers,
  feeds: readonly ProjectionFeed[],
): Promise<Recovered> => {
  const { journal, snapshots } = options;
  const head = await journal.head();
  assertNotAhead(feeds, head);
  const skipped = (await journal.skipped()).map(({ sequence }) => sequence);
  const newest = snapshots && (await newestNotAhead(snapshots, head.sequence));
  const { onNotice } = options;
  const start = { followers, skipped, newest };
  const begin = async (atMost: number): Promise<Begun | undefined> =>
    snapshots && restoreNewest(snapshots, atMost, start, kind, onNotice);
  const begun = await beginForAll(feeds, head.sequence, begin);
  const snapshot = begun?.snapshot;
  for (const feed of feeds) feed.skipTo(snapshot?.sequence ?? 0);
  if (snapshot?.sequence === head.sequence) assertSameJournal(snapshot, head.hash);
  const machine = begun?.machine ?? kind.create();
  const commands = new CommandReplay(kind, machine, skipped);
  const replay = new Replay(options, commands, head, followers, feeds, snapshot);
  await replay.run();
  return { machine, head, time: replay.time, from: replay.from, skipped };
};

const assertNotAhead = (feeds: readonly ProjectionFeed[], head: JournalHead): void => {
  for (const { name, position } of feeds) {
    if (position <= head.sequence) continue;
    throw new StartRefused(
      "projection_ahead_of_journal",
      position,
      `the projection ${name} has written sequence ${position}, but the journal ends with ${head.sequence}: it is not the journal that the projection followed, or has lost its end`,
    );
  }
};

/** With the newest snapshot that is ahead of nobody. If there is none, who tolerates gaps is not waited for. */
const beginForAll = async (
  feeds: readonly ProjectionFeed[],
  head: number,
  newest: (atMost: number) => Promise<Begun | undefined>,
): Promise<Begun | undefined> => {
  const slowest = (of: readonly ProjectionFeed[]): number =>
    Math.min(head, ...of.map(({ position }) => position));
  const begun = await newest(slowest(feeds));
  const strict = feeds.filter(({ toleratesGaps }) => !toleratesGaps);
  if (begun !== undefined || slowest(strict) === slowest(feeds)) return begun;
  return newest(slowest(strict));
};

const newestNotAhead = async (
  snapshots: SnapshotStore,
  head: number,
): Promise<Snapshot | undefined> => {
  const newest = await snapshots.newest(Number.POSITIVE_INFINITY);
  if (newest !== undefined && newest.sequence > head) {
    throw new StartRefused(
      "snapshot_ahead_of_journal",
      newest.sequence,
      `there is a snapshot of sequence ${newest.sequence}, but the journal ends with ${head}: it is not the journal that the snapshot was taken of, or has lost its end`,
    );
  }
  return newest;
};

const assertSameJournal = (snapshot: Snapshot, hash: Uint8Array): void => {
  if (sameBytes(snapshot.journalHash, hash)) return;
  throw new StartRefused(
    "snapshot_of_another_journal",
    snapshot.sequence,
    `the snapshot of sequence ${snapshot.sequence} was taken of a journal with another frame there`,
  );
};

class Replay {
  readonly from: number;
  time: number;
  readonly #options: ResolvedOptions;
  readonly #commands: CommandReplay;
  readonly #head: JournalHead;
  readonly #followers: Followers;
  readonly #feeds: readonly ProjectionFeed[];
  readonly #snapshot: Snapshot | undefined;
  readonly #events = new RecordWriter(1 << 16);
  readonly #started = performance.now();
  #sequence: number;

  constructor(
    options: ResolvedOptions,
    commands: CommandReplay,
    head: JournalHead,
    followers: Followers,
    feeds: readonly ProjectionFeed[],
    snapshot: Snapshot | undefined,
  ) {
    this.#options = options;
    this.#commands = commands;
    this.#head = head;
    this.#followers = followers;
    this.#feeds = feeds;
    this.#snapshot = snapshot;
    this.from = snapshot?.sequence ?? 0;
    this.time = snapshot?.time ?? 0;
    this.#sequence = this.from;
  }

  async run(): Promise<void> {
    this.#report();
    let turnEnds = performance.now() + TURN_MS;
    for await (const frame of this.#options.journal.read(this.from + 1)) {
      this.#assertNext(frame);
      this.#applyFrame(frame);
      if (performance.now() < turnEnds) continue;
      this.#report();
      await new Promise<void>((resolve) => nextTurn(resolve));
      await this.#roomForMore();
      turnEnds = performance.now() + TURN_MS;
    }
    if (this.#sequence !== this.#head.sequence) {
      throw new StartRefused(
        "journal_incomplete",
        this.#sequence,
        `the journal was read to sequence ${this.#sequence} and ends with ${this.#head.sequence}`,
      );
    }
    for (const { name, next } of this.#feeds) {
      invariant(next === this.#sequence + 1, `the projection ${name} is handed every command`);
    }
    this.#report();
  }

  #assertNext(frame: StoredFrame): void {
    const last = frame.firstSequence + frame.count - 1;
    if (frame.firstSequence > this.#sequence + 1 || last <= this.#sequence) {
      throw new StartRefused(
        "journal_incomplete",
        this.#sequence + 1,
        `sequence ${this.#sequence + 1} is needed and the journal goes on with ${frame.firstSequence}: are its older segments elsewhere?`,
      );
    }
    const startsAfterSnapshot = frame.firstSequence === this.from + 1;
    if (startsAfterSnapshot && this.#snapshot !== undefined) {
      assertSameJournal(this.#snapshot, frame.previousHash);
    }
  }

  #applyFrame(frame: StoredFrame): void {
    const events = this.#events;
    events.clear();
    const lacking = this.#feeds.map(() => -1);
    const first = this.#sequence + 1;
    eachCommand(frame, (sequence, time, commands, offset) => {
      if (sequence < first) return;
      this.#feeds.forEach((feed, index) => {
        if (lacking[index] === -1 && sequence === feed.next) lacking[index] = events.length;
      });
      this.#applyCommand(sequence, time, commands, offset);
    });
    this.#followers.apply(events.views, events.length, this.#sequence);
    this.#feeds.forEach((feed, index) => {
      const from = lacking[index] ?? -1;
      if (from < 0) return;
      const lacks = events.views.bytes.slice(from, events.length);
      feed.push(lacks, this.#sequence);
    });
  }

  #applyCommand(sequence: number, time: number, commands: RecordViews, offset: number): void {
    this.#commands.apply(sequence, time, commands, offset, this.#events);
    this.#sequence = sequence;
    this.time = time;
  }

  async #roomForMore(): Promise<void> {
    await this.#followers.room();
    for (const feed of this.#feeds) await feed.room(this.#options.projectionQueueBytes);
  }

  #report(): void {
    this.#options.onProgress({
      from: this.from,
      sequence: this.#sequence,
      head: this.#head.sequence,
      elapsedMs: performance.now() - this.#started,
    });
  }
}
