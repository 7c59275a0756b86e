import { type Kysely, sql } from "kysely";
import {
  type Finding,
  type Verification,
  type VerifyOptions,
  verifyEntries,
} from "../proofs/verify-entries.ts";
import { readBalances, type SqlBalance } from "./balances.ts";
import { postedNumbers } from "./ledger-authority.ts";
import { readBlocks } from "./ledger-blocks.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { readEntries, type SqlEntry } from "./read-entries.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";
import { type AccountFinding, type AccountHeads, verifyAccounts } from "./verify-accounts.ts";
import { type HoldFinding, verifyHolds } from "./verify-holds.ts";

/** Something in the database that isn't as it was written, and where. */
export type LedgerFinding =
  | Finding
  | AccountFinding
  | HoldFinding
  /** Parts of holds are captured by an entry that isn't there. */
  | { readonly what: "capture_added"; readonly entry: number }
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
  /** The row of `balance` isn't what the account's last posting left, or isn't of its sequence number. */
  | { readonly what: "balance_differs"; readonly account: number };

/** What a verification of the database has seen. */
export interface LedgerVerification extends Omit<Verification, "findings"> {
  readonly findings: readonly LedgerFinding[];
  /** The last account and the last status, and the hash of each and all before it. Publish them, and give them the next time. */
  readonly accountHeads: AccountHeads;
}

export interface VerifyLedgerOptions extends SchemaOption, VerifyOptions {
  /** Hashes of the last account and status as they were published. */
  readonly accountHeads?: Partial<AccountHeads>;
}

/**
 * Reads the whole ledger in SQL, copied or posted to, and names what was changed in it by hand: entries, postings and captures, blocks, accounts
 * and their statuses, holds, balances.
 *
 * All of one instant: writers go on meanwhile. Memory for one page of entries, and some figures for each account and for each hold that
 * was captured from. Give it the hashes of blocks and accounts that you have published, or someone who rewrites all tables to the end
 * remains unseen. A hold is not in a sealed history: it has a checksum, those of an account add up to what its balance says, what is left of it
 * is what is held, and what was captured is what entries say.
 *
 * @example
 * const { ok, findings, head } = await verifyLedger(db, { heads: [{ number: 12, hash }] });
 */
export const verifyLedger = async <Database>(
  db: Kysely<Database>,
  options: VerifyLedgerOptions = {},
): Promise<LedgerVerification> => {
  const schema = schemaName(options);
  return db
    .withoutPlugins()
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute((transaction) => verifyAt(transaction, schema, options));
};

/** Reads everything as one instant has it. */
const verifyAt = async <Database>(
  db: Kysely<Database>,
  schema: string,
  options: VerifyLedgerOptions,
): Promise<LedgerVerification> => {
  const { limit = 100, accountHeads: published = {} } = options;
  const aside: LedgerFinding[] = [];
  const findAside = (finding: LedgerFinding): void => void aside.push(finding);
  const accountHeads = await verifyAccounts(db, schema, published, findAside);
  const balances = await readBalances(db, { schema });
  const changed = aside.flatMap((one) => (one.what === "account_changed" ? one.account : []));
  const laws = new LedgerLaws(balances, new Set(changed), limit);
  const entries = laws.watch(readEntries(db, { schema, after: Number.MIN_SAFE_INTEGER }));
  const blocks = readBlocks(db, { schema });
  const proven = await verifyEntries(entries, blocks, { sha256: nativeSha256, ...options });
  for (const entry of await strayRows(db, schema, "posting")) {
    laws.find({ what: "posting_added", entry });
  }
  for (const entry of await strayRows(db, schema, "capture")) {
    laws.find({ what: "capture_added", entry });
  }
  const posted = await postedNumbers(db, schema);
  if (posted !== undefined) {
    laws.end(posted.entry);
    await verifyHolds(db, schema, balances, findAside);
    const last = accountHeads.account?.number ?? posted.account;
    if (last < posted.account) {
      aside.push({ what: "account_missing", account: last + 1, last: posted.account });
    }
  }
  for (const account of laws.unknown) {
    const isTold = aside.some(
      (one) => one.what === "account_missing" && one.account <= account && account <= one.last,
    );
    if (!isTold) aside.push({ what: "account_missing", account, last: account });
  }
  if (proven.ok && laws.isSound) await compareWithEntries(db, schema, balances, laws);
  return {
    ...proven,
    ok: proven.ok && laws.isSound && aside.length === 0,
    findings: [...proven.findings, ...laws.findings, ...aside].slice(0, limit),
    accountHeads,
  };
};

/** What follows from entries that are as they were: balances, and what answers questions about the past. */
const compareWithEntries = async <Database>(
  db: Kysely<Database>,
  schema: string,
  balances: readonly SqlBalance[],
  laws: LedgerLaws,
): Promise<void> => {
  laws.compare(balances);
  for (const entry of await wrongHistory(db, schema)) laws.find({ what: "history_differs", entry });
};

/** Entries that have postings, or captures, without being there themselves. */
const strayRows = async <Database>(
  db: Kysely<Database>,
  schema: string,
  table: "posting" | "capture",
): Promise<number[]> => {
  const { rows } = await sql<{ entry: string }>`
    select distinct p.entry::text
    from ${sql.table(`${schema}.${table}`)} as p
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
  /** Accounts that entries post to and that aren't there. */
  readonly unknown: Set<number> = new Set();
  isSound = true;
  readonly #assets: ReadonlyMap<number, number>;
  /** Accounts of which nobody knows the asset any more. */
  readonly #changed: ReadonlySet<number>;
  readonly #limit: number;
  readonly #balances: Map<number, bigint> = new Map();
  /** Accounts whose balance is known to follow; all others begin anew. Undefined: all of them. */
  #trusted: Set<number> | undefined;
  readonly #sequences: Map<number, number> = new Map();
  #last = 0;

  constructor(accounts: readonly SqlBalance[], changed: ReadonlySet<number>, limit: number) {
    this.#assets = new Map(accounts.map(({ account, asset }) => [account, asset]));
    this.#changed = changed;
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

  compare(balances: readonly SqlBalance[]): void {
    for (const { account, balance, sequence } of balances) {
      const isSame =
        balance === (this.#balances.get(account) ?? 0n) &&
        sequence === (this.#sequences.get(account) ?? 0);
      if (!isSame) this.find({ what: "balance_differs", account });
    }
  }

  /** The last entry has that number. */
  end(last: number): void {
    if (this.#last >= last) return;
    this.find({ what: "entry_missing", entry: this.#last + 1, last });
  }

  find(finding: LedgerFinding): void {
    this.isSound = false;
    if (this.findings.length < this.#limit) this.findings.push(finding);
  }

  /** What follows from an entry that breaks a law would only name others that are innocent. */
  #isLawful({ number, sequence, postings }: SqlEntry): boolean {
    const sums = new Map<number, bigint>();
    const broken = new Set<number>();
    for (const { account, amount, balanceAfter } of postings) {
      const asset = this.#assets.get(account) ?? 0;
      if (asset === 0) this.unknown.add(account);
      sums.set(asset, (sums.get(asset) ?? 0n) + amount);
      if (!this.#follows(account, amount, balanceAfter)) broken.add(account);
      this.#sequences.set(account, sequence);
    }
    const isKnown = postings.every(
      ({ account }) => this.#assets.has(account) && !this.#changed.has(account),
    );
    const isZero = !isKnown || [...sums.values()].every((sum) => sum === 0n);
    const balances = isZero && postings.length > 0;
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
    return !isTrusted || before + amount === balanceAfter;
  }
}
