import type { SqlEntry } from "@pincex/ledger/sql";
import type { JournalHead } from "../journal/journal.ts";
import { HistoryBatch } from "../projection/history-batch.ts";
import { compareBalances } from "./balance-comparison.ts";
import { entryComparison, type ReplayedEntry } from "./entry-comparison.ts";
import type { JournalReplay } from "./journal-replay.ts";
import type { MoneyEvent } from "./money-events.ts";
import { OrderComparison } from "./order-comparison.ts";
import type { RowComparison } from "./row-comparison.ts";
import type { SqlBooks, SqlBooksOptions } from "./sql-books.ts";
import { TradeComparison } from "./trade-comparison.ts";
import { checked, type VenueCheck } from "./venue-check.ts";
import { WithdrawalComparison } from "./withdrawal-comparison.ts";

/** Compares the rows of SQL with what a replay makes, along with the replay, up to where SQL stands. */
export class SqlComparison<Database> {
  readonly #books: SqlBooks;
  readonly #entries: RowComparison<SqlEntry, ReplayedEntry>;
  readonly #trades: TradeComparison<Database> | undefined;
  readonly #orders: OrderComparison<Database> | undefined;
  readonly #withdrawals = new WithdrawalComparison();

  constructor(sql: SqlBooksOptions<Database>, books: SqlBooks) {
    this.#books = books;
    this.#entries = entryComparison(sql);
    const { historySince, position } = books;
    if (historySince === undefined) return;
    this.#trades = new TradeComparison(sql);
    if (sql.orders ?? true) this.#orders = new OrderComparison(sql, position);
  }

  async compare(event: MoneyEvent): Promise<void> {
    const { position, historySince = 0 } = this.#books;
    if (event.sequence > position) return;
    if (event.kind === "entry") await this.#entries.compare(event.entry);
    if (event.sequence <= historySince) return;
    if (event.kind === "trade") await this.#trades?.compare(event.trade);
    if (event.kind === "bust") this.#trades?.bust(event.trade, event.entry);
  }

  /** Follows all that a frame's commands did. */
  async follow(events: Uint8Array): Promise<void> {
    const { historySince, position } = this.#books;
    if (historySince === undefined) return;
    const batch = new HistoryBatch(events, historySince, position);
    this.#withdrawals.follow(batch);
    await this.#orders?.follow(batch);
  }

  async *checks(replay: JournalReplay, head: JournalHead): AsyncGenerator<VenueCheck> {
    const { position } = this.#books;
    yield this.#balancesCheck(replay, head);
    const entries = this.#entries;
    await entries.end(position);
    const same = `${entries.count} entries are those of the replay, posting by posting`;
    yield checked("sql_entries", same, entries.findings);
    const trades = this.#trades;
    if (trades === undefined) return;
    await trades.end(position);
    const findings = trades.findings(entries.last);
    yield checked("sql_trades", `${trades.count} trades are those of the replay`, findings);
    const orders = this.#orders;
    if (orders !== undefined) {
      await orders.end();
      const seen = `${orders.count} orders are those of the replay`;
      yield checked("sql_orders", seen, orders.findings);
    }
    const withdrawals = this.#withdrawals;
    const seen = `${withdrawals.count} withdrawals are those of the replay`;
    yield checked("sql_withdrawals", seen, withdrawals.findings(this.#books.withdrawals));
  }

  #balancesCheck(replay: JournalReplay, head: JournalHead): VenueCheck {
    const { position, balances } = this.#books;
    const seen = `${balances.length} accounts at sequence ${position} have the balances and holds of the replay`;
    if (replay.balances !== undefined) {
      return checked("sql_balances", seen, compareBalances(balances, replay.balances));
    }
    const finding =
      position > head.sequence
        ? `it is ahead of the journal, which ends with ${head.sequence}`
        : `not compared: the replay ended at ${replay.core.sequence}`;
    return checked("sql_balances", seen, [{ where: `SQL at sequence ${position}`, finding }]);
  }
}
