import { expect, test } from "vitest";
import { type Listing, listing } from "./listing.ts";
import { marketScale } from "./market-scale.ts";

const btc = { asset: 1, code: "BTC", decimals: 8 };
const usdt = { asset: 2, code: "USDT", decimals: 8 };
const usual: Listing = {
  market: 1,
  base: btc,
  quote: usdt,
  tickSize: "0.01",
  lotSize: "0.00001",
  maxPrice: "1000000",
};

test("decimal strings become ticks, lots and smallest units", () => {
  expect(listing({ ...usual, minQuantity: "0.0001", minNotional: "5" })).toEqual({
    ok: true,
    command: {
      kind: "list_market",
      market: 1,
      symbol: "BTC-USDT",
      base: 1,
      quote: 2,
      lotUnits: 1_000n,
      tickLotUnits: 10n,
      maxPrice: 100_000_000,
      maxQuantity: 90_071_992,
      priceIncrement: 1,
      quantityIncrement: 1,
      minQuantity: 10,
      minNotional: 50_000_000,
    },
  });
});

test("increments are multiples of tick and lot, and the default maximum is a multiple of the increment", () => {
  const listed = listing({ ...usual, priceIncrement: "0.05", quantityIncrement: "0.001" });
  expect(listed).toMatchObject({
    command: {
      priceIncrement: 5,
      quantityIncrement: 100,
      minQuantity: 100,
      maxQuantity: 90_071_900,
    },
  });
});

test.each<[why: string, given: Partial<Listing>, refusal: object]>([
  [
    "a notional would be rounded",
    { quote: { ...usdt, decimals: 6 } },
    { code: "tick_lot_not_whole", field: "tickSize", decimalsNeeded: 7 },
  ],
  [
    "a lot is not whole in the base asset",
    { base: { ...btc, decimals: 4 } },
    { code: "lot_not_whole", field: "lotSize", decimalsNeeded: 5 },
  ],
  ["a size is no decimal", { tickSize: "1e-2" }, { code: "decimal_malformed", field: "tickSize" }],
  ["a size is zero", { lotSize: "0.0" }, { code: "size_must_be_positive", field: "lotSize" }],
  [
    "an increment is off the tick",
    { priceIncrement: "0.015" },
    { code: "size_off_unit", field: "priceIncrement" },
  ],
  [
    "the highest price is off the tick",
    { maxPrice: "0.001" },
    { code: "size_off_unit", field: "maxPrice" },
  ],
  [
    "the highest price has too many ticks",
    { maxPrice: "100000000" },
    { code: "maxima_out_of_range", field: "maxPrice" },
  ],
  [
    "the greatest notional is beyond exact integers",
    { maxQuantity: "1000" },
    { code: "maxima_out_of_range", field: "maxQuantity" },
  ],
])("is refused where %s", (_, given, refusal) => {
  expect(listing({ ...usual, ...given })).toMatchObject({ ok: false, ...refusal });
});

test.each([
  ["0.01", "0.00001", 8, 8],
  ["0.00000001", "1", 0, 8],
  ["25", "0.001", 18, 3],
  ["0.0001", "0.1", 1, 5],
])("tick %s and lot %s are found again in the market's units", (tickSize, lotSize, base, quote) => {
  const listed = listing({
    ...usual,
    base: { ...btc, decimals: base },
    quote: { ...usdt, decimals: quote },
    tickSize,
    lotSize,
    maxPrice: tickSize,
  });
  if (!listed.ok) throw new Error(listed.code);
  expect(marketScale(listed.command, { decimals: base }, { decimals: quote })).toEqual({
    tickSize,
    lotSize,
  });
});

test("a market without decimal units has no scale", () => {
  const thirds = { lotUnits: 3n, tickLotUnits: 1n };
  expect(() => marketScale(thirds, btc, usdt)).toThrow(RangeError);
});
