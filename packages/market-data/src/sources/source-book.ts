import type { SideName } from "@pincex/engine";
import { bookChecksum, CHECKSUM_LEVELS } from "../book-checksum.ts";
import { BookSide } from "../l2-book.ts";
import type {
  SourceBookRow,
  SourceBookSnapshot,
  SourceBookUpdate,
  SourceQuote,
} from "./source-message.ts";

/**
 * How an exchange lets its book be followed.
 *
 * - `contiguous`, as Binance Spot: snapshots come apart from updates, by another way. An update covers the changes from
 *   `firstUpdateId` to `lastUpdateId`; the first one after the snapshot must cover the change that follows it or begin before,
 *   and each next one must begin where the last one ended.
 * - `chained`, as Binance USD-M: the same, but changes of other markets are counted in between, so that an update names the last
 *   change of the one before.
 * - `checksum`, as Kraken: the snapshot comes first, in the same stream; nothing is numbered, but the book's checksum must agree
 *   after every update.
 */
export type BookContinuity = "contiguous" | "chained" | "checksum";

/** Why a book is no longer what the exchange has, and a new snapshot is needed. */
export const RESYNC_REASONS = {
  sequence_gap: "An update does not follow the one before it: something was missed.",
  snapshot_too_old: "The first update begins after the snapshot: what lies between was missed.",
  checksum_mismatch: "The book's checksum is not the exchange's.",
  too_many_waiting: "10,000 updates came before a snapshot.",
} as const;

export type ResyncReason = keyof typeof RESYNC_REASONS;

/** What became of a message. */
export type BookOutcome =
  /** The book is now as the exchange says. */
  | { readonly kind: "applied" }
  /** It stands in the book already, or will be applied on top of a snapshot that has not come yet. */
  | { readonly kind: "already_there" | "waiting" }
  /** The book is empty until a new snapshot comes: ask for one. */
  | { readonly kind: "resync"; readonly reason: ResyncReason };

export interface SourceBookOptions {
  readonly continuity: BookContinuity;
  /** How many levels of each side the exchange tells of; those beyond are forgotten, as it does. Without it, all are kept. */
  readonly depth?: number;
}

const MOST_WAITING = 10_000;

const NO_QUOTE: SourceQuote = Object.freeze({ price: 0n, quantity: 0n });

const APPLIED: BookOutcome = { kind: "applied" };
const ALREADY_THERE: BookOutcome = { kind: "already_there" };
const WAITING: BookOutcome = { kind: "waiting" };

/**
 * A copy of an outside market's book that is either exactly what the exchange has, or known to be not.
 *
 * A gap empties it: old levels are never mistaken for present ones. Updates that come before the snapshot wait for it.
 */
export class SourceBook {
  readonly #continuity: BookContinuity;
  readonly #depth: number;
  #bids: BookSide<SourceQuote> = new BookSide("buy", NO_QUOTE);
  #asks: BookSide<SourceQuote> = new BookSide("sell", NO_QUOTE);
  #isLive = false;
  #lastUpdateId = 0;
  /** Whether an update has followed the snapshot: the first one is judged by another rule. */
  #hasFollowed = false;
  #waiting: SourceBookUpdate[] = [];

  constructor({ continuity, depth = Number.POSITIVE_INFINITY }: SourceBookOptions) {
    this.#continuity = continuity;
    this.#depth = depth;
  }

  /** Whether it stands as the exchange has it. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** The exchange's number of the last change in the book; 0 where they are not numbered. */
  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  best(side: SideName): SourceQuote {
    return this.#side(side).best;
  }

  /** The best `limit` levels of a side, best first. */
  levels(side: SideName, limit: number): SourceBookRow[] {
    return this.#side(side)
      .bestFirst(limit)
      .map(({ price, quantity }) => [price, quantity]);
  }

  get checksum(): number {
    return bookChecksum({
      bids: this.levels("buy", CHECKSUM_LEVELS),
      asks: this.levels("sell", CHECKSUM_LEVELS),
    });
  }

  hear(message: SourceBookSnapshot | SourceBookUpdate): BookOutcome {
    if (message.kind === "book_snapshot") return this.#restart(message);
    return this.#isLive ? this.#update(message) : this.#wait(message);
  }

  /** Empties the book until the next snapshot, as when the connection broke. */
  forget(): void {
    this.#bids = new BookSide("buy", NO_QUOTE);
    this.#asks = new BookSide("sell", NO_QUOTE);
    this.#isLive = false;
    this.#lastUpdateId = 0;
    this.#hasFollowed = false;
    this.#waiting = [];
  }

  #restart(snapshot: SourceBookSnapshot): BookOutcome {
    const waiting = this.#waiting;
    this.forget();
    this.#apply(snapshot);
    this.#lastUpdateId = snapshot.lastUpdateId;
    this.#isLive = true;
    if (!this.#agrees(snapshot.checksum)) return this.#lose("checksum_mismatch");
    for (const update of waiting) {
      const outcome = this.#update(update);
      if (outcome.kind === "resync") return outcome;
    }
    return APPLIED;
  }

  #wait(update: SourceBookUpdate): BookOutcome {
    // There the snapshot comes first, so that nothing after it can have come before.
    if (this.#continuity === "checksum") return WAITING;
    if (this.#waiting.length === MOST_WAITING) return this.#lose("too_many_waiting");
    this.#waiting.push(update);
    return WAITING;
  }

  #update(update: SourceBookUpdate): BookOutcome {
    const isNumbered = this.#continuity !== "checksum";
    if (isNumbered) {
      if (update.lastUpdateId <= this.#lastUpdateId) return ALREADY_THERE;
      if (!this.#follows(update)) {
        return this.#lose(this.#hasFollowed ? "sequence_gap" : "snapshot_too_old");
      }
      this.#lastUpdateId = update.lastUpdateId;
      this.#hasFollowed = true;
    }
    this.#apply(update);
    return this.#agrees(update.checksum) ? APPLIED : this.#lose("checksum_mismatch");
  }

  #follows({ firstUpdateId, previousUpdateId }: SourceBookUpdate): boolean {
    const isNext =
      this.#continuity === "chained"
        ? previousUpdateId === this.#lastUpdateId
        : firstUpdateId === this.#lastUpdateId + 1;
    // The first one may reach back behind the snapshot: quantities are absolute, so that applying them again changes nothing.
    return isNext || (!this.#hasFollowed && firstUpdateId <= this.#lastUpdateId + 1);
  }

  #apply({ bids, asks }: SourceBookSnapshot | SourceBookUpdate): void {
    for (const [price, quantity] of bids) this.#bids.set({ price, quantity });
    for (const [price, quantity] of asks) this.#asks.set({ price, quantity });
    this.#bids.keepBest(this.#depth);
    this.#asks.keepBest(this.#depth);
  }

  #side(side: SideName): BookSide<SourceQuote> {
    return side === "buy" ? this.#bids : this.#asks;
  }

  #agrees(checksum: number | undefined): boolean {
    return checksum === undefined || checksum === this.checksum;
  }

  #lose(reason: ResyncReason): BookOutcome {
    this.forget();
    return { kind: "resync", reason };
  }
}
