import { createHash } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { withAddressBook } from "../../address-book/testing/address-book-suite.ts";
import { changePhrase, phraseChange } from "../../anti-phishing/phrase.ts";
import { apiKeyCreation, createApiKey } from "../../api-keys/create-api-key.ts";
import { verifyAuditLog } from "../../audit/verify-audit-log.ts";
import type { IdentityDatabase } from "../../identity-database.ts";
import { enqueueCommand } from "../../outbox/outbox.ts";
import { setSecurityHold } from "../../security-holds/security-hold.ts";
import { confirmed } from "../../step-up/testing/step-up-suite.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { eraseSubject, finishErasures } from "../erase-subject.ts";
import { exportSubject } from "../export-subject.ts";
import { SUBJECT_TABLES } from "../subject-tables.ts";

const USER = "usr_alice";

/** A user of whom most tables know something. */
const lived = async (fresh: FreshDatabase) => {
  const book = await withAddressBook(fresh);
  const { identity, session } = book;
  await book.add();
  const wish = { label: "Alice's bot", permissions: ["read"] } as const;
  const forKey = await confirmed(identity, session, apiKeyCreation(wish));
  const made = await createApiKey(identity, { session, elevation: forKey, wish });
  if (!made.ok) throw new Error(made.code);
  const phrase = "seven green herons";
  const forPhrase = await confirmed(identity, session, phraseChange(phrase));
  await changePhrase(identity, { session, elevation: forPhrase, phrase });
  await identity.db
    .transaction()
    .execute((tx) => setSecurityHold(identity, tx, USER, "email_changed"));
  const exported = async () => {
    const lines: string[] = [];
    for await (const line of exportSubject(identity, USER)) lines.push(line);
    return lines;
  };
  const erase = (retention?: { until: number; reason: string }) =>
    eraseSubject(identity, { actor: USER, user: USER, retention });
  return { ...book, made, exported, erase };
};

/** All tables with a column that names a user. */
const tablesOfUsers = async (db: IdentityDatabase): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select distinct table_name as name from information_schema.columns
    where table_schema like 'identity\\_%' and column_name in ('user_id', 'subject', 'requested_by')
    order by table_name`.execute(db);
  return rows.map(({ name }) => name);
};

/** What export and erasure promise on every database. */
export const describeErasure = (name: string, fresh: FreshDatabase): void => {
  describe(`data about a user on ${name}`, () => {
    test("every table with rows of users says what becomes of them", async () => {
      const { identity } = await lived(fresh);
      const known = SUBJECT_TABLES.map(({ table }) => table);
      const unknown = (await tablesOfUsers(identity.db)).filter(
        (table) => !known.includes(table as never),
      );
      expect(unknown).toEqual([]);
      expect(known).toContain("identity_user");
    });

    test("is given to them whole, in clear, and without a secret or a hash", async () => {
      const { made, exported, token } = await lived(fresh);
      const sent = await token();
      const lines = await exported();
      const [manifest, ...rest] = lines.map((line) => JSON.parse(line));
      const end = rest.pop();
      expect(manifest).toMatchObject({ format: "pincex-identity-export", version: 1, user: USER });
      const before = createHash("sha256").update(lines.slice(0, -1).join("")).digest("hex");
      expect(end).toEqual({ end: true, rows: rest.length, sha256: before });
      const of = (table: string) => rest.filter((row) => row.table === table);
      expect(of("identity_user")).toMatchObject([{ id: USER, status: "active" }]);
      expect(of("identity_api_key")).toMatchObject([{ label: "Alice's bot", id: made.apiKey }]);
      expect(of("identity_anti_phishing_phrase")).toMatchObject([{ phrase: "seven green herons" }]);
      expect(JSON.parse(of("identity_withdrawal_address")[0].entry)).toMatchObject({
        address: "bc1qalice",
      });
      expect(of("identity_audit_event").length).toBeGreaterThan(5);
      const text = lines.join("");
      expect(text).not.toContain(made.secret);
      expect(text).not.toContain(sent);
    });

    test("is gone once they are erased, table by table, and the audit chain still holds", async () => {
      const { identity, exported, erase } = await lived(fresh);
      const report = await erase();
      if (!report.ok) throw new Error(report.code);
      const outcomes = new Map(report.tables.map(({ table, ...rest }) => [table, rest]));
      expect(outcomes.get("identity_api_key")).toEqual({ rows: 1, outcome: "erased" });
      expect(outcomes.get("identity_withdrawal_address")).toEqual({ rows: 1, outcome: "erased" });
      expect(outcomes.get("identity_audit_event")).toMatchObject({ outcome: "pseudonymised" });
      expect(outcomes.size).toBe(SUBJECT_TABLES.length);
      const text = (await exported()).join("");
      const gone = ["Alice's bot", "herons", "bc1qalice", "cold storage", '"id":"pxk_'];
      expect(gone.filter((word) => text.includes(word))).toEqual([]);
      expect(await identity.personalData.has(identity.db, USER)).toBe(false);
      expect((await verifyAuditLog(identity.db)).ok).toBe(true);
      expect(await erase()).toMatchObject({ code: "user_already_erased" });
    });

    test("is kept as long as the law says and no longer, while nobody acts as them any more", async () => {
      const { identity, exported, erase } = await lived(fresh);
      const until = identity.time.now + 5 * 365 * 86_400_000;
      const reason = "anti-money-laundering records";
      const report = await erase({ until, reason });
      if (!report.ok) throw new Error(report.code);
      const of = (wanted: string) => report.tables.find(({ table }) => table === wanted);
      const kept = { rows: 1, outcome: "retained", until, reason };
      expect(of("identity_withdrawal_address")).toMatchObject(kept);
      expect(of("identity_anti_phishing_phrase")).toMatchObject({ rows: 1, outcome: "erased" });
      const statuses = await identity.db.selectFrom("identity_user").select("status").execute();
      expect(statuses).toEqual([{ status: "erased" }]);
      expect((await exported()).join("")).toContain("bc1qalice");
      identity.time.now = until - 1;
      expect(await finishErasures(identity)).toBe(0);
      identity.time.advance(1);
      expect(await finishErasures(identity)).toBe(1);
      expect(await finishErasures(identity)).toBe(0);
      expect((await exported()).join("")).not.toContain("bc1qalice");
      expect(await identity.personalData.has(identity.db, USER)).toBe(false);
      expect((await verifyAuditLog(identity.db)).ok).toBe(true);
    });

    test("isn't erased before what they asked for is done, nor of somebody unknown", async () => {
      const { identity, erase } = await lived(fresh);
      const command = { commandId: "wd-1", user: USER, kind: "withdraw", body: {} };
      await identity.db.transaction().execute((tx) => enqueueCommand(identity, tx, command));
      expect(await erase()).toMatchObject({ code: "commands_waiting" });
      const unknown = await eraseSubject(identity, { actor: "usr_x", user: "usr_nobody" });
      expect(unknown).toMatchObject({ code: "user_unknown" });
    });
  });
};
