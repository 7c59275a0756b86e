import type { Columns, LedgerProjection, PreparedBatch } from "@pincex/ledger/sql";
import { ledgerBatch } from "./ledger-batch.ts";
import type { HistoryStatements, SqlHistory } from "./sql-history.ts";
import type { ProjectedTables } from "./tables-projection.ts";

/** A batch of events, and what is made of it before it is written. */
class EventBatch {
  readonly events: Uint8Array;
  readonly from: number;
  readonly to: number;
  ready:
    | { readonly ledger: PreparedBatch; readonly history: HistoryStatements | undefined }
    | undefined;

  constructor(events: Uint8Array, from: number, to: number) {
    this.events = events;
    this.from = from;
    this.to = to;
  }
}

/**
 * The books, and what goes with them into their transaction.
 *
 * What comes next is made ready while the database works on the longest statement of the batch before: reading events, hashing entries and spelling rows
 * takes this side nearly as long as storing them takes the other.
 */
export class SqlTables<Database> implements ProjectedTables {
  readonly #ledger: LedgerProjection<Database>;
  readonly #history: SqlHistory | undefined;
  #next: EventBatch | undefined;

  constructor(ledger: LedgerProjection<Database>, history: SqlHistory | undefined) {
    this.#ledger = ledger;
    this.#history = history;
  }

  position(): Promise<number> {
    return this.#ledger.position();
  }

  prepare(events: Uint8Array, from: number, to: number): void {
    this.#next = new EventBatch(events, from, to);
  }

  async write(events: Uint8Array, from: number, to: number): Promise<void> {
    // At once: what is foreseen while this waits is the batch after it.
    const batch = this.#taken(events, from, to);
    const columns = await this.#ledger.columns();
    const { ledger, history } = this.#madeReady(batch, columns);
    await this.#ledger.apply(ledger, {
      also: async (transaction) => {
        if (history !== undefined) await this.#history?.write(transaction, history);
      },
      ...(this.#next === undefined ? {} : { meanwhile: () => this.#prepareNext(columns) }),
    });
  }

  /** As it was foreseen, if it was. What a venue did from one command to another is always the same. */
  #taken(events: Uint8Array, from: number, to: number): EventBatch {
    const next = this.#next;
    if (next?.from !== from || next.to !== to) return new EventBatch(events, from, to);
    this.#next = undefined;
    return next;
  }

  #prepareNext(columns: Columns): void {
    if (this.#next === undefined) return;
    try {
      this.#madeReady(this.#next, columns);
    } catch {
      // It is thrown again when it is written.
    }
  }

  #madeReady(batch: EventBatch, columns: Columns): NonNullable<EventBatch["ready"]> {
    const { events, from, to } = batch;
    batch.ready ??= {
      ledger: this.#ledger.prepare(ledgerBatch(events, from, to)),
      history: this.#history?.statements(columns, events, from, to),
    };
    return batch.ready;
  }
}
