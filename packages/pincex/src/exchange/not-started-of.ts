import { JournalDamaged, JournalLocked, StartRefused } from "@pincex/venue";
import { ExchangeNotStarted } from "./exchange-not-started.ts";

const RESTORE = {
  file: "Restore the folder from a copy",
  postgres: "Restore the database from a backup",
} as const;

/** What to do about a finding of the venue, in the words of whoever runs the exchange. */
const REMEDIES: Readonly<Record<string, string>> = {
  command_not_replayable:
    'nothing was changed: start the release that took the command, or look at it and let every start pass over it with "pincex skip"',
  projection_ahead_of_journal:
    "restore the journal that belongs to it, or give a new journal a new database (drop the schema pincex, or delete the folder sql)",
  snapshot_ahead_of_journal:
    "restore the journal that belongs to it, or delete the folder snapshots if the journal is the right one",
  snapshot_of_another_journal:
    "restore the journal that belongs to it, or delete the folder snapshots if the journal is the right one",
  view_not_restorable: "delete the folder snapshots: the next start replays the journal instead",
};

/**
 * What kept an exchange from starting, for a person: errors of the venue become a sentence that says what to do, others
 * stay as they are.
 */
export const notStartedOf = (
  error: unknown,
  { dataDirectory, journal }: { dataDirectory: string; journal: "file" | "postgres" },
): unknown => {
  if (error instanceof JournalLocked) {
    return new ExchangeNotStarted(
      "data_directory_in_use",
      `The data folder ${dataDirectory} is in use by process ${error.pid}: stop that exchange, or choose another folder with PINCEX_DATA_DIR.`,
      error,
    );
  }
  if (error instanceof JournalDamaged) {
    return new ExchangeNotStarted(
      "journal_unusable",
      `The exchange in ${dataDirectory} does not start: ${error.message}. ${RESTORE[journal]}; nothing was changed.`,
      error,
    );
  }
  if (error instanceof StartRefused) {
    const remedy = REMEDIES[error.code];
    const advice = remedy === undefined ? "nothing was changed" : remedy;
    return new ExchangeNotStarted(
      error.code === "projection_ahead_of_journal"
        ? "database_ahead_of_journal"
        : "journal_unusable",
      `The exchange in ${dataDirectory} does not start (${error.message}): ${advice}.`,
      error,
    );
  }
  return error;
};
