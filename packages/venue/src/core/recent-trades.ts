import { type RecordViews, recordViews } from "@pincex/engine";
import { AMOUNT_BYTES, readAmount, writeAmount } from "../record/amount-field.ts";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** How many of the venue's last trades can be taken back. */
export const TRADES_RETAINED = 65_536;

/** Where the money of a trade went: the ledger's accounts, and what each side was charged. */
export interface SettledTrade {
  readonly tradeId: number;
  readonly market: number;
  /** Ticks. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /** The number of its entry. */
  readonly entry: number;
  /** The buyer's and the seller's accounts of the quote asset. */
  readonly buyerQuote: number;
  readonly sellerQuote: number;
  /** Theirs of the base asset. */
  readonly buyerBase: number;
  readonly sellerBase: number;
  /** Below zero for a rebate. */
  readonly buyerFee: bigint;
  readonly sellerFee: bigint;
  /** Whether the buyer's fee was in the quote asset, on top of what it paid; else it was taken from what it received. */
  readonly buyerPaysInQuote: boolean;
}

const FIRST_CAPACITY = 1_024;

// A row: four doubles, two amounts, six words.
const ROW_BYTES = 88;
const WORDS = ROW_BYTES / 4;
const DOUBLES = ROW_BYTES / 8;
const BUYER_FEE = 32;
const SELLER_FEE = BUYER_FEE + AMOUNT_BYTES;

const D = { tradeId: 0, price: 1, quantity: 2, entry: 3 } as const;
const W = {
  market: 16,
  buyerQuote: 17,
  sellerQuote: 18,
  buyerBase: 19,
  sellerBase: 20,
  flags: 21,
} as const;
const PAYS_IN_QUOTE = 1;
const BUSTED = 2;

/**
 * The venue's last trades, so that one of them can be taken back. Trade ids are counted up, so each has its place in a
 * ring, that of the trade so many before it.
 */
export class RecentTrades {
  #rows: RecordViews = recordViews(FIRST_CAPACITY * ROW_BYTES);
  #capacity = FIRST_CAPACITY;
  #first = 1;
  #last = 0;

  add(trade: SettledTrade): void {
    const { tradeId } = trade;
    if (this.#last === 0) this.#first = tradeId;
    if (tradeId - this.#first >= this.#capacity) this.#makeRoom(tradeId);
    this.#last = tradeId;
    const row = tradeId % this.#capacity;
    const { f64, i32 } = this.#rows;
    f64[row * DOUBLES + D.tradeId] = tradeId;
    f64[row * DOUBLES + D.price] = trade.price;
    f64[row * DOUBLES + D.quantity] = trade.quantity;
    f64[row * DOUBLES + D.entry] = trade.entry;
    writeAmount(this.#rows, row * ROW_BYTES + BUYER_FEE, trade.buyerFee);
    writeAmount(this.#rows, row * ROW_BYTES + SELLER_FEE, trade.sellerFee);
    i32[row * WORDS + W.market] = trade.market;
    i32[row * WORDS + W.buyerQuote] = trade.buyerQuote;
    i32[row * WORDS + W.sellerQuote] = trade.sellerQuote;
    i32[row * WORDS + W.buyerBase] = trade.buyerBase;
    i32[row * WORDS + W.sellerBase] = trade.sellerBase;
    i32[row * WORDS + W.flags] = trade.buyerPaysInQuote ? PAYS_IN_QUOTE : 0;
  }

  get(tradeId: number): SettledTrade | undefined {
    if (!this.#has(tradeId)) return undefined;
    const row = tradeId % this.#capacity;
    const double = (at: number): number => this.#rows.f64[row * DOUBLES + at] ?? 0;
    const word = (at: number): number => this.#rows.i32[row * WORDS + at] ?? 0;
    return {
      tradeId,
      market: word(W.market),
      price: double(D.price),
      quantity: double(D.quantity),
      entry: double(D.entry),
      buyerQuote: word(W.buyerQuote),
      sellerQuote: word(W.sellerQuote),
      buyerBase: word(W.buyerBase),
      sellerBase: word(W.sellerBase),
      buyerFee: readAmount(this.#rows, row * ROW_BYTES + BUYER_FEE),
      sellerFee: readAmount(this.#rows, row * ROW_BYTES + SELLER_FEE),
      buyerPaysInQuote: (word(W.flags) & PAYS_IN_QUOTE) !== 0,
    };
  }

  isBusted(tradeId: number): boolean {
    return this.#has(tradeId) && (this.#flags(tradeId) & BUSTED) !== 0;
  }

  markBusted(tradeId: number): void {
    const flags = this.#flags(tradeId) | BUSTED;
    this.#rows.i32[(tradeId % this.#capacity) * WORDS + W.flags] = flags;
  }

  /** The rows as they are, the oldest first: layout is the snapshot's, whose version says which. */
  write(writer: FieldWriter): void {
    writer.row(this.#first, this.#last);
    writer.bytes(this.#inOrder());
  }

  static read(reader: FieldReader): RecentTrades {
    const trades = new RecentTrades();
    trades.#first = reader.number();
    trades.#last = reader.number();
    const rows = reader.bytes();
    const count = trades.#last - trades.#first + 1;
    if (count < 0 || count > TRADES_RETAINED || rows.length !== count * ROW_BYTES) {
      throw new RangeError(`expected ${count} trades to be known, were ${rows.length} bytes`);
    }
    while (trades.#capacity < count) trades.#capacity *= 2;
    trades.#rows = recordViews(trades.#capacity * ROW_BYTES);
    trades.#place(rows);
    return trades;
  }

  #has(tradeId: number): boolean {
    return tradeId >= this.#first && tradeId <= this.#last;
  }

  #flags(tradeId: number): number {
    return this.#rows.i32[(tradeId % this.#capacity) * WORDS + W.flags] ?? 0;
  }

  #makeRoom(tradeId: number): void {
    if (this.#capacity === TRADES_RETAINED) {
      this.#first = tradeId - TRADES_RETAINED + 1;
      return;
    }
    const kept = this.#inOrder();
    this.#capacity *= 2;
    this.#rows = recordViews(this.#capacity * ROW_BYTES);
    this.#place(kept);
  }

  #inOrder(): Uint8Array {
    const rows = new Uint8Array((this.#last - this.#first + 1) * ROW_BYTES);
    for (let tradeId = this.#first; tradeId <= this.#last; tradeId++) {
      const row = (tradeId % this.#capacity) * ROW_BYTES;
      rows.set(
        this.#rows.bytes.subarray(row, row + ROW_BYTES),
        (tradeId - this.#first) * ROW_BYTES,
      );
    }
    return rows;
  }

  #place(rows: Uint8Array): void {
    for (let tradeId = this.#first; tradeId <= this.#last; tradeId++) {
      const from = (tradeId - this.#first) * ROW_BYTES;
      const row = (tradeId % this.#capacity) * ROW_BYTES;
      this.#rows.bytes.set(rows.subarray(from, from + ROW_BYTES), row);
    }
  }
}
