import type { MarketView, Views } from "@pincex/venue/views";
import { describe, expect, test } from "vitest";
import { MarketDirectory } from "./market-numbers.ts";

const assets = [
  { asset: 1, code: "BTC", decimals: 8 },
  { asset: 2, code: "ETH", decimals: 18 },
  { asset: 3, code: "USDT", decimals: 6 },
];
const markets = [
  // Ticks of 0.01, lots of 0.0001; ticks of 2.5, lots of a whole ETH.
  { market: 1, symbol: "BTC-USDT", base: 1, quote: 3, lotUnits: 10_000n, tickLotUnits: 1n },
  {
    market: 2,
    symbol: "ETH-USDT",
    base: 2,
    quote: 3,
    lotUnits: 10n ** 18n,
    tickLotUnits: 2_500_000n,
  },
] as MarketView[];
const directory = new MarketDirectory({
  markets: () => markets,
  market: (by: string | number) =>
    markets.find(({ market, symbol }) => market === by || symbol === by),
  asset: (number: number) => assets.find(({ asset }) => asset === number),
} as unknown as Views);

const numbersOf = (symbol: string) => {
  const numbers = directory.find(symbol);
  if (numbers === undefined) throw new Error(symbol);
  return numbers;
};

describe("a market's numbers", () => {
  test("are written in its ticks and lots", () => {
    const btc = numbersOf("BTC-USDT");
    expect(btc.price(6_400_010)).toBe("64000.10");
    expect(btc.quantity(12)).toBe("0.0012");
    expect(btc.notional(6_400_010 * 12)).toBe("76.800120");
    expect(btc.notionalDecimals).toBe(6);
  });

  test("of a coarse tick and a large lot", () => {
    const eth = numbersOf("ETH-USDT");
    expect(eth.price(3)).toBe("7.5");
    expect(eth.quantity(12)).toBe("12");
    expect(eth.notional(36)).toBe("90.000000");
    expect(eth.notionalDecimals).toBe(1);
    expect(eth.parsePrice("7.6")).toEqual({ ok: false, code: "decimal_off_increment" });
    expect(eth.parsePrice("10")).toEqual({ ok: true, value: 4 });
  });

  test("are read exactly or not at all", () => {
    const btc = numbersOf("BTC-USDT");
    expect(btc.parseQuantity("0.0012")).toEqual({ ok: true, value: 12 });
    expect(btc.parseQuantity("0.00125")).toEqual({ ok: false, code: "decimal_off_increment" });
    expect(btc.parseNotional("76.80012")).toEqual({ ok: true, value: 76_800_120 });
    expect(btc.parseNotional("76.8001205")).toEqual({ ok: false, code: "decimal_off_increment" });
    expect(btc.parseNotional("1e3")).toEqual({ ok: false, code: "decimal_malformed" });
    expect(btc.parseNotional("99999999999999")).toEqual({
      ok: false,
      code: "decimal_out_of_range",
    });
  });

  test("average a price beyond its ticks", () => {
    const btc = numbersOf("BTC-USDT");
    // 1 lot at 100.00 and 2 lots at 100.01
    expect(btc.averagePrice(10_000n + 20_002n, 3)).toBe("100.00666666");
    expect(btc.averagePrice(0n, 0)).toBe("0.00000000");
  });

  test("are found by a dialect's symbol", () => {
    const symbol = (market: MarketView) => market.symbol.replace("-", "");
    expect(directory.findBy("ETHUSDT", symbol)?.market.market).toBe(2);
    expect(directory.findBy("ETHUSDT", symbol)?.market.market).toBe(2);
    expect(directory.findBy("DOGEUSDT", symbol)).toBeUndefined();
    expect(directory.find("ETHUSDT")).toBeUndefined();
  });
});
