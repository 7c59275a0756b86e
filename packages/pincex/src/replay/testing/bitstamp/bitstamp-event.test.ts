import { describe, expect, test } from "vitest";
import { parseBitstampRow } from "./bitstamp-event.ts";

const T = "1430438404518";
const order = (
  fields: Partial<Record<"price" | "amount" | "datetime" | "id" | "type", string>>,
) => {
  const { price = "236.47", amount = "2.00000000", datetime = "1430438404" } = fields;
  const { id = "65595247", type = "0" } = fields;
  return `{"price": "${price}", "amount": "${amount}", "datetime": "${datetime}", "id": ${id}, "order_type": ${type}}`;
};

describe("a row", () => {
  test("about an order is read in cents and satoshi", () => {
    expect(parseBitstampRow(`${T} order_created ${order({})}`)).toEqual({
      ok: true,
      event: {
        kind: "order_created",
        timeMs: 1_430_438_404_518,
        placedS: 1_430_438_404,
        id: 65_595_247,
        side: "buy",
        price: 23_647,
        amount: 200_000_000,
      },
    });
  });

  test("about a deleted order tells what was left, perhaps nothing", () => {
    const row = `${T} order_deleted ${order({ amount: "0.00000000", type: "1" })}`;
    expect(parseBitstampRow(row)).toMatchObject({ event: { side: "sell", amount: 0 } });
  });

  test("about a trade is read as the decimals that its doubles were meant to be", () => {
    const row = `${T} trade {"price": 236.00999999999999, "amount": 9.9999999999999995e-07, "id": 8111051}`;
    expect(parseBitstampRow(row)).toEqual({
      ok: true,
      event: {
        kind: "trade",
        timeMs: 1_430_438_404_518,
        id: 8_111_051,
        price: 23_601,
        amount: 100,
      },
    });
  });

  test("with a book has its levels from the best on", () => {
    const row = `${T} order_book {"bids": [["236.47", "1.5"], ["236.20", "0.11168501"]], "asks": []}`;
    expect(parseBitstampRow(row)).toEqual({
      ok: true,
      event: {
        kind: "order_book",
        timeMs: 1_430_438_404_518,
        buy: [
          { price: 23_647, amount: 150_000_000 },
          { price: 23_620, amount: 11_168_501 },
        ],
        sell: [],
      },
    });
  });

  const created = (fields: Parameters<typeof order>[0]) => `${T} order_created ${order(fields)}`;
  const book = (bids: string, asks: string) =>
    `${T} order_book {"bids": [${bids}], "asks": [${asks}]}`;
  test.each([
    ["", "row_malformed", "row", ""],
    [`${T} trade`, "row_malformed", "row", `${T} trade`],
    [`143043840451 trade {}`, "time_malformed", "time", "143043840451"],
    [`${T} __proto__ {}`, "kind_unknown", "kind", "__proto__"],
    [`${T} trade {}`, "trade_malformed", "trade", "{}"],
    [`${T} order_created {"id": 5}`, "order_malformed", "order", '{"id": 5}'],
    [created({ price: "236.475" }), "price_malformed", "price", "236.475"],
    [created({ price: "0.00" }), "price_malformed", "price", "0.00"],
    [created({ price: "1000.01" }), "price_malformed", "price", "1000.01"],
    [created({ price: "-1.00" }), "price_malformed", "price", "-1.00"],
    [created({ amount: "0.00000000" }), "amount_malformed", "amount", "0.00000000"],
    [created({ amount: "0.000000001" }), "amount_malformed", "amount", "0.000000001"],
    [created({ amount: "901" }), "amount_malformed", "amount", "901"],
    [created({ datetime: "now" }), "datetime_malformed", "datetime", "now"],
    [created({ id: "0" }), "id_malformed", "id", "0"],
    [created({ id: "2147483647" }), "id_malformed", "id", "2147483647"],
    [created({ id: "1.5" }), "id_malformed", "id", "1.5"],
    [created({ type: "2" }), "order_type_malformed", "order_type", "2"],
    [
      `${T} trade {"price": 236.004, "amount": 1.0, "id": 5}`,
      "price_malformed",
      "price",
      "236.004",
    ],
    [`${T} trade {"price": 236.0, "amount": 0.0, "id": 5}`, "amount_malformed", "amount", "0.0"],
    [`${T} trade {"price": 236.0, "amount": 1.0, "id": -5}`, "id_malformed", "id", "-5"],
    [`${T} order_book {"bids": []}`, "book_malformed", "book", '{"bids": []}'],
    [book('["1.00"]', ""), "book_malformed", "bids", '["1.00"]'],
    [book('["1.001", "1"]', ""), "price_malformed", "bids", "1.001"],
    [book("", '["1.00", "0"]'), "level_amount_malformed", "asks", "0"],
    [book('["1.00", "1"], ["1.01", "1"]', ""), "levels_out_of_order", "bids", '["1.01", "1"]'],
    [book("", '["1.00", "1"], ["1.00", "2"]'), "levels_out_of_order", "asks", '["1.00", "2"]'],
  ])("%s is refused: %s", (row, code, field, value) => {
    expect(parseBitstampRow(row)).toMatchObject({ ok: false, code, field, value });
  });
});
