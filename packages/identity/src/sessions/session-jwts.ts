import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import type { IdentityContext, IdentityDatabase } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { KeyManagement } from "../keys/key-management.ts";
import { isAfter, millisecondsOf, timestampOf } from "../schema/time-column.ts";
import type { Session } from "./session.ts";

/** Who signs tokens for whom, and how long they are good. */
export interface SessionJwtSettings {
  /** `iss`: the URL of the issuer. */
  readonly issuer: string;
  /** `aud`: the service that is to take it. */
  readonly audience: string;
  /** In milliseconds: as long as an ended session may still be believed elsewhere. Five minutes at most. */
  readonly livesMs: number;
  /** In milliseconds: how long a new key is published before it signs, for those that keep our keys for a while. */
  readonly publishedAheadMs: number;
}

export type SessionJwtPorts = Pick<IdentityContext, "db" | "clock"> & {
  readonly keys: KeyManagement;
};

const LONGEST_MS = 300_000;

/** What wrapped signing keys are for: wrapped for another purpose, one doesn't open. */
const WRAPPED_FOR = new TextEncoder().encode("pincex/identity signing key");

interface SigningKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Short-lived JWTs (EdDSA) for other services that can't ask for a session themselves. They can't be taken back, so they are good for
 * minutes; everything of ours asks `authenticate`.
 *
 * @example
 * const jwts = new SessionJwts({ db, clock: Date.now, keys }, { issuer, audience, livesMs: 60_000, publishedAheadMs: 3_600_000 });
 * await jwts.rotate(); // makes the first key; run it again every few weeks
 * const jwt = await jwts.export(session);
 */
export class SessionJwts {
  readonly #ports: SessionJwtPorts;
  readonly #settings: SessionJwtSettings;
  readonly #opened = new Map<string, KeyObject>();

  /** Throws a `RangeError` for a life of more than five minutes. */
  constructor(ports: SessionJwtPorts, settings: SessionJwtSettings) {
    if (!(settings.livesMs >= 1_000 && settings.livesMs <= LONGEST_MS)) {
      throw new RangeError(`expected livesMs from 1,000 to 300,000, was ${settings.livesMs}`);
    }
    this.#ports = ports;
    this.#settings = settings;
  }

  /**
   * Makes a new signing key; answers its id. It is published at once and signs a while later – the very first one at once. The ones before it
   * verify until the last token they sign is over.
   */
  async rotate(): Promise<string> {
    const { clock, keys } = this.#ports;
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const jwk = publicKey.export({ format: "jwk" });
    const id = await calculateJwkThumbprint(jwk as JWK);
    const seed = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
    const wrapped = await keys.wrap(seed, WRAPPED_FOR);
    await inTransaction(this.#ports, async (transaction) => {
      const before = await transaction
        .selectFrom("identity_signing_key")
        .select("id")
        .where("verifies_until", "is", null)
        .forUpdate()
        .execute();
      const signsFrom = clock() + (before.length === 0 ? 0 : this.#settings.publishedAheadMs);
      await transaction
        .updateTable("identity_signing_key")
        .set({ verifies_until: timestampOf(signsFrom + LONGEST_MS) })
        .where("verifies_until", "is", null)
        .execute();
      await transaction
        .insertInto("identity_signing_key")
        .values({
          id,
          public_key: JSON.stringify({ ...jwk, kid: id, alg: "EdDSA", use: "sig" }),
          wrapping_key_id: wrapped.keyId,
          wrapped_key: wrapped.blob,
          signs_from: timestampOf(signsFrom),
          verifies_until: null,
        })
        .execute();
    });
    return id;
  }

  /** The public keys, for `/.well-known/jwks.json`. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const { db, clock } = this.#ports;
    const rows = await db
      .selectFrom("identity_signing_key")
      .select("public_key")
      .where((where) =>
        where.or([where("verifies_until", "is", null), isAfter("verifies_until", clock())]),
      )
      .orderBy("signs_from")
      .execute();
    return { keys: rows.map(({ public_key }) => JSON.parse(public_key) as JWK) };
  }

  /** A JWT that says who acts in a session: `sub` the user, `sid` the session, `amr` by what, `acr` how sure, `auth_time` since when. */
  async export(session: Session): Promise<string> {
    const { id, key } = await this.#current();
    const now = Math.floor(this.#ports.clock() / 1_000);
    return new SignJWT({
      sid: session.id,
      amr: [...session.methods],
      acr: String(session.assurance),
      auth_time: Math.floor(session.authenticatedAt / 1_000),
    })
      .setProtectedHeader({ alg: "EdDSA", kid: id, typ: "at+jwt" })
      .setSubject(session.user)
      .setIssuer(this.#settings.issuer)
      .setAudience(this.#settings.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + Math.floor(this.#settings.livesMs / 1_000))
      .sign(key);
  }

  async #current(): Promise<SigningKey> {
    const { db, clock, keys } = this.#ports;
    const row = await newestKey(db, clock());
    if (row === undefined) throw new Error("no signing key yet: rotate makes the first");
    const opened = this.#opened.get(row.id);
    if (opened !== undefined) return { id: row.id, key: opened };
    const wrapped = { keyId: row.wrapping_key_id, blob: row.wrapped_key };
    const seed = await keys.unwrap(wrapped, WRAPPED_FOR);
    const jwk = { ...JSON.parse(row.public_key), d: Buffer.from(seed).toString("base64url") };
    const key = createPrivateKey({ key: jwk, format: "jwk" });
    this.#opened.set(row.id, key);
    return { id: row.id, key };
  }
}

const newestKey = (db: IdentityDatabase, now: number) =>
  db
    .selectFrom("identity_signing_key")
    .select([
      "id",
      "public_key",
      "wrapping_key_id",
      "wrapped_key",
      millisecondsOf("signs_from").as("at"),
    ])
    .where((where) => where.not(isAfter("signs_from", now)))
    .orderBy("signs_from", "desc")
    .limit(1)
    .executeTakeFirst();

/** What another service must do with such a JWT; undefined for one that isn't good. Only EdDSA counts, whatever the token's header says. */
export const verifySessionJwt = async (
  jwt: string,
  keys: JSONWebKeySet,
  { issuer, audience }: Pick<SessionJwtSettings, "issuer" | "audience">,
  now: number,
): Promise<JWTPayload | undefined> => {
  try {
    const { payload } = await jwtVerify(jwt, createLocalJWKSet(keys), {
      algorithms: ["EdDSA"],
      typ: "at+jwt",
      issuer,
      audience,
      requiredClaims: ["sub", "sid", "exp"],
      currentDate: new Date(now),
    });
    return payload;
  } catch {
    return undefined;
  }
};
