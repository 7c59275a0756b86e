import type { Kysely, Transaction } from "kysely";
import { BatchTransactions } from "./batch-transactions.ts";
import { TEXT_COLUMNS } from "./columns.ts";
import { CommandQueue } from "./command-queue.ts";
import { claimLedger } from "./ledger-authority.ts";
import { LedgerCalls } from "./ledger-calls.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";
import { runBatch } from "./store-batch.ts";
import type { StoreCommand, StoreOutcome } from "./store-command.ts";
import { StoreFailure, troubleOf } from "./store-failure.ts";

/**
 * A ledger whose authority is SQL: for a host that moves money and has no venue.
 *
 * The same books judge as in memory, by the rows that a call touches, which are locked until its transaction ends. Calls that
 * arrive while a batch is on its way form the next one: each batch is one transaction, and each call has its own answer. When a promise
 * resolves, what it tells is committed.
 *
 * The first write makes the ledger one that is posted to: a `LedgerProjection` into it is refused from then on, as this store is where
 * one has written (`ledger_is_projected`).
 *
 * @example
 * await migrate(db);
 * const store = new LedgerStore(db);
 * const posted = await store.post({ kind: "deposit", at: Date.now(), key: "bank 4711", postings });
 * await db.transaction().execute(async (transaction) => {
 *   await transaction.insertInto("invoice").values(invoice).execute();
 *   await store.in(transaction).post({ kind: "invoice", at: Date.now(), key: invoice.id, postings });
 * });
 */
export class LedgerStore<Database = unknown> extends LedgerCalls<Database> {
  readonly #schema: string;

  /** The host's own Kysely will do: its plugins and the search path don't matter. */
  constructor(db: Kysely<Database>, options: SchemaOption = {}) {
    const schema = schemaName(options);
    const plain = db.withoutPlugins();
    const batches = new BatchTransactions(plain, schema);
    const queue = new CommandQueue((commands) => batches.run(commands));
    super(plain, schema, (command) => queue.submit(command));
    this.#schema = schema;
  }

  /**
   * The same calls in a transaction of the host's: they count when it commits, together with the host's own rows.
   *
   * Rows stay locked until then, and whoever wants to post waits, because entries are numbered without a gap: so post last, and commit. A
   * refusal is an answer and leaves the transaction usable. Nothing is tried again here: a `StoreFailure` of code
   * `serialization_failure` or `deadlock` means that the transaction is lost and may be run once more from its beginning.
   */
  in(transaction: Transaction<Database>): LedgerCalls<Database> {
    const plain = transaction.withoutPlugins();
    const submit = (command: StoreCommand): Promise<StoreOutcome> =>
      runInTransaction(plain, this.#schema, command);
    return new LedgerCalls(plain, this.#schema, submit);
  }
}

const runInTransaction = async <Database>(
  transaction: Kysely<Database>,
  schema: string,
  command: StoreCommand,
): Promise<StoreOutcome> => {
  try {
    await claimLedger(transaction, schema, "posted_to");
    // Nothing may fail here, so the driver isn't asked what it knows.
    const [verdict] = await runBatch(transaction, schema, TEXT_COLUMNS, [command]);
    if (verdict !== undefined && "outcome" in verdict) return verdict.outcome;
    throw verdict?.thrown;
  } catch (error) {
    const trouble = troubleOf(error);
    throw trouble === undefined ? error : new StoreFailure(trouble, error);
  }
};
