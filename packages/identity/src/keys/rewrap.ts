import { setTimeout } from "node:timers/promises";
import type { IdentityDatabase } from "../identity-database.ts";
import { dataKeyContext } from "./data-keys.ts";
import type { KeyManagement } from "./key-management.ts";

/** How the work is spread out. */
export interface RewrapOptions {
  /** Keys that are read at once, 100 unless told otherwise. */
  readonly batch?: number;
  /** Milliseconds of rest after each batch, so that a key service isn't flooded. None unless told otherwise. */
  readonly rest?: number;
  /** Ends the work after the key that is being wrapped. */
  readonly signal?: AbortSignal;
}

/** What was done. */
export interface Rewrapped {
  readonly rewrapped: number;
  /** How many data keys still need an older key. Once it is none, the older ones can be retired. */
  readonly remaining: number;
}

/**
 * Wraps every data key anew that is not under the current key, while everything else goes on: a key is readable before, between and
 * after. Sealed values stay as they are.
 *
 * May be stopped and run again at any time, also beside itself: what is left is whatever still names an older key.
 *
 * @example
 * await keys.rotate();
 * await rewrapDataKeys(db, keys, { rest: 100 });
 */
export const rewrapDataKeys = async (
  db: IdentityDatabase,
  keys: KeyManagement,
  { batch = 100, rest = 0, signal }: RewrapOptions = {},
): Promise<Rewrapped> => {
  const current = await keys.currentKeyId();
  let rewrapped = 0;
  let after = "";
  while (!isEnded(signal)) {
    const older = await olderKeys(db, current, after, batch);
    const last = older.at(-1);
    if (last === undefined) break;
    rewrapped += await rewrapBatch(db, keys, older, signal);
    after = last.subject;
    if (rest > 0) await setTimeout(rest);
  }
  return { rewrapped, remaining: await countOlder(db, current) };
};

const isEnded = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const rewrapBatch = async (
  db: IdentityDatabase,
  keys: KeyManagement,
  older: readonly OlderKey[],
  signal: AbortSignal | undefined,
): Promise<number> => {
  let rewrapped = 0;
  for (const key of older) {
    if (isEnded(signal)) break;
    if (await rewrapOne(db, keys, key)) rewrapped++;
  }
  return rewrapped;
};

interface OlderKey {
  readonly subject: string;
  readonly key_id: string;
  readonly wrapped: Uint8Array | null;
}

const olderKeys = (
  db: IdentityDatabase,
  current: string,
  after: string,
  limit: number,
): Promise<OlderKey[]> =>
  db
    .selectFrom("identity_data_key")
    .select(["subject", "key_id", "wrapped"])
    .where("key_id", "<>", current)
    .where("wrapped", "is not", null)
    .where("subject", ">", after)
    .orderBy("subject")
    .limit(limit)
    .execute();

/** False if somebody else has wrapped or destroyed it meanwhile. */
const rewrapOne = async (
  db: IdentityDatabase,
  keys: KeyManagement,
  { subject, key_id, wrapped }: OlderKey,
): Promise<boolean> => {
  if (wrapped === null) return false;
  const context = dataKeyContext(subject);
  const key = await keys.unwrap({ keyId: key_id, blob: wrapped }, context);
  const { keyId, blob } = await keys.wrap(key, context);
  const { numUpdatedRows } = await db
    .updateTable("identity_data_key")
    .set({ key_id: keyId, wrapped: blob })
    .where("subject", "=", subject)
    .where("wrapped", "=", wrapped)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

const countOlder = async (db: IdentityDatabase, current: string): Promise<number> => {
  const { count } = await db
    .selectFrom("identity_data_key")
    .select((select) => select.fn.countAll<string | number>().as("count"))
    .where("key_id", "<>", current)
    .where("wrapped", "is not", null)
    .executeTakeFirstOrThrow();
  return Number(count);
};
