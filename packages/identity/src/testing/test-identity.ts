import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { auditTrail } from "../audit/audit-trail.ts";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import { openPersonalData } from "../keys/envelope.ts";
import type { KeyManagement } from "../keys/key-management.ts";
import { openBytes, sealBytes } from "../keys/sealed-bytes.ts";
import { timestampOf } from "../schema/time-column.ts";

/** Bytes that a seed decides, so that a test that fails does so again. */
export const seededBytes = (seed: string): ((length: number) => Uint8Array) => {
  let drawn = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      createHash("sha256").update(`${seed} ${drawn++}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, length);
  };
};

/** A clock that stands until it is told to go on. */
export class StandingClock {
  now = 1_795_600_000_000;

  readonly read = (): number => this.now;

  advance(milliseconds: number): void {
    this.now += milliseconds;
  }
}

/** Key management in memory that knows two keys, for suites in which the file isn't the point. */
export const keysInMemory = (): KeyManagement & { use(keyId: string): void; unwraps: number } => {
  const ring = new Map([
    ["first", randomBytes(32)],
    ["second", randomBytes(32)],
  ]);
  let current = "first";
  const keyOf = (keyId: string): Uint8Array => {
    const key = ring.get(keyId);
    if (key === undefined) throw new RangeError(`no key ${keyId}`);
    return key;
  };
  return {
    unwraps: 0,
    use(keyId) {
      current = keyId;
    },
    async currentKeyId() {
      return current;
    },
    async wrap(key, context) {
      return { keyId: current, blob: sealBytes(keyOf(current), randomBytes(12), context, key) };
    },
    async unwrap({ keyId, blob }, context) {
      this.unwraps++;
      return openBytes(keyOf(keyId), context, blob);
    },
  };
};

/** A folder that is gone when the suite is done. */
export const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "pincex-identity-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** A context whose clock and randomness are the test's, and whose keys and audit log are real. */
export interface TestIdentity extends IdentityContext {
  readonly time: StandingClock;
  readonly keys: ReturnType<typeof keysInMemory>;
  /** A time for a column, in milliseconds from now. */
  at(milliseconds: number): ReturnType<typeof timestampOf>;
  /** An active user with a key of their own. */
  user(id: string): Promise<string>;
}

export const testIdentity = async (
  db: IdentityDatabase,
  randomBytes: (length: number) => Uint8Array = seededBytes("identity"),
): Promise<TestIdentity> => {
  const time = new StandingClock();
  const keys = keysInMemory();
  const ports = { db, keys, clock: time.read, randomBytes };
  const personalData = await openPersonalData(ports);
  const audit = auditTrail({ ...ports, personalData });
  return {
    ...ports,
    personalData,
    audit,
    time,
    at: (milliseconds) => timestampOf(time.now + milliseconds),
    async user(id) {
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto("identity_user")
          .values({ id, status: "active", created_at: timestampOf(time.now) })
          .execute();
        await personalData.begin(tx, id);
      });
      return id;
    },
  };
};

/** Runs it fifty times at once and answers all results. */
export const fiftyTimes = <Result>(act: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 50 }, (_, n) => act(n)));
