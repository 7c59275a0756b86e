import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVenueCommand } from "@pincex/venue";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SignedClient } from "../testing/signed-client.ts";
import { sqlEqualsCore } from "../testing/sql-equals-core.ts";
import { createExchange, type Exchange } from "./create-exchange.ts";

let folder: string;
let running: Exchange | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-exchange-"));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const started = async (dataDir: string): Promise<Exchange> => {
  running = await createExchange({ dataDir, port: 0 });
  return running;
};

/** All that a person could notice to be different after a restart. */
const visible = ({ views, marketData, demoKeys }: Exchange) => ({
  demoKeys,
  assets: views.assets(),
  markets: views.markets(),
  accounts: views.accounts().map(({ account, name }) => ({
    name,
    balances: views.balances(account),
    orders: views.orders(account),
    fills: views.fills(account),
  })),
  trades: marketData.trades(1),
  book: marketData.book(1),
  candles: marketData.candles(1, "1m", { to: marketData.time }),
});

describe("an exchange", () => {
  test("starts with markets and money, trades over HTTP, and is the same after a restart", {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(folder, "trades");
    const exchange = await started(dataDir);
    const { port } = await exchange.listen();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(exchange.views.markets().map(({ symbol }) => symbol)).toEqual([
      "BTC-USDT",
      "ETH-USDT",
      "SOL-USDT",
    ]);

    const address = `http://127.0.0.1:${port}`;
    const [alice, bob] = exchange.demoKeys.map((key) => new SignedClient(address, key));
    expect((await alice?.limit("SELL", "64000.00", "0.50000", "ask"))?.status).toBe("NEW");
    expect((await bob?.limit("BUY", "64000.00", "0.20000", "take"))?.status).toBe("FILLED");
    expect((await bob?.limit("BUY", "63000.00", "0.10000", "bid"))?.status).toBe("NEW");

    // Alice paid 0.1 % of what she received for the 0.2 BTC that she sold.
    const balance = (name: string, code: string) => {
      const { views } = exchange;
      const asset = views.asset(code)?.asset;
      return views.balances(views.account(name)?.account ?? 0).find((each) => each.asset === asset);
    };
    expect(balance("alice", "USDT")?.balance).toBe(1_012_787_20000000n);
    expect(balance("alice", "BTC")).toMatchObject({ balance: 9_80000000n, held: 30000000n });
    expect(balance("bob", "BTC")?.balance).toBe(10_19980000n);
    expect(balance("bob", "USDT")).toMatchObject({
      balance: 987_200_00000000n,
      held: 6_300_00000000n,
    });
    await sqlEqualsCore(exchange);

    const before = visible(exchange);
    const hash = exchange.venue.stateHash();
    await exchange.stop();
    const again = await started(dataDir);
    expect(visible(again)).toEqual(before);
    expect(again.venue.stateHash()).toBe(hash);
    await sqlEqualsCore(again);
  });

  test("has all trades and candles of its past, also those that memory has no more", {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(folder, "past");
    const first = await started(dataDir);
    const trades = 1_050;
    const order = (account: number, side: "buy" | "sell") =>
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
          quantity: 100,
          quoteQuantity: 0,
        },
      });
    await Promise.all(
      Array.from({ length: trades }, () => [
        first.venue.submit(order(1, "sell")),
        first.venue.submit(order(2, "buy")),
      ]).flat(),
    );
    await first.stop();

    const { gateway, venue } = await started(dataDir);
    await venue.flushed();
    const asked = async (path: string) => {
      const request = { method: "GET", path, headers: {}, body: new Uint8Array() };
      return JSON.parse(String((await gateway.handle(request)).body));
    };
    const page = await asked("/v1/markets/BTC-USDT/trades?fromId=1&limit=1000");
    expect(page.trades.map(({ id }: { id: string }) => Number(id))).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index + 1),
    );
    const rest = await asked("/v1/markets/BTC-USDT/trades?fromId=1001");
    expect(rest.trades).toHaveLength(trades - 1_000);
    const historical = await asked("/api/v3/historicalTrades?symbol=BTCUSDT&fromId=1&limit=1");
    expect(historical).toMatchObject([{ id: 1, price: "64000.00" }]);
    const day = await asked("/v1/markets/BTC-USDT/candles?interval=1d&limit=5");
    const counted = day.candles.reduce(
      (sum: number, candle: { trades: number }) => sum + candle.trades,
      0,
    );
    expect(counted).toBe(trades);
  });

  test("its SQL copy may be damaged: it is made anew from the journal", {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(folder, "trades");
    for (const file of ["PG_VERSION", "global/pg_control"]) {
      writeFileSync(join(dataDir, "sql", file), "not what was here");
    }
    await sqlEqualsCore(await started(dataDir));
  });

  test("a second one on the same folder is refused, and the first goes on", {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(folder, "trades");
    const exchange = await started(dataDir);
    await expect(createExchange({ dataDir, port: 0 })).rejects.toMatchObject({
      name: "ExchangeNotStarted",
      code: "data_directory_in_use",
      message: expect.stringContaining(`is in use by process ${process.pid}`),
    });
    expect(exchange.views.account("alice")).toBeDefined();
  });

  test.each([
    [{ port: 70_000 }],
    [{ port: 1.5 }],
    [{ simulatedTraders: { seed: 0.5 } }],
    [{ journal: "postgres" } as const],
  ])("%j is a mistake in the program", async (options) => {
    await expect(createExchange({ dataDir: join(folder, "none"), ...options })).rejects.toThrow(
      RangeError,
    );
  });
});
