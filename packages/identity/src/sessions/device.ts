import type { AccountContext } from "../account-context.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-context.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { randomId } from "../random-id.ts";
import { timestampOf } from "../schema/time-column.ts";
import { type Client, clientName } from "../sign-in/client.ts";
import { mintToken, tokenHash } from "../tokens/secret-token.ts";

/** The device of a user that shows its token; undefined for anybody else's and for none. */
export const knownDevice = async (
  db: IdentityDatabase,
  user: string,
  { deviceToken }: Client,
): Promise<string | undefined> => {
  const hash = tokenHash("device", deviceToken);
  if (hash === undefined) return undefined;
  const device = await db
    .selectFrom("identity_device")
    .select("id")
    .where("token_hash", "=", hash)
    .where("user_id", "=", user)
    .executeTakeFirst();
  return device?.id;
};

/** The device that signed in; a new one gets a token, and the user is told unless it's their first. */
export const deviceOfSignIn = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  client: Client,
): Promise<{ readonly id: string; readonly token?: string }> => {
  const now = context.clock();
  const known = await knownDevice(transaction, user, client);
  if (known !== undefined) {
    await transaction
      .updateTable("identity_device")
      .set({ last_seen_at: timestampOf(now) })
      .where("id", "=", known)
      .execute();
    return { id: known };
  }
  const others = await transaction
    .selectFrom("identity_device")
    .select("id")
    .where("user_id", "=", user)
    .executeTakeFirst();
  const id = randomId("dev", context.randomBytes);
  const { token, hash } = mintToken("device", context.randomBytes);
  const place = { subject: user, field: "identity_device.name" };
  await transaction
    .insertInto("identity_device")
    .values({
      id,
      user_id: user,
      token_hash: hash,
      name: await context.personalData.seal(transaction, place, clientName(client)),
      first_seen_at: timestampOf(now),
      last_seen_at: timestampOf(now),
    })
    .execute();
  if (others !== undefined) {
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "new_device",
      values: { device: clientName(client), address: client.address },
    });
  }
  return { id, token };
};
