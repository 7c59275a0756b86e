import { type KeyObject, sign, verify } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import { readHead } from "./read-audit.ts";

/** Where the chain stood at a time, signed: whoever keeps it can tell later whether the log was written anew. */
export interface AuditCheckpoint {
  readonly seq: number;
  /** The hash of that link, in hexadecimal. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Ed25519 of the canonical JSON of the three, in base64. */
  readonly signature: string;
}

/** The port to wherever checkpoints are kept out of reach of the database's administrators: a write-once bucket, a ledger, a newspaper. */
export interface AnchorSink {
  anchor(checkpoint: AuditCheckpoint): Promise<void>;
}

/** What anchoring needs. */
export interface AnchorPorts {
  readonly db: IdentityDatabase;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** An Ed25519 private key. */
  readonly signingKey: KeyObject;
  readonly sink: AnchorSink;
}

/**
 * Signs where the audit log ends and gives it to the sink; does nothing if that was `after` already. To be called every minute or
 * every thousand events, with what the last call answered. Throws a `RangeError` for another kind of key, and what the sink throws.
 *
 * @example
 * let last = await anchorAuditLog(ports);
 * setInterval(async () => { last = await anchorAuditLog(ports, last); }, 60_000);
 */
export const anchorAuditLog = async (
  { db, clock, signingKey, sink }: AnchorPorts,
  after = 0,
): Promise<number> => {
  if (signingKey.asymmetricKeyType !== "ed25519" || signingKey.type !== "private") {
    throw new RangeError("expected the private half of an Ed25519 key");
  }
  const { seq, hash } = await readHead(db);
  if (seq <= after) return after;
  const place = { seq, hash: Buffer.from(hash).toString("hex"), at: clock() };
  const signature = sign(null, signedBytes(place), signingKey).toString("base64");
  await sink.anchor({ ...place, signature });
  return seq;
};

/** Whether it was this key that signed the checkpoint. */
export const isSignedBy = (publicKey: KeyObject, checkpoint: AuditCheckpoint): boolean =>
  verify(null, signedBytes(checkpoint), publicKey, Buffer.from(checkpoint.signature, "base64"));

const signedBytes = ({ seq, hash, at }: Omit<AuditCheckpoint, "signature">): Buffer =>
  Buffer.from(canonicalJson({ seq: String(seq), hash, at: String(at) }), "utf8");
