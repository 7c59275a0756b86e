import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";

export type FactorKind = "totp" | "passkey" | "recovery_code";

/** A second factor, as it is shown to the exchange. */
export type Factor =
  | { readonly kind: "totp" | "recovery_code"; readonly code: string }
  | { readonly kind: "passkey"; readonly response: AuthenticationResponseJSON };

/** Six digits are of an authenticator app; all else is a recovery code. */
export const factorOfCode = (typed: string): Factor => {
  const code = typed.trim();
  return { kind: /^\d{6}$/.test(code) ? "totp" : "recovery_code", code };
};

/** Whether one of these is proved by a code that is typed. */
export const hasCode = (factors: readonly FactorKind[]): boolean =>
  factors.some((kind) => kind !== "passkey");
