import { beforeEach, describe, expect, test } from "vitest";
import { Allocation } from "./allocation/allocation.ts";
import type { Conditions } from "./conditions/conditions.ts";
import { Engine } from "./engine.ts";
import { Phase } from "./phases/phase.ts";
import { EventLog } from "./testing/event-log.ts";

const MARKET = 1;
let log: EventLog;
let engine: Engine;

beforeEach(() => {
  log = new EventLog();
  engine = new Engine({ handler: log });
  engine.addMarket(MARKET, 1_000, 1_000, 1, 1, 0, 0);
});

const proRata = ({ minimumShare = 0, fifoPercent = 0 } = {}): boolean =>
  engine.setAllocation(MARKET, Allocation.pro_rata, minimumShare, fifoPercent);

/** Has an account place an order at a price of 100, and tells what that did to others. */
const place = (
  side: "buy" | "sell",
  account: number,
  quantity: number,
  conditions: Conditions = {},
  timeInForce: "gtc" | "fok" = "gtc",
): string[] => {
  log.take();
  const terms = { type: "limit", timeInForce, price: 100, quoteQuantity: 0 } as const;
  engine.perform({ kind: "place", market: MARKET, account, side, quantity, ...terms, conditions });
  engine.checkInvariants();
  return told();
};

const sell = (account: number, quantity: number, conditions: Conditions = {}): string[] =>
  place("sell", account, quantity, conditions);
const buy = (
  quantity: number,
  conditions: Conditions = {},
  timeInForce: "gtc" | "fok" = "gtc",
): string[] => place("buy", 9, quantity, conditions, timeInForce);

const told = (): string[] =>
  log.take().flatMap((event) => {
    if (event.kind === "trade") return `${event.quantity} from #${event.makerOrderId}`;
    if (event.kind === "prevented") return `#${event.makerOrderId} is its own`;
    if (event.kind === "done") return `#${event.orderId} ${event.reason}`;
    if (event.kind === "rejected") return `rejected: ${event.code} (${event.field})`;
    return event.kind === "allocation_set" || event.kind === "phase_changed" ? event.kind : [];
  });

describe("a market that allocates pro rata", () => {
  test("shares an order's lots by what each has on the level, and tells trades in the order of the queue", () => {
    proRata();
    sell(1, 10);
    sell(2, 30);
    sell(3, 20);
    expect(buy(30)).toEqual(["5 from #1", "15 from #2", "10 from #3", "#4 filled"]);
    expect([...engine.restingOrders(MARKET, 1)].map(({ remaining }) => remaining)).toEqual([
      5, 15, 10,
    ]);
  });

  test("leaves out shares below the minimum, and gives what is left by time", () => {
    proRata({ minimumShare: 6 });
    sell(1, 10);
    sell(2, 30);
    sell(3, 20);
    expect(buy(30)).toEqual(["5 from #1", "15 from #2", "10 from #3", "#4 filled"]);
    expect(buy(10)).toEqual(["5 from #1", "#1 filled", "5 from #2", "#5 filled"]);
  });

  test("gives a part by time first", () => {
    proRata({ fifoPercent: 50 });
    sell(1, 10);
    sell(2, 30);
    sell(3, 30);
    expect(buy(40)).toEqual(["10 from #1", "#1 filled", "18 from #2", "12 from #3", "#4 filled"]);
  });

  test("tells that an order is filled right after its trade", () => {
    proRata();
    sell(1, 1);
    sell(2, 1);
    expect(buy(2)).toEqual(["1 from #1", "#1 filled", "1 from #2", "#2 filled", "#3 filled"]);
  });

  test("goes by price first", () => {
    proRata();
    sell(1, 10);
    const better = { market: MARKET, account: 2, side: "sell", type: "limit" } as const;
    const terms = { timeInForce: "gtc", price: 99, quantity: 10, quoteQuantity: 0 } as const;
    engine.perform({ kind: "place", ...better, ...terms });
    expect(buy(10)).toEqual(["10 from #2", "#2 filled", "#3 filled"]);
  });

  test("spends a budget on what it covers at the level's price", () => {
    proRata();
    sell(1, 10);
    sell(2, 30);
    log.take();
    const order = { market: MARKET, account: 9, side: "buy", type: "market" } as const;
    const terms = { timeInForce: "ioc", price: 0, quantity: 0, quoteQuantity: 850 } as const;
    engine.perform({ kind: "place", ...order, ...terms });
    expect(told()).toEqual(["2 from #1", "6 from #2", "#3 budget_spent"]);
  });

  test("uncrosses by time", () => {
    proRata();
    engine.setPhase(MARKET, Phase.auction);
    sell(1, 10);
    sell(2, 30);
    buy(10);
    engine.setPhase(MARKET, Phase.open);
    expect(told()).toEqual(["10 from #1", "#1 filled", "#3 filled", "phase_changed"]);
  });
});

