// The venue in SQL: PostgreSQL and PGlite through the same code.

export { migrateVenue } from "./migrate-venue.ts";
export type { Projection } from "./projection.ts";
export {
  type HistoryRange,
  readPlacedOrders,
  readTrades,
  readWithdrawals,
  type SqlOrder,
  type SqlTrade,
  type SqlWithdrawal,
} from "./read-history.ts";
export {
  ledgerProjection,
  type VenueProjectionOptions,
  venueProjection,
} from "./venue-projection.ts";
