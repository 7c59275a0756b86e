import type { IdentityRequest } from "./identity-request.ts";

/** Far more than any request here needs. */
export const MAX_BODY_BYTES = 65_536;

type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly status: 400 | 413 | 415;
      readonly code: "body_too_large" | "content_type_not_json" | "body_not_json";
      readonly rule: string;
    };

const decoder = new TextDecoder("utf-8", { fatal: true });

export const readJson = ({ headers, body }: IdentityRequest): ReadJson => {
  const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    const rule = "The content type is application/json.";
    return { ok: false, status: 415, code: "content_type_not_json", rule };
  }
  if (body.length > MAX_BODY_BYTES) {
    const rule = `A body has at most ${MAX_BODY_BYTES} bytes.`;
    return { ok: false, status: 413, code: "body_too_large", rule };
  }
  try {
    return { ok: true, value: JSON.parse(decoder.decode(body)) };
  } catch {
    // What the parser says quotes the body, in which there may be a password.
    return { ok: false, status: 400, code: "body_not_json", rule: "The body is JSON in UTF-8." };
  }
};
