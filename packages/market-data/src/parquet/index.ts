// Days of trades that are over, as Parquet files: `@duckdb/node-api` is a peer that only this needs.

export { openTradeArchive, TradeArchive } from "./trade-archive.ts";
