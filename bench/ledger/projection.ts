import type { Books, Entry } from "@pincex/ledger";
import {
  LedgerProjection,
  migrate,
  type ProjectionBatch,
  readTrialBalance,
} from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";
import type { BenchOptions, Print } from "../figure.ts";
import { BareCopy } from "./bare-copy.ts";
import { type BenchDatabase, onEachDatabase } from "./postgres-client.ts";
import { median, TradedBooks } from "./trades.ts";

const TRADERS = 20_000;
const BATCH = 1_000;
const FEE_ACCOUNTS = 1_000;

/**
 * Trades a second by projection: entry, six postings and six balances each, in batches; beside a row at a time, and on a server
 * beside a bare binary COPY of the very same rows, the one and the other in turns.
 */
export const projectionIntoSql = (print: Print, options: BenchOptions): Promise<void> =>
  onEachDatabase((database) => measure(database, print, options));

const measure = async (
  { name, db, pool }: BenchDatabase,
  print: Print,
  { short }: BenchOptions,
): Promise<void> => {
  const schema = `pincex_bench_${process.pid}`;
  const copied = `${schema}_copied`;
  const spread = `${schema}_spread`;
  await migrate(db, { schema: copied });
  try {
    const traded = new TradedBooks(TRADERS);
    const projected = await ProjectedTrades.into(db, schema, traded);
    const batches = short ? 20 : 100;
    const floor = pool === undefined ? undefined : await BareCopy.into(pool, copied);
    const { ours, theirs: copies } = await inTurns(projected, batches, async (turn) => {
      let milliseconds = 0;
      for (const batch of turn) milliseconds += (await floor?.milliseconds(batch)) ?? 0;
      return milliseconds;
    });
    floor?.end();
    const theirs = await rowByRow(db, schema, traded, short ? 200 : 1_000);
    for (const [asset, sum] of await readTrialBalance(db, { schema })) {
      if (sum !== 0n) throw new Error(`asset ${asset} adds up to ${sum}`);
    }
    const figure = { bench: `ledger/${name}`, ours: Math.round(ours), unit: "trades/s" };
    print({
      ...figure,
      peer: "a statement a row, a transaction a trade",
      theirs: Math.round(theirs),
      ratio: Math.round((ours / theirs) * 10) / 10,
      note: `entry, 6 postings, 6 balances, sealed; ${batches} batches of ${BATCH}, ${2 * TRADERS} accounts`,
    });
    if (floor === undefined) return;
    print({
      ...figure,
      peer: "a bare binary COPY of the same rows",
      theirs: Math.round(copies),
      ratio: Math.round((ours / copies) * 100) / 100,
      note: `batches of ${BATCH}, ${TURN} in a turn, medians of turns; nothing checked or sealed, balances added and not updated`,
    });
    const others = await ProjectedTrades.into(db, spread, new TradedBooks(TRADERS, FEE_ACCOUNTS));
    const { ours: hot, theirs: cold } = await inTurns(projected, batches / 2, () => others.turn());
    print({
      bench: `ledger/${name} hot fee account`,
      ours: Math.round(hot),
      unit: "trades/s",
      peer: `fees on ${FEE_ACCOUNTS} accounts in turn`,
      theirs: Math.round(cold),
      ratio: Math.round((hot / cold) * 100) / 100,
      note: "every trade posts to the same two accounts of fees; theirs to two of many",
    });
  } finally {
    for (const one of [schema, copied, spread]) {
      await sql`drop schema if exists ${sql.id(one)} cascade`.execute(db);
    }
  }
};

/** Everything up to the first trade, with the balances of deposits that are told as one entry for each account. */
const beginning = (books: Books): ProjectionBatch => {
  const accounts = [...books.accounts()];
  const funded = accounts.filter(({ kind }) => kind === "customer");
  const wallets = new Map<number, bigint>();
  const entries = funded.map(({ account, asset }, index) => {
    const amount = books.balance(account);
    const balanceAfter = (wallets.get(asset) ?? 0n) - amount;
    wallets.set(asset, balanceAfter);
    const postings = [
      { account: asset, amount: -amount, balanceAfter },
      { account, amount, balanceAfter: amount },
    ];
    const number = index + 1;
    const entry = {
      number,
      kind: "deposit",
      at: 0,
      bookedAt: 0,
      key: "",
      memo: "",
      corrects: 0,
      postings,
    };
    return { sequence: number, entry };
  });
  return {
    from: 0,
    to: entries.length,
    assets: [
      { number: 1, code: "USDT", decimals: 8 },
      { number: 2, code: "BTC", decimals: 8 },
    ],
    accounts: accounts.map(({ account, ...rest }) => ({ number: account, ...rest })),
    entries,
    held: accounts.map(({ account }) => ({ account, held: books.held(account) })),
  };
};

