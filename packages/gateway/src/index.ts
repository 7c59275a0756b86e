// The venue's REST and WebSocket APIs, native and Binance dialect, for a host to mount.

export type { ApiKey, HmacKey, PublicApiKey } from "./api-key.ts";
export type {
  Authentication,
  Authenticator,
  Credentials,
  Permission,
  Principal,
} from "./authenticator.ts";
export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export { type GatewayRequest, type GatewayResponse, MAX_BODY_BYTES } from "./http-message.ts";
export { firstAuthenticator, keyAuthenticator } from "./key-authenticator.ts";
export type { RateLimits } from "./limits/request-limits.ts";
export type { RatePolicy } from "./limits/token-buckets.ts";
export type { ProblemDocument } from "./native/problem.ts";
export { signedPayload } from "./native/signature.ts";
export { type NodeListener, type NodeListenerOptions, toNodeListener } from "./node-listener.ts";
export type { CommandSink } from "./order-entry.ts";
export {
  type OpenedSessionKey,
  type SessionKeyRefusal,
  type SessionKeyRequest,
  SessionKeys,
  type SessionKeysOptions,
} from "./session-keys.ts";
export { CloseCode, MAX_QUEUED_BYTES } from "./streaming/connection.ts";
