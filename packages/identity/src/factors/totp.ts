import { generateURI, ScureBase32Plugin, verifySync } from "otplib";
import type { TotpSettings } from "../account-settings.ts";

const PERIOD_SECONDS = 30;

/** 160 bits, as RFC 4226 advises, in base 32. */
const SECRET_BYTES = 20;

const CODE = /^\d{6}$/;

export const freshTotpSecret = (randomBytes: (length: number) => Uint8Array): string =>
  new ScureBase32Plugin().encode(randomBytes(SECRET_BYTES), { padding: false });

/** What an authenticator reads from a QR code. */
export const totpUri = ({ issuer }: TotpSettings, label: string, secret: string): string =>
  generateURI({ issuer, label, secret, period: PERIOD_SECONDS });

/** The time step that a code belongs to, if it is right for now or near it; undefined for a wrong one. Never throws for what is typed. */
export const totpStep = (
  secret: string,
  code: string,
  nowMs: number,
  [past, future]: TotpSettings["tolerance"],
): number | undefined => {
  const typed = code.replace(/\s/g, "");
  if (!CODE.test(typed)) return undefined;
  const result = verifySync({
    secret,
    token: typed,
    period: PERIOD_SECONDS,
    epoch: Math.floor(nowMs / 1_000),
    epochTolerance: [past, future],
  });
  return result.valid && "timeStep" in result ? result.timeStep : undefined;
};
