import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import type { SignInMethod } from "../sessions/session.ts";
import { type AuthenticationResponseJSON, usePasskey } from "./passkeys.ts";
import { useRecoveryCode } from "./recovery-codes.ts";
import { useTotp } from "./totp-factor.ts";

/** What somebody shows as their second factor. */
export type FactorProof =
  | { readonly kind: "totp"; readonly code: string }
  | { readonly kind: "recovery_code"; readonly code: string }
  | { readonly kind: "passkey"; readonly response: AuthenticationResponseJSON };

/**
 * Uses the user's factor up, in the transaction of what it is proven for. `boundTo` is the sign-in or the session that a passkey's
 * challenge was made for.
 */
export const proveFactor = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  boundTo: string,
  proof: FactorProof,
): Promise<SignInMethod | undefined> =>
  (await isRight(context, transaction, user, boundTo, proof)) ? proof.kind : undefined;

const isRight = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  boundTo: string,
  proof: FactorProof,
): Promise<boolean> => {
  switch (proof.kind) {
    case "totp":
      return useTotp(context, transaction, user, proof.code);
    case "recovery_code":
      return useRecoveryCode(context, transaction, user, proof.code);
    case "passkey": {
      const wanted = { purpose: "factor", user, boundTo } as const;
      return (await usePasskey(context, transaction, proof.response, wanted)) === user;
    }
  }
};
