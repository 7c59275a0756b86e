import { describe, expect, test } from "vitest";
import { checkTimestamp, restPayload, webSocketPayloads } from "./signing.ts";

describe("what a REST client signed", () => {
  test.each([
    ["symbol=A&timestamp=1&signature=x", "", "symbol=A&timestamp=1"],
    ["signature=x&symbol=A", "", "symbol=A"],
    ["", "a=1&b=%3A&signature=x", "a=1&b=%3A"],
    // Binance's own example: query and body follow each other with nothing between.
    [
      "symbol=LTCBTC&side=BUY",
      "quantity=1&price=0.1&signature=x",
      "symbol=LTCBTC&side=BUYquantity=1&price=0.1",
    ],
  ])("query %j and body %j: %j", (query, body, payload) => {
    expect(restPayload(query, body)).toBe(payload);
  });
});

describe("what a WebSocket API client signed", () => {
  test("is sorted by name, without the signature", () => {
    const parameters = new Map([
      ["timestamp", "1"],
      ["apiKey", "k"],
      ["signature", "s"],
      ["quantity", "1e-05"],
    ]);
    expect(webSocketPayloads(parameters)).toEqual(["apiKey=k&quantity=1e-05&timestamp=1"]);
  });

  test("may be percent-encoded", () => {
    const parameters = new Map([["newClientOrderId", "a:b/c"]]);
    expect(webSocketPayloads(parameters)).toEqual([
      "newClientOrderId=a:b/c",
      "newClientOrderId=a%3Ab%2Fc",
    ]);
  });
});

describe("a timestamp", () => {
  const now = 1_700_000_000_000;
  const check = (timestamp: string, recvWindow?: string) => () =>
    checkTimestamp(
      new Map(Object.entries({ timestamp, ...(recvWindow === undefined ? {} : { recvWindow }) })),
      now,
    );

  test.each([
    [String(now)],
    [String(now + 999)],
    [String(now - 5_000)],
    [`${now}123`], // microseconds
    [String(now - 59_999), "60000"],
    [String(now - 1), "1.5"],
  ])("of %s is accepted (recvWindow %s)", (timestamp, recvWindow?: string) => {
    expect(check(timestamp, recvWindow)).not.toThrow();
  });

  test.each([
    [String(now + 1_000), undefined, -1021],
    [String(now - 5_001), undefined, -1021],
    [String(now - 2), "1.5", -1021],
    [String(now), "60001", -1131],
    [String(now), "abc", -1100],
    ["", undefined, -1102],
    ["soon", undefined, -1100],
  ])("of %j is refused (recvWindow %s) with %i", (timestamp, recvWindow, code) => {
    expect(check(timestamp, recvWindow)).toThrow(expect.objectContaining({ code }));
  });
});
