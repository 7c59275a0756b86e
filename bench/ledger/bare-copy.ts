import { entrySeal } from "@pincex/ledger/proofs";
import type { ProjectionBatch } from "@pincex/ledger/sql";
import type { Pool, PoolClient } from "pg";
import { CopyRows } from "./copy-rows.ts";

/** What of `pg`'s connection a COPY needs. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A COPY as `pg` submits it. */
class Copy {
  readonly done: Promise<void>;
  readonly #text: string;
  readonly #rows: Buffer;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(text: string, rows: Buffer) {
    this.#text = text;
    this.#rows = rows;
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

const copy = async (client: PoolClient, into: string, rows: CopyRows): Promise<void> => {
  const statement = new Copy(`copy ${into} from stdin (format binary)`, rows.end());
  client.query(statement as never);
  await statement.done;
};

type Seals = readonly Uint8Array[];

/**
 * The floor: the very rows that a projection writes, by binary COPY, a transaction a batch. Nothing is checked, no block is sealed, and a balance is one more
 * row of a table without an index, where ours is an update.
 */
export class BareCopy {
  readonly #client: PoolClient;
  readonly #schema: string;

  private constructor(client: PoolClient, schema: string) {
    this.#client = client;
    this.#schema = schema;
  }

  /** Into the tables of a schema that is migrated and has no entry. */
  static async into(pool: Pool, schema: string): Promise<BareCopy> {
    const client = await pool.connect();
    await client.query(
      `create table ${schema}.copied_balance (account int8, amount numeric(78, 0), held numeric(78, 0), sequence int8)`,
    );
    return new BareCopy(client, schema);
  }

  /** Milliseconds that a batch took. Its seals are made before. */
  async milliseconds(batch: ProjectionBatch): Promise<number> {
    const seals = batch.entries.map(({ sequence, entry }) => entrySeal({ ...entry, sequence }));
    const started = performance.now();
    await this.#client.query("begin");
    const into = (table: string, columns: string): string =>
      `${this.#schema}.${table} (${columns})`;
    await copy(
      this.#client,
      into("entry", "number, sequence, kind, at, booked_at, seal"),
      entryRows(batch, seals),
    );
    await copy(
      this.#client,
      into("posting", "entry, index, account, amount, balance_after"),
      postingRows(batch),
    );
    await copy(
      this.#client,
      into("copied_balance", "account, amount, held, sequence"),
      balanceRows(batch),
    );
    await this.#client.query("commit");
    return performance.now() - started;
  }

  end(): void {
    this.#client.release();
  }
}

const entryRows = ({ entries }: ProjectionBatch, seals: Seals): CopyRows => {
  const rows = new CopyRows();
  for (const [index, { sequence, entry }] of entries.entries()) {
    rows.row(6);
    rows.int8(entry.number);
    rows.int8(sequence);
    rows.text(entry.kind);
    rows.time(entry.at);
    rows.time(entry.bookedAt);
    rows.bytes(seals[index] as Uint8Array);
  }
  return rows;
};

const postingRows = ({ entries }: ProjectionBatch): CopyRows => {
  const rows = new CopyRows();
  for (const { entry } of entries) {
    for (const [index, { account, amount, balanceAfter }] of entry.postings.entries()) {
      rows.row(5);
      rows.int8(entry.number);
      rows.int4(index);
      rows.int8(account);
      rows.numeric(amount);
      rows.numeric(balanceAfter);
    }
  }
  return rows;
};

/** One for each account that the batch touches, as it stands after it. */
const balanceRows = ({ entries, held }: ProjectionBatch): CopyRows => {
  const heldOn = new Map(held.map((one) => [one.account, one.held]));
  const last = new Map<number, readonly [amount: bigint, sequence: number]>();
  for (const { sequence, entry } of entries) {
    for (const { account, balanceAfter } of entry.postings) {
      last.set(account, [balanceAfter, sequence]);
    }
  }
  const rows = new CopyRows();
  for (const [account, [amount, sequence]] of last) {
    rows.row(4);
    rows.int8(account);
    rows.numeric(amount);
    rows.numeric(heldOn.get(account) ?? 0n);
    rows.int8(sequence);
  }
  return rows;
};
