// The history of a venue's markets in SQL: PostgreSQL and PGlite through the same code.

export {
  type MarketDataProjectionOptions,
  marketDataProjection,
} from "./market-data-projection.ts";
export { migrateMarketData } from "./migrate-market-data.ts";
export { dropTradesBefore } from "./partitions.ts";
export { sqlMarketHistory } from "./sql-market-history.ts";
