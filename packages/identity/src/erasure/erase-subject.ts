import { sql } from "kysely";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { SUBJECT_TABLES, type SubjectTable } from "./subject-tables.ts";

/** What the law still keeps of a user, and why. */
export interface Retention {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** As `anti-money-laundering records, five years`. */
  readonly reason: string;
}

/** What became of a table's rows. */
export interface TableErasure {
  readonly table: string;
  readonly rows: number;
  readonly outcome: "erased" | "pseudonymised" | "retained";
  /** Of what is retained: until when, in milliseconds since 1970, and why. */
  readonly until?: number;
  readonly reason?: string;
}

/** What was erased, table by table. */
export interface ErasureReport {
  readonly ok: true;
  readonly user: string;
  readonly tables: readonly TableErasure[];
}

/** A sentence that names the rule. */
export type ErasureRefusalCode = "user_unknown" | "user_already_erased" | "commands_waiting";

/** Why nothing is erased: the rule that each code protects. */
export const ERASURE_REFUSALS: Readonly<Record<ErasureRefusalCode, string>> = {
  user_unknown: "A user is registered before they are erased.",
  user_already_erased: "A user is erased once.",
  commands_waiting: "What a user has asked for is done before they are erased.",
};

const refuse = (code: ErasureRefusalCode): Refused<ErasureRefusalCode> => ({
  ok: false,
  code,
  rule: ERASURE_REFUSALS[code],
});

/**
 * Erases a user: nobody signs in as them any more, what needn't stay is deleted, and their key is destroyed, so that what is sealed under it
 * can't be read, in backups neither. While the law retains something, the key and those tables are kept; `finishErasures` ends that.
 *
 * The audit log stays: it says what happened to an id, and its chain still holds.
 *
 * @example
 * const report = await eraseSubject(context, { actor: user, user, retention: { until, reason: "anti-money-laundering records" } });
 */
export const eraseSubject = (
  context: IdentityContext,
  {
    actor,
    user,
    retention,
  }: {
    /** Who asks: the user, or somebody of the host's. */
    readonly actor: string;
    readonly user: string;
    readonly retention?: Retention | undefined;
  },
): Promise<ErasureReport | Refused<ErasureRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const refusal = await refuseErasure(transaction, user);
    if (refusal !== undefined) return refusal;
    const kept =
      retention !== undefined && retention.until > context.clock() ? retention : undefined;
    const tables = await eraseTables(transaction, user, kept);
    await closeUser(transaction, user);
    if (kept === undefined) await forgetContacts(transaction, user);
    await keepErasure(transaction, user, context.clock(), kept);
    await context.audit.record(transaction, {
      actor,
      action: "user.erased",
      subject: user,
      outcome: "done",
    });
    if (kept === undefined) await context.personalData.destroy(transaction, user);
    return { ok: true, user, tables };
  });

/** That it was asked for, and until when the law keeps what. */
const keepErasure = async (
  transaction: IdentityTransaction,
  user: string,
  now: number,
  kept: Retention | undefined,
): Promise<void> => {
  await transaction
    .insertInto("identity_erasure")
    .values({
      user_id: user,
      requested_at: timestampOf(now),
      retained_until: kept === undefined ? null : timestampOf(kept.until),
      retained_for: kept?.reason ?? null,
      finished_at: kept === undefined ? timestampOf(now) : null,
    })
    .execute();
};

/** Nobody signs in as them any more. */
const closeUser = async (transaction: IdentityTransaction, user: string): Promise<void> => {
  await transaction
    .updateTable("identity_user")
    .set({ status: "erased", password_hash: null, password_set_at: null, language: null })
    .where("id", "=", user)
    .execute();
};

/** By the hash of an address somebody could still ask whether it was theirs. Without it the address may be anybody's again. */
const forgetContacts = async (transaction: IdentityTransaction, user: string): Promise<void> => {
  await transaction
    .updateTable("identity_user")
    .set({ email: null, email_index: null, phone: null, display_name: null })
    .where("id", "=", user)
    .execute();
};

