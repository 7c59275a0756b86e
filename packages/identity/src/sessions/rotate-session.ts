import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import type { Session, SessionTokens, SignInMethod } from "./session.ts";
import { keepRefreshToken, mintSessionTokens } from "./session-tokens.ts";

/** What the user has just proven again, where they have. */
export interface Reproven {
  readonly methods: readonly SignInMethod[];
  readonly assurance: 1 | 2;
}

/**
 * Gives a session new tokens and voids the old: after every change of what it may do, so that a token that leaked before is worth
 * nothing after. The session must be held.
 */
export const rotateSession = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  { id, kind }: Session,
  reproven?: Reproven,
): Promise<SessionTokens> => {
  const { expiresAt } = await transaction
    .selectFrom("identity_session")
    .select(millisecondsOf("expires_at").as("expiresAt"))
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const minted = mintSessionTokens(context, kind, expiresAt);
  await transaction
    .updateTable("identity_session")
    .set({
      token_hash: minted.tokenHash,
      idle_expires_at: timestampOf(minted.idleExpiresAt),
      ...(reproven === undefined
        ? {}
        : {
            methods: reproven.methods.join(" "),
            assurance: reproven.assurance,
            authenticated_at: timestampOf(context.clock()),
          }),
    })
    .where("id", "=", id)
    .execute();
  // The used ones go too: a lost answer's successor would be an old token.
  await transaction.deleteFrom("identity_refresh_token").where("session_id", "=", id).execute();
  await keepRefreshToken(transaction, id, minted.refresh);
  return minted.tokens;
};
