import type { Projection } from "../projection/projection.ts";
import { isConnectionError } from "./connection-error.ts";
import type { VenueNotice } from "./venue.ts";

/** The events of commands that follow one another. */
interface Piece {
  readonly events: Uint8Array;
  readonly first: number;
  readonly last: number;
}

// One transaction of a database: large enough to be worth its commit, small enough to be undone and repeated.
const BATCH_BYTES = 1 << 20;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

export interface ProjectionFeedOptions {
  readonly projection: Projection;
  /** Where it stands. */
  readonly position: number;
  /** Hears once if the projection can't be kept: it refuses what it is given, or stands where nobody led it. */
  readonly onFailure: (error: Error) => void;
  readonly onNotice: (notice: VenueNotice) => void;
}

/** Pieces that are handed over as one, and how many of the queue's they are. */
interface Handover {
  readonly piece: Piece;
  readonly taken: number;
}

/**
 * Leads one projection behind the venue: a queue, and one batch on its way. Once it is certain which one follows, the projection hears
 * of it, so that it loses no time between the two. While the database can't be reached it tries
 * again, always from where the projection says that it stands, since a commit may have been done although its answer was
 * lost.
 */
export class ProjectionFeed {
  readonly #options: ProjectionFeedOptions;
  readonly #queue: Piece[] = [];
  #position: number;
  #next: number;
  #queuedBytes = 0;
  /** On its way: the first pieces of the queue. */
  #current: Handover | undefined;
  /** What follows the one on its way, once that is certain. */
  #following: Handover | undefined;
  #ending = false;
  #failure: Error | undefined;
  #wakeUp: (() => void) | undefined;
  #awaited: { position: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(options: ProjectionFeedOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#next = options.position + 1;
  }

  get name(): string {
    return this.#options.projection.name;
  }

  get toleratesGaps(): boolean {
    return this.#options.projection.toleratesGaps ?? false;
  }

  /** Sequence number of the last command that it has written. */
  get position(): number {
    return this.#position;
  }

  /** Sequence number of the command that it is handed next. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of events that wait for it. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Leaves out what comes before `sequence` and the command itself, where gaps are tolerated; nothing if it is there already. */
  skipTo(sequence: number): void {
    if (!this.toleratesGaps || sequence <= this.#position) return;
    this.#position = sequence;
    this.#next = sequence + 1;
  }

  /** Hands it the events of the commands from `next` to `last`. */
  push(events: Uint8Array, last: number): void {
    if (this.#failure !== undefined) return;
    this.#queue.push({ events, first: this.#next, last });
    this.#next = last + 1;
    this.#queuedBytes += events.length;
    if (this.#current === undefined) void this.#run();
    else this.#foresee();
  }

  /** Resolves when everything up to `position` is written. */
  reached(position: number): Promise<void> {
    if (this.#position >= position) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#awaited.push({ position, resolve, reject });
    });
  }

  /** Resolves when no more than so many bytes wait. */
  async room(limit: number): Promise<void> {
    while (this.#queuedBytes > limit) {
      const [piece] = this.#queue;
      if (piece !== undefined) await this.reached(piece.last);
    }
  }

  /** Writes what waits, if the database can be reached; otherwise leaves it to the next start. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#wakeUp?.();
    const last = this.#queue.at(-1)?.last;
    if (last !== undefined) await this.reached(last).catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && this.#failure === undefined) {
      const current = this.#following ?? this.#handoverFrom(0);
      this.#current = current;
      this.#following = undefined;
      const { piece, taken } = current;
      try {
        const written = this.#write(piece);
        this.#foresee();
        await written;
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
        break;
      }
      this.#queue.splice(0, taken);
      this.#queuedBytes -= piece.events.length;
      this.#advance(piece.last);
    }
    this.#current = undefined;
    this.#following = undefined;
  }

  /** Certain is what follows when there is more than goes into it. Until then it waits for more. */
  #foresee(): void {
    const { projection } = this.#options;
    const current = this.#current;
    if (projection.prepare === undefined || current === undefined) return;
    if (this.#following !== undefined) return;
    if (this.#queuedBytes - current.piece.events.length <= BATCH_BYTES) return;
    this.#following = this.#handoverFrom(current.taken);
    const { events, first, last } = this.#following.piece;
    projection.prepare(events, first, last);
  }

  async #write(piece: Piece): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#writeOnce(piece, attempt);
      } catch (error) {
        if (!isConnectionError(error) || this.#ending) throw error;
        await this.#pause(attempt, error);
      }
    }
  }

  async #writeOnce({ events, first, last }: Piece, attempt: number): Promise<void> {
    const { projection } = this.#options;
    if (attempt > 1 && (await this.#isWritten(first, last))) return;
    await projection.apply(events, first, last);
  }

  async #isWritten(first: number, last: number): Promise<boolean> {
    const position = await this.#options.projection.position();
    if (position === last) return true;
    if (position === first - 1) return false;
    throw new Error(
      `expected the projection ${this.name} at ${first - 1} or ${last}, was at ${position}`,
    );
  }

  #pause(attempt: number, error: unknown): Promise<void> {
    const retryInMs = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
    const { onNotice } = this.#options;
    onNotice({ kind: "projection_unreachable", projection: this.name, attempt, retryInMs, error });
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryInMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** As many of the queue's pieces from an index on as go into a batch. */
  #handoverFrom(index: number): Handover {
    const pieces: Piece[] = [];
    let bytes = 0;
    for (let at = index; at < this.#queue.length; at += 1) {
      const piece = this.#queue[at] as Piece;
      if (pieces.length > 0 && bytes + piece.events.length > BATCH_BYTES) break;
      pieces.push(piece);
      bytes += piece.events.length;
    }
    return { piece: joined(pieces, bytes), taken: pieces.length };
  }

  #advance(position: number): void {
    this.#position = position;
    for (const awaited of this.#awaited) if (awaited.position <= position) awaited.resolve();
    this.#awaited = this.#awaited.filter((awaited) => awaited.position > position);
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    for (const { reject } of this.#awaited) reject(error);
    this.#awaited = [];
    if (!this.#ending || !isConnectionError(error)) this.#options.onFailure(error);
  }
}

const joined = (pieces: readonly Piece[], bytes: number): Piece => {
  const [start] = pieces;
  if (start === undefined) throw new RangeError("expected at least one piece, was none");
  if (pieces.length === 1) return start;
  const events = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    events.set(piece.events, at);
    at += piece.events.length;
  }
  return { events, first: start.first, last: pieces.at(-1)?.last ?? start.last };
};
