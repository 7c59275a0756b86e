import { z } from "zod";
import type { AccountContext } from "../account-context.ts";
import { eraseOneself, ownErasure } from "../erasure/erase-oneself.ts";
import type { Retention } from "../erasure/erase-subject.ts";
import { exportSubject } from "../erasure/export-subject.ts";
import { passkeyForOperation, stepUpFactors } from "../factors/step-up-factors.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { elevate } from "../step-up/step-up.ts";
import { answered } from "./answer.ts";
import { clearCookie, SESSION_COOKIE } from "./cookies.ts";
import { factorSchema } from "./factor-schema.ts";
import { getSignedIn, postSignedIn, type Route } from "./route.ts";
import { nothing } from "./schemas.ts";

/** What a host knows of a user who wants to be erased. */
export interface ErasurePolicy {
  /** Refuses whoever may not go yet, as with money in their accounts; otherwise says what the law retains, and until when. */
  judge(
    user: string,
  ): Promise<{ readonly ok: true; readonly retention?: Retention | undefined } | Refused>;
}

/**
 * What is known of oneself, and being forgotten, for the routes of `createIdentityHandler`. Both ask for a recent sign-in; an erasure for the second factor,
 * too, where there is one.
 *
 * @example
 * createIdentityHandler(context, { routes: ownDataRoutes({ judge: async () => ({ ok: true, retention }) }) });
 */
export const ownDataRoutes = (policy: ErasurePolicy): readonly Route[] => [
  getSignedIn("export", async ({ context, session }) => {
    const refused = await refuseExport(context, session);
    if (refused !== undefined) return refused;
    let body = "";
    for await (const line of exportSubject(context, session.user)) body += line;
    const { status, headers } = answered();
    const file = {
      "content-type": "application/x-ndjson",
      "content-disposition": 'attachment; filename="export.ndjson"',
    };
    return { status, headers: { ...headers, ...file }, body };
  }),
  postSignedIn("erasure/passkey", nothing, async ({ context, session }) => {
    const answer = await passkeyForOperation(context, session, ownErasure(session));
    return answer.ok ? answered({ options: answer.options }) : answer;
  }),
  postSignedIn("erasure", z.strictObject({ factor: factorSchema.optional() }), async (call) => {
    const { context, client, session, body } = call;
    const judged = await policy.judge(session.user);
    if (!judged.ok) return judged;
    const { factor } = body;
    const operation = ownErasure(session);
    const factors = factor && stepUpFactors(context, session, { factor, client });
    const confirmed = factors && (await elevate(context, { session, operation, factors }));
    if (confirmed?.ok === false) return confirmed;
    const { retention } = judged;
    const answer = await eraseOneself(context, session, {
      elevation: confirmed?.elevation,
      retention,
    });
    if (!answer.ok) return answer;
    return answered({ tables: answer.tables }, { cookies: [clearCookie(SESSION_COOKIE)] });
  }),
];

/** Whoever finds an unattended browser mustn't carry all of it away; that it was handed out is in the audit log. */
const refuseExport = (
  context: AccountContext,
  session: Session,
): Promise<SessionRefusal | undefined> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    await context.audit.record(transaction, {
      actor: user,
      action: "user.exported",
      subject: user,
      outcome: "done",
    });
    return undefined;
  });
