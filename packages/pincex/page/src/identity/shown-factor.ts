import { type Factor, type FactorKind, factorOfCode } from "./factor.ts";
import type { Typed } from "./identity-form.tsx";
import type { IdentityAnswer } from "./identity-request.ts";
import { type Asker, passkeyFactor } from "./passkey.ts";
import type { TextFieldProps } from "./text-field.tsx";
import { CODE } from "./usual-fields.ts";

/**
 * The field for an app's code among others of a form, where the account has an app; it may stay empty where there is a passkey, too. Recovery codes
 * are for signing in.
 */
export const codeFields = (factors: readonly FactorKind[]): readonly TextFieldProps[] => {
  if (!factors.includes("totp")) return [];
  const field = { ...CODE, label: "Code of your app" };
  return factors.includes("passkey")
    ? [{ ...field, isOptional: true, hint: "Or leave it empty, and use your passkey." }]
    : [field];
};

interface Question {
  /** Where the exchange says what a passkey is to sign. */
  readonly path: string;
  readonly body: object;
}

/** The code that was typed or, with none, what a passkey signs; nothing of an account without factors. */
export const shownFactor = async (
  asker: Asker,
  factors: readonly FactorKind[],
  typed: Typed,
  { path, body }: Question,
): Promise<IdentityAnswer<{ readonly factor?: Factor }>> => {
  const code = typed.text("code").trim();
  if (code !== "") return { ok: true, json: { factor: factorOfCode(code) } };
  if (!factors.includes("passkey")) return { ok: true, json: {} };
  const factor = await passkeyFactor(asker, path, body);
  return factor.ok ? { ok: true, json: { factor: factor.json } } : factor;
};
