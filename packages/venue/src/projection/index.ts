// The venue's books in SQL: PostgreSQL and PGlite through the same code.

export { ledgerProjection } from "./ledger-projection.ts";
export type { Projection } from "./projection.ts";
