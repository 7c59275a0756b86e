import { describe, expect, test } from "vitest";
import { readServeOptions } from "./serve-options.ts";

describe("what serve is told by the environment", () => {
  test("nothing is enough", () => {
    expect(readServeOptions({})).toEqual({
      ok: true,
      options: { port: 8080, dataDir: ".pincex", journal: "file", venueThread: "main" },
    });
  });

  test("an empty variable counts as absent", () => {
    const env = { PORT: "", PINCEX_DATA_DIR: "", DATABASE_URL: "", PINCEX_JOURNAL: "" };
    expect(readServeOptions(env)).toEqual(readServeOptions({}));
  });

  test("everything can be said", () => {
    const env = {
      PORT: "0",
      PINCEX_DATA_DIR: "/data",
      DATABASE_URL: "postgres://postgres@127.0.0.1:5432/venue",
      PINCEX_JOURNAL: "postgres",
      PINCEX_VENUE_THREAD: "own",
      REDIS_URL: "redis://127.0.0.1:6379",
      PINCEX_ORIGIN: "https://x.example, https://x.example:8443",
    };
    expect(readServeOptions(env)).toEqual({
      ok: true,
      options: {
        port: 0,
        dataDir: "/data",
        journal: "postgres",
        databaseUrl: "postgres://postgres@127.0.0.1:5432/venue",
        venueThread: "own",
        redisUrl: "redis://127.0.0.1:6379",
        origins: ["https://x.example", "https://x.example:8443"],
      },
    });
  });

  test.each([
    ["PORT", "abc", 'PORT must be a whole number from 0 to 65535, but is "abc".'],
    ["PORT", "80.5", 'PORT must be a whole number from 0 to 65535, but is "80.5".'],
    ["PORT", "-1", 'PORT must be a whole number from 0 to 65535, but is "-1".'],
    ["PORT", "65536", 'PORT must be a whole number from 0 to 65535, but is "65536".'],
    [
      "DATABASE_URL",
      "mysql://x",
      "DATABASE_URL must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database.",
    ],
    [
      "PINCEX_ORIGIN",
      "http://x.example",
      'PINCEX_ORIGIN (origin_not_secure): An origin is https, or http at localhost, but is "http://x.example".',
    ],
    ["PINCEX_JOURNAL", "tape", 'PINCEX_JOURNAL must be "file" or "postgres", but is "tape".'],
    ["PINCEX_VENUE_THREAD", "two", 'PINCEX_VENUE_THREAD must be "main" or "own", but is "two".'],
    [
      "REDIS_URL",
      "127.0.0.1:6379",
      "REDIS_URL must be the address of a Redis, such as redis://user:password@host:6379.",
    ],
  ])("%s=%s is refused in one sentence", (field, value, message) => {
    expect(readServeOptions({ [field]: value })).toEqual({ ok: false, field, message });
  });

  test("a journal in PostgreSQL needs one", () => {
    expect(readServeOptions({ PINCEX_JOURNAL: "postgres" })).toEqual({
      ok: false,
      field: "DATABASE_URL",
      message:
        "DATABASE_URL must name the PostgreSQL that PINCEX_JOURNAL=postgres keeps the journal in, but is empty.",
    });
  });

  test("an archive is a journal's in files", () => {
    const env = { PINCEX_ARCHIVE_DIR: "/archive" };
    expect(readServeOptions(env)).toMatchObject({ ok: true, options: { archiveDir: "/archive" } });
    const inPostgres = { ...env, PINCEX_JOURNAL: "postgres", DATABASE_URL: "postgres://x/y" };
    expect(readServeOptions(inPostgres)).toMatchObject({ ok: false, field: "PINCEX_ARCHIVE_DIR" });
  });
});
