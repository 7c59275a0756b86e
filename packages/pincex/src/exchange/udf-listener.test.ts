import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, keyAuthenticator } from "@pincex/gateway";
import { encodeVenueCommand } from "@pincex/venue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./create-exchange.ts";
import { udfListener } from "./udf-listener.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);
const MINUTE = Date.UTC(2026, 10, 24, 12) / 1_000;

let folder: string;
let exchange: Exchange;
let address: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pincex-udf-"));
  exchange = await createExchange({ dataDir: folder, port: 0, clock: () => NOW });
  address = `http://127.0.0.1:${(await exchange.listen()).port}/udf`;
  const market = exchange.views.market("BTC-USDT")?.market ?? 0;
  for (const [account, side] of [[1, "sell"] as const, [2, "buy"] as const]) {
    const terms = { type: "limit", timeInForce: "gtc", price: 6_000_000, quantity: 1_000 } as const;
    const order = { market, side, ...terms, quoteQuantity: 0 };
    await exchange.venue.submit(
      encodeVenueCommand({ kind: "place_order", account, clientOrderId: "", order }),
    );
  }
});
afterAll(async () => {
  await exchange.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asked = async (path: string): Promise<unknown> => (await fetch(`${address}/${path}`)).json();

describe("the UDF feed", () => {
  test("says what it can do, and what time it is, in seconds", async () => {
    expect(await asked("config")).toMatchObject({ supports_time: true });
    expect(await asked("time")).toBe(NOW / 1_000);
  });

  test("describes a market by its increment", async () => {
    expect(await asked("symbols?symbol=BTC-USDT")).toMatchObject({
      ticker: "BTC-USDT",
      session: "24x7",
      minmov: 1,
      pricescale: 100,
    });
    expect(await asked("symbols?symbol=NO-SUCH")).toEqual({ s: "error", errmsg: "unknown symbol" });
  });

  test("has the candles of a time, and says so where there are none", async () => {
    const of = (from: number, to: number) =>
      asked(`history?symbol=BTC-USDT&resolution=1&from=${from}&to=${to}`);
    expect(await of(MINUTE, MINUTE + 60)).toEqual({
      s: "ok",
      t: [MINUTE],
      o: [60_000],
      h: [60_000],
      l: [60_000],
      c: [60_000],
      v: [0.01],
    });
    expect(await of(0, MINUTE + 60)).toMatchObject({ s: "ok", t: [MINUTE] });
    expect(await of(MINUTE - 600, MINUTE)).toEqual({ s: "no_data" });
    // A chart may ask for all there is until a time that is to come.
    expect(await of(0, 2_000_000_000)).toMatchObject({ s: "ok", t: [MINUTE] });
  });

  test("is limited as its clients' own requests are", async () => {
    const limits = { perAddress: { burst: 2, perSecond: 1 } };
    const authenticator = keyAuthenticator([]);
    const gateway = createGateway({ ...exchange, authenticator, clock: () => NOW, limits });
    const server = createServer(udfListener(gateway, (_, response) => void response.end()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const history = `history?symbol=BTC-USDT&resolution=1&from=${MINUTE}&to=${MINUTE + 60}`;
    const { port } = server.address() as AddressInfo;
    const answers: Response[] = [];
    for (const path of [history, history, "symbols?symbol=BTC-USDT"]) {
      answers.push(await fetch(`http://127.0.0.1:${port}/udf/${path}`));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBe("1");
    expect(await answers[2]?.json()).toEqual({ s: "error", errmsg: "too many requests" });
    await gateway.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test.for([
    ["history?symbol=BTC-USDT&resolution=7&from=1&to=2", "unknown resolution"],
    ["history?symbol=BTC-USDT&resolution=1&from=x&to=2", "from and to are seconds"],
    ["history?symbol=NO-SUCH&resolution=1&from=1&to=2", "unknown symbol"],
  ] as const)("refuses %s", async ([path, errmsg]) => {
    expect(await asked(path)).toEqual({ s: "error", errmsg });
  });
});