/** Batches that are projected before the other has its turn: given one by one as there is room for one that waits. */
const TURN = 10;

/** A ledger into which trades are projected. */
class ProjectedTrades {
  /** What was projected in the last turn. */
  batches: readonly ProjectionBatch[] = [];
  readonly #traded: TradedBooks;
  readonly #projection: LedgerProjection;
  #position: number;

  private constructor(traded: TradedBooks, projection: LedgerProjection, position: number) {
    this.#traded = traded;
    this.#projection = projection;
    this.#position = position;
  }

  static async into(
    db: Kysely<unknown>,
    schema: string,
    traded: TradedBooks,
  ): Promise<ProjectedTrades> {
    await migrate(db, { schema });
    const first = beginning(traded.books);
    const projection = new LedgerProjection(db, { schema });
    await projection.apply(first);
    return new ProjectedTrades(traded, projection, first.to);
  }

  /** Milliseconds that some batches took. */
  async turn(): Promise<number> {
    this.batches = Array.from({ length: TURN }, (_, index) =>
      tradesOf(this.#traded, this.#position + index * BATCH),
    );
    this.#position += TURN * BATCH;
    const started = performance.now();
    await Promise.all(this.batches.map((batch) => this.#projection.apply(batch)));
    return performance.now() - started;
  }
}

/** Some batches by projection, then what it is compared with; trades a second by the median turn. */
const inTurns = async (
  projected: ProjectedTrades,
  batches: number,
  other: (turn: readonly ProjectionBatch[]) => Promise<number>,
): Promise<{ ours: number; theirs: number }> => {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let n = 0; n < batches; n += TURN) {
    ours.push(await projected.turn());
    theirs.push(await other(projected.batches));
  }
  const perSecond = (milliseconds: readonly number[]): number =>
    (TURN * BATCH * 1_000) / median(milliseconds);
  return { ours: perSecond(ours), theirs: perSecond(theirs) };
};

const tradesOf = (traded: TradedBooks, from: number): ProjectionBatch => {
  const entries = Array.from({ length: BATCH }, (_, index) => ({
    sequence: from + index + 1,
    entry: traded.trade(from + index),
  }));
  const touched = new Set(entries.flatMap(({ entry }) => entry.postings.map((one) => one.account)));
  const held = [...touched].map((account) => ({ account, held: traded.books.held(account) }));
  return { from, to: from + BATCH, assets: [], accounts: [], entries, held };
};

const rowByRow = async (
  db: Kysely<unknown>,
  schema: string,
  traded: TradedBooks,
  trades: number,
): Promise<number> => {
  const entries = Array.from({ length: trades }, (_, n) => traded.trade(n));
  const started = performance.now();
  for (const entry of entries) {
    await db.transaction().execute((transaction) => writeRows(transaction, schema, entry));
  }
  return (trades * 1_000) / (performance.now() - started);
};

const writeRows = async (
  db: Kysely<unknown>,
  schema: string,
  { number, at, bookedAt, kind, postings }: Entry,
): Promise<void> => {
  await sql`
    insert into ${sql.table(`${schema}.entry`)} (number, sequence, kind, at, booked_at)
    values (${number}::int8, ${number}::int8, ${kind}::text, to_timestamp(${at}::float8 / 1000),
      to_timestamp(${bookedAt}::float8 / 1000))`.execute(db);
  for (const [index, { account, amount, balanceAfter }] of postings.entries()) {
    await sql`
      insert into ${sql.table(`${schema}.posting`)} (entry, index, account, amount, balance_after)
      values (${number}::int8, ${index}::int4, ${account}::int8, ${String(amount)}::numeric,
        ${String(balanceAfter)}::numeric)`.execute(db);
    await sql`
      update ${sql.table(`${schema}.balance`)} set amount = ${String(balanceAfter)}::numeric
      where account = ${account}::int8`.execute(db);
  }
};
