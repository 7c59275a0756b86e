import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pgliteDialect, postgresDialect } from "@pincex/ledger/sql";
import { type Journal, JournalLocked, type JournalReader, type Projection } from "@pincex/venue";
import { openFileJournal, readFileJournal, readFileSnapshots } from "@pincex/venue/node";
import { openPostgresJournal, readPostgresJournal } from "@pincex/venue/postgres";
import { ledgerProjection } from "@pincex/venue/projection";
import { Kysely, sql } from "kysely";
import { Pool } from "pg";
import { databaseUnusable } from "./database-unusable.ts";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import { journalDatabase } from "./exchange-journal.ts";
import { ExchangeNotStarted, reasonOf } from "./exchange-not-started.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { notStartedOf } from "./not-started-of.ts";

/** What an exchange has kept, to be looked at while it runs or doesn't. */
export interface KeptExchange {
  readonly journal: JournalReader;
  /** Undefined if there are none. */
  readonly snapshots: ReturnType<typeof readFileSnapshots> | undefined;
  /** The SQL copy of the books; undefined if there is none yet, or it is in use. */
  readonly sql: Kysely<unknown> | undefined;
  /** The process that has the embedded SQL open, which only one can; undefined if none has. */
  readonly sqlInUseBy: number | undefined;
  readonly projections: readonly Projection[];
  /** The journal for writing, which replaces whoever writes it. Closed with the rest. */
  openJournal(): Promise<Journal>;
  close(): Promise<void>;
}

export type KeptExchangeOptions = Required<Pick<ExchangeOptions, "dataDir" | "journal">> &
  Pick<ExchangeOptions, "databaseUrl" | "archiveDir">;

/** Opens what is there and makes nothing new. Rejects with `ExchangeNotStarted` where there is nothing, or it is in use. */
export const openKeptExchange = async (options: KeptExchangeOptions): Promise<KeptExchange> => {
  const directory = resolve(options.dataDir);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  const refuse = (error: unknown): never => {
    throw notStartedOf(error, { dataDirectory: directory, journal: options.journal });
  };
  try {
    const { journal, openJournal, inUseBy } =
      options.journal === "postgres" && options.databaseUrl !== undefined
        ? await journalOnServer(options.databaseUrl, closers)
        : await journalInFiles(directory, options, closers);
    const snapshotsIn = join(directory, "snapshots");
    const snapshots = existsSync(snapshotsIn)
      ? readFileSnapshots({ directory: snapshotsIn })
      : undefined;
    const books =
      inUseBy === undefined
        ? await sqlBooks(options.databaseUrl, join(directory, "sql"), closers)
        : undefined;
    const projections = books === undefined ? [] : [ledgerProjection(books)];
    return {
      journal,
      openJournal: () => openJournal().catch(refuse),
      snapshots,
      sql: books,
      sqlInUseBy: inUseBy,
      projections,
      close,
    };
  } catch (error) {
    await close();
    return refuse(error);
  }
};

type OpenedJournal = Pick<KeptExchange, "journal" | "openJournal"> & {
  readonly inUseBy?: number;
};

/**
 * Beside a running exchange. But an embedded SQL can be open once only, so with one the lock is taken: whoever starts now has to
 * wait; and if somebody has it, that SQL is left alone.
 */
const journalInFiles = async (
  dataDirectory: string,
  { archiveDir, databaseUrl }: KeptExchangeOptions,
  closers: (() => Promise<void>)[],
): Promise<OpenedJournal> => {
  const directory = join(dataDirectory, "journal");
  if (!existsSync(directory)) throw nothingKept(`the folder ${dataDirectory}`);
  const archive = archiveDir === undefined ? {} : { archiveDirectory: resolve(archiveDir) };
  const where = { directory, ...archive };
  const openJournal = async (): Promise<Journal> => {
    const journal = await openFileJournal(where);
    closers.push(() => journal.close());
    return journal;
  };
  if (databaseUrl !== undefined) return { journal: readFileJournal(where), openJournal };
  try {
    const journal = await openJournal();
    return { journal, openJournal: async () => journal };
  } catch (error) {
    if (!(error instanceof JournalLocked)) throw error;
    return { journal: readFileJournal(where), openJournal, inUseBy: error.pid };
  }
};

const journalOnServer = async (
  databaseUrl: string,
  closers: (() => Promise<void>)[],
): Promise<OpenedJournal> => {
  const db = journalDatabase(databaseUrl);
  closers.push(() => db.destroy());
  if (!(await hasTable(db, databaseUrl, "pincex_journal.journal_head"))) {
    throw nothingKept("the schema pincex_journal of the database");
  }
  const openJournal = async (): Promise<Journal> => {
    const journal = await openPostgresJournal({ db });
    closers.push(() => journal.close());
    return journal;
  };
  return { journal: readPostgresJournal({ db }), openJournal };
};

const nothingKept = (where: string): ExchangeNotStarted =>
  new ExchangeNotStarted(
    "nothing_kept",
    `There is no journal of an exchange in ${where}: PINCEX_DATA_DIR, PINCEX_JOURNAL and DATABASE_URL say where it is.`,
  );

const WATERMARK = "pincex.watermark";

const sqlBooks = async (
  databaseUrl: string | undefined,
  directory: string,
  closers: (() => Promise<void>)[],
): Promise<Kysely<unknown> | undefined> => {
  if (databaseUrl !== undefined) {
    const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: "pincex" });
    const db = new Kysely<unknown>({ dialect: postgresDialect(pool) });
    closers.push(() => db.destroy());
    return (await hasTable(db, databaseUrl, WATERMARK)) ? db : undefined;
  }
  if (!existsSync(directory) || readdirSync(directory).length === 0) return undefined;
  const db = new Kysely<unknown>({ dialect: pgliteDialect(await openEmbeddedDatabase(directory)) });
  closers.push(() => db.destroy());
  try {
    return (await isThere(db, WATERMARK)) ? db : undefined;
  } catch (error) {
    throw new ExchangeNotStarted(
      "sql_copy_unreadable",
      `The SQL copy in ${directory} cannot be read (${reasonOf(error)}): delete it, the next start fills a new one from the journal.`,
      error,
    );
  }
};

const hasTable = async (
  db: Kysely<unknown>,
  databaseUrl: string,
  table: string,
): Promise<boolean> => {
  try {
    return await isThere(db, table);
  } catch (error) {
    throw databaseUnusable(databaseUrl, error);
  }
};

const isThere = async (db: Kysely<unknown>, table: string): Promise<boolean> => {
  const { rows } = await sql<{ oid: string | null }>`
    select to_regclass(${table}::text)::text as oid`.execute(db);
  return rows[0]?.oid !== null;
};
