import { z } from "zod";
import {
  confirmContactChange,
  confirmPhone,
  requestContactChange,
} from "../users/contact-change.ts";
import { answered } from "./answer.ts";
import { post, postSignedIn, type Route } from "./route.ts";
import { code, email, token } from "./schemas.ts";

const ACCEPTED = { status: 202 } as const;

export const CONTACT_ROUTES: readonly Route[] = [
  postSignedIn("email", z.strictObject({ email }), async ({ context, session, body }) => {
    const contact = { field: "email", value: body.email } as const;
    const answer = await requestContactChange(context, session, contact);
    return answer.ok ? answered({ id: answer.id, expiresAt: answer.expiresAt }, ACCEPTED) : answer;
  }),
  postSignedIn(
    "phone",
    z.strictObject({ phone: z.string().max(100) }),
    async ({ context, session, body }) => {
      const contact = { field: "phone", value: body.phone } as const;
      const answer = await requestContactChange(context, session, contact);
      return answer.ok
        ? answered({ id: answer.id, expiresAt: answer.expiresAt }, ACCEPTED)
        : answer;
    },
  ),
  postSignedIn(
    "phone/confirm",
    z.strictObject({ id: token, code }),
    async ({ context, session, body }) => {
      const answer = await confirmPhone(context, session, body);
      return answer.ok ? answered({ changed: answer.changed }) : answer;
    },
  ),
  post("contact", z.strictObject({ token }), async ({ context, body }) => {
    const answer = await confirmContactChange(context, body.token);
    return answer.ok ? answered({ changed: answer.changed }) : answer;
  }),
];
