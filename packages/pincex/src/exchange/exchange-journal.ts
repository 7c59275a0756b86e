import { postgresDialect } from "@pincex/ledger/sql";
import { type Journal, JournalDamaged } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { DatabaseNotDurable, migrateJournal, openPostgresJournal } from "@pincex/venue/postgres";
import { Kysely } from "kysely";
import { Pool } from "pg";
import { databaseUnusable } from "./database-unusable.ts";
import { ExchangeNotStarted } from "./exchange-not-started.ts";

/** Where the journal of an exchange is. */
export type JournalPlace =
  | {
      readonly kind: "file";
      readonly directory: string;
      readonly archiveDirectory?: string;
    }
  | { readonly kind: "postgres"; readonly databaseUrl: string };

/** Opens it for writing. To close it closes whatever it was opened with. */
export const openExchangeJournal = async (place: JournalPlace): Promise<Journal> => {
  if (place.kind === "postgres") return await openOnServer(place.databaseUrl);
  const { kind: _, ...where } = place;
  return await openFileJournal(where);
};

const openOnServer = async (databaseUrl: string): Promise<Journal> => {
  const db = journalDatabase(databaseUrl);
  try {
    await migrateJournal(db);
    const journal = await openPostgresJournal({ db });
    return {
      head: () => journal.head(),
      skipped: () => journal.skipped(),
      read: (fromSequence) => journal.read(fromSequence),
      append: (frame) => journal.append(frame),
      skip: (command) => journal.skip(command),
      close: async () => {
        await journal.close();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw notOpened(error, databaseUrl);
  }
};

const CONNECT_TIMEOUT_MS = 5_000;
/** Beyond an append's own patience. Without it, to close a connection to a server that stands still would take for ever. */
const QUERY_TIMEOUT_MS = 15_000;

/** With connections of its own: an append waits for nobody's query. */
export const journalDatabase = (databaseUrl: string): Kysely<unknown> =>
  new Kysely<unknown>({
    dialect: postgresDialect(
      new Pool({
        connectionString: databaseUrl,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        query_timeout: QUERY_TIMEOUT_MS,
        max: 2,
        application_name: "pincex journal",
      }),
    ),
  });

const notOpened = (error: unknown, databaseUrl: string): unknown => {
  if (error instanceof DatabaseNotDurable) {
    return new ExchangeNotStarted(
      "database_not_durable",
      "The PostgreSQL in DATABASE_URL has fsync off, so a journal there would not survive a power cut: turn fsync on, or keep the journal in a file with PINCEX_JOURNAL=file.",
      error,
    );
  }
  return error instanceof JournalDamaged ? error : databaseUnusable(databaseUrl, error);
};
