import type { ExchangeOptions } from "../exchange/exchange-options.ts";

export type ServeOptions = Required<Pick<ExchangeOptions, "dataDir" | "port" | "journal">> &
  Pick<ExchangeOptions, "databaseUrl">;

export type ReadServeOptions =
  | { readonly ok: true; readonly options: ServeOptions }
  | {
      readonly ok: false;
      readonly field: "PORT" | "DATABASE_URL" | "PINCEX_JOURNAL";
      readonly message: string;
    };

const HIGHEST_PORT = 65_535;

/** Reads what `pincex serve` is told by the environment. An empty variable counts as absent. */
export const readServeOptions = (
  env: Readonly<Record<string, string | undefined>>,
): ReadServeOptions => {
  const port = env["PORT"] || "8080";
  if (!isPort(port)) {
    return refused(
      "PORT",
      `PORT must be a whole number from 0 to ${HIGHEST_PORT}, but is "${port}".`,
    );
  }
  const journal = env["PINCEX_JOURNAL"] || "file";
  if (journal !== "file" && journal !== "postgres") {
    return refused(
      "PINCEX_JOURNAL",
      `PINCEX_JOURNAL must be "file" or "postgres", but is "${journal}".`,
    );
  }
  const databaseUrl = env["DATABASE_URL"] || undefined;
  if (databaseUrl !== undefined && !isPostgresUrl(databaseUrl)) {
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database.",
    );
  }
  if (journal === "postgres" && databaseUrl === undefined) {
    return refused(
      "DATABASE_URL",
      "DATABASE_URL must name the PostgreSQL that PINCEX_JOURNAL=postgres keeps the journal in, but is empty.",
    );
  }
  const dataDir = env["PINCEX_DATA_DIR"] || ".pincex";
  return {
    ok: true,
    options: {
      port: Number(port),
      dataDir,
      journal,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    },
  };
};

const refused = (
  field: "PORT" | "DATABASE_URL" | "PINCEX_JOURNAL",
  message: string,
): ReadServeOptions => ({ ok: false, field, message });

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= HIGHEST_PORT;

const isPostgresUrl = (text: string): boolean => {
  try {
    return ["postgres:", "postgresql:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
};
