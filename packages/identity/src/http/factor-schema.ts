import { z } from "zod";
import type { AuthenticationResponseJSON } from "../factors/passkeys.ts";
import type { FactorProof } from "../factors/prove-factor.ts";
import { authenticatorAnswer, code } from "./schemas.ts";

/** A second factor as a client shows it. */
export const factorSchema: z.ZodType<FactorProof> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("totp"), code }),
  z.strictObject({ kind: z.literal("recovery_code"), code }),
  z.strictObject({
    kind: z.literal("passkey"),
    response: authenticatorAnswer<AuthenticationResponseJSON>(),
  }),
]);
