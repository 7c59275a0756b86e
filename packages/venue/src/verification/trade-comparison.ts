import { readTrades, type SqlTrade } from "../projection/read-history.ts";
import { type NumberedRow, RowComparison } from "./row-comparison.ts";
import type { SqlBooksOptions } from "./sql-books.ts";
import type { Findings } from "./venue-check.ts";

/** A trade as its row has it, but for what takes it back later. */
export type ReplayedTrade = Omit<SqlTrade, "tradeId" | "bustedBy"> & NumberedRow;

type StoredTrade = SqlTrade & NumberedRow;

const FIELDS = [
  ...(["market", "sequence", "at", "price", "quantity", "takerSide"] as const),
  ...(["makerOrder", "takerOrder", "makerAccount", "takerAccount"] as const),
  ...(["makerFee", "makerFeeAsset", "takerFee", "takerFeeAsset", "entry"] as const),
];

/** Reads the trades of SQL beside those of the replay, and which of them were taken back. */
export class TradeComparison<Database> {
  readonly #rows: RowComparison<StoredTrade, ReplayedTrade>;
  /** The entries that took trades back, by trade. */
  readonly #bustedInSql: Map<number, number> = new Map();
  readonly #bustedInReplay: Map<number, number> = new Map();

  constructor(sql: SqlBooksOptions<Database>) {
    this.#rows = new RowComparison({
      what: "trade",
      stored: tradesByNumber(sql),
      differing: (stored, replayed) => {
        if (stored.bustedBy !== 0) this.#bustedInSql.set(stored.number, stored.bustedBy);
        return FIELDS.filter((field) => stored[field] !== replayed[field]);
      },
    });
  }

  get count(): number {
    return this.#rows.count;
  }

  /** Of which were taken back, too. Rows may have been changed since; then they name an entry after `lastEntry`. */
  findings(lastEntry: number): Findings {
    const { findings } = this.#rows;
    for (const trade of new Set([...this.#bustedInSql.keys(), ...this.#bustedInReplay.keys()])) {
      const [stored, replayed] = [this.#bustedInSql.get(trade), this.#bustedInReplay.get(trade)];
      if (stored === replayed || (stored ?? 0) > lastEntry) continue;
      findings.add(
        `trade ${trade}`,
        `taken back by entry ${stored ?? "none"}, in the replay by ${replayed ?? "none"}`,
      );
    }
    return findings;
  }

  compare(trade: ReplayedTrade): Promise<void> {
    return this.#rows.compare(trade);
  }

  bust(trade: number, entry: number): void {
    this.#bustedInReplay.set(trade, entry);
  }

  end(position: number): Promise<void> {
    return this.#rows.end(position);
  }
}

const PAGE = 1_000;

/** Pages of numbers, since they count up: what is missing makes a page shorter. */
async function* tradesByNumber<Database>({
  db,
  schema,
}: SqlBooksOptions<Database>): AsyncGenerator<StoredTrade> {
  const where = schema === undefined ? {} : { schema };
  const [newest] = await readTrades(db, undefined, { ...where, limit: 1 });
  for (let after = -1; after < (newest?.tradeId ?? 0); after += PAGE) {
    const range = { ...where, before: after + PAGE + 1, limit: PAGE };
    const page = await readTrades(db, undefined, range);
    for (const trade of page.reverse()) {
      if (trade.tradeId > after) yield { ...trade, number: trade.tradeId };
    }
  }
}
