import { describe, expect, test } from "vitest";
import type { VenueCommand } from "../commands/venue-command.ts";
import {
  BTC,
  CoreUnderTest,
  listedMarket,
  MARKET,
  only,
  order,
} from "../testing/core-under-test.ts";

const market = listedMarket.find((command) => command.kind === "list_market");
if (market === undefined) throw new Error("expected a market among the beginnings");

const placed = (given: Parameters<typeof order>[0], clientOrderId = ""): VenueCommand => ({
  kind: "place_order",
  account: 1,
  clientOrderId,
  order: order(given),
});

const cancelled = (orderId: number, clientOrderId = "", account = 1): VenueCommand => ({
  kind: "cancel_order",
  account,
  market: MARKET,
  orderId,
  clientOrderId,
});

const deposited = (given: object): VenueCommand => ({
  kind: "credit_deposit",
  account: 1,
  asset: BTC,
  amount: 1n,
  reference: "",
  ...given,
});

const sent = (given: object): VenueCommand => ({
  kind: "transfer",
  account: 1,
  to: 2,
  asset: BTC,
  amount: 1n,
  reference: "",
  ...given,
});

const withdrawn = (given: object): VenueCommand => ({
  kind: "hold_withdrawal",
  account: 1,
  asset: BTC,
  amount: 1n,
  fee: 0n,
  reference: "",
  ...given,
});

const status = (given: object): VenueCommand => ({
  kind: "set_account_status",
  account: 1,
  status: "frozen",
  cancelOrders: false,
  ...given,
});

// Account 1 has 10,000 of each asset and one open order: number 1, "open", a buy of 1 lot at 100.
const refusals: [code: string, field: string, command: VenueCommand][] = [
  ["asset_number_out_of_range", "asset", { kind: "add_asset", asset: 0, code: "ETH", decimals: 8 }],
  ["asset_already_added", "asset", { kind: "add_asset", asset: BTC, code: "ETH", decimals: 8 }],
  ["asset_code_malformed", "code", { kind: "add_asset", asset: 3, code: "eth", decimals: 8 }],
  ["asset_code_taken", "code", { kind: "add_asset", asset: 3, code: "BTC", decimals: 8 }],
  ["decimals_out_of_range", "decimals", { kind: "add_asset", asset: 3, code: "E", decimals: 31 }],

  ["account_number_out_of_range", "account", { kind: "open_account", account: -1, name: "x" }],
  ["account_already_open", "account", { kind: "open_account", account: 1, name: "x" }],
  ["account_name_malformed", "name", { kind: "open_account", account: 9, name: "two words" }],
  ["account_name_taken", "name", { kind: "open_account", account: 9, name: "account-1" }],

  ["symbol_malformed", "symbol", { ...market, market: 2, symbol: "btc/usdt" }],
  ["symbol_taken", "symbol", { ...market, market: 2 }],
  ["base_unknown", "base", { ...market, market: 2, symbol: "X", base: 9 }],
  ["quote_unknown", "quote", { ...market, market: 2, symbol: "X", quote: 9 }],
  ["base_is_quote", "quote", { ...market, market: 2, symbol: "X", quote: BTC }],
  ["lot_units_out_of_range", "lotUnits", { ...market, market: 2, symbol: "X", lotUnits: 0n }],
  [
    "tick_lot_units_out_of_range",
    "tickLotUnits",
    { ...market, market: 2, symbol: "X", tickLotUnits: 1n << 74n },
  ],
  ["market_already_added", "market", { ...market, symbol: "X" }],
  [
    "price_increment_out_of_range",
    "priceIncrement",
    { ...market, market: 2, symbol: "X", priceIncrement: 0 },
  ],

  ["unknown_market", "market", { kind: "set_fees", market: 9, makerPpm: 0, takerPpm: 0 }],
  [
    "maker_fee_out_of_range",
    "makerPpm",
    { kind: "set_fees", market: 0, makerPpm: -1, takerPpm: 0 },
  ],
  [
    "taker_fee_out_of_range",
    "takerPpm",
    { kind: "set_fees", market: 0, makerPpm: 0, takerPpm: 1_000_001 },
  ],

  ["unknown_account", "account", deposited({ account: 9 })],
  ["unknown_account", "account", sent({ account: 9 })],
  ["receiver_unknown", "to", sent({ to: 9 })],
  ["receiver_is_sender", "to", sent({ to: 1 })],
  ["unknown_asset", "asset", sent({ asset: 9 })],
  ["amount_must_be_positive", "amount", sent({ amount: 0n })],
  ["balance_below_amount", "amount", sent({ amount: 10_001n })],
  ["reference_malformed", "reference", sent({ reference: "a\u0000b" })],
  ["unknown_account", "account", withdrawn({ account: 9 })],
  ["unknown_asset", "asset", withdrawn({ asset: 9 })],
  ["amount_must_be_positive", "amount", withdrawn({ amount: -1n })],
  ["withdrawal_fee_out_of_range", "fee", withdrawn({ fee: 1n })],
  ["withdrawal_fee_out_of_range", "fee", withdrawn({ fee: -1n })],
  ["balance_below_amount", "amount", withdrawn({ amount: 10_001n })],
  ["reference_malformed", "reference", withdrawn({ reference: "a\u0000b" })],
  ["withdrawal_unknown", "withdrawal", { kind: "settle_withdrawal", withdrawal: 1, reference: "" }],
  [
    "withdrawal_unknown",
    "withdrawal",
    { kind: "release_withdrawal", withdrawal: 1, reference: "" },
  ],
  ["unknown_account", "account", status({ account: 9 })],
  ["account_not_empty", "status", status({ status: "closed" })],
  ["unknown_account", "account", { kind: "set_account_tier", account: 9, tier: 1 }],
  ["tier_out_of_range", "tier", { kind: "set_account_tier", account: 1, tier: -1 }],
  ["unknown_market", "market", { kind: "bust_trade", market: 9, tradeId: 1, reference: "" }],
  ["trade_unknown", "tradeId", { kind: "bust_trade", market: MARKET, tradeId: 1, reference: "" }],
  ["rules_not_higher", "rules", { kind: "raise_rules", rules: 1 }],
  ["unknown_asset", "asset", deposited({ asset: 9 })],
  ["amount_must_be_positive", "amount", deposited({ amount: 0n })],
  ["amount_out_of_range", "amount", deposited({ amount: (1n << 127n) - 10_000n })],
  ["reference_malformed", "reference", deposited({ reference: "a\u0000b" })],

  [
    "unknown_account",
    "account",
    { ...placed({ price: 1, quantity: 1 }), account: 9 } as VenueCommand,
  ],
  ["unknown_market", "market", placed({ market: 9, price: 1, quantity: 1 })],
  ["price_must_be_positive", "price", placed({ quantity: 1 })],
  ["quantity_must_be_positive", "quantity", placed({ price: 1, quantity: -1 })],
  ["client_order_id_malformed", "clientOrderId", placed({ price: 1, quantity: 1 }, "é")],
  ["client_order_id_malformed", "clientOrderId", placed({ price: 1, quantity: 1 }, "x".repeat(37))],
  ["client_order_id_open", "clientOrderId", placed({ price: 1, quantity: 1 }, "open")],
  ["balance_below_hold", "quantity", placed({ price: 100, quantity: 10 })],
  ["worst_case_unbounded", "price", placed({ type: "market", quantity: 1 })],

  ["unknown_account", "account", cancelled(1, "", 9)],
  ["order_unknown", "orderId", cancelled(2)],
  ["order_unknown", "orderId", cancelled(0)],
  ["order_unknown", "orderId", cancelled(1, "", 2)],
  ["order_unknown", "orderId", cancelled(0, "unknown")],
  ["order_unknown", "orderId", { ...cancelled(1), market: 9 } as VenueCommand],
  ["client_order_id_mismatch", "clientOrderId", cancelled(7, "open")],
  [
    "command_id_malformed",
    "commandId",
    { ...cancelled(1), commandId: "two words" } as VenueCommand,
  ],
];

