import { sql } from "kysely";
import { type AccountRefusalCode, refuse } from "../account-refusal.ts";
import type { IdentityContext } from "../identity-context.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, millisecondsOf, timestampOf } from "../schema/time-column.ts";

/** How wrong attempts slow down the next one. */
export interface ThrottleRule {
  /** The bucket's namespace. */
  readonly name: string;
  /** So many attempts have nothing to wait for. */
  readonly free: number;
  /** The wait after that, in milliseconds; it doubles each time. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** After so many in a row none more is taken. */
  readonly most: number;
  /** After so long without an attempt the count begins anew. */
  readonly forgottenAfterMs: number;
}

/** The one bucket of a rule that an attempt is charged to. */
export interface Throttle {
  readonly rule: ThrottleRule;
  readonly bucket: Uint8Array;
}

export type ThrottleAnswer =
  | { readonly ok: true }
  | Refused<Extract<AccountRefusalCode, `attempts_${string}`>>;

/** `of` is what attempts are counted for: an e-mail address, a network. Only a keyed hash of it is kept. */
export const throttleOf = async (
  { personalData }: IdentityContext,
  rule: ThrottleRule,
  of: string,
): Promise<Throttle> => ({
  rule,
  bucket: await personalData.index(`throttle.${rule.name}`, of),
});

/**
 * Takes an attempt before it is known whether it is right, in one statement: of fifty at once no more get through than one after
 * another would. Given back by `giveBack` or `clear` once it was right.
 */
export const charge = async (
  { db, clock }: IdentityContext,
  { rule, bucket }: Throttle,
): Promise<ThrottleAnswer> => {
  const now = clock();
  const forgotten = sql<boolean>`identity_throttle.last_at <= ${timestampOf(now - rule.forgottenAfterMs)}`;
  const failures = sql<number>`case when ${forgotten} then 1 else identity_throttle.failures + 1 end`;
  const taken = await db
    .insertInto("identity_throttle")
    .values({
      bucket,
      failures: 1,
      last_at: timestampOf(now),
      closed_until: timestampOf(now + waitAfter(rule, 1)),
    })
    .onConflict((conflict) =>
      conflict
        .column("bucket")
        .doUpdateSet({
          failures,
          last_at: timestampOf(now),
          closed_until: sql<Date>`to_timestamp((${now}::float8 + case
            when ${failures} < ${rule.free}::int4 then 0
            else least(${rule.longestWaitMs}::float8,
              ${rule.firstWaitMs}::float8 * power(2::float8, least(${failures} - ${rule.free}::int4, 40)))
            end) / 1000)`,
        })
        .where(sql<boolean>`identity_throttle.closed_until <= ${timestampOf(now)}
          and (${forgotten} or identity_throttle.failures < ${rule.most}::int4)`),
    )
    .returning("failures")
    .executeTakeFirst();
  if (taken !== undefined) return { ok: true };
  const closed = await db
    .selectFrom("identity_throttle")
    .select(["failures", millisecondsOf("closed_until").as("closedUntil")])
    .where("bucket", "=", bucket)
    .executeTakeFirst();
  if (closed !== undefined && closed.failures >= rule.most) return refuse("attempts_exhausted");
  return refuse("attempts_throttled", { retryAt: closed?.closedUntil ?? now });
};

/** The wait after that many attempts in a row, in milliseconds. */
export const waitAfter = (
  { free, firstWaitMs, longestWaitMs }: ThrottleRule,
  failures: number,
): number => (failures < free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - free)));

/** The attempt was right: it counts no more, those before it do. What was closed by too many of them stays so. */
export const giveBack = async (
  { db, clock }: IdentityContext,
  { rule, bucket }: Throttle,
): Promise<void> => {
  await db
    .updateTable("identity_throttle")
    .set({
      failures: sql<number>`greatest(failures - 1, 0)`,
      closed_until: sql<Date>`case when failures - 1 < ${rule.free}::int4
        then ${timestampOf(clock())} else closed_until end`,
    })
    .where("bucket", "=", bucket)
    .execute();
};

/** The one who is protected was here: nothing before counts any more. */
export const clear = async ({ db }: IdentityContext, { bucket }: Throttle): Promise<void> => {
  await db.deleteFrom("identity_throttle").where("bucket", "=", bucket).execute();
};

/** Deletes counts that nobody has touched for the time given, in milliseconds; answers how many. To be run now and then. */
export const forgetThrottles = async (
  { db, clock }: IdentityContext,
  olderThanMs: number,
): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom("identity_throttle")
    .where(sql<boolean>`not ${isAfter("last_at", clock() - olderThanMs)}`)
    .executeTakeFirst();
  return Number(numDeletedRows);
};
