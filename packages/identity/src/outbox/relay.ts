import { sql } from "kysely";
import { z } from "zod";
import { readPhrase } from "../anti-phishing/read-phrase.ts";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import type { Notifier } from "../notifications/notifier.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { OUTBOX_FIELD } from "./outbox.ts";

/** The port to a user's addresses as they are now. */
export interface Contacts {
  /** Undefined for a user who has none on this channel. */
  addressOf(
    db: IdentityDatabase,
    user: string,
    channel: "email" | "sms",
  ): Promise<string | undefined>;
}

/** A command as the host gets it, at least once. */
export interface HostCommand {
  readonly commandId: string;
  readonly user: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, string>>;
}

/** The port to whoever does what commands say. A command that throws is tried again later, with the same id. */
export interface HostCommands {
  execute(command: HostCommand): Promise<void>;
}

/** Where things leave to. */
export interface RelayPorts {
  readonly notifier: Notifier;
  readonly contacts: Contacts;
  readonly commands: HostCommands;
}

/** What was done. */
export interface Relayed {
  readonly delivered: number;
  /** Failed, and tried again later. */
  readonly deferred: number;
  /** Too old, tried too often, or to nowhere. */
  readonly givenUp: number;
}

/** A notice that was refused this often is given up: some two days of trying. */
const MOST_ATTEMPTS = 12;

/** For so long nobody else begins what one process has begun. */
const LEASE = 60_000;

const LONGEST_WAIT = 6 * 3_600_000;

/** Twice as long after each attempt, from ten seconds to six hours. */
const waitAfter = (attempts: number): number =>
  Math.min(10_000 * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT);

/**
 * Delivers what is due, up to a number of rows, and answers what became of them. To be called in a loop; several processes may: each
 * row is one's for a minute, then another's. What was delivered when a process died is delivered again, under the same id.
 *
 * @example
 * const { delivered } = await relayOutbox(context, { notifier, contacts, commands });
 */
export const relayOutbox = async (
  context: IdentityContext,
  ports: RelayPorts,
  limit = 100,
): Promise<Relayed> => {
  const outcomes: Outcome[] = [];
  for (const row of await claim(context, limit)) {
    const outcome = await deliver(context, ports, row);
    await settle(context, row, outcome);
    outcomes.push(outcome);
  }
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    delivered: count("delivered"),
    deferred: count("waiting"),
    givenUp: count("given_up"),
  };
};

type Outcome = "delivered" | "waiting" | "given_up";

interface ClaimedRow {
  readonly id: string;
  readonly user_id: string;
  readonly channel: "email" | "sms" | "command";
  readonly kind: string;
  readonly body: Uint8Array | null;
  readonly attempts: number;
  readonly expiresAt: number;
}

const claim = async ({ db, clock }: IdentityContext, limit: number): Promise<ClaimedRow[]> => {
  const now = clock();
  const due = db
    .selectFrom("identity_outbox")
    .select("id")
    .where("status", "=", "waiting")
    .where("due_at", "<=", timestampOf(now))
    .orderBy("due_at")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return db
    .updateTable("identity_outbox")
    .set({ attempts: sql`attempts + 1`, due_at: timestampOf(now + LEASE) })
    .where("id", "in", due)
    .returning(["id", "user_id", "channel", "kind", "body", "attempts"])
    .returning(millisecondsOf("expires_at").as("expiresAt"))
    .execute();
};

const deliver = async (
  context: IdentityContext,
  ports: RelayPorts,
  row: ClaimedRow,
): Promise<Outcome> => {
  if (row.channel !== "command" && row.expiresAt <= context.clock()) return "given_up";
  const place = { subject: row.user_id, field: OUTBOX_FIELD };
  const body = row.body && (await context.personalData.open(context.db, place, row.body));
  if (body == null) return "given_up";
  try {
    return await send(context, ports, row, body);
  } catch {
    // A provider's error may quote the message, so it goes no further.
    return row.channel !== "command" && row.attempts >= MOST_ATTEMPTS ? "given_up" : "waiting";
  }
};

const texts = z.record(z.string(), z.string());
const noticeBody = z.object({ values: texts, to: z.string().optional() });

const send = async (
  context: IdentityContext,
  { notifier, contacts, commands }: RelayPorts,
  { id, user_id: user, channel, kind }: ClaimedRow,
  body: string,
): Promise<Outcome> => {
  if (channel === "command") {
    await commands.execute({ commandId: id, user, kind, body: texts.parse(JSON.parse(body)) });
    return "delivered";
  }
  const notice = noticeBody.parse(JSON.parse(body));
  const to = notice.to ?? (await contacts.addressOf(context.db, user, channel));
  if (to === undefined) return "given_up";
  const antiPhishingPhrase = await readPhrase(context, context.db, user);
  await notifier.notify({ id, channel, to, kind, values: notice.values, antiPhishingPhrase });
  return "delivered";
};

const settle = async (
  { db, clock }: IdentityContext,
  { id, attempts }: ClaimedRow,
  outcome: Outcome,
): Promise<void> => {
  const change =
    outcome === "waiting"
      ? { due_at: timestampOf(clock() + waitAfter(attempts)) }
      : { status: outcome, body: null };
  await db
    .updateTable("identity_outbox")
    .set(change)
    .where("id", "=", id)
    .where("status", "=", "waiting")
    .execute();
};
