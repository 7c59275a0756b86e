import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVenueCommand } from "@pincex/venue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, dropDatabase, missingServer } from "../testing/postgres-database.ts";
import { sqlEqualsCore } from "../testing/sql-equals-core.ts";
import { createExchange } from "./create-exchange.ts";

const missing = await missingServer();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const name = `pincex_exchange_test_${process.pid}`;
let folder: string;
let databaseUrl: string;

describe.skipIf(missing !== undefined)(`an exchange on a PostgreSQL${skipped}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pincex-postgres-"));
    databaseUrl = await createDatabase(name);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await dropDatabase(name);
  });

  test("keeps its SQL copy there, trade by trade and after a restart", async () => {
    const dataDir = join(folder, "data");
    const exchange = await createExchange({ dataDir, port: 0, databaseUrl });
    for (const [account, side] of [
      [1, "sell"],
      [2, "buy"],
    ] as const) {
      await exchange.venue.submit(
        encodeVenueCommand({
          kind: "place_order",
          account,
          clientOrderId: "",
          order: {
            market: 1,
            side,
            type: "limit",
            timeInForce: "gtc",
            price: 6_400_000,
            quantity: 10_000,
            quoteQuantity: 0,
          },
        }),
      );
    }
    expect(exchange.views.fills(2).length).toBe(1);
    await sqlEqualsCore(exchange);
    await exchange.stop();
    expect(existsSync(join(dataDir, "sql"))).toBe(false);

    const again = await createExchange({ dataDir, port: 0, databaseUrl });
    await sqlEqualsCore(again);
    await again.stop();
  });

  test("a database that has seen another journal is refused in one sentence", async () => {
    const dataDir = join(folder, "another");
    await expect(createExchange({ dataDir, port: 0, databaseUrl })).rejects.toMatchObject({
      name: "ExchangeNotStarted",
      code: "database_ahead_of_journal",
      message: expect.stringMatching(/ahead.*schema pincex/),
    });
  });
});