describe("on a level that is shared", () => {
  beforeEach(() => proRata());

  test("icebergs take part with what they show, and show more for the next round", () => {
    sell(1, 30, { displayQuantity: 10 });
    sell(2, 10);
    expect(buy(10)).toEqual(["5 from #1", "5 from #2", "#3 filled"]);
    expect(buy(18)).toEqual(["5 from #1", "5 from #2", "#2 filled", "8 from #1", "#4 filled"]);
  });

  test("hidden orders trade last, by time", () => {
    sell(1, 10, { hidden: true });
    sell(2, 10, { hidden: true });
    sell(3, 10);
    expect(buy(12)).toEqual(["10 from #3", "#3 filled", "2 from #1", "#4 filled"]);
  });

  test("an order meets its own first", () => {
    sell(1, 10);
    sell(9, 10);
    sell(2, 10);
    expect(buy(10, { selfTrade: "expire_maker" })).toEqual([
      "#2 is its own",
      "#2 self_trade",
      "5 from #1",
      "5 from #3",
      "#4 filled",
    ]);
  });

  test("an iceberg of its own is met as often as it shows more", () => {
    sell(1, 10);
    sell(9, 5, { displayQuantity: 3 });
    expect(buy(9, { selfTrade: "decrement" })).toEqual([
      "#2 is its own",
      "#2 is its own",
      "#2 self_trade",
      "4 from #1",
      "#3 filled",
    ]);
  });

  test("an order that its own ends trades nothing", () => {
    sell(1, 10);
    sell(9, 10);
    expect(buy(5, { selfTrade: "expire_taker" })).toEqual(["#2 is its own", "#3 self_trade"]);
  });

  test("fill or kill counts nothing where its own would end it, and passes over those that would expire", () => {
    sell(1, 10);
    sell(9, 10);
    expect(buy(10, { selfTrade: "expire_both" }, "fok")).toEqual(["#3 fill_or_kill_unfilled"]);
    expect(buy(11, { selfTrade: "expire_maker" }, "fok")).toEqual(["#4 fill_or_kill_unfilled"]);
    expect(buy(10, { selfTrade: "expire_maker" }, "fok")).toEqual([
      "#2 is its own",
      "#2 self_trade",
      "10 from #1",
      "#1 filled",
      "#5 filled",
    ]);
  });
});

describe("a market's allocation", () => {
  test("can be changed at any time, also back", () => {
    sell(1, 10);
    sell(2, 10);
    expect(proRata()).toBe(true);
    expect(buy(2)).toEqual(["1 from #1", "1 from #2", "#3 filled"]);
    expect(engine.setAllocation(MARKET, Allocation.price_time, -0, 0)).toBe(true);
    expect(buy(2)).toEqual(["2 from #1", "#4 filled"]);
    engine.setPhase(MARKET, Phase.halted);
    expect(proRata()).toBe(true);
    expect(engine.phase(MARKET)).toBe("halted");
    expect(engine.allocation(MARKET)?.allocation).toBe("pro_rata");
  });

  test("is told", () => {
    log.take();
    proRata({ minimumShare: 5, fifoPercent: 40 });
    expect(log.take()).toEqual([
      {
        kind: "allocation_set",
        market: MARKET,
        allocation: "pro_rata",
        minimumShare: 5,
        fifoPercent: 40,
      },
    ]);
    expect(engine.allocation(MARKET)).toEqual({
      allocation: "pro_rata",
      minimumShare: 5,
      fifoPercent: 40,
    });
    expect(engine.allocation(2)).toBeUndefined();
  });

  test.each([
    ["unknown_market (market)", 2, Allocation.pro_rata, 0, 0],
    ["allocation_unknown (allocation)", MARKET, 2, 0, 0],
    ["allocation_unknown (allocation)", MARKET, -1, 0, 0],
    ["minimum_share_out_of_range (minimumShare)", MARKET, Allocation.pro_rata, 1_001, 0],
    ["minimum_share_out_of_range (minimumShare)", MARKET, Allocation.pro_rata, 0.5, 0],
    ["minimum_share_out_of_range (minimumShare)", MARKET, Allocation.pro_rata, Number.NaN, 101],
    ["minimum_share_out_of_range (minimumShare)", MARKET, Allocation.price_time, 1, 0],
    ["fifo_percent_out_of_range (fifoPercent)", MARKET, Allocation.pro_rata, 1_000, 101],
    ["fifo_percent_out_of_range (fifoPercent)", MARKET, Allocation.pro_rata, 0, -1],
    ["fifo_percent_out_of_range (fifoPercent)", MARKET, Allocation.price_time, 0, 1],
  ])("is refused: %s of %d, %d, %d, %d", (code, ...asked) => {
    log.take();
    expect(engine.setAllocation(...asked)).toBe(false);
    expect(told()).toEqual([`rejected: ${code}`]);
    expect(engine.allocation(MARKET)?.allocation).toBe("price_time");
  });
});
