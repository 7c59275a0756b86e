import type { AccountContext } from "../account-context.ts";
import { type AccountSettings, DEFAULT_ACCOUNT_SETTINGS } from "../account-settings.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import { OUTBOX_FIELD } from "../outbox/outbox.ts";
import { PasswordHasher } from "../passwords/password-hasher.ts";
import { authenticate } from "../sessions/authenticate.ts";
import type { Session } from "../sessions/session.ts";
import type { StartedSession } from "../sessions/start-session.ts";
import type { Client } from "../sign-in/client.ts";
import { signInWithPassword } from "../sign-in/password-sign-in.ts";
import { completeRegistration, requestRegistration } from "../users/registration.ts";
import { type TestIdentity, testIdentity } from "./test-identity.ts";

export const PASSWORD = "correct horse battery staple";
export const OTHER_PASSWORD = "purple monkeys paint quietly";
export const EMAIL = "alice@example.com";

/** A hash as cheap as it may be: what it costs isn't the point of most tests. */
const hasher = PasswordHasher.create({ memoryKiB: 8, passes: 1 });

/** A notice as it waits in the outbox, opened. */
export interface WaitingNotice {
  readonly user: string;
  readonly kind: string;
  readonly channel: string;
  readonly values: Readonly<Record<string, string>>;
  readonly to?: string;
}

/** Accounts on a real database with real keys, audit log and outbox; only clock and randomness are the test's. */
export interface TestAccounts extends TestIdentity, AccountContext {
  /** The same with other settings. */
  with(changes: Partial<AccountSettings>): TestAccounts;
  /** All notices so far, oldest first. */
  notices(): Promise<readonly WaitingNotice[]>;
  /** The newest notice of a kind. */
  notice(kind: string): Promise<WaitingNotice>;
  /** How often each kind of event was recorded. */
  audited(action: string): Promise<number>;
  /** Registers somebody by what an e-mail would give them. */
  register(email?: string, password?: string): Promise<string>;
  /** Signs in somebody who has no second factor. */
  signIn(client?: Partial<Client>, kind?: Session["kind"], email?: string): Promise<StartedSession>;
  /** The session of a token; throws for an invalid one. */
  session(token: string): Promise<Session>;
}

export const ADDRESS = "198.51.100.7";

export const testAccounts = async (
  db: IdentityDatabase,
  changes: Partial<AccountSettings> = {},
): Promise<TestAccounts> => {
  const identity = await testIdentity(db);
  const context = { ...identity, passwords: await hasher };
  return accountsOf(context, { ...DEFAULT_ACCOUNT_SETTINGS, evenAnswerMs: 0, ...changes });
};

const accountsOf = (
  identity: TestIdentity & Pick<AccountContext, "passwords">,
  settings: AccountSettings,
): TestAccounts => {
  const context: AccountContext = { ...identity, settings };
  const { db, personalData } = identity;
  const notices = async (): Promise<readonly WaitingNotice[]> => {
    const rows = await db
      .selectFrom("identity_outbox")
      .select(["id", "user_id", "kind", "channel", "body"])
      .where("channel", "in", ["email", "sms"])
      .orderBy("created_at")
      .execute();
    const opened = [];
    for (const { user_id: user, kind, channel, body } of rows) {
      if (body === null) continue;
      const text = await personalData.open(db, { subject: user, field: OUTBOX_FIELD }, body);
      if (text !== undefined) opened.push({ user, kind, channel, ...JSON.parse(text) });
    }
    return opened;
  };
  const notice = async (kind: string): Promise<WaitingNotice> => {
    const found = (await notices()).findLast((each) => each.kind === kind);
    if (found === undefined) throw new Error(`no notice of ${kind}`);
    return found;
  };
  return {
    ...identity,
    settings,
    with: (changes) => accountsOf(identity, { ...settings, ...changes }),
    notices,
    notice,
    async audited(action) {
      const rows = await db
        .selectFrom("identity_audit_event")
        .select("id")
        .where("action", "=", action)
        .execute();
      return rows.length;
    },
    async register(email = EMAIL, password = PASSWORD) {
      const client = { address: ADDRESS };
      const asked = await requestRegistration(context, { email, client });
      if (!asked.ok) throw new Error(asked.code);
      const { token = "" } = (await notice("email_verification")).values;
      const made = await completeRegistration(context, { token, password, client });
      if (!made.ok) throw new Error(made.code);
      // The count of e-mails to one address isn't what the test is about.
      await db.deleteFrom("identity_throttle").execute();
      return made.user;
    },
    async signIn(client = {}, kind = "browser", email = EMAIL) {
      const answer = await signInWithPassword(context, {
        email,
        password: PASSWORD,
        client: { address: ADDRESS, ...client },
        kind,
      });
      if (!answer.ok || answer.status !== "signed_in") throw new Error("not signed in");
      return answer;
    },
    async session(token) {
      const answer = await authenticate(context, token);
      if (!answer.ok) throw new Error(answer.code);
      return answer.session;
    },
  };
};

/** A code of a refusal, or `ok`. */
export const codeOf = (answer: { readonly ok: boolean; readonly code?: string }): string =>
  answer.ok ? "ok" : (answer.code ?? "");
