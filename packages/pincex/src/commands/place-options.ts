import type { ExchangeOptions } from "../exchange/exchange-options.ts";

/** Where an exchange is. */
export type PlaceOptions = Required<Pick<ExchangeOptions, "dataDir" | "journal">> &
  Pick<ExchangeOptions, "databaseUrl">;

export type ReadPlaceOptions =
  | { readonly ok: true; readonly options: PlaceOptions }
  | {
      readonly ok: false;
      readonly field: "DATABASE_URL" | "PINCEX_JOURNAL";
      readonly message: string;
    };

/** Reads where the exchange is from the environment. An empty variable counts as absent. */
export const readPlaceOptions = (
  env: Readonly<Record<string, string | undefined>>,
): ReadPlaceOptions => {
  const journal = env["PINCEX_JOURNAL"] || "file";
  const databaseUrl = env["DATABASE_URL"] || undefined;
  const dataDir = env["PINCEX_DATA_DIR"] || ".pincex";
  if (journal !== "file" && journal !== "postgres") {
    return refused(
      "PINCEX_JOURNAL",
      `PINCEX_JOURNAL must be "file" or "postgres", but is "${journal}".`,
    );
  }
  if (databaseUrl === undefined) {
    if (journal === "file") return { ok: true, options: { dataDir, journal } };
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must name the PostgreSQL that PINCEX_JOURNAL=postgres keeps the journal in, but is empty.",
    );
  }
  if (!isPostgresUrl(databaseUrl)) {
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database.",
    );
  }
  return { ok: true, options: { dataDir, journal, databaseUrl } };
};

const refused = (field: "DATABASE_URL" | "PINCEX_JOURNAL", message: string): ReadPlaceOptions => ({
  ok: false,
  field,
  message,
});

const isPostgresUrl = (text: string): boolean => {
  try {
    return ["postgres:", "postgresql:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
};
