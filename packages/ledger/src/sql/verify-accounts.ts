import { type Kysely, sql } from "kysely";
import type { AccountStatus } from "../account.ts";
import { isSame } from "../proofs/entry-seal.ts";
import { toHex } from "../proofs/verify-entry.ts";
import {
  accountLeaf,
  linkOf,
  type RowSeal,
  rowSealOf,
  type SealedAccount,
  type SealedStatus,
  statusLeaf,
} from "./account-seals.ts";

/** Something about accounts that isn't as it was written, and where. */
export type AccountFinding =
  /** Its owner, asset, kind or another field that never changes was changed, or its seal. */
  | { readonly what: "account_changed"; readonly account: number }
  /** All from `account` to `last` are missing. */
  | { readonly what: "account_missing"; readonly account: number; readonly last: number }
  /** Accounts before it have a seal, so it wasn't written by who wrote those. */
  | { readonly what: "account_without_seal"; readonly account: number }
  /** Its seal isn't that of the accounts before it. */
  | { readonly what: "account_chain_broken"; readonly account: number }
  /** Its status isn't the one that was set last. */
  | { readonly what: "status_differs"; readonly account: number }
  /** A row of the history of statuses was changed, or doesn't follow from those before it. */
  | { readonly what: "status_changed"; readonly status: number; readonly account: number }
  /** Of the history of statuses, all from `status` to `last` are missing. */
  | { readonly what: "status_missing"; readonly status: number; readonly last: number }
  /** It has no row of `balance`. */
  | { readonly what: "balance_missing"; readonly account: number }
  /** The account, or the last status, isn't the one whose hash was published. */
  | { readonly what: "account_head_differs"; readonly account: number }
  | { readonly what: "status_head_differs"; readonly status: number };

/** A row and the hash of it and of all before it, as it was published. Hashes are 64 lower-case hexadecimal digits. */
export interface RowHead {
  readonly number: number;
  readonly hash: string;
}

/** What is published of accounts: whoever keeps it can't be told other ones. Undefined: there is none with a seal. */
export interface AccountHeads {
  readonly account: RowHead | undefined;
  readonly status: RowHead | undefined;
}

type Find = (finding: AccountFinding) => void;

interface AccountRow extends SealedAccount {
  readonly status: AccountStatus;
  readonly seal: string | null;
  readonly hasBalance: boolean;
}

/** Reads accounts and their statuses, and answers what can be published of them. */
export const verifyAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
  published: Partial<AccountHeads>,
  find: Find,
): Promise<AccountHeads> => {
  const accounts = await selectAccounts(db, schema);
  const statuses = await selectStatuses(db, schema);
  const head = verifyRows(accounts, accountLeaf, published.account, {
    changed: ({ number }) => find({ what: "account_changed", account: number }),
    missing: (account, last) => find({ what: "account_missing", account, last }),
    unsealed: ({ number }) => find({ what: "account_without_seal", account: number }),
    broken: ({ number }) => find({ what: "account_chain_broken", account: number }),
    differs: (account) => find({ what: "account_head_differs", account }),
  });
  const wrong = ({ number, account }: SealedStatus): void =>
    find({ what: "status_changed", status: number, account });
  const statusHead = verifyRows(statuses, statusLeaf, published.status, {
    changed: wrong,
    missing: (status, last) => find({ what: "status_missing", status, last }),
    unsealed: wrong,
    broken: wrong,
    differs: (status) => find({ what: "status_head_differs", status }),
  });
  const last = new Map(statuses.map(({ account, status }) => [account, status]));
  for (const { number, status, seal, hasBalance } of accounts) {
    if (!hasBalance) find({ what: "balance_missing", account: number });
    // Of an account that is older than seals are, the first status isn't in the history.
    const expected = last.get(number) ?? (seal === null ? status : "open");
    if (status !== expected) find({ what: "status_differs", account: number });
  }
  return { account: head, status: statusHead };
};

