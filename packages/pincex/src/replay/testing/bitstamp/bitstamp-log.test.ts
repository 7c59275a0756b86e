import { describe, expect, test } from "vitest";
import { readBitstampLog } from "./bitstamp-log.ts";

const trade = (timeMs: number, price: string): string =>
  `${timeMs} trade {"price": ${price}, "amount": 1.0, "id": 5}`;

describe("a log", () => {
  test("is an event for each line, with or without a line end behind the last", () => {
    const rows = [trade(1_430_438_404_518, "236.0"), trade(1_430_438_404_518, "237.0")];
    for (const text of [rows.join("\n"), `${rows.join("\n")}\n`]) {
      expect(readBitstampLog(text)).toMatchObject({
        ok: true,
        events: [{ price: 23_600 }, { price: 23_700 }],
      });
    }
    expect(readBitstampLog("")).toEqual({ ok: true, events: [] });
  });

  test("is refused at the first row that breaks a rule, with its line, the field and the rule", () => {
    const rows = [trade(1_430_438_404_518, "236.0"), trade(1_430_438_404_519, "236.005")];
    expect(readBitstampLog(`${rows.join("\n")}\n`)).toEqual({
      ok: false,
      code: "price_malformed",
      line: 2,
      field: "price",
      rule: "price is dollars from 0.01 to 1000.00, in whole cents",
      value: "236.005",
    });
  });

  test("is refused where time goes back, and at a blank line", () => {
    const rows = [trade(1_430_438_404_518, "236.0"), trade(1_430_438_404_517, "236.0")];
    expect(readBitstampLog(rows.join("\n"))).toMatchObject({
      code: "time_went_back",
      line: 2,
      field: "time",
      value: "1430438404517",
    });
    expect(readBitstampLog(`${rows[0]}\n\n`)).toMatchObject({ code: "row_malformed", line: 2 });
  });
});
