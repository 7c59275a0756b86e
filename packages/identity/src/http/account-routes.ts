import { z } from "zod";
import { changePhrase, phraseChange } from "../anti-phishing/phrase.ts";
import { readPhrase } from "../anti-phishing/read-phrase.ts";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import { passkeyForOperation, stepUpFactors } from "../factors/step-up-factors.ts";
import { findSecurityHold } from "../security-holds/security-hold.ts";
import { elevate } from "../step-up/step-up.ts";
import { freezeAccount, passkeyForThaw, requestThaw, thawAccount } from "../users/freeze.ts";
import { changePassword } from "../users/password-change.ts";
import { requestPasswordReset, resetPassword } from "../users/password-reset.ts";
import { changeProfile, readProfile } from "../users/profile.ts";
import { answered } from "./answer.ts";
import { clearCookie, SESSION_COOKIE } from "./cookies.ts";
import { factorSchema } from "./factor-schema.ts";
import { getSignedIn, post, postSignedIn, type Route } from "./route.ts";
import { email, nothing, password, token } from "./schemas.ts";
import { tokenCookies } from "./sessions-in-cookies.ts";

const ACCEPTED = { status: 202 } as const;

const phrase = z.string().max(1_000);

export const ACCOUNT_ROUTES: readonly Route[] = [
  getSignedIn("me", async ({ context, session }) => {
    const { id, user, methods, assurance, authenticatedAt } = session;
    const profile = await readProfile(context, session);
    const hold = await findSecurityHold(context, context.db, user);
    return answered({
      user,
      email: profile?.email ?? "",
      phone: profile?.phone ?? null,
      displayName: profile?.displayName ?? null,
      factors: await enrolledFactors(context.db, user),
      hasPhrase: (await readPhrase(context, context.db, user)) !== undefined,
      securityHoldUntil: hold?.until ?? null,
      session: { id, methods, assurance, authenticatedAt },
    });
  }),
  postSignedIn(
    "profile",
    z.strictObject({ displayName: z.string().max(1_000).nullable() }),
    async ({ context, session, body }) => {
      const answer = await changeProfile(context, session, body);
      return answer.ok ? answered() : answer;
    },
  ),
  postSignedIn("password", z.strictObject({ password }), async ({ context, session, body }) => {
    const answer = await changePassword(context, session, body.password);
    return answer.ok ? answered({}, { cookies: tokenCookies(answer.tokens) }) : answer;
  }),
  post("password-reset", z.strictObject({ email }), async ({ context, client, body }) => {
    const answer = await requestPasswordReset(context, { ...body, client });
    return answer.ok ? answered({}, ACCEPTED) : answer;
  }),
  post(
    "password-reset/complete",
    z.strictObject({ token, password }),
    async ({ context, client, body }) => {
      const answer = await resetPassword(context, { ...body, client });
      return answer.ok ? answered() : answer;
    },
  ),
  postSignedIn(
    "anti-phishing-phrase/passkey",
    z.strictObject({ phrase }),
    async ({ context, session, body }) => {
      const answer = await passkeyForOperation(context, session, phraseChange(body.phrase));
      return answer.ok ? answered({ options: answer.options }) : answer;
    },
  ),
  postSignedIn(
    "anti-phishing-phrase",
    z.strictObject({ phrase, factor: factorSchema }),
    async ({ context, client, session, body }) => {
      const operation = phraseChange(body.phrase);
      const factors = stepUpFactors(context, session, { factor: body.factor, client });
      const confirmed = await elevate(context, { session, operation, factors });
      if (!confirmed.ok) return confirmed;
      const { elevation } = confirmed;
      const answer = await changePhrase(context, { session, elevation, phrase: body.phrase });
      return answer.ok ? answered() : answer;
    },
  ),
  postSignedIn("freeze", nothing, async ({ context, session }) => {
    const answer = await freezeAccount(context, session);
    return answer.ok ? answered({}, { cookies: [clearCookie(SESSION_COOKIE)] }) : answer;
  }),
  post("thaw", z.strictObject({ email }), async ({ context, client, body }) => {
    const answer = await requestThaw(context, { ...body, client });
    return answer.ok ? answered({}, ACCEPTED) : answer;
  }),
  post("thaw/passkey", z.strictObject({ token }), async ({ context, body }) => {
    const answer = await passkeyForThaw(context, body.token);
    return answer.ok ? answered({ options: answer.options }) : answer;
  }),
  post(
    "thaw/complete",
    z.strictObject({ token, password, factor: factorSchema.optional() }),
    async ({ context, client, body }) => {
      const answer = await thawAccount(context, { ...body, client });
      return answer.ok ? answered() : answer;
    },
  ),
];
