import { z } from "zod";
import type { AuthenticationResponseJSON } from "../factors/passkeys.ts";
import { signOut } from "../sessions/end-sessions.ts";
import { finishSignIn, passkeyForSignIn } from "../sign-in/finish-sign-in.ts";
import { beginPasskeySignIn, signInWithPasskey } from "../sign-in/passkey-sign-in.ts";
import { type SignedIn, signInWithPassword } from "../sign-in/password-sign-in.ts";
import { answered } from "./answer.ts";
import { clearCookie, SESSION_COOKIE } from "./cookies.ts";
import { factorSchema } from "./factor-schema.ts";
import type { IdentityResponse } from "./identity-request.ts";
import { post, postSignedIn, type Route } from "./route.ts";
import { authenticatorAnswer, email, nothing, password, token } from "./schemas.ts";
import { sessionCookies } from "./sessions-in-cookies.ts";

/** The session itself is in a cookie that no script reads: nothing of it is in the answer. */
const signedIn = (started: SignedIn): IdentityResponse =>
  answered({ status: started.status }, { cookies: sessionCookies(started) });

export const SIGN_IN_ROUTES: readonly Route[] = [
  post("sign-in", z.strictObject({ email, password }), async ({ context, client, body }) => {
    const answer = await signInWithPassword(context, { ...body, client });
    if (!answer.ok) return answer;
    if (answer.status === "signed_in") return signedIn(answer);
    const { status, challenge, factors, expiresAt } = answer;
    return answered({ status, challenge, factors, expiresAt });
  }),
  post(
    "sign-in/factor",
    z.strictObject({ challenge: token, factor: factorSchema }),
    async ({ context, client, body }) => {
      const answer = await finishSignIn(context, { ...body, client });
      return answer.ok ? signedIn(answer) : answer;
    },
  ),
  post(
    "sign-in/factor/passkey",
    z.strictObject({ challenge: token }),
    async ({ context, body }) => {
      const answer = await passkeyForSignIn(context, body.challenge);
      return answer.ok ? answered({ options: answer.options }) : answer;
    },
  ),
  post("sign-in/passkey/options", nothing, async ({ context }) =>
    answered({ options: await beginPasskeySignIn(context) }),
  ),
  post(
    "sign-in/passkey",
    z.strictObject({ response: authenticatorAnswer<AuthenticationResponseJSON>() }),
    async ({ context, client, body }) => {
      const answer = await signInWithPasskey(context, { ...body, client });
      return answer.ok ? signedIn(answer) : answer;
    },
  ),
  postSignedIn("sign-out", nothing, async ({ context, session }) => {
    const answer = await signOut(context, session);
    if (!answer.ok) return answer;
    return answered({}, { cookies: [clearCookie(SESSION_COOKIE)] });
  }),
];
