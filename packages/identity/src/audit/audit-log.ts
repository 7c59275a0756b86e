import type { IdentityTransaction } from "../identity-database.ts";

/** Something that happened to somebody's security. */
export interface AuditEvent {
  /** The user who acted, or `system`, or `anonymous` where nobody is known yet. */
  readonly actor: string;
  /** Dotted and in the past tense, as `session.started`, `factor.totp_enrolled`. */
  readonly action: string;
  /** The user it happened to; undefined where there is none. */
  readonly subject?: string | undefined;
  /** What was acted on, by id. */
  readonly target?: string | undefined;
  readonly outcome: "done" | "refused";
  /** Why it was refused: the refusal's code. */
  readonly reason?: string | undefined;
  readonly address?: string | undefined;
  /** Further facts. Kept sealed under the subject's key, so personal data belongs here and nowhere else. */
  readonly details?: Readonly<Record<string, string>> | undefined;
}

/** The audit log as the use cases see it: an event is written in the transaction of what it tells of. */
export interface AuditLog {
  record(transaction: IdentityTransaction, event: AuditEvent): Promise<void>;
}
