import { BoundedMap } from "../bounded-map.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import { timestampOf } from "../schema/time-column.ts";
import type { KeyManagement, WrappedKey } from "./key-management.ts";
import { boundBytes, KEY_BYTES } from "./sealed-bytes.ts";

/** The subject of what belongs to no user. */
export const SYSTEM_SUBJECT = "system";

/** The subject of the key by which sealed values are found. */
export const INDEX_SUBJECT = "index";

/** What a data key is wrapped for: it can't be unwrapped for another subject. */
export const dataKeyContext = (subject: string): Uint8Array =>
  boundBytes("pincex/identity data key", subject);

/** What data keys need: whoever guards them, time and randomness. */
export interface DataKeyPorts {
  readonly keys: KeyManagement;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** The keys that are kept open. */
const MOST_OPEN_KEYS = 10_000;

/**
 * The data keys, each wrapped in its row.
 *
 * The row is read each time, so that a key that another process destroyed is gone here too; only the unwrapping is remembered, for
 * the keys used last.
 */
export class DataKeys {
  readonly #ports: DataKeyPorts;
  /** By what was unwrapped, the one used last at the end. */
  readonly #open = new BoundedMap<Uint8Array>(MOST_OPEN_KEYS);

  constructor(ports: DataKeyPorts) {
    this.#ports = ports;
  }

  /** Makes the subject's key, unless it has one or had one. */
  async begin(db: IdentityDatabase, subject: string): Promise<void> {
    const { keys, clock, randomBytes } = this.#ports;
    const { keyId, blob } = await keys.wrap(randomBytes(KEY_BYTES), dataKeyContext(subject));
    await db
      .insertInto("identity_data_key")
      .values({
        subject,
        key_id: keyId,
        wrapped: blob,
        created_at: timestampOf(clock()),
        destroyed_at: null,
      })
      .onConflict((conflict) => conflict.column("subject").doNothing())
      .execute();
  }

  /** The subject's key; undefined if it is destroyed or was never made. */
  async find(db: IdentityDatabase, subject: string): Promise<Uint8Array | undefined> {
    const row = await db
      .selectFrom("identity_data_key")
      .select(["key_id", "wrapped"])
      .where("subject", "=", subject)
      .executeTakeFirst();
    if (row?.wrapped == null) return undefined;
    return this.#unwrapped(subject, { keyId: row.key_id, blob: row.wrapped });
  }

  async has(db: IdentityDatabase, subject: string): Promise<boolean> {
    const row = await db
      .selectFrom("identity_data_key")
      .select("subject")
      .where("subject", "=", subject)
      .where("wrapped", "is not", null)
      .executeTakeFirst();
    return row !== undefined;
  }

  async destroy(db: IdentityDatabase, subject: string): Promise<void> {
    await db
      .updateTable("identity_data_key")
      .set({ wrapped: null, destroyed_at: timestampOf(this.#ports.clock()) })
      .where("subject", "=", subject)
      .where("wrapped", "is not", null)
      .execute();
  }

  async #unwrapped(subject: string, wrapped: WrappedKey): Promise<Uint8Array> {
    const name = `${subject} ${wrapped.keyId} ${Buffer.from(wrapped.blob).toString("base64")}`;
    const known = this.#open.get(name);
    const key = known ?? (await this.#ports.keys.unwrap(wrapped, dataKeyContext(subject)));
    this.#open.set(name, key);
    return key;
  }
}
