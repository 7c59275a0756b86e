import {
  type BookRow,
  bookChecksum,
  CHECKSUM_LEVELS,
  type DepthChange,
  L2Book,
  type PrintedUnits,
} from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { ConflatedBook } from "../../streaming/conflated-book.ts";
import type { BookPace } from "../../streaming/public-feeds.ts";
import { type StreamSource, type StreamUpdate, updates } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { rowsMessage, timeText } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

type BookBody = PublicBody<"book">["update"];

interface Rows {
  readonly bids: readonly BookRow[];
  readonly asks: readonly BookRow[];
}

const ALL = Number.MAX_SAFE_INTEGER;

/** What a book has in common at every pace. Numbered by its level changes. */
class BookMessages {
  readonly #numbers: MarketNumbers;
  readonly #inputs: ChannelInputs;
  readonly #units: PrintedUnits;

  constructor(numbers: MarketNumbers, inputs: ChannelInputs) {
    this.#numbers = numbers;
    this.#inputs = inputs;
    this.#units = {
      tick: lastDecimals(numbers.price(1)),
      lot: lastDecimals(numbers.quantity(1)),
    };
  }

  get market(): number {
    return this.#numbers.market.market;
  }

  number(): number {
    return this.#inputs.marketData.bestQuotes(this.market).updateId;
  }

  /** Where the book now is as the rows leave it. */
  body(at: number, rows: Rows): BookBody {
    return this.bodyOf(at, rows, this.#inputs.marketData.book(this.market, CHECKSUM_LEVELS));
  }

  bodyOf(at: number, { bids, asks }: Rows, best: Rows): BookBody {
    return {
      at: timeText(at),
      bids: rowsMessage(this.#numbers, bids),
      asks: rowsMessage(this.#numbers, asks),
      checksum: bookChecksum(best, this.#units),
    };
  }

  snapshot(): PublicBody<"book">["snapshot"] {
    const { marketData } = this.#inputs;
    return this.body(marketData.time, marketData.book(this.market, ALL));
  }
}

/** How many units of the last decimal that is shown a tick or a lot is: 5 for a tick of "0.05". */
const lastDecimals = (one: string): number => Number(one.replace(".", ""));

/** A book whose changes are put together for a while. What was missed is one message, too. */
export const conflatedBookSource = (
  numbers: MarketNumbers,
  pace: BookPace,
  inputs: ChannelInputs,
): StreamSource => {
  const { feeds, replay } = inputs;
  const book = new BookMessages(numbers, inputs);
  const { market } = book;
  return {
    number: () => book.number(),
    start: (tell) =>
      feeds.onBook(market, pace, (update) =>
        tell({ seq: update.lastUpdateId, body: book.body(update.at, update) }),
      ),
    flush: () => feeds.flushBook(market, pace),
    snapshot: () => book.snapshot(),
    since: (seq) => {
      const changes = replay.depth(market, seq);
      if (changes === undefined) return undefined;
      const update = folded(changes);
      if (update === undefined) return [];
      return [{ seq: update.lastUpdateId, body: book.body(update.at, update) }];
    },
  };
};

/** A book whose changes are told command by command. */
export const everyChangeSource = (numbers: MarketNumbers, inputs: ChannelInputs): StreamSource => {
  const { feeds, marketData, replay } = inputs;
  const book = new BookMessages(numbers, inputs);
  const { market } = book;
  const present = (): L2Book => bookCopy(marketData.book(market, ALL));
  return {
    number: () => book.number(),
    start: (tell) => {
      const copy = present();
      return feeds.onDepth(market, (change) => tell(changeOf(book, copy, change)));
    },
    flush: () => {},
    snapshot: () => book.snapshot(),
    since: (seq) => {
      const changes = replay.depth(market, seq);
      if (changes === undefined) return undefined;
      // The book as it was then: its checksums are those of then.
      const copy = present();
      for (const { levels } of changes.toReversed()) {
        for (const { side, price, before } of levels.toReversed()) {
          copy.change(side, { price, quantity: before, orders: 0 });
        }
      }
      return updates(changes, (change) => changeOf(book, copy, change));
    },
  };
};

const changeOf = (book: BookMessages, copy: L2Book, change: DepthChange): StreamUpdate => {
  for (const { side, price, quantity } of change.levels) {
    copy.change(side, { price, quantity, orders: 0 });
  }
  const update = folded([change]);
  const rows = update ?? { bids: [], asks: [] };
  const best = { bids: bestOf(copy, "buy"), asks: bestOf(copy, "sell") };
  return { seq: change.lastUpdateId, body: book.bodyOf(change.at, rows, best) };
};

const bestOf = (book: L2Book, side: "buy" | "sell"): BookRow[] =>
  book.levels(side, CHECKSUM_LEVELS).map(({ price, quantity }) => [price, quantity]);

const bookCopy = ({ bids, asks }: Rows): L2Book => {
  const copy = new L2Book();
  for (const [price, quantity] of bids) copy.change("buy", { price, quantity, orders: 0 });
  for (const [price, quantity] of asks) copy.change("sell", { price, quantity, orders: 0 });
  return copy;
};

/** Level changes as one update: each price once. */
const folded = (changes: readonly DepthChange[]) => {
  const book = new ConflatedBook();
  for (const { market, at, previousUpdateId, lastUpdateId, levels } of changes) {
    const rows = (wanted: "buy" | "sell"): BookRow[] =>
      levels.filter(({ side }) => side === wanted).map(({ price, quantity }) => [price, quantity]);
    const firstUpdateId = previousUpdateId + 1;
    book.add({ market, at, firstUpdateId, lastUpdateId, bids: rows("buy"), asks: rows("sell") });
  }
  return book.take();
};
