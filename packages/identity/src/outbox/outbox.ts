import type { IdentityContext } from "../identity-context.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { randomId } from "../random-id.ts";
import { timestampOf } from "../schema/time-column.ts";
import type { OutboxTable } from "./outbox-table.ts";

/** A notice that is to be sent once its transaction has committed. */
export interface NoticeToSend {
  readonly user: string;
  /** What it is about, as `new_device`. */
  readonly kind: string;
  readonly values: Readonly<Record<string, string>>;
  readonly channel: "email" | "sms";
  /** Where to, if not to the user's address at the time of sending: to the one that is being proved, or the one before. */
  readonly to?: string | undefined;
  /** Milliseconds since 1970 after which it isn't sent any more: a day from now unless told otherwise. */
  readonly expiresAt?: number | undefined;
}

/** What the host is to do once the transaction has committed. */
export interface CommandToSend {
  /** Makes the command safe to repeat: an id stands for one command for ever. */
  readonly commandId: string;
  readonly user: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, string>>;
}

/** What is sealed in the outbox stands here. */
export const OUTBOX_FIELD = "identity_outbox.body";

const A_DAY = 86_400_000;

/** A command is never given up for its age: what was promised with it has already happened. */
const NEVER = Date.UTC(9_999, 0);

/**
 * Puts a notice into the outbox, in the transaction of what it tells of: it is sent if and only if that is committed. Its values are
 * sealed under the user's key. Throws a `RangeError` for a user without a key.
 */
export const enqueueNotice = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  { user, kind, values, channel, to, expiresAt = context.clock() + A_DAY }: NoticeToSend,
): Promise<void> => {
  const id = randomId("not", context.randomBytes);
  const body = JSON.stringify(to === undefined ? { values } : { values, to });
  await put(context, transaction, { id, user_id: user, channel, kind }, body, expiresAt);
};

/** Puts a command into the outbox. Throws if its id was used before, also by a transaction that commits at the same time. */
export const enqueueCommand = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  { commandId, user, kind, body }: CommandToSend,
): Promise<void> => {
  const row = { id: commandId, user_id: user, channel: "command", kind } as const;
  await put(context, transaction, row, JSON.stringify(body), NEVER);
};

const put = async (
  { clock, personalData }: IdentityContext,
  transaction: IdentityTransaction,
  row: Pick<OutboxTable, "id" | "user_id" | "channel" | "kind">,
  body: string,
  expiresAt: number,
): Promise<void> => {
  const now = clock();
  await transaction
    .insertInto("identity_outbox")
    .values({
      ...row,
      body: await personalData.seal(
        transaction,
        { subject: row.user_id, field: OUTBOX_FIELD },
        body,
      ),
      status: "waiting",
      attempts: 0,
      created_at: timestampOf(now),
      due_at: timestampOf(now),
      expires_at: timestampOf(expiresAt),
    })
    .execute();
};
