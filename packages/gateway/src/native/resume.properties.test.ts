import { encodeVenueCommand } from "@pincex/venue";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NativeClient } from "../testing/clients.ts";
import { StreamClient, type Wish } from "../testing/stream-client.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import type { Message } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
beforeAll(async () => {
  exchange = await openTestExchange();
});
afterAll(() => exchange.stop());

const market = "BTC-USDT";

/** Told command by command, trade by trade: what was missed comes exactly as it would have come. */
const EXACT: readonly Wish[] = [
  { channel: "book", market, conflateMs: 0 },
  { channel: "trades", market },
  { channel: "level3", market },
  { channel: "auction", market },
  { channel: "orders" },
  { channel: "fills" },
  { channel: "balances" },
];
/** Told at their newest: what was missed comes as one. */
const CONFLATED: readonly Wish[] = [
  { channel: "book", market },
  { channel: "ticker", market },
  { channel: "candles", market, interval: "1m" },
];

type Step =
  | {
      readonly do: "trade";
      readonly seller: boolean;
      readonly price: number;
      readonly lots: number;
    }
  | { readonly do: "cancel" | "bust" | "leave" | "return" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("trade" as const),
      seller: fc.boolean(),
      price: fc.integer({ min: 60_000, max: 60_005 }),
      lots: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("cancel", "bust", "leave", "return", "return") }),
  },
);

const traders = () =>
  [ALICE, BOB].map((key) => new NativeClient(exchange.http, key)) as [NativeClient, NativeClient];

const act = async (what: Step): Promise<void> => {
  const [alice, bob] = traders();
  if (what.do === "trade") {
    const [side, trader] = what.seller ? ["sell", alice] : ["buy", bob];
    const quantity = (what.lots / 1_000).toFixed(3);
    const order = { market, side, type: "limit", price: String(what.price), quantity };
    await (trader as NativeClient).request("POST", "/v1/orders", order);
  } else if (what.do === "cancel") {
    await Promise.all([alice, bob].map((trader) => trader.request("DELETE", "/v1/orders")));
  } else if (what.do === "bust") {
    const [trade] = exchange.marketData.trades(1, { limit: 1 });
    if (trade === undefined || trade.busted === true) return;
    const bust = { kind: "bust_trade", market: 1, tradeId: trade.tradeId, reference: "" } as const;
    await exchange.venue.submit(encodeVenueCommand(bust));
  }
};

const between = async (client: StreamClient, what: Step): Promise<void> => {
  if (what.do === "leave") await client.leave();
  else if (what.do === "return" && !client.isThere)
    await client.come(`${exchange.webSocket}/v1/ws`);
};

/** One who stays and one who comes and goes, both there at the end. */
const played = async (wishes: readonly Wish[], steps: readonly Step[]): Promise<StreamClient[]> => {
  const stays = new StreamClient(ALICE, wishes);
  const comesAndGoes = new StreamClient(ALICE, wishes);
  await act({ do: "cancel" });
  for (const client of [stays, comesAndGoes]) await client.come(`${exchange.webSocket}/v1/ws`);
  for (const what of steps) {
    await act(what);
    await between(comesAndGoes, what);
  }
  await between(comesAndGoes, { do: "return" });
  for (const client of [stays, comesAndGoes]) await client.settle();
  return [stays, comesAndGoes];
};

const steps = fc.array(step, { minLength: 5, maxLength: 30 });

test("for any comings and goings / one who resumes has exactly the messages of one who stayed", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const [stays, comesAndGoes] = (await played(EXACT, script)) as [StreamClient, StreamClient];
      for (const { channel } of EXACT) {
        expect(comesAndGoes.of(channel)).toEqual(stays.of(channel));
        expect(contiguous(stays.of(channel))).toBe(true);
      }
      await Promise.all([stays.leave(), comesAndGoes.leave()]);
    }),
    { numRuns: 12 },
  );
});

test("for any comings and goings / conflated channels lead to the same state, with no number left out", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const clients = await played(CONFLATED, script);
      await act({ do: "trade", seller: true, price: 60_000, lots: 1 });
      await expect
        .poll(
          async () => {
            for (const client of clients) await client.settle();
            const [one, other] = clients.map((client) => JSON.stringify(stateOf(client)));
            const seq = clients[0]?.lastSeq("book");
            return one === other && seq === exchange.marketData.bestQuotes(1).updateId;
          },
          { timeout: 5_000 },
        )
        .toBe(true);
      const [alice] = traders();
      const { json } = await alice.request("GET", `/v1/markets/${market}/book?depth=5000`);
      const { bids, asks } = stateOf(clients[0] as StreamClient);
      expect({ bids, asks }).toEqual({ bids: json.bids, asks: json.asks });
      for (const client of clients) {
        for (const { channel } of CONFLATED) {
          expect(contiguous(client.of(channel))).toBe(true);
          expect(client.of(channel, "resync")).toEqual([]);
        }
        await client.leave();
      }
    }),
    { numRuns: 4 },
  );
});

const contiguous = (messages: readonly Message[]): boolean =>
  messages.slice(1).every(({ prevSeq }, at) => prevSeq === messages[at]?.seq);

const lastOf = (rows: readonly [string, string][]): [string, string][] => {
  const levels = new Map<string, string>();
  for (const [price, quantity] of rows) {
    if (Number(quantity) === 0) levels.delete(price);
    else levels.set(price, quantity);
  }
  return [...levels];
};

/** What the messages lead to. */
const stateOf = (client: StreamClient) => {
  const sorted = (side: "bids" | "asks", direction: 1 | -1) =>
    lastOf(client.of("book").flatMap((message) => message[side])).sort(
      ([one], [other]) => (Number(one) - Number(other)) * direction,
    );
  const candles = client.of("candles").flatMap(({ candle }) => (candle === null ? [] : [candle]));
  const { at: _, ...ticker } = client.of("ticker").at(-1)?.ticker ?? {};
  return {
    bids: sorted("bids", -1),
    asks: sorted("asks", 1),
    candles: [...new Map(candles.map((candle) => [candle.openTime, candle]))],
    ticker,
  };
};
