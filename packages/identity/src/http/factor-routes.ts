import { z } from "zod";
import type { FactorAdded, FactorRemoved } from "../factors/factor-change.ts";
import {
  beginPasskeyEnrolment,
  confirmPasskeyEnrolment,
  listPasskeys,
  type RegistrationResponseJSON,
  removePasskey,
} from "../factors/passkeys.ts";
import { renewRecoveryCodes } from "../factors/recovery-codes.ts";
import { beginTotpEnrolment, confirmTotpEnrolment, removeTotp } from "../factors/totp-factor.ts";
import type { Refused } from "../refusal.ts";
import { answered } from "./answer.ts";
import {
  deleteSignedIn,
  getSignedIn,
  postSignedIn,
  type Route,
  type RouteAnswer,
} from "./route.ts";
import { authenticatorAnswer, code, nothing, token } from "./schemas.ts";
import { tokenCookies } from "./sessions-in-cookies.ts";

/** What a session may do has changed, so it has new tokens. */
const changed = (answer: FactorAdded | FactorRemoved | Refused): RouteAnswer => {
  if (!answer.ok) return answer;
  const recoveryCodes = "recoveryCodes" in answer ? answer.recoveryCodes : undefined;
  return answered({ recoveryCodes }, { cookies: tokenCookies(answer.tokens) });
};

export const FACTOR_ROUTES: readonly Route[] = [
  postSignedIn("totp", nothing, async ({ context, session }) => {
    const answer = await beginTotpEnrolment(context, session);
    if (!answer.ok) return answer;
    const { id, secret, uri, expiresAt } = answer;
    return answered({ id, secret, uri, expiresAt });
  }),
  postSignedIn(
    "totp/confirm",
    z.strictObject({ id: token, code }),
    async ({ context, session, body }) =>
      changed(await confirmTotpEnrolment(context, session, body)),
  ),
  deleteSignedIn("totp", async ({ context, session }) =>
    changed(await removeTotp(context, session)),
  ),
  postSignedIn("recovery-codes", nothing, async ({ context, session }) => {
    const answer = await renewRecoveryCodes(context, session);
    return answer.ok ? answered({ recoveryCodes: answer.codes }) : answer;
  }),
  getSignedIn("passkeys", async ({ context, session }) =>
    answered({ passkeys: await listPasskeys(context, session) }),
  ),
  postSignedIn("passkeys/options", nothing, async ({ context, session }) => {
    const answer = await beginPasskeyEnrolment(context, session);
    return answer.ok ? answered({ options: answer.options }) : answer;
  }),
  postSignedIn(
    "passkeys",
    z.strictObject({
      response: authenticatorAnswer<RegistrationResponseJSON>(),
      name: z.string().max(1_000),
    }),
    async ({ context, session, body }) =>
      changed(await confirmPasskeyEnrolment(context, session, body)),
  ),
  deleteSignedIn("passkeys/:id", async ({ context, session, id }) =>
    changed(await removePasskey(context, session, id)),
  ),
];
