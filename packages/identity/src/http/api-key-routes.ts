import { z } from "zod";
import { apiKeyCreation, createApiKey } from "../api-keys/create-api-key.ts";
import { listApiKeys } from "../api-keys/list-api-keys.ts";
import { revokeApiKey } from "../api-keys/revoke-api-key.ts";
import { answered } from "./answer.ts";
import { confirmOperation, passkeyForOperation } from "./confirmed-operation.ts";
import { factorSchema } from "./factor-schema.ts";
import { deleteSignedIn, getSignedIn, postSignedIn, type Route } from "./route.ts";

const PERMISSIONS = ["read", "trade", "withdraw"] as const;

const wish = {
  label: z.string().max(1_000),
  permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
  networks: z.array(z.string().max(100)).max(100),
  publicKey: z.string().max(10_000).optional(),
};

export const API_KEY_ROUTES: readonly Route[] = [
  getSignedIn("api-keys", async ({ context, session }) =>
    answered({ apiKeys: await listApiKeys(context, session.user) }),
  ),
  postSignedIn("api-keys/passkey", z.strictObject(wish), ({ context, session, body }) =>
    passkeyForOperation(context, session, apiKeyCreation(body)),
  ),
  postSignedIn("api-keys", z.strictObject({ ...wish, factor: factorSchema }), async (call) => {
    const { context, session, body } = call;
    const { factor, ...wished } = body;
    const confirmed = await confirmOperation(call, apiKeyCreation(wished), factor);
    if (!confirmed.ok) return confirmed;
    const { elevation } = confirmed;
    const made = await createApiKey(context, { session, elevation, wish: wished });
    if (!made.ok) return made;
    const { apiKey, secret, expiresAt } = made;
    return answered({ apiKey, secret, expiresAt }, { status: 201 });
  }),
  deleteSignedIn("api-keys/:id", async ({ context, session, id }) => {
    const answer = await revokeApiKey(context, { user: session.user, apiKey: id });
    return answer.ok ? answered() : answer;
  }),
];
