import { Side, sideName } from "@pincex/engine";
import { readAmount, writeAmount } from "../record/amount-field.ts";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import type { FillView } from "./fill-view.ts";
import { RowRing } from "./row-ring.ts";

/** How many fills can be read back, per account. */
export const FILLS_RETAINED = 1_000;

/** Which fills to read: those that match, the newest unless counted from a trade on. */
export interface FillRange {
  readonly market?: number | undefined;
  readonly orderId?: number | undefined;
  readonly limit?: number | undefined;
  readonly fromTradeId?: number | undefined;
}

const DEFAULT_LIMIT = 500;

// A row: six doubles, the fee, four words.
const ROW_BYTES = 80;
const DOUBLES = ROW_BYTES / 8;
const WORDS = ROW_BYTES / 4;
const D = { tradeId: 0, orderId: 1, price: 2, quantity: 3, at: 4, sequence: 5 } as const;
const FEE = 48;
const W = { market: 16, side: 17, feeAsset: 18, flags: 19 } as const;
const MAKER = 1;
const BUSTED = 2;

/** The last fills of an account, in the order of trade ids. */
export class RecentFills {
  readonly #account: number;
  readonly #ring: RowRing = new RowRing(ROW_BYTES, FILLS_RETAINED);

  constructor(account: number) {
    this.#account = account;
  }

  add(fill: FillView): void {
    const row = this.#ring.add();
    const { f64, i32 } = this.#ring.views;
    f64[row * DOUBLES + D.tradeId] = fill.tradeId;
    f64[row * DOUBLES + D.orderId] = fill.orderId;
    f64[row * DOUBLES + D.price] = fill.price;
    f64[row * DOUBLES + D.quantity] = fill.quantity;
    f64[row * DOUBLES + D.at] = fill.at;
    f64[row * DOUBLES + D.sequence] = fill.sequence;
    writeAmount(this.#ring.views, row * ROW_BYTES + FEE, fill.fee);
    i32[row * WORDS + W.market] = fill.market;
    i32[row * WORDS + W.side] = Side[fill.side];
    i32[row * WORDS + W.feeAsset] = fill.feeAsset;
    i32[row * WORDS + W.flags] = (fill.isMaker ? MAKER : 0) | (fill.isBusted ? BUSTED : 0);
  }

  /** By ascending trade id. */
  read({ market, orderId, limit = DEFAULT_LIMIT, fromTradeId }: FillRange): FillView[] {
    const matches = (row: number): boolean =>
      (market === undefined || this.#word(row, W.market) === market) &&
      (orderId === undefined || this.#double(row, D.orderId) === orderId) &&
      (fromTradeId === undefined || this.#double(row, D.tradeId) >= fromTradeId);
    const rows = this.#rows().filter(matches);
    const chosen = fromTradeId === undefined ? newest(rows, limit) : rows.slice(0, limit);
    return chosen.map((row) => this.#fill(row));
  }

  /** Marks the account's fills of a trade that was taken back, and answers them: two of a trade with itself. */
  bust(tradeId: number): FillView[] {
    const rows = this.#rows().filter((row) => this.#double(row, D.tradeId) === tradeId);
    for (const row of rows) {
      this.#ring.views.i32[row * WORDS + W.flags] = this.#word(row, W.flags) | BUSTED;
    }
    return rows.map((row) => this.#fill(row));
  }

  write(writer: FieldWriter): void {
    this.#ring.write(writer);
  }

  restore(reader: FieldReader): void {
    this.#ring.read(reader);
  }

  #rows(): number[] {
    return Array.from({ length: this.#ring.count }, (_, index) => this.#ring.at(index));
  }

  #fill(row: number): FillView {
    const flags = this.#word(row, W.flags);
    return {
      tradeId: this.#double(row, D.tradeId),
      orderId: this.#double(row, D.orderId),
      account: this.#account,
      market: this.#word(row, W.market),
      side: sideName(this.#word(row, W.side)),
      price: this.#double(row, D.price),
      quantity: this.#double(row, D.quantity),
      isMaker: (flags & MAKER) !== 0,
      fee: readAmount(this.#ring.views, row * ROW_BYTES + FEE),
      feeAsset: this.#word(row, W.feeAsset),
      at: this.#double(row, D.at),
      sequence: this.#double(row, D.sequence),
      isBusted: (flags & BUSTED) !== 0,
    };
  }

  #double(row: number, index: number): number {
    return this.#ring.views.f64[row * DOUBLES + index] ?? 0;
  }

  #word(row: number, index: number): number {
    return this.#ring.views.i32[row * WORDS + index] ?? 0;
  }
}

const newest = <T>(items: readonly T[], limit: number): T[] =>
  limit > 0 ? items.slice(-limit) : [];
