import type { SqlEntry } from "@pincex/ledger/sql";
import type { JournalHead } from "../journal/journal.ts";
import { compareBalances } from "./balance-comparison.ts";
import { entryComparison, type ReplayedEntry } from "./entry-comparison.ts";
import type { JournalReplay } from "./journal-replay.ts";
import type { MoneyEvent } from "./money-events.ts";
import type { RowComparison } from "./row-comparison.ts";
import type { SqlBooks, SqlBooksOptions } from "./sql-books.ts";
import { TradeComparison } from "./trade-comparison.ts";
import { checked, type VenueCheck } from "./venue-check.ts";

/** Compares the rows of SQL with what a replay makes, along with the replay, up to where SQL stands. */
export class SqlComparison<Database> {
  readonly #books: SqlBooks;
  readonly #entries: RowComparison<SqlEntry, ReplayedEntry>;
  readonly #trades: TradeComparison<Database> | undefined;

  constructor(sql: SqlBooksOptions<Database>, books: SqlBooks) {
    this.#books = books;
    this.#entries = entryComparison(sql);
    this.#trades = books.tradesSince === undefined ? undefined : new TradeComparison(sql);
  }

  async compare(event: MoneyEvent): Promise<void> {
    const { position, tradesSince = 0 } = this.#books;
    if (event.sequence > position) return;
    if (event.kind === "entry") await this.#entries.compare(event.entry);
    if (event.sequence <= tradesSince) return;
    if (event.kind === "trade") await this.#trades?.compare(event.trade);
    if (event.kind === "bust") this.#trades?.bust(event.trade, event.entry);
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