/** What may be wrong with rows that are numbered and sealed. */
interface RowFindings<Row> {
  readonly changed: (row: Row) => void;
  readonly missing: (first: number, last: number) => void;
  readonly unsealed: (row: Row) => void;
  readonly broken: (row: Row) => void;
  readonly differs: (number: number) => void;
}

interface SealedRow {
  readonly number: number;
  readonly seal: string | null;
}

/** Rows by number. Answers the last one that has a seal. */
const verifyRows = <Row extends SealedRow>(
  rows: readonly Row[],
  leafOf: (row: Row) => Uint8Array,
  published: RowHead | undefined,
  findings: RowFindings<Row>,
): RowHead | undefined => {
  const chain = new RowChain(leafOf, published, findings);
  for (const row of rows) chain.take(row);
  return chain.end();
};

class RowChain<Row extends SealedRow> {
  readonly #leafOf: (row: Row) => Uint8Array;
  readonly #published: RowHead | undefined;
  readonly #findings: RowFindings<Row>;
  #head: RowHead | undefined;
  /** The link of the row before; undefined if that has no seal, or if there is none. */
  #previous: Uint8Array | undefined;
  #expected = 1;
  #isPublishedSeen = false;

  constructor(
    leafOf: (row: Row) => Uint8Array,
    published: RowHead | undefined,
    findings: RowFindings<Row>,
  ) {
    this.#leafOf = leafOf;
    this.#published = published;
    this.#findings = findings;
  }

  take(row: Row): void {
    const isNext = row.number === this.#expected;
    if (!isNext) this.#findings.missing(this.#expected, row.number - 1);
    this.#expected = row.number + 1;
    const seal = rowSealOf(row.seal);
    if (seal === undefined) this.#takeUnsealed(row);
    else this.#takeSealed(row, seal, isNext);
  }

  end(): RowHead | undefined {
    const published = this.#published;
    if (published !== undefined && !this.#isPublishedSeen) this.#findings.differs(published.number);
    return this.#head;
  }

  #takeUnsealed(row: Row): void {
    if (this.#head !== undefined) this.#findings.unsealed(row);
    this.#previous = undefined;
  }

  #takeSealed(row: Row, { leaf, link }: RowSeal, isNext: boolean): void {
    if (!isSame(this.#leafOf(row), leaf)) this.#findings.changed(row);
    // What was before a gap is gone, and the gap has been told.
    if (isNext && !isSame(linkOf(this.#previous, leaf), link)) this.#findings.broken(row);
    this.#previous = link;
    this.#head = { number: row.number, hash: toHex(link) };
    if (row.number !== this.#published?.number) return;
    this.#isPublishedSeen = true;
    if (this.#head.hash !== this.#published.hash) this.#findings.differs(row.number);
  }
}

const selectAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<AccountRow[]> => {
  const { rows } = await sql<
    Omit<AccountRow, "number" | "asset" | "hasBalance"> &
      Record<"number" | "asset", string> & { readonly has_balance: boolean }
  >`
    select a.number::text, a.owner, a.sub, a.asset::text, a.kind, a.place, a.bound, a.status,
      encode(a.seal, 'hex') as seal, b.account is not null as has_balance
    from ${sql.table(`${schema}.account`)} as a
    left join ${sql.table(`${schema}.balance`)} as b on b.account = a.number
    order by a.number`.execute(db);
  return rows.map(({ number, asset, has_balance: hasBalance, ...row }) => ({
    ...row,
    number: Number(number),
    asset: Number(asset),
    hasBalance,
  }));
};

const selectStatuses = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<(SealedStatus & { readonly seal: string | null })[]> => {
  const { rows } = await sql<
    Record<"number" | "account" | "seal", string> & { readonly status: AccountStatus }
  >`
    select s.number::text, s.account::text, s.status, encode(s.seal, 'hex') as seal
    from ${sql.table(`${schema}.account_status`)} as s order by s.number`.execute(db);
  return rows.map(({ number, account, ...row }) => ({
    ...row,
    number: Number(number),
    account: Number(account),
  }));
};
