import { LedgerProjection, type LedgerProjectionOptions } from "@pincex/ledger/sql";
import type { Kysely } from "kysely";
import { ledgerBatch } from "./ledger-batch.ts";
import type { Projection } from "./projection.ts";

/**
 * Keeps the books of a venue in SQL: assets, accounts, entries with their postings, balances and what is held.
 *
 * A batch is one transaction together with the position it reaches, so each command's events are written exactly once: a
 * batch that is applied again, or one that overlaps what is there, adds only what is missing. Call `migrate` of
 * `@pincex/ledger/sql` on the database first.
 *
 * @example
 * ```ts
 * await migrate(db);
 * const venue = await openVenue({ journal, projections: [ledgerProjection(db)], clock: Date.now });
 * ```
 */
export const ledgerProjection = <Database>(
  db: Kysely<Database>,
  options: LedgerProjectionOptions = {},
): Projection => new VenueLedgerProjection(new LedgerProjection(db, options), options);

class VenueLedgerProjection<Database> implements Projection {
  readonly name: string;
  readonly #ledger: LedgerProjection<Database>;
  /** Undefined: to be asked of the database, as at the beginning and after a failure with an unknown outcome. */
  #position: number | undefined;

  constructor(ledger: LedgerProjection<Database>, { name = "ledger" }: LedgerProjectionOptions) {
    this.#ledger = ledger;
    this.name = name;
  }

  async position(): Promise<number> {
    this.#position = await this.#ledger.position();
    return this.#position;
  }

  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    const position = this.#position ?? (await this.position());
    if (last <= position) return;
    if (first > position + 1) {
      throw new RangeError(`expected events from command ${position + 1} on, was ${first}`);
    }
    this.#position = undefined;
    await this.#ledger.apply(ledgerBatch(events, position, last));
    this.#position = last;
  }
}
