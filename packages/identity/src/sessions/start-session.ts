import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { randomId } from "../random-id.ts";
import { timestampOf } from "../schema/time-column.ts";
import type { Client } from "../sign-in/client.ts";
import { deviceOfSignIn } from "./device.ts";
import type { Session, SessionTokens, SignInMethod } from "./session.ts";
import { keepRefreshToken, mintSessionTokens } from "./session-tokens.ts";

/** A session that began, and what the client keeps of it. */
export interface StartedSession {
  readonly session: Session;
  readonly tokens: SessionTokens;
  /** For a device that wasn't known: to be kept in a long-lived cookie. */
  readonly deviceToken?: string;
}

/** What a session needs to begin: somebody who has proven all that is asked of them. */
export interface SessionStart {
  readonly user: string;
  readonly kind: Session["kind"];
  readonly methods: readonly SignInMethod[];
  readonly assurance: 1 | 2;
  readonly client: Client;
}

/** Always a new session with a new token: nothing that a client brought along becomes one (session fixation). */
export const startSession = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  { user, kind, methods, assurance, client }: SessionStart,
): Promise<StartedSession> => {
  const now = context.clock();
  const { browserLongestMs, appLongestMs } = context.settings.sessions;
  const expiresAt = now + (kind === "browser" ? browserLongestMs : appLongestMs);
  const device = await deviceOfSignIn(context, transaction, user, client);
  const minted = mintSessionTokens(context, kind, expiresAt);
  const id = randomId("ses", context.randomBytes);
  const place = { subject: user, field: "identity_session.address" };
  await transaction
    .insertInto("identity_session")
    .values({
      id,
      user_id: user,
      token_hash: minted.tokenHash,
      kind,
      assurance,
      methods: methods.join(" "),
      authenticated_at: timestampOf(now),
      created_at: timestampOf(now),
      last_seen_at: timestampOf(now),
      idle_expires_at: timestampOf(minted.idleExpiresAt),
      expires_at: timestampOf(expiresAt),
      device_id: device.id,
      address: await context.personalData.seal(transaction, place, client.address),
      ended_at: null,
      end_reason: null,
    })
    .execute();
  await keepRefreshToken(transaction, id, minted.refresh);
  await context.audit.record(transaction, {
    actor: user,
    action: "session.started",
    subject: user,
    target: id,
    outcome: "done",
    address: client.address,
    details: { methods: methods.join(" "), device: device.id },
  });
  return {
    session: { id, user, kind, device: device.id, assurance, methods, authenticatedAt: now },
    tokens: minted.tokens,
    ...(device.token === undefined ? {} : { deviceToken: device.token }),
  };
};