describe("refused, with a code and a field, and nothing has changed:", () => {
  test.each(refusals)("%s (%s)", (code, field, command) => {
    const venue = CoreUnderTest.funded(2, 10_000n);
    venue.place(1, { price: 100, quantity: 1 }, "open");
    const before = venue.core.stateHash();
    const events = venue.do(command);
    expect(only(events, "refused")).toMatchObject([{ code, field, rule: expect.any(String) }]);
    expect(events.filter(({ kind }) => kind !== "refused" && kind !== "rejected")).toEqual([]);
    expect(venue.core.stateHash()).toBe(before);
  });

  test("an order without money names what it needs and what there is", () => {
    const venue = CoreUnderTest.funded(1, 10_000n);
    venue.place(1, { price: 100, quantity: 4 });
    const events = venue.place(1, { price: 100, quantity: 7 });
    expect(only(events, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 7_000n, available: 6_000n },
    ]);
  });

  test("whatever an order of the largest market asks for can be written down", () => {
    const venue = CoreUnderTest.funded(1, 10_000n);
    const units = (1n << 74n) - 1n;
    const largest = {
      lotUnits: units,
      tickLotUnits: units,
      maxPrice: 1,
      maxQuantity: Number.MAX_SAFE_INTEGER,
    };
    venue.do({ ...market, market: 2, symbol: "LARGEST", ...largest });
    const most = Number.MAX_SAFE_INTEGER;
    for (const side of ["buy", "sell"] as const) {
      const given = { market: 2, type: "market", side, price: 1, quoteQuantity: most } as const;
      expect(only(venue.place(1, given), "refused")).toMatchObject([
        { code: "balance_below_hold", needed: BigInt(most) * units },
      ]);
    }
  });

  test("so does one in an asset that the account never had", () => {
    const venue = CoreUnderTest.funded(1, 10_000n);
    venue.do({ kind: "open_account", account: 2, name: "poor" });
    const events = venue.place(2, { side: "sell", price: 100, quantity: 1 });
    expect(only(events, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 1_000n, available: 0n },
    ]);
  });
});
