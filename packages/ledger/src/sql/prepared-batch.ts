import { type RawBuilder, sql, type Transaction } from "kysely";
import { invariant } from "../invariant.ts";
import type { Columns } from "./columns.ts";
import { EntryInsertion } from "./insert-rows.ts";
import type { ProjectionBatch } from "./projection-batch.ts";

/** A batch, and what of its statements can be made before its turn comes. */
export class PreparedBatch {
  readonly batch: ProjectionBatch;
  /** @internal */
  readonly entries: EntryInsertion | undefined;
  /** @internal */
  readonly balances: BalanceUpdate;

  /** @internal */
  constructor(schema: string, batch: ProjectionBatch) {
    this.batch = batch;
    const { entries } = batch;
    this.entries = entries.length === 0 ? undefined : new EntryInsertion(schema, entries);
    this.balances = new BalanceUpdate(schema, batch);
  }

  /** @internal */
  prepare(columns: Columns): void {
    try {
      this.entries?.prepare(columns);
      this.balances.prepare(columns);
    } catch {
      // It is thrown again when it is this batch's turn.
    }
  }
}

/** The update of the balances that a batch changes. */
class BalanceUpdate {
  readonly #schema: string;
  readonly #batch: ProjectionBatch;
  #prepared: { count: number; statement: RawBuilder<{ updated: number }> } | undefined;

  constructor(schema: string, batch: ProjectionBatch) {
    this.#schema = schema;
    this.#batch = batch;
  }

  prepare(columns: Columns): { count: number; statement: RawBuilder<{ updated: number }> } {
    this.#prepared ??= balanceUpdate(this.#schema, columns, this.#batch);
    return this.#prepared;
  }

  async run<Database>(transaction: Transaction<Database>, columns: Columns): Promise<void> {
    const { count, statement } = this.prepare(columns);
    if (count === 0) return;
    const { rows } = await statement.execute(transaction);
    invariant(
      rows[0]?.updated === count,
      "the balances in SQL are those that the next entries build on",
    );
  }
}

const balanceUpdate = (
  schema: string,
  columns: Columns,
  batch: ProjectionBatch,
): { count: number; statement: RawBuilder<{ updated: number }> } => {
  const changes = balanceChanges(batch);
  const statement = sql<{ updated: number }>`
      with updated as (
        update ${sql.table(`${schema}.balance`)} as b set
          amount = coalesce(change.after, b.amount),
          held = coalesce(change.held, b.held),
          sequence = coalesce(change.sequence, b.sequence)
        from (
          select unnest(${columns.int8(changes.map(({ account }) => account))}) as account,
            unnest(${columns.numeric(changes.map(({ before }) => before))}) as before,
            unnest(${columns.numeric(changes.map(({ after }) => after))}) as after,
            unnest(${columns.numeric(changes.map(({ held }) => held))}) as held,
            unnest(${columns.int8(changes.map(({ sequence }) => sequence))}) as sequence
        ) as change
        where b.account = change.account and b.amount = coalesce(change.before, b.amount)
        returning 1
      )
      select count(*)::int4 as updated from updated`;
  return { count: changes.length, statement };
};

/** What a batch makes of one account. Undefined: it has no entry, or what is held did not change. */
interface BalanceChange {
  readonly account: number;
  readonly before: bigint | undefined;
  after: bigint | undefined;
  held: bigint | undefined;
  sequence: number | undefined;
}

/** By account, in the order in which everybody who writes takes the rows, so that nobody waits in a circle. */
const balanceChanges = ({ entries, held }: ProjectionBatch): BalanceChange[] => {
  const changes = new Map<number, BalanceChange>();
  for (const { sequence, entry } of entries) {
    for (const { account, amount, balanceAfter } of entry.postings) {
      const change = changes.get(account);
      if (change === undefined) {
        const before = balanceAfter - amount;
        changes.set(account, { account, before, after: balanceAfter, held: undefined, sequence });
      } else {
        change.after = balanceAfter;
        change.sequence = sequence;
      }
    }
  }
  for (const { account, held: total } of held) {
    const change = changes.get(account);
    if (change !== undefined) change.held = total;
    else {
      const untouched = { before: undefined, after: undefined, sequence: undefined };
      changes.set(account, { account, ...untouched, held: total });
    }
  }
  return [...changes.values()].sort((one, other) => one.account - other.account);
};
