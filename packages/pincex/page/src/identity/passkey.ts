import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from "@simplewebauthn/browser";
import type { Factor } from "./factor.ts";
import type { IdentityAnswer, IdentityRefusal } from "./identity-request.ts";

/** Whoever asks the exchange: with or without proving again who is asking. */
export interface Asker {
  ask<Json>(method: "POST", path: string, body?: object): Promise<IdentityAnswer<Json>>;
}

/**
 * Has a passkey sign what the exchange asks.
 *
 * @param path where the exchange says what is to be signed, such as "sign-in/passkey/options"
 */
export const signWithPasskey = async (
  asker: Asker,
  path: string,
  body?: object,
): Promise<IdentityAnswer<AuthenticationResponseJSON>> => {
  const asked = await asker.ask<{ options: PublicKeyCredentialRequestOptionsJSON }>(
    "POST",
    path,
    body,
  );
  if (!asked.ok) return asked;
  return ceremony(() => startAuthentication({ optionsJSON: asked.json.options }));
};

/** The same as a second factor. */
export const passkeyFactor = async (
  asker: Asker,
  path: string,
  body?: object,
): Promise<IdentityAnswer<Factor>> => {
  const signed = await signWithPasskey(asker, path, body);
  return signed.ok ? { ok: true, json: { kind: "passkey", response: signed.json } } : signed;
};

/** Makes a passkey on this device, or on one that the browser reaches. */
export const addPasskey = async (
  asker: Asker,
  name: string,
): Promise<IdentityAnswer<{ readonly recoveryCodes?: readonly string[] }>> => {
  const asked = await asker.ask<{ options: PublicKeyCredentialCreationOptionsJSON }>(
    "POST",
    "passkeys/options",
  );
  if (!asked.ok) return asked;
  const made = await ceremony(() => startRegistration({ optionsJSON: asked.json.options }));
  return made.ok ? asker.ask("POST", "passkeys", { response: made.json, name }) : made;
};

const ceremony = async <Made>(run: () => Promise<Made>): Promise<IdentityAnswer<Made>> => {
  try {
    return { ok: true, json: await run() };
  } catch (error) {
    return { ok: false, problem: refusalOf(error) };
  }
};

const refusalOf = (error: unknown): IdentityRefusal => {
  const known = error instanceof WebAuthnError ? RULES[error.code] : undefined;
  const rule = browserSupportsWebAuthn()
    ? (known ?? "No passkey was used: it was cancelled, or took too long.")
    : "This browser has passkeys only over https and on localhost, if at all.";
  return { code: "passkey_not_used", field: null, rule };
};

const RULES: Readonly<Record<string, string>> = {
  ERROR_INVALID_DOMAIN:
    "Passkeys belong to a name: open this page at its name, such as localhost, not at a number.",
  ERROR_INVALID_RP_ID:
    "Passkeys of this exchange belong to another name: open the page at the name that the exchange has.",
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: "This device has a passkey of this account already.",
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT:
    "A passkey asks for a PIN, a fingerprint or a face: this device can't.",
};
