import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Account } from "../account.ts";
import { ByteWriter, PROOF_PREFIX } from "../proofs/verify-entry.ts";
import { fromHexText } from "./hex.ts";
import { nativeSha256 } from "./native-sha256.ts";

/** What never changes of an account. Its status does, and has a history of its own. */
export interface SealedAccount extends Required<Omit<Account, "account" | "status">> {
  readonly number: number;
}

/** A status that was set: the nth of the ledger's, counted from 1. */
export interface SealedStatus extends Pick<Account, "account" | "status"> {
  readonly number: number;
}

/** What is kept beside a row, 64 bytes: the SHA-256 of the row, and that of the row and all before it. */
export interface RowSeal {
  readonly leaf: Uint8Array;
  readonly link: Uint8Array;
}

const LEAF_BYTES = 32;
const ZEROS = new Uint8Array(LEAF_BYTES);
const scratch = new ByteWriter();

export const accountLeaf = (account: SealedAccount): Uint8Array => {
  const { number, owner, sub, asset, kind, place, bound } = account;
  const texts = [owner, sub, kind, place, bound];
  const letters = texts.reduce((sum, { length }) => sum + length, 0);
  scratch.begin(PROOF_PREFIX.account, 2 * 8 + texts.length * 4 + 3 * letters);
  scratch.count(number);
  scratch.count(asset);
  for (const text of texts) scratch.text(text);
  return nativeSha256(scratch.written());
};

export const statusLeaf = ({ number, account, status }: SealedStatus): Uint8Array => {
  scratch.begin(PROOF_PREFIX.accountStatus, 2 * 8 + 4 + 3 * status.length);
  scratch.count(number);
  scratch.count(account);
  scratch.text(status);
  return nativeSha256(scratch.written());
};

/** The hash of a row and of all before it, by the link of the row before. None is zeros. */
export const linkOf = (previous: Uint8Array | undefined, leaf: Uint8Array): Uint8Array => {
  scratch.begin(PROOF_PREFIX.link, 2 * LEAF_BYTES);
  scratch.raw(previous ?? ZEROS);
  scratch.raw(leaf);
  return nativeSha256(scratch.written());
};

/** The seal in a column; undefined for a row that is older than seals are, or what can't be one. */
export const rowSealOf = (hex: string | null): RowSeal | undefined => {
  if (hex?.length !== 4 * LEAF_BYTES) return undefined;
  const bytes = fromHexText(hex);
  return { leaf: bytes.subarray(0, LEAF_BYTES), link: bytes.subarray(LEAF_BYTES) };
};

/** The seals of rows that follow each other and the row of that link. */
const chained = (previous: Uint8Array | undefined, leaves: readonly Uint8Array[]): Uint8Array[] => {
  let before = previous;
  return leaves.map((leaf) => {
    before = linkOf(before, leaf);
    const seal = new Uint8Array(2 * LEAF_BYTES);
    seal.set(leaf);
    seal.set(before, LEAF_BYTES);
    return seal;
  });
};

/** The seals of accounts that are opened now, by number. Their writer is the only one. */
export const accountSeals = async <Database>(
  db: Kysely<Database>,
  schema: string,
  accounts: readonly SealedAccount[],
): Promise<Uint8Array[]> => {
  const before = sql`where t.number < ${accounts[0]?.number ?? 1}::int8`;
  const last = await lastSealed(db, sql.table(`${schema}.account`), before);
  return chained(last?.link, accounts.map(accountLeaf));
};

/** Statuses that are set now, with their numbers and seals. Their writer is the only one. */
export const sealedStatuses = async <Database>(
  db: Kysely<Database>,
  schema: string,
  statuses: readonly Pick<Account, "account" | "status">[],
): Promise<(SealedStatus & { readonly seal: Uint8Array })[]> => {
  const last = await lastSealed(db, sql.table(`${schema}.account_status`), sql``);
  const first = (last?.number ?? 0) + 1;
  const numbered = statuses.map((one, index) => ({ ...one, number: first + index }));
  const seals = chained(last?.link, numbered.map(statusLeaf));
  return numbered.map((one, index) => ({ ...one, seal: seals[index] as Uint8Array }));
};

const lastSealed = async <Database>(
  db: Kysely<Database>,
  table: RawBuilder<unknown>,
  which: RawBuilder<unknown>,
): Promise<{ readonly number: number; readonly link: Uint8Array | undefined } | undefined> => {
  const { rows } = await sql<{ number: string; seal: string | null }>`
    select t.number::text, encode(t.seal, 'hex') as seal from ${table} as t ${which}
    order by t.number desc limit 1`.execute(db);
  const [row] = rows;
  return row && { number: Number(row.number), link: rowSealOf(row.seal)?.link };
};
