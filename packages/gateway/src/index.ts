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
export { type ExpressMiddleware, expressMiddleware } from "./hosts/express-middleware.ts";
export {
  type FastifyPart,
  type FastifyReplyPart,
  type FastifyRequestPart,
  fastifyPlugin,
} from "./hosts/fastify-plugin.ts";
export type { FetchContext, FetchHandler } from "./hosts/fetch-handler.ts";
export {
  type NodeListener,
  type NodeListenerOptions,
  toNodeListener,
} from "./hosts/node-listener.ts";
export { takeUpgrades, type UpgradingServer } from "./hosts/take-upgrades.ts";
export { type GatewayRequest, type GatewayResponse, MAX_BODY_BYTES } from "./http-message.ts";
export {
  firstAuthenticator,
  type KeyAuthenticatorOptions,
  keyAuthenticator,
} from "./key-authenticator.ts";
export { type LimitBucket, type LimitStore, memoryLimitStore } from "./limits/limit-store.ts";
export type { RateLimits } from "./limits/request-limits.ts";
export type { BucketState, RatePolicy } from "./limits/token-buckets.ts";
export type { ProblemDocument } from "./native/problem.ts";
export { signedPayload } from "./native/signature.ts";
export type { CommandSink } from "./order-entry.ts";
export {
  type OpenedSessionKey,
  type SessionKeyRefusal,
  type SessionKeyRequest,
  SessionKeys,
  type SessionKeysOptions,
} from "./session-keys.ts";
export {
  CloseCode,
  CONGESTED_BYTES,
  MAX_PAUSE_MS,
  MAX_QUEUED_BYTES,
} from "./streaming/connection.ts";
export {
  CHANGES_REPLAYED,
  ReplayWindow,
  type ReplayWindowOptions,
  type SequencedChange,
} from "./streaming/replay-window.ts";
