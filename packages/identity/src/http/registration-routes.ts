import { z } from "zod";
import { completeRegistration, requestRegistration } from "../users/registration.ts";
import { answered } from "./answer.ts";
import { post, type Route } from "./route.ts";
import { email, password, token } from "./schemas.ts";

const ACCEPTED = { status: 202 } as const;

export const REGISTRATION_ROUTES: readonly Route[] = [
  post("register", z.strictObject({ email }), async ({ context, client, body }) => {
    const answer = await requestRegistration(context, { ...body, client });
    return answer.ok ? answered({}, ACCEPTED) : answer;
  }),
  post(
    "register/complete",
    z.strictObject({ token, password, displayName: z.string().max(1_000).optional() }),
    async ({ context, client, body }) => {
      const answer = await completeRegistration(context, { ...body, client });
      return answer.ok ? answered() : answer;
    },
  ),
];
