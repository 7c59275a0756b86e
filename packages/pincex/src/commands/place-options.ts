import type { ExchangeOptions } from "../exchange/exchange-options.ts";

/** Where an exchange is. */
export type PlaceOptions = Required<Pick<ExchangeOptions, "dataDir" | "journal">> &
  Pick<ExchangeOptions, "databaseUrl" | "archiveDir">;

type PlaceField = "DATABASE_URL" | "PINCEX_JOURNAL" | "PINCEX_ARCHIVE_DIR";

export type ReadPlaceOptions =
  | { readonly ok: true; readonly options: PlaceOptions }
  | {
      readonly ok: false;
      readonly field: PlaceField;
      readonly message: string;
    };

/** Reads where the exchange is from the environment. An empty variable counts as absent. */
export const readPlaceOptions = (
  env: Readonly<Record<string, string | undefined>>,
): ReadPlaceOptions => {
  const journal = env["PINCEX_JOURNAL"] || "file";
  const databaseUrl = env["DATABASE_URL"] || undefined;
  const archiveDir = env["PINCEX_ARCHIVE_DIR"] || undefined;
  if (journal !== "file" && journal !== "postgres") {
    return refused(
      "PINCEX_JOURNAL",
      `PINCEX_JOURNAL must be "file" or "postgres", but is "${journal}".`,
    );
  }
  const refusal = journal === "postgres" && postgresRefusal(databaseUrl, archiveDir);
  if (refusal) return refusal;
  if (databaseUrl !== undefined && !hasProtocol(databaseUrl, "postgres:", "postgresql:")) {
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database.",
    );
  }
  const options = {
    dataDir: env["PINCEX_DATA_DIR"] || ".pincex",
    journal,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(archiveDir === undefined ? {} : { archiveDir }),
  } as const;
  return { ok: true, options };
};

const postgresRefusal = (
  databaseUrl: string | undefined,
  archiveDir: string | undefined,
): ReadPlaceOptions | undefined => {
  if (databaseUrl === undefined) {
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must name the PostgreSQL that PINCEX_JOURNAL=postgres keeps the journal in, but is empty.",
    );
  }
  if (archiveDir === undefined) return undefined;
  return refused(
    "PINCEX_ARCHIVE_DIR",
    "PINCEX_ARCHIVE_DIR is the archive of a journal in files, but PINCEX_JOURNAL is postgres.",
  );
};

const refused = (field: PlaceField, message: string): ReadPlaceOptions => ({
  ok: false,
  field,
  message,
});

/** Whether a text is a URL of one of these protocols. */
export const hasProtocol = (text: string, ...protocols: readonly string[]): boolean => {
  try {
    return protocols.includes(new URL(text).protocol);
  } catch {
    return false;
  }
};
