import { describe, expect, test } from "vitest";
import { parseLobsterRow } from "./lobster-message.ts";

describe("a row", () => {
  test("is read to the nanosecond", () => {
    expect(parseLobsterRow("34200.18960767,1,11885113,21,2238100,-1")).toEqual({
      ok: true,
      message: {
        kind: "submission",
        timeNs: 34_200_189_607_670,
        id: 11_885_113,
        size: 21,
        price: 2_238_100,
        side: "sell",
      },
    });
  });

  test.each([
    ["34200", 34_200_000_000_000],
    ["34200.5", 34_200_500_000_000],
    // As a double has them that was meant to be …456 and …455.
    ["35821.088778456004", 35_821_088_778_456],
    ["35821.088778454996", 35_821_088_778_455],
    ["35821.9999999999", 35_822_000_000_000],
  ])("at %s is at nanosecond %s", (time, timeNs) => {
    expect(parseLobsterRow(`${time},1,5,1,100,1`)).toMatchObject({ message: { timeNs } });
  });

  test.each([
    ["34200.017459617,2,5,1,2238200,1", "partial_cancellation"],
    ["34200.017459617,3,5,1,2238200,1", "deletion"],
    ["34200,4,5,1,2238200,1", "execution"],
    ["34200.017459617,5,0,1,2238200,-1", "hidden_execution"],
    ["34200.017459617,6,-1,13459,2238200,-1", "cross_trade"],
    ["36023,7,0,0,-1,-1", "halt"],
    ["36323,7,0,0,0,-1", "halt"],
    ["36723,7,0,0,1,-1", "halt"],
  ])("%s is a %s", (row, kind) => {
    expect(parseLobsterRow(row)).toMatchObject({ ok: true, message: { kind } });
  });

  test.each([
    ["", "row_needs_six_fields", "row", ""],
    ["34200,1,5,1,2238200", "row_needs_six_fields", "row", "34200,1,5,1,2238200"],
    ["34200,1,5,1,2238200,1,", "row_needs_six_fields", "row", "34200,1,5,1,2238200,1,"],
    ["09:30:00,1,5,1,2238200,1", "time_malformed", "time", "09:30:00"],
    ["-1,1,5,1,2238200,1", "time_malformed", "time", "-1"],
    ["34200.,1,5,1,2238200,1", "time_malformed", "time", "34200."],
    ["3.42e4,1,5,1,2238200,1", "time_malformed", "time", "3.42e4"],
    ["34200,8,5,1,2238200,1", "type_unknown", "type", "8"],
    ["34200,__proto__,5,1,2238200,1", "type_unknown", "type", "__proto__"],
    ["34200,1,0,1,2238200,1", "id_malformed", "id", "0"],
    ["34200,1,9007199254740993,1,2238200,1", "id_malformed", "id", "9007199254740993"],
    ["34200,1,5,0,2238200,1", "size_malformed", "size", "0"],
    ["34200,1,5,1.5,2238200,1", "size_malformed", "size", "1.5"],
    ["34200,1,5,4503600,2238200,1", "size_malformed", "size", "4503600"],
    ["34200,1,5,1,0,1", "price_malformed", "price", "0"],
    ["34200,1,5,1,1e6,1", "price_malformed", "price", "1e6"],
    ["34200,1,5,1,9999999999,1", "price_malformed", "price", "9999999999"],
    ["34200,7,0,0,2,-1", "price_malformed", "price", "2"],
    ["34200,1,5,1,2238200,0", "direction_malformed", "direction", "0"],
  ])("%s is refused: %s", (row, code, field, value) => {
    expect(parseLobsterRow(row)).toMatchObject({ ok: false, code, field, value });
  });
});
