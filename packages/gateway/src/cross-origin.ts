import type { GatewayRequest, GatewayResponse } from "./http-message.ts";

/** What a page of any origin may read. Keys travel in headers, never in cookies, so no origin is trusted more than another. */
export const CROSS_ORIGIN_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "X-MBX-USED-WEIGHT, X-MBX-USED-WEIGHT-1M, X-MBX-ORDER-COUNT-10S, X-MBX-ORDER-COUNT-1D, RateLimit, RateLimit-Policy, Retry-After",
};

export const isPreflight = (request: GatewayRequest): boolean =>
  request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;

/** The answer to a browser that asks whether it may send a request. */
export const preflightResponse = (): GatewayResponse => ({
  status: 204,
  headers: {
    ...CROSS_ORIGIN_HEADERS,
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers":
      "Content-Type, X-MBX-APIKEY, X-MBX-TIME-UNIT, Pincex-Key, Pincex-Timestamp, Pincex-Signature",
    "access-control-max-age": "86400",
  },
  body: "",
});
