import { formatAmount } from "@pincex/ledger";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MarketDirectory, type MarketNumbers } from "./market-numbers.ts";
import { openTestExchange, type TestExchange } from "./testing/test-exchange.ts";

let exchange: TestExchange;
let markets: MarketNumbers[];
beforeAll(async () => {
  exchange = await openTestExchange();
  markets = new MarketDirectory(exchange.views).all();
});
afterAll(() => exchange.stop());

const counts = fc.oneof(fc.maxSafeNat(), fc.nat(10_000), fc.integer());

test("for any numbers, they are written as the ledger writes amounts", () => {
  expect(markets.length).toBeGreaterThan(0);
  fc.assert(
    fc.property(counts, fc.bigInt({ min: 0n, max: 2n ** 100n }), (count, volume) => {
      for (const numbers of markets) {
        const { market, quote } = numbers;
        const written = (tickLots: bigint) =>
          formatAmount(tickLots * market.tickLotUnits, quote.decimals);
        expect(numbers.notional(count)).toBe(written(BigInt(count)));
        expect(numbers.notional(volume)).toBe(written(volume));
        const one = numbers.price(1);
        const unit = BigInt(one.replace(".", ""));
        expect(numbers.price(count)).toBe(
          formatAmount(BigInt(count) * unit, numbers.priceDecimals),
        );
      }
    }),
  );
});
