import type { Refused } from "../refusal.ts";
import type { IdentityResponse } from "./identity-request.ts";

/** What is told here is for its reader alone, and is nothing but JSON. */
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** What was asked for. Undefined values are left out, as JSON does. */
export const answered = (
  json: object = {},
  { status = 200, cookies = [] }: { status?: number; cookies?: readonly string[] } = {},
): IdentityResponse => ({
  status,
  headers: {
    ...HEADERS,
    "content-type": "application/json",
    ...(cookies.length === 0 ? {} : { "set-cookie": cookies }),
  },
  body: JSON.stringify(json),
});

/** A problem document (RFC 9457) with the code that programs go by, and what else its reader needs. */
export const refusedAnswer = (
  status: number,
  refused: Omit<Refused, "ok"> & Readonly<Record<string, unknown>>,
): IdentityResponse => {
  const { ok: _, code, field = null, rule, ...more } = refused;
  const title = code.replaceAll("_", " ");
  return {
    status,
    headers: { ...HEADERS, "content-type": "application/problem+json" },
    body: JSON.stringify({
      type: `urn:pincex:problem:${code}`,
      title,
      status,
      code,
      field,
      rule,
      ...more,
    }),
  };
};
