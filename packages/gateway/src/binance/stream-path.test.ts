import { expect, test } from "vitest";
import { parseStreamPath } from "./stream-path.ts";

// As real clients open their sockets.
test.each([
  ["/ws", "", false, []],
  ["/ws/", "", false, []],
  ["/ws/btcusdt@trade", "", false, ["btcusdt@trade"]],
  ["/ws/btcusdt@trade/ethusdt@depth@100ms", "", false, ["btcusdt@trade", "ethusdt@depth@100ms"]],
  ["/ws/!ticker@arr", "", false, ["!ticker@arr"]],
  ["/ws/btcusdt%40trade", "", false, ["btcusdt@trade"]],
  ["/stream", "", true, []],
  ["/stream", "streams=", true, []],
  ["/stream", "streams=btcusdt@trade/ethusdt@trade", true, ["btcusdt@trade", "ethusdt@trade"]],
  ["/stream/ws/7", "", false, []],
  ["/stream/ws", "", false, []],
])("%s?%s is a stream address", (path, query, combined, streams) => {
  expect(parseStreamPath(path, query)).toEqual({ combined, streams });
});

test.each([["/stream/other"], ["/wss"], ["/"], ["/ws-api/v3"]])("%s is none", (path) => {
  expect(parseStreamPath(path, "")).toBeUndefined();
});
