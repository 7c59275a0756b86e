// A crypto exchange in one process.

export { createExchange, type Exchange } from "./exchange/create-exchange.ts";
export type { DataDirectory } from "./exchange/data-directory.ts";
export type { DemoKey } from "./exchange/demo-keys.ts";
export { ExchangeNotStarted, type NotStartedCode } from "./exchange/exchange-not-started.ts";
export type { ExchangeOptions, IdentityFailed } from "./exchange/exchange-options.ts";
export type { AssetSetup, MarketSetup } from "./exchange/exchange-setup.ts";
export type { AnyTables } from "./exchange/sql-copy.ts";
export type { ExchangeIdentity } from "./identity/exchange-identity.ts";
export type { Mail } from "./identity/mailbox.ts";
export type { ReadRefusal } from "./replay/lobster-file.ts";
export type { LobsterMessageKind } from "./replay/lobster-message.ts";
export type { ReplaySummary } from "./replay/order-flow-replay.ts";
export {
  type ReplayLobsterOptions,
  type ReplayProgress,
  replayLobster,
} from "./replay/replay-lobster.ts";
export {
  type ReplayThroughVenueOptions,
  replayThroughVenue,
  type VenueReplaySummary,
} from "./replay/replay-through-venue.ts";
