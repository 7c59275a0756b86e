import type { Entry } from "@pincex/ledger";
import type { Pool, PoolClient } from "pg";

/** What of `pg`'s connection a COPY needs. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A COPY as `pg` submits it, of rows in the text format. */
class Copy {
  readonly done: Promise<void>;
  readonly #text: string;
  readonly #rows: Buffer;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(text: string, rows: string) {
    this.#text = text;
    this.#rows = Buffer.from(rows);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: CopyConnection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve();
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }
}

const copy = async (client: PoolClient, text: string, rows: string): Promise<void> => {
  const statement = new Copy(text, rows);
  client.query(statement as never);
  await statement.done;
};

/** Entries and postings a second, in trades, as fast as PostgreSQL takes them into the same tables: no balances, nothing checked. */
export const copiedPerSecond = async (
  pool: Pool,
  schema: string,
  batches: readonly (readonly Entry[])[],
): Promise<number> => {
  const client = await pool.connect();
  let milliseconds = 0;
  let trades = 0;
  try {
    for (const batch of batches) {
      const started = performance.now();
      await client.query("begin");
      const entries = batch.map(({ number, kind, at, bookedAt }) =>
        [number, number, kind, new Date(at).toISOString(), new Date(bookedAt).toISOString()].join(
          "\t",
        ),
      );
      await copy(
        client,
        `copy ${schema}.entry (number, sequence, kind, at, booked_at) from stdin`,
        `${entries.join("\n")}\n`,
      );
      const postings = batch.flatMap(({ number, postings: of }) =>
        of.map(({ account, amount, balanceAfter }, index) =>
          [number, index, account, amount, balanceAfter].join("\t"),
        ),
      );
      await copy(
        client,
        `copy ${schema}.posting (entry, index, account, amount, balance_after) from stdin`,
        `${postings.join("\n")}\n`,
      );
      await client.query("commit");
      milliseconds += performance.now() - started;
      trades += batch.length;
    }
  } finally {
    client.release();
  }
  return (trades * 1_000) / milliseconds;
};
