import type { SessionKeys } from "@pincex/gateway";
import { answered, postSignedIn, type Route } from "@pincex/identity/http";
import { z } from "zod";
import type { CustomerAccounts } from "./customer-accounts.ts";

/**
 * As long as a session may be idle: the page opens another key before this one ends, which prolongs the session, if somebody does something;
 * where nobody does, key, session and connection end together.
 */
const KEY_MS = 30 * 60_000;

/** Opens a trading key for the page of somebody who is signed in: for the public half of a key pair that their browser made. */
export const sessionKeyRoute = (keys: SessionKeys, accounts: CustomerAccounts): Route =>
  postSignedIn(
    "session-keys",
    z.strictObject({ publicKey: z.string().max(10_000) }),
    async ({ context, session, body }) => {
      const { account, name } = await accounts.of(session.user);
      const opened = keys.open({
        session: session.id,
        principal: { account, name, permissions: ["read", "trade"] },
        publicKey: body.publicKey,
        until: context.clock() + KEY_MS,
      });
      if (!opened.ok) return opened;
      return answered({ apiKey: opened.apiKey, until: opened.until, name }, { status: 201 });
    },
  );
