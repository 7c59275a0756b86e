import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { pgliteDialect, postgresDialect } from "@pincex/ledger/sql";
import type { KeptHistory } from "@pincex/market-data";
import { marketDataProjection, migrateMarketData, sqlMarketHistory } from "@pincex/market-data/sql";
import type { Projection } from "@pincex/venue";
import { migrateVenue, venueProjection } from "@pincex/venue/projection";
import { Kysely } from "kysely";
import { databaseUnusable } from "./database-unusable.ts";
import { type EmbeddedDatabase, openEmbeddedDatabase } from "./embedded-database.ts";
import { serverPool } from "./server-pool.ts";

// The tables belong to the ledger; a host that queries them knows what it asks for.
/** Tables by name, columns by name: the schema is the ledger's. */
export type AnyTables = Record<string, Record<string, unknown>>;

/**
 * The SQL copy of the books, and of orders, trades and withdrawals, and beside it the candles and public trades of all time: a database that is
 * open and migrated, and what keeps it.
 */
export interface SqlCopy {
  readonly database: Kysely<AnyTables>;
  readonly projections: readonly Projection[];
  readonly history: KeptHistory;
  close(): Promise<void>;
}

/** A copy that is opened when the venue asks for its position: by then the venue has its journal, and nobody else the folder. */
export interface SqlCopyToCome {
  readonly projections: readonly Projection[];
  opened(): Promise<SqlCopy>;
  close(): Promise<void>;
}

export const sqlCopyToCome = (where: {
  directory: string;
  databaseUrl: string | undefined;
}): SqlCopyToCome => {
  let copy: Promise<SqlCopy> | undefined;
  let there: SqlCopy | undefined;
  const opened = (): Promise<SqlCopy> => {
    copy ??= openSqlCopy(where).then((open) => {
      there = open;
      return open;
    });
    return copy;
  };
  // As `projectionsOf` has them.
  const projections = ["sql", "market-data"].map((name, index): Projection => {
    const inner = async () => (await opened()).projections[index] as Projection;
    return {
      name,
      position: async () => (await inner()).position(),
      // At once, if it is there: what is foreseen in the same turn comes after it.
      apply: (...batch) =>
        there?.projections[index]?.apply(...batch) ??
        inner().then((projection) => projection.apply(...batch)),
      prepare: (...batch) => there?.projections[index]?.prepare?.(...batch),
    };
  });
  const close = async (): Promise<void> => {
    const openedCopy = await copy?.catch(() => undefined);
    await openedCopy?.close();
  };
  return { projections, opened, close };
};

/** Opens the copy on the PostgreSQL at `databaseUrl` or, without one, on a PGlite in `directory`. */
const openSqlCopy = (where: {
  directory: string;
  databaseUrl: string | undefined;
}): Promise<SqlCopy> =>
  where.databaseUrl === undefined ? openEmbedded(where.directory) : openServer(where.databaseUrl);

const openEmbedded = async (directory: string): Promise<SqlCopy> => {
  if (isEmpty(directory)) return await fillNew(directory);
  const copy = databaseIn(await openEmbeddedDatabase(directory));
  try {
    await migrateAll(copy);
    return await copyIn(copy);
  } catch {
    // Damaged, or of a release that this one does not know: it is a copy, and the journal fills a new one.
    await copy.destroy();
    await rm(directory, { recursive: true, force: true });
    return await fillNew(directory);
  }
};

const isEmpty = (directory: string): boolean =>
  !existsSync(directory) || readdirSync(directory).length === 0;

const databaseIn = (connection: EmbeddedDatabase): Kysely<AnyTables> =>
  new Kysely<AnyTables>({ dialect: pgliteDialect(connection) });

const migrateAll = async (database: Kysely<AnyTables>): Promise<void> => {
  await migrateVenue(database);
  await migrateMarketData(database);
};

const projectionsOf = (database: Kysely<AnyTables>): readonly Projection[] => [
  venueProjection(database),
  marketDataProjection(database),
];

/** A new PGlite takes seconds to come up. Its position is known before: the venue starts, and it catches up. */
const fillNew = async (directory: string): Promise<SqlCopy> => {
  const database = databaseIn(await openEmbeddedDatabase(directory));
  const migrated = migrateAll(database);
  // Whoever needs it hears of a failure below.
  migrated.catch(() => undefined);
  const kept = sqlMarketHistory(database);
  return {
    database,
    projections: projectionsOf(database).map((projection) => onceThere(projection, migrated)),
    history: {
      candles: (...range) => migrated.then(() => kept.candles(...range)),
      trades: (...range) => migrated.then(() => kept.trades(...range)),
    },
    close: () => database.destroy(),
  };
};

/** A projection into tables that are still being made, and are empty. */
const onceThere = (inner: Projection, migrated: Promise<void>): Projection => {
  let known: number | undefined = 0;
  return {
    name: inner.name,
    position: async () => known ?? (await inner.position()),
    apply: async (events, first, last) => {
      await migrated;
      known = undefined;
      await inner.apply(events, first, last);
    },
  };
};

const openServer = async (databaseUrl: string): Promise<SqlCopy> => {
  const database = new Kysely<AnyTables>({ dialect: postgresDialect(serverPool(databaseUrl)) });
  try {
    await migrateAll(database);
    return await copyIn(database);
  } catch (error) {
    await database.destroy();
    throw databaseUnusable(databaseUrl, error);
  }
};

const copyIn = async (database: Kysely<AnyTables>): Promise<SqlCopy> => {
  const projections = projectionsOf(database);
  for (const projection of projections) await projection.position();
  const history = sqlMarketHistory(database);
  return { database, projections, history, close: () => database.destroy() };
};
