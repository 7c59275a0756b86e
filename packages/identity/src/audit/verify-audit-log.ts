import type { KeyObject } from "node:crypto";
import type { IdentityDatabase } from "../identity-database.ts";
import { auditDigest, linkHash } from "./audit-digest.ts";
import { GENESIS_HASH } from "./audit-tables.ts";
import { type AuditCheckpoint, isSignedBy } from "./checkpoint.ts";
import { type ReadLink, readHead, readLinks } from "./read-audit.ts";

/** What is wrong with the audit log. The first finding is where somebody was at work; what follows may only follow from it. */
export interface AuditFinding {
  readonly code:
    | "event_changed"
    | "event_missing"
    | "link_missing"
    | "link_changed"
    | "event_unlinked"
    | "head_changed"
    | "checkpoint_forged"
    | "checkpoint_differs";
  /** The place in the chain. */
  readonly seq?: number;
  /** The event's id. */
  readonly event?: string;
}

/** The rule that each finding says is broken. */
export const AUDIT_FINDINGS: Readonly<Record<AuditFinding["code"], string>> = {
  event_changed: "An event hashes to the digest beside it.",
  event_missing: "Every link has its event.",
  link_missing: "Sequence numbers have no gaps.",
  link_changed: "A link's hash is that of the one before, its number and its event's digest.",
  event_unlinked: "Every event has its link.",
  head_changed: "The head is the last link.",
  checkpoint_forged: "A checkpoint is signed by our key.",
  checkpoint_differs: "The chain still goes through every checkpoint that was anchored elsewhere.",
};

/** What the log is held against. */
export interface VerifyAuditOptions {
  /** Checkpoints from outside the database: they alone find a log that was written anew or cut at its end. */
  readonly checkpoints?: readonly AuditCheckpoint[];
  /** The public key of whoever signed them. Needed with checkpoints. */
  readonly publicKey?: KeyObject;
}

export interface AuditVerification {
  /** No finding. */
  readonly ok: boolean;
  /** Links that were read. */
  readonly links: number;
  readonly findings: readonly AuditFinding[];
}

/** As many findings as are named: a log that was written anew would have one for each row. */
const MOST_FINDINGS = 100;

const PAGE = 1_000;

/**
 * Recomputes the whole chain from its events, in one snapshot of the database, and names each row that was changed, removed, added or
 * put elsewhere. Needs no key of a user: erased users' events are verified too.
 *
 * @example
 * const { ok, findings } = await verifyAuditLog(db, { checkpoints, publicKey });
 */
export const verifyAuditLog = (
  db: IdentityDatabase,
  options: VerifyAuditOptions = {},
): Promise<AuditVerification> =>
  db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      const walk = new ChainWalk(options);
      for (;;) {
        const links = await readLinks(transaction, walk.seq, PAGE);
        if (links.length === 0) break;
        for (const link of links) walk.step(link);
      }
      walk.end(await readHead(transaction));
      walk.findUnlinked(await unlinkedEvents(transaction));
      return walk.verification();
    });

const unlinkedEvents = (db: IdentityDatabase): Promise<{ id: string }[]> =>
  db
    .selectFrom("identity_audit_event as event")
    .leftJoin("identity_audit_link as link", "link.event", "event.id")
    .select("event.id")
    .where("link.event", "is", null)
    .limit(MOST_FINDINGS)
    .execute();

/** One walk along the chain, from its beginning. */
class ChainWalk {
  seq = 0;
  #hash: Uint8Array = GENESIS_HASH;
  #links = 0;
  readonly #findings: AuditFinding[] = [];
  readonly #checkpoints = new Map<number, AuditCheckpoint[]>();
  readonly #passed = new Set<AuditCheckpoint>();

  constructor({ checkpoints = [], publicKey }: VerifyAuditOptions) {
    if (checkpoints.length > 0 && publicKey === undefined) {
      throw new TypeError("expected the public key of the checkpoints");
    }
    for (const checkpoint of checkpoints) {
      const { seq } = checkpoint;
      if (publicKey === undefined || !isSignedBy(publicKey, checkpoint)) {
        this.#find({ code: "checkpoint_forged", seq });
      } else {
        this.#checkpoints.set(seq, [...(this.#checkpoints.get(seq) ?? []), checkpoint]);
      }
    }
  }

  step({ seq, hash, linked, event }: ReadLink): void {
    const at = { seq, event: linked };
    for (let missing = this.seq + 1; missing < seq && !this.#isFull(); missing++) {
      this.#find({ code: "link_missing", seq: missing });
    }
    if (event === null) this.#find({ code: "event_missing", ...at });
    else if (!isSame(auditDigest(event), event.digest)) {
      this.#find({ code: "event_changed", ...at });
    }
    const continues = seq === this.seq + 1;
    if (event !== null && continues && !isSame(linkHash(this.#hash, seq, event.digest), hash)) {
      this.#find({ code: "link_changed", ...at });
    }
    this.#compare(seq, hash);
    this.seq = seq;
    // The hash as it is kept: a change is found where it was made, and not in every row after it.
    this.#hash = hash;
    this.#links++;
  }

  end(head: { readonly seq: number; readonly hash: Uint8Array }): void {
    if (head.seq !== this.seq || !isSame(head.hash, this.#hash)) {
      this.#find({ code: "head_changed", seq: head.seq });
    }
    for (const checkpoint of [...this.#checkpoints.values()].flat()) {
      if (this.#passed.has(checkpoint)) continue;
      this.#find({ code: "checkpoint_differs", seq: checkpoint.seq });
    }
  }

  findUnlinked(events: readonly { readonly id: string }[]): void {
    for (const { id } of events) this.#find({ code: "event_unlinked", event: id });
  }

  verification(): AuditVerification {
    return { ok: this.#findings.length === 0, links: this.#links, findings: this.#findings };
  }

  #compare(seq: number, hash: Uint8Array): void {
    for (const checkpoint of this.#checkpoints.get(seq) ?? []) {
      if (Buffer.from(hash).toString("hex") === checkpoint.hash) this.#passed.add(checkpoint);
    }
  }

  #isFull(): boolean {
    return this.#findings.length >= MOST_FINDINGS;
  }

  #find(finding: AuditFinding): void {
    if (!this.#isFull()) this.#findings.push(finding);
  }
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other);
