import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityDatabase } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import { holdSession } from "../sessions/authenticate.ts";
import type { Session } from "../sessions/session.ts";
import { displayName } from "./display-name.ts";

/** What users see of themselves. */
export interface Profile {
  readonly user: string;
  readonly email: string;
  readonly phone: string | undefined;
  readonly displayName: string | undefined;
  readonly language: string | undefined;
  readonly createdAt: number;
  readonly passwordSetAt: number | undefined;
}

export const readProfile = async (
  context: AccountContext,
  { user }: Session,
): Promise<Profile | undefined> => {
  const { db, personalData } = context;
  const row = await db
    .selectFrom("identity_user")
    .select([
      "email",
      "phone",
      "display_name",
      "language",
      millisecondsOf("created_at").as("createdAt"),
      millisecondsOf("password_set_at").$castTo<number | null>().as("passwordSetAt"),
    ])
    .where("id", "=", user)
    .where("status", "=", "active")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const open = async (column: string, sealed: Uint8Array | null) =>
    sealed === null
      ? undefined
      : personalData.open(db, { subject: user, field: `identity_user.${column}` }, sealed);
  return {
    user,
    email: (await open("email", row.email)) ?? "",
    phone: await open("phone", row.phone),
    displayName: await open("display_name", row.display_name),
    language: row.language ?? undefined,
    createdAt: row.createdAt,
    passwordSetAt: row.passwordSetAt ?? undefined,
  };
};

/** What changes; a missing field stays as it is, `null` takes it away. */
export interface ProfileChange {
  readonly displayName?: string | null;
  /** BCP 47; what is none counts as null. */
  readonly language?: string | null;
}

/** Changes what is nobody's credential. E-mail address and phone number are changed by `requestContactChange`. */
export const changeProfile = (
  context: AccountContext,
  session: Session,
  change: ProfileChange,
): Promise<{ readonly ok: true } | Refused<"name_malformed" | "session_invalid">> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    const name = change.displayName == null ? null : displayName(change.displayName);
    if (name === undefined) return refuse("name_malformed", { field: "displayName" });
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    const place = { subject: user, field: "identity_user.display_name" };
    const sealed = name === null ? null : await context.personalData.seal(transaction, place, name);
    await transaction
      .updateTable("identity_user")
      .$if(change.displayName !== undefined, (query) => query.set({ display_name: sealed }))
      .$if(change.language !== undefined, (query) =>
        query.set({ language: languageTag(change.language) }),
      )
      .set({ id: user })
      .where("id", "=", user)
      .execute();
    await context.audit.record(transaction, {
      actor: user,
      action: "profile.changed",
      subject: user,
      outcome: "done",
    });
    return { ok: true };
  });

/** A language tag in its usual form; null for what is none. */
export const languageTag = (tag: string | null | undefined): string | null => {
  try {
    return tag == null || tag.length > 35 ? null : (Intl.getCanonicalLocales(tag)[0] ?? null);
  } catch {
    return null;
  }
};

/** The user's address, as they wrote it; empty for whoever has none any more. */
export const openEmail = async (
  { personalData }: AccountContext,
  db: IdentityDatabase,
  user: string,
): Promise<string> => {
  const row = await db
    .selectFrom("identity_user")
    .select("email")
    .where("id", "=", user)
    .executeTakeFirst();
  if (row?.email == null) return "";
  const place = { subject: user, field: "identity_user.email" };
  return (await personalData.open(db, place, row.email)) ?? "";
};