/** The user's row is locked: what comes after it finds them erased. */
const refuseErasure = async (
  transaction: IdentityTransaction,
  user: string,
): Promise<Refused<ErasureRefusalCode> | undefined> => {
  const row = await transaction
    .selectFrom("identity_user")
    .select("status")
    .where("id", "=", user)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return refuse("user_unknown");
  if (row.status === "erased") return refuse("user_already_erased");
  const waiting = await transaction
    .selectFrom("identity_outbox")
    .select("id")
    .where("user_id", "=", user)
    .where("channel", "=", "command")
    .where("status", "=", "waiting")
    .limit(1)
    .executeTakeFirst();
  return waiting === undefined ? undefined : refuse("commands_waiting");
};

const eraseTables = async (
  transaction: IdentityTransaction,
  user: string,
  kept: Retention | undefined,
): Promise<TableErasure[]> => {
  const tables: TableErasure[] = [];
  for (const description of SUBJECT_TABLES) {
    const isDeleted = description.erasure === "deleted" || !(kept || isPseudonymised(description));
    const rows = isDeleted
      ? await deleteRows(transaction, description, user)
      : await countRows(transaction, description, user);
    tables.push({ table: description.table, rows, ...outcomeOf(isDeleted, kept) });
  }
  return tables;
};

const isPseudonymised = ({ erasure }: SubjectTable): boolean => erasure === "pseudonymised";

const outcomeOf = (
  isDeleted: boolean,
  kept: Retention | undefined,
): Omit<TableErasure, "table" | "rows"> => {
  if (isDeleted) return { outcome: "erased" };
  return kept === undefined ? { outcome: "pseudonymised" } : { outcome: "retained", ...kept };
};

const deleteRows = async (
  transaction: IdentityTransaction,
  { table, subject }: SubjectTable,
  user: string,
): Promise<number> => {
  const { numDeletedRows } = await transaction
    .deleteFrom(table)
    .where(sql.ref(subject), "=", user)
    .executeTakeFirst();
  return Number(numDeletedRows);
};

const countRows = async (
  transaction: IdentityTransaction,
  { table, subject }: SubjectTable,
  user: string,
): Promise<number> => {
  const { count } = await transaction
    .selectFrom(table)
    .select(sql<number>`count(*)::float8`.as("count"))
    .where(sql.ref(subject), "=", user)
    .executeTakeFirstOrThrow();
  return count;
};

/**
 * Ends the erasures whose time in law is over: deletes what was retained and destroys the keys. Answers how many were ended. To be
 * called every day.
 */
export const finishErasures = async (context: IdentityContext): Promise<number> => {
  const due = await context.db
    .selectFrom("identity_erasure")
    .select("user_id")
    .where("finished_at", "is", null)
    .where("retained_until", "<=", timestampOf(context.clock()))
    .execute();
  let finished = 0;
  for (const { user_id } of due) if (await finish(context, user_id)) finished++;
  return finished;
};

/** False if another process did it meanwhile. */
const finish = (context: IdentityContext, user: string): Promise<boolean> =>
  inTransaction(context, async (transaction) => {
    const ended = await transaction
      .updateTable("identity_erasure")
      .set({ finished_at: timestampOf(context.clock()) })
      .where("user_id", "=", user)
      .where("finished_at", "is", null)
      .executeTakeFirst();
    if (ended.numUpdatedRows === 0n) return false;
    for (const description of SUBJECT_TABLES) {
      if (description.erasure === "retained") await deleteRows(transaction, description, user);
    }
    await forgetContacts(transaction, user);
    await context.personalData.destroy(transaction, user);
    await context.audit.record(transaction, {
      actor: "system",
      action: "user.erasure_finished",
      subject: user,
      outcome: "done",
    });
    return true;
  });
