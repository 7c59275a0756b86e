import { ExchangeNotStarted, reasonOf } from "./exchange-not-started.ts";

/** The PostgreSQL can't be reached, or refuses what is asked of it. */
export const databaseUnusable = (databaseUrl: string, error: unknown): ExchangeNotStarted =>
  new ExchangeNotStarted(
    "database_unreachable",
    `The PostgreSQL at ${placeOf(databaseUrl)} cannot be used: ${reasonOf(error)}.`,
    error,
  );

/** Host, port and database, without the password. */
const placeOf = (databaseUrl: string): string => {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
};
