import type {
  DepthChange,
  MarketData,
  OrderBooks,
  OrdersUpdate,
  TapeChange,
} from "@pincex/market-data";
import type { AccountChange, Views } from "@pincex/venue/views";
import { type NumberedChange, RecentChanges } from "./recent-changes.ts";

/** How many changes can be told again of accounts, of trades, of books and of order-level books: of all accounts or markets together. */
export const CHANGES_REPLAYED = 65_536;

/** A change of an account, and the sequence number of the command that made it. */
export interface SequencedChange {
  readonly sequence: number;
  readonly change: AccountChange;
}

export interface ReplayWindowOptions {
  readonly views: Views;
  readonly marketData: MarketData;
  /** Where the venue shows its books order by order. */
  readonly orderBooks?: OrderBooks | undefined;
  /** `CHANGES_REPLAYED` unless told otherwise. */
  readonly changes?: number | undefined;
}

/**
 * What happened last, so that a client that was away can be told again.
 *
 * It hears from when it is made. Made before the venue is opened, it also hears what a restart replays from the journal, so that clients of
 * the process before go on where they were.
 *
 * @example
 * const replay = new ReplayWindow({ views, marketData });
 * const venue = await openVenue({ journal, snapshots, views: [views, marketData], clock });
 * const gateway = createGateway({ venue, views, marketData, replay, authenticator, clock });
 */
export class ReplayWindow {
  readonly #views: Views;
  readonly #marketData: MarketData;
  readonly #orderBooks: OrderBooks | undefined;
  /** What accounts did before this sequence was not heard. */
  readonly #madeAt: number;
  readonly #accounts: RecentChanges<number, AccountChange>;
  readonly #tape: RecentChanges<number, TapeChange>;
  readonly #depth: RecentChanges<number, DepthChange>;
  readonly #orders: RecentChanges<number, OrdersUpdate>;
  readonly #detach: () => void;

  constructor(options: ReplayWindowOptions) {
    const { views, marketData, orderBooks, changes = CHANGES_REPLAYED } = options;
    if (!Number.isSafeInteger(changes) || changes < 1) {
      throw new RangeError(`expected changes as a whole number from 1 on, was ${changes}`);
    }
    this.#views = views;
    this.#marketData = marketData;
    this.#orderBooks = orderBooks;
    this.#madeAt = views.sequence;
    this.#accounts = new RecentChanges(changes);
    this.#tape = new RecentChanges(changes);
    this.#depth = new RecentChanges(changes);
    this.#orders = new RecentChanges(changes);
    this.#detach = this.#attach();
  }

  /** What happened to an account after a command; undefined where that is no longer known. */
  accountChanges(account: number, after: number): readonly SequencedChange[] | undefined {
    if (after < Math.max(this.#madeAt, this.#views.followedFrom)) return undefined;
    return this.#accounts
      .after(account, after)
      ?.map(({ number: sequence, change }) => ({ sequence, change }));
  }

  /** A market's trades and busts after one of them, by number; undefined where they are no longer known. */
  tape(market: number, after: number): readonly TapeChange[] | undefined {
    if (after === this.#marketData.tradeChanges(market)) return [];
    const changes = changesOf(this.#tape.after(market, after));
    return changes?.[0]?.number === after + 1 ? changes : undefined;
  }

  /** A book's changes after an update id; undefined where they are no longer known. */
  depth(market: number, after: number): readonly DepthChange[] | undefined {
    if (after === this.#marketData.bestQuotes(market).updateId) return [];
    const changes = changesOf(this.#depth.after(market, after));
    return changes?.[0]?.previousUpdateId === after ? changes : undefined;
  }

  /** An order-level book's changes after one of them, by sequence; undefined where they are no longer known. */
  orders(market: number, after: number): readonly OrdersUpdate[] | undefined {
    if (after === this.#orderBooks?.book(market, 0).sequence) return [];
    const changes = changesOf(this.#orders.after(market, after));
    return changes?.[0]?.previousSequence === after ? changes : undefined;
  }

  /** Hears no more. */
  close(): void {
    this.#detach();
  }

  #attach(): () => void {
    const tape = (change: TapeChange): void =>
      follow(this.#tape, change.trade.market, change.number - 1, change.number, change);
    const depth = (change: DepthChange): void =>
      follow(this.#depth, change.market, change.previousUpdateId, change.lastUpdateId, change);
    const orders = (update: OrdersUpdate): void =>
      follow(this.#orders, update.market, update.previousSequence, update.sequence, update);
    const stop = this.#views.onAccount((account, change, sequence) =>
      this.#accounts.add(account, sequence, change),
    );
    this.#marketData.on("tape", tape).on("depth", depth);
    this.#orderBooks?.on("orders", orders);
    return () => {
      stop();
      this.#marketData.off("tape", tape).off("depth", depth);
      this.#orderBooks?.off("orders", orders);
    };
  }
}

const changesOf = <Change>(
  items: readonly NumberedChange<Change>[] | undefined,
): readonly Change[] | undefined => items?.map(({ change }) => change);

/** Adds a market's change. One that does not follow the last stands after a gap, as where a view was restored. */
const follow = <Change>(
  changes: RecentChanges<number, Change>,
  market: number,
  previous: number,
  number: number,
  change: Change,
): void => {
  if (changes.last(market) !== previous) changes.forget(market, previous);
  changes.add(market, number, change);
};
