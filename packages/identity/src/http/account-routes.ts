import { z } from "zod";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import { findSecurityHold } from "../security-holds/security-hold.ts";
import { changeProfile, readProfile } from "../users/profile.ts";
import { answered } from "./answer.ts";
import { getSignedIn, postSignedIn, type Route } from "./route.ts";

export const ACCOUNT_ROUTES: readonly Route[] = [
  getSignedIn("me", async ({ context, session }) => {
    const { id, user, methods, assurance, authenticatedAt } = session;
    const profile = await readProfile(context, session);
    const hold = await findSecurityHold(context, context.db, user);
    return answered({
      user,
      email: profile?.email ?? "",
      displayName: profile?.displayName ?? null,
      factors: await enrolledFactors(context.db, user),
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
];
