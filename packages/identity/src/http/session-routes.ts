import { z } from "zod";
import { endOtherSessions, endSession } from "../sessions/end-sessions.ts";
import { listSessions } from "../sessions/list-sessions.ts";
import { passkeyForSession, reauthenticate } from "../sign-in/reauthentication.ts";
import { answered } from "./answer.ts";
import { factorSchema } from "./factor-schema.ts";
import { deleteSignedIn, getSignedIn, postSignedIn, type Route } from "./route.ts";
import { nothing, password } from "./schemas.ts";
import { tokenCookies } from "./sessions-in-cookies.ts";

export const SESSION_ROUTES: readonly Route[] = [
  getSignedIn("sessions", async ({ context, session }) =>
    answered({ sessions: await listSessions(context, session) }),
  ),
  deleteSignedIn("sessions", async ({ context, session }) => {
    const answer = await endOtherSessions(context, session);
    return answer.ok ? answered({ ended: answer.ended }) : answer;
  }),
  deleteSignedIn("sessions/:id", async ({ context, session, id }) => {
    const answer = await endSession(context, session, id);
    return answer.ok ? answered() : answer;
  }),
  postSignedIn(
    "reauthenticate",
    z.strictObject({ password: password.optional(), factor: factorSchema.optional() }),
    async ({ context, client, session, body }) => {
      const answer = await reauthenticate(context, session, { ...body, client });
      if (!answer.ok) return answer;
      return answered({}, { cookies: tokenCookies(answer.tokens) });
    },
  ),
  postSignedIn("reauthenticate/passkey", nothing, async ({ context, session }) => {
    const answer = await passkeyForSession(context, session);
    return answer.ok ? answered({ options: answer.options }) : answer;
  }),
];
