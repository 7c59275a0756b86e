import { expect, test } from "vitest";
import type { PublicTrade } from "./public-trade.ts";
import { TradeTape } from "./trade-tape.ts";

const trade = (tradeId: number): PublicTrade => ({
  ...{ market: 3, tradeId, price: tradeId * 10, quantity: tradeId, at: 1_000 + tradeId },
  takerSide: tradeId % 2 === 0 ? "buy" : "sell",
});

test("grows by need up to its limit, and then tells who had to leave", () => {
  const tape = new TradeTape(3, 200);
  for (let id = 1; id <= 1_000; id += 1) {
    expect(tape.append(trade(id))).toEqual(id > 200 ? trade(id - 200) : undefined);
  }
  expect([tape.length, tape.at(0), tape.at(199)]).toEqual([200, trade(801), trade(1_000)]);
  expect([tape.firstOfId(900), tape.firstOfId(1), tape.firstFrom(1_900)]).toEqual([99, 0, 99]);
  for (let id = 801; id <= 850; id += 1) expect(tape.dropOldest()).toEqual(trade(id));
  expect(tape.slice(0, 2)).toEqual([trade(851), trade(852)]);
  tape.markBusted(1);
  expect(tape.at(1)).toEqual({ ...trade(852), busted: true });
});
