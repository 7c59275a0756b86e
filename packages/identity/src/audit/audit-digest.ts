import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";

/** The columns of an event that its digest is of. */
export interface DigestedEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly target: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly sealed_for: string | null;
  readonly sealed: Uint8Array | null;
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/**
 * SHA-256 of an event: of its columns as canonical JSON, those that are null left out. What is sealed stands there by its own hash,
 * so the chain holds though a key is destroyed.
 */
export const auditDigest = (event: DigestedEvent): Uint8Array => {
  const columns = {
    id: event.id,
    at: String(event.at),
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    target: event.target,
    outcome: event.outcome,
    reason: event.reason,
    sealed_for: event.sealed_for,
    sealed: event.sealed === null ? null : sha256(event.sealed).toString("hex"),
  };
  const present = Object.entries(columns).filter(
    (column): column is [string, string] => column[1] !== null,
  );
  return sha256(canonicalJson(Object.fromEntries(present)));
};

/** The hash of a link, as the database computes it too. */
export const linkHash = (before: Uint8Array, seq: number, digest: Uint8Array): Uint8Array => {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  return sha256(Buffer.concat([before, number, digest]));
};
