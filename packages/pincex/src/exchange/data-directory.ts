import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ExchangeNotStarted, reasonOf, systemCodeOf } from "./exchange-not-started.ts";

/** The folders of one exchange. */
export interface DataDirectory {
  readonly path: string;
  /** The only copy of the money. */
  readonly journal: string;
  readonly snapshots: string;
  /** PGlite's folder: a copy, may be deleted while the exchange is stopped. */
  readonly sql: string;
  readonly demoKeys: string;
  /** PGlite's folder of users and sessions: the only copy of them, where no PostgreSQL is named. */
  readonly identity: string;
  /** The key that wraps all others of identity. Whoever loses it has lost what is personal. */
  readonly identityKeys: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
  ENOSPC: "the disk is full",
};

/** Makes the folder if it isn't there, for its owner alone, and proves that it can be written to. */
export const openDataDirectory = async (path: string): Promise<DataDirectory> => {
  const absolute = resolve(path);
  const probe = join(absolute, `.writable-${randomUUID()}`);
  try {
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    const reason = REASONS[systemCodeOf(error) ?? ""] ?? reasonOf(error);
    throw new ExchangeNotStarted(
      "data_directory_unusable",
      `The data folder ${absolute} cannot be used: ${reason}.`,
      error,
    );
  }
  return {
    path: absolute,
    journal: join(absolute, "journal"),
    snapshots: join(absolute, "snapshots"),
    sql: join(absolute, "sql"),
    demoKeys: join(absolute, "demo-keys.json"),
    identity: join(absolute, "identity"),
    identityKeys: join(absolute, "identity-keys.json"),
  };
};
