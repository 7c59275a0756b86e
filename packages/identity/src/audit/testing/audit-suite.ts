import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { type TestIdentity, testIdentity } from "../../testing/test-identity.ts";
import type { AuditEvent } from "../audit-log.ts";
import { type AuditCheckpoint, anchorAuditLog } from "../checkpoint.ts";
import { readEventsOf } from "../read-audit.ts";
import { verifyAuditLog } from "../verify-audit-log.ts";
import { DEED_EVENTS, deed, linkedEvents, restore, savedTables, tamper } from "./tampering.ts";

const EVENT: AuditEvent = {
  actor: "usr_alice",
  action: "session.started",
  subject: "usr_alice",
  target: "ses_1",
  outcome: "done",
  address: "203.0.113.7",
  details: { device: "Alice's phone" },
};

const record = (identity: TestIdentity, event: AuditEvent): Promise<void> =>
  identity.db.transaction().execute((tx) => identity.audit.record(tx, event));

/** What the audit log promises on every database. */
export const describeAudit = (name: string, fresh: FreshDatabase): void => {
  describe(`the audit log on ${name}`, () => {
    const withEvents = async (count: number) => {
      const identity = await testIdentity(await fresh());
      await identity.user("usr_alice");
      for (let n = 1; n <= count; n++) {
        await record(identity, { ...EVENT, target: `ses_${n}` });
        identity.time.advance(1_000);
      }
      return identity;
    };

    test("chains what was committed, in one transaction with what it tells of", async () => {
      const identity = await withEvents(2);
      const failed = identity.db.transaction().execute(async (tx) => {
        await identity.audit.record(tx, EVENT);
        throw new Error("never happened");
      });
      await expect(failed).rejects.toThrow("never happened");
      await record(identity, { actor: "anonymous", action: "sign_in.refused", outcome: "refused" });
      expect(await verifyAuditLog(identity.db)).toEqual({ ok: true, links: 3, findings: [] });
    });

    test("holds nothing personal in clear, and none of an erased user", async () => {
      const identity = await withEvents(1);
      const [event] = await readEventsOf(identity.db, "usr_alice");
      const place = { subject: "usr_alice", field: "identity_audit_event.sealed" };
      const sealed = event?.sealed ?? new Uint8Array();
      expect(Buffer.from(sealed).includes("203.0.113.7")).toBe(false);
      expect(await identity.personalData.open(identity.db, place, sealed)).toBe(
        JSON.stringify({ address: EVENT.address, details: EVENT.details }),
      );
      await identity.db.transaction().execute(async (tx) => {
        await identity.personalData.destroy(tx, "usr_alice");
        await identity.audit.record(tx, { ...EVENT, action: "user.erased" });
      });
      const after = await readEventsOf(identity.db, "usr_alice");
      expect(after.map((row) => [row.action, row.sealed === null])).toEqual([
        ["session.started", false],
        ["user.erased", true],
      ]);
      expect((await verifyAuditLog(identity.db)).ok).toBe(true);
    });

    test("can't be changed, emptied or moved on by a statement", async () => {
      const { db } = await withEvents(2);
      const statements = [
        db.deleteFrom("identity_audit_event").compile(),
        db.updateTable("identity_audit_event").set({ actor: "usr_mallory" }).compile(),
        db.deleteFrom("identity_audit_link").compile(),
        db
          .updateTable("identity_audit_link")
          .set({ hash: new Uint8Array(32) })
          .compile(),
        db
          .updateTable("identity_audit_head")
          .set({ hash: new Uint8Array(32) })
          .compile(),
        db.deleteFrom("identity_audit_head").compile(),
      ];
      for (const statement of statements) {
        await expect(db.executeQuery(statement)).rejects.toThrow("only ever added to");
      }
      expect((await verifyAuditLog(db)).ok).toBe(true);
    });

    test("any row that was changed, removed, added or put elsewhere is found and named", async () => {
      const { db } = await withEvents(DEED_EVENTS);
      const events = await linkedEvents(db);
      const saved = await savedTables(db);
      await fc.assert(
        fc
          .asyncProperty(deed, async ({ act, first }) => {
            await tamper(db, (tx) => act(tx, events));
            const { ok, findings } = await verifyAuditLog(db);
            expect(ok).toBe(false);
            expect(findings[0]).toEqual(first(events));
          })
          .afterEach(() => tamper(db, (tx) => restore(tx, saved))),
        { numRuns: 20 },
      );
      expect((await verifyAuditLog(db)).ok).toBe(true);
    });

    test("a log that was cut at its end, with its head put back, is told by a checkpoint from elsewhere", async () => {
      const { db, clock } = await withEvents(5);
      const { privateKey, publicKey } = generateKeyPairSync("ed25519");
      const checkpoints: AuditCheckpoint[] = [];
      const sink = {
        async anchor(checkpoint: AuditCheckpoint) {
          checkpoints.push(checkpoint);
        },
      };
      const ports = { db, clock, signingKey: privateKey, sink };
      const last = await anchorAuditLog(ports);
      expect(last).toBe(5);
      expect(await anchorAuditLog(ports, last)).toBe(5);
      expect(checkpoints).toHaveLength(1);
      expect((await verifyAuditLog(db, { checkpoints, publicKey })).ok).toBe(true);

      const links = await db
        .selectFrom("identity_audit_link")
        .select("hash")
        .orderBy("seq")
        .execute();
      await tamper(db, async (tx) => {
        await tx.deleteFrom("identity_audit_link").where(sql.ref("seq"), ">", sql`3`).execute();
        await tx
          .deleteFrom("identity_audit_event")
          .where("id", "not in", tx.selectFrom("identity_audit_link").select("event"))
          .execute();
        await tx
          .updateTable("identity_audit_head")
          .set({ hash: links[2]?.hash ?? new Uint8Array(), seq: sql`3` } as never)
          .execute();
      });
      expect((await verifyAuditLog(db)).ok).toBe(true);
      const held = await verifyAuditLog(db, { checkpoints, publicKey });
      expect(held.findings).toEqual([{ code: "checkpoint_differs", seq: 5 }]);

      const forged = checkpoints.map((checkpoint) => ({ ...checkpoint, seq: 3 }));
      const { findings } = await verifyAuditLog(db, { checkpoints: forged, publicKey });
      expect(findings).toEqual([{ code: "checkpoint_forged", seq: 3 }]);
    });

    test("a key of another kind signs no checkpoint", async () => {
      const { db, clock } = await withEvents(1);
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const sink = { anchor: async () => {} };
      await expect(anchorAuditLog({ db, clock, signingKey: privateKey, sink })).rejects.toThrow(
        RangeError,
      );
    });
  });
};
