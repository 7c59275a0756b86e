import { createHmac } from "node:crypto";
import type { IdentityDatabase } from "../identity-database.ts";
import { type DataKeyPorts, DataKeys, INDEX_SUBJECT, SYSTEM_SUBJECT } from "./data-keys.ts";
import type { PersonalData, SealedPlace } from "./personal-data.ts";
import { boundBytes, freshNonce, openBytes, sealBytes } from "./sealed-bytes.ts";

/** Written before each sealed value, and authenticated with it. */
const FORMAT = 1;

/** Where the data keys are, and what they need. */
export interface EnvelopePorts extends DataKeyPorts {
  readonly db: IdentityDatabase;
}

/**
 * Personal data under envelope encryption: a data key for each user, wrapped by the key management and kept in
 * `identity_data_key`; values sealed by AES-256-GCM, bound to table, column, user and format.
 *
 * Makes the keys of the index and of the system's own records, if this is the first time.
 *
 * @example
 * const personalData = await openPersonalData({ db, keys, clock: Date.now, randomBytes });
 */
export const openPersonalData = async (ports: EnvelopePorts): Promise<PersonalData> => {
  const dataKeys = new DataKeys(ports);
  await dataKeys.begin(ports.db, SYSTEM_SUBJECT);
  await dataKeys.begin(ports.db, INDEX_SUBJECT);
  const indexKey = await keyOf(dataKeys, ports.db, INDEX_SUBJECT);
  return {
    begin: (transaction, subject) => dataKeys.begin(transaction, subject),
    has: (db, subject) => dataKeys.has(db, subject),
    async seal(db, place, text) {
      const key = await keyOf(dataKeys, db, place.subject);
      const nonce = freshNonce(ports.randomBytes);
      const sealed = sealBytes(key, nonce, bindingOf(place), Buffer.from(text, "utf8"));
      return Buffer.concat([Uint8Array.of(FORMAT), sealed]);
    },
    async open(db, place, sealed) {
      const key = await dataKeys.find(db, place.subject);
      if (key === undefined) return undefined;
      if (sealed[0] !== FORMAT) throw new Error(`${place.field} is sealed in an unknown format`);
      return Buffer.from(openBytes(key, bindingOf(place), sealed.subarray(1))).toString("utf8");
    },
    async index(purpose, text) {
      return createHmac("sha256", indexKey).update(boundBytes(purpose, text)).digest();
    },
    async destroy(transaction, subject) {
      if (subject === SYSTEM_SUBJECT || subject === INDEX_SUBJECT) {
        throw new RangeError(`expected a user's id, was ${subject}`);
      }
      await dataKeys.destroy(transaction, subject);
    },
  };
};

const keyOf = async (
  dataKeys: DataKeys,
  db: IdentityDatabase,
  subject: string,
): Promise<Uint8Array> => {
  const key = await dataKeys.find(db, subject);
  if (key === undefined) throw new RangeError(`expected ${subject} to have a key`);
  return key;
};

const bindingOf = ({ field, subject }: SealedPlace): Uint8Array =>
  boundBytes("pincex/identity sealed", field, subject, String(FORMAT));
