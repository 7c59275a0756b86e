import { type Kysely, sql } from "kysely";
import {
  type Finding,
  type Verification,
  type VerifyOptions,
  verifyEntries,
} from "../proofs/verify-entries.ts";
import { readBalances } from "./balances.ts";
import { readBlocks } from "./ledger-blocks.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { readEntries, type SqlEntry } from "./read-entries.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** Something in the database that isn't as it was written, and where. */
export type LedgerFinding =
  | Finding
  /** Postings name an entry that isn't there. */
  | { readonly what: "posting_added"; readonly entry: number }
  /** Its postings don't add up to zero in every asset. */
  | { readonly what: "entry_does_not_balance"; readonly entry: number }
  /** A posting's balance isn't the one before it and its amount. */
  | {
      readonly what: "balance_does_not_follow";
      readonly entry: number;
      readonly account: number;
    }
  /** What answers questions about the past, `out_of_order` and `posting_out_of_order`, isn't what follows from the entries. */
  | { readonly what: "history_differs"; readonly entry: number }
  /** The row of `balance` isn't what the account's last posting left. */
  | { readonly what: "balance_differs"; readonly account: number };

/** What a verification of the database has seen. */
export interface LedgerVerification extends Omit<Verification, "findings"> {
  readonly findings: readonly LedgerFinding[];
}

/**
 * Reads the whole ledger in SQL, copied or posted to, and names what was changed in it by hand: entries, postings, blocks, balances.
 * Holds and what entries captured from them are not under seal.
 *
 * All of one instant: writers go on meanwhile. Memory for one page of entries and one figure an account. Give it the hashes of
 * blocks that you have published, or someone who rewrites all tables to the end remains unseen.
 *
 * @example
 * const { ok, findings, head } = await verifyLedger(db, { heads: [{ number: 12, hash }] });
 */
export const verifyLedger = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption & VerifyOptions = {},
): Promise<LedgerVerification> => {
  const schema = schemaName(options);
  return db
    .withoutPlugins()
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      const balances = await readBalances(transaction, { schema });
      const laws = new LedgerLaws(
        new Map(balances.map(({ account, asset }) => [account, asset])),
        options.limit ?? 100,
      );
      const entries = laws.watch(
        readEntries(transaction, { schema, after: Number.MIN_SAFE_INTEGER }),
      );
      const proven = await verifyEntries(entries, readBlocks(transaction, { schema }), {
        sha256: nativeSha256,
        ...options,
      });
      for (const entry of await strayPostings(transaction, schema)) {
        laws.find({ what: "posting_added", entry });
      }
      if (proven.ok && laws.isSound) {
        laws.compare(balances);
        for (const entry of await wrongHistory(transaction, schema)) {
          laws.find({ what: "history_differs", entry });
        }
      }
      return {
        ...proven,
        ok: proven.ok && laws.isSound,
        findings: [...proven.findings, ...laws.findings].slice(0, options.limit ?? 100),
      };
    });
};

/** Entries that have postings without being there themselves. */
const strayPostings = async <Database>(db: Kysely<Database>, schema: string): Promise<number[]> => {
  const { rows } = await sql<{ entry: string }>`
    select distinct p.entry::text
    from ${sql.table(`${schema}.posting`)} as p
    where not exists (select 1 from ${sql.table(`${schema}.entry`)} as e where e.number = p.entry)
    order by 1 limit 100`.execute(db);
  return rows.map(({ entry }) => Number(entry));
};

/** Entries that are said to be out of order and aren't, or whose postings by time are others than their postings. */
const wrongHistory = async <Database>(db: Kysely<Database>, schema: string): Promise<number[]> => {
  const { rows } = await sql<{ entry: string }>`
    with judged as (
      select number, at, booked_at, out_of_order, coalesce(at < max(at) over (
        order by number rows between unbounded preceding and 1 preceding), false) as late
      from ${sql.table(`${schema}.entry`)}
    ), due as (
      select p.account, e.booked_at, p.entry, p.index, e.at, e.late, p.amount, p.balance_after
      from judged as e join ${sql.table(`${schema}.posting`)} as p on p.entry = e.number
      where e.late or e.booked_at <> e.at
    ), kept as (
      select account, booked_at, entry, index, at, late, amount, balance_after
      from ${sql.table(`${schema}.posting_out_of_order`)}
    )
    select distinct wrong.entry::text, wrong.entry as number from (
      select number as entry from judged where late <> out_of_order
      union all select entry from (table due except table kept) as missing
      union all select entry from (table kept except table due) as added
    ) as wrong
    order by wrong.entry limit 100`.execute(db);
  return rows.map(({ entry }) => Number(entry));
};

/** The laws of double entry, read along. They also hold where there is no seal and no block yet. */
class LedgerLaws {
  readonly findings: LedgerFinding[] = [];
  isSound = true;
  readonly #assets: ReadonlyMap<number, number>;
  readonly #limit: number;
  readonly #balances: Map<number, bigint> = new Map();
  /** Accounts whose balance is known to follow; all others begin anew. Undefined: all of them. */
  #trusted: Set<number> | undefined;
  #last = 0;

  constructor(assets: ReadonlyMap<number, number>, limit: number) {
    this.#assets = assets;
    this.#limit = limit;
  }

  async *watch(entries: AsyncIterable<SqlEntry>): AsyncGenerator<SqlEntry> {
    for await (const entry of entries) {
      if (entry.number !== this.#last + 1) this.#trusted = new Set();
      this.#last = entry.number;
      if (!this.#isLawful(entry)) this.#trusted = new Set();
      yield entry;
    }
  }

  compare(balances: readonly { readonly account: number; readonly balance: bigint }[]): void {
    for (const { account, balance } of balances) {
      if (balance === (this.#balances.get(account) ?? 0n)) continue;
      this.find({ what: "balance_differs", account });
    }
  }

  find(finding: LedgerFinding): void {
    this.isSound = false;
    if (this.findings.length < this.#limit) this.findings.push(finding);
  }

  /** What follows from an entry that breaks a law would only name others that are innocent. */
  #isLawful({ number, postings }: SqlEntry): boolean {
    const sums = new Map<number, bigint>();
    const broken = new Set<number>();
    for (const { account, amount, balanceAfter } of postings) {
      const asset = this.#assets.get(account) ?? 0;
      sums.set(asset, (sums.get(asset) ?? 0n) + amount);
      if (!this.#follows(account, amount, balanceAfter)) broken.add(account);
    }
    const balances = [...sums.values()].every((sum) => sum === 0n) && postings.length > 0;
    if (!balances) this.find({ what: "entry_does_not_balance", entry: number });
    for (const account of broken) {
      this.find({ what: "balance_does_not_follow", entry: number, account });
    }
    return balances && broken.size === 0;
  }

  #follows(account: number, amount: bigint, balanceAfter: bigint): boolean {
    const isTrusted = this.#trusted?.has(account) ?? true;
    const before = this.#balances.get(account) ?? 0n;
    this.#balances.set(account, balanceAfter);
    this.#trusted?.add(account);
    return !isTrusted || (this.#assets.has(account) && before + amount === balanceAfter);
  }
}
