import { describe, expect, test } from "vitest";
import type { Admission } from "./admission.ts";
import { Allocation } from "./allocation/allocation.ts";
import type { EngineCommand } from "./commands/command.ts";
import { encodeCommand } from "./commands/command-codec.ts";
import { ON_FAILURE, PHASE, SIDES } from "./commands/command-layout.ts";
import { Engine } from "./engine.ts";
import { OrderType } from "./order-type.ts";
import { Phase } from "./phases/phase.ts";
import { OnBreach } from "./protection/protection.ts";
import { recordViews } from "./record.ts";
import { Side } from "./side.ts";
import { EventLog } from "./testing/event-log.ts";
import { Story } from "./testing/story.ts";
import { BOTH_ENGINES } from "./testing/told-engine.ts";
import { TimeInForce } from "./time-in-force.ts";

const RULES = {
  priceIncrement: 1,
  quantityIncrement: 1,
  minQuantity: 0,
  minNotional: 0,
  collarBasisPoints: 0,
  bandBasisPoints: 0,
  onBreach: OnBreach.expire,
  maxOpenOrders: 0,
};

describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  describe("a replacement that must do both", () => {
    test("of a sell by a buy is judged as if the sell were gone, and by the next one", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 5 @ 100");
      story.place("2 sells 5 @ 103");
      expect(story.replace(1, "stop", "1 buys 5 @ 104", { postOnly: "slide" })).toEqual([
        "#1 cancelled, 5 left",
        "sell 100: 0 of 0",
        "#3 accepted @ 102",
        "buy 102: 5 of 1",
      ]);
    });

    test("of a buy by a sell is judged by the next buy", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 buys 5 @ 98");
      expect(story.replace(1, "stop", "1 sells 5 @ 97", { postOnly: "slide" })[2]).toBe(
        "#3 accepted @ 99",
      );
    });

    test("is judged beside who else stands where the old order does, before or behind it", () => {
      for (const accounts of [
        [1, 2],
        [2, 1],
      ]) {
        const story = new Story(makesEngine);
        for (const account of accounts) story.place(`${account} sells 5 @ 100`);
        const own = accounts.indexOf(1) + 1;
        expect(story.replace(own, "stop", "1 buys 5 @ 100", { postOnly: "reject" })).toEqual([
          "rejected: would_take",
        ]);
        expect(story.book).toBe("| 100×10");
      }
    });
  });

  describe("an amendment of a post-only order", () => {
    test("may cross the other side where orders collect", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100", { postOnly: "reject" });
      story.place("2 sells 5 @ 102");
      story.phase("auction");
      expect(story.amend(1, 1, 5, 102)).toEqual([
        "#1 amended to 5 @ 102, 5 left",
        "buy 100: 0 of 0",
        "buy 102: 5 of 1",
        "indicative 5 @ 102, surplus 0",
      ]);
    });

    test("of any order may not take in a market that is post-only", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 sells 5 @ 102");
      story.phase("post_only");
      expect(story.amend(1, 1, 5, 102)).toEqual(["rejected: would_take of #1"]);
      expect(story.amend(1, 1, 5, 101).slice(0, 1)).toEqual(["#1 amended to 5 @ 101, 5 left"]);
      expect(story.amend(1, 1, 4, 101)).toHaveLength(2);
    });
  });

  test("an amendment of a hidden order tells of no level", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 5 @ 100", { hidden: true });
    expect(story.amend(1, 1, 6, 100)).toEqual(["#1 amended to 6 @ 100, 6 left"]);
    expect(story.amend(1, 1, 3, 100)).toEqual(["#1 amended to 3 @ 100, 3 left"]);
  });

  test("an amendment to what the order is already asks nobody", () => {
    const asked: number[] = [];
    const story = new Story(makesEngine, ({ quantity }) => {
      asked.push(quantity);
      return 0;
    });
    story.place("1 buys 5 @ 100");
    expect(story.amend(1, 1, 5, 100)).toEqual(["#1 amended to 5 @ 100, 5 left", "buy 100: 5 of 1"]);
    expect(asked).toEqual([5]);
  });

  describe("a cancel by the owner's name for an order", () => {
    const named = { clientOrderId: 7 };

    test("names it in its market", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100", named);
      const elsewhere = { kind: "cancel_by_client_id", market: 2, account: 1, clientOrderId: 7 };
      expect(story.do(elsewhere as EngineCommand)).toEqual(["rejected: order_unknown"]);
      expect(story.book).toBe("100×5 |");
    });

    test("is followed by what follows every cancel", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100", named);
      story.place("2 buys 1 @ 900", { peg: "primary" });
      expect(story.cancelByClientId(1, 7)).toEqual([
        "#1 cancelled, 5 left",
        "buy 100: 0 of 0",
        "#2 repegged to nowhere",
      ]);
    });
  });

  test("one of a pending pair waits for a price, whatever the working order waits for", () => {
    const story = new Story(makesEngine);
    const stop = { trigger: "stop", triggerPrice: 90 } as const;
    const target = { postOnly: "reject" } as const;
    expect(
      story.list("otoco", [
        ["1 buys 5 @ 100", stop],
        ["1 sells 5 @ 110", target],
        ["1 sells 5 @ 120", target],
      ]),
    ).toEqual(["rejected: list_pair_must_wait in leg 3"]);
  });

  describe("what is said of a market", () => {
    const rules = { ...RULES, onBreach: "expire" } as const;
    const said = (market: number): EngineCommand[] => [
      { kind: "set_phase", market, phase: "open" },
      { kind: "set_mark_price", market, price: 100 },
      { kind: "set_reference_price", market, price: 100 },
      { kind: "change_market", market, ...rules },
      { kind: "set_price_increments", market, bands: [] },
      { kind: "set_allocation", market, allocation: "pro_rata", minimumShare: 0, fifoPercent: 0 },
    ];

    test.each(said(9))("is rejected if it is not there: $kind", (command) => {
      expect(new Story(makesEngine).do(command)).toEqual(["rejected: unknown_market"]);
    });

    test.each(said(1).slice(0, 5))("is rejected if it is delisted: $kind", (command) => {
      const story = new Story(makesEngine);
      story.phase("delisted");
      expect(story.do(command)).toEqual(["rejected: phase_forbids"]);
    });

    test("is a price in it: marked from 1 to the maximum, a reference, or none, up to that", () => {
      const story = new Story(makesEngine);
      expect(story.mark(1)).toEqual(["marked 1"]);
      expect(story.mark(1_000)).toEqual(["marked 1000"]);
      for (const price of [-1, 0, 1_001])
        expect(story.mark(price)).toEqual(["rejected: mark_price_out_of_range"]);
      expect(story.reference(1_000)).toEqual(["goes by 1000"]);
      expect(story.reference(0)).toEqual(["goes by 0"]);
      for (const price of [-1, 1_001])
        expect(story.reference(price)).toEqual(["rejected: reference_price_out_of_range"]);
    });
  });

  describe("cancelling many", () => {
    test.each([-1, 9])("is rejected in a market that is not there: %d", (market) => {
      const story = new Story(makesEngine);
      expect(story.do({ kind: "cancel_all", market, account: 0, side: "both" })).toEqual([
        "rejected: unknown_market",
      ]);
    });

    test("is rejected of an account that can't be, and sets no switch for it", () => {
      const story = new Story(makesEngine);
      expect(story.do({ kind: "cancel_all", market: 0, account: -1, side: "both" })).toEqual([
        "rejected: account_must_be_positive",
      ]);
      for (const account of [0, -1])
        expect(story.do({ kind: "cancel_all_after", account, at: 1 })).toEqual([
          "rejected: account_must_be_positive",
        ]);
    });

    test.each([
      ["buy", [1]],
      ["sell", [2]],
      ["both", [1, 2]],
    ] as const)("of a side: %s", (side, ids) => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 99");
      story.place("1 sells 1 @ 101");
      const told = story.do({ kind: "cancel_all", market: 1, account: 1, side });
      expect(told.filter((event) => event.startsWith("#"))).toEqual(
        ids.map((id) => `#${id} cancelled, 1 left`),
      );
    });

    test("by a switch is for a time to come", () => {
      const story = new Story(makesEngine);
      story.time(5);
      expect(story.time(5)).toEqual(["it is 5"]);
      expect(story.do({ kind: "cancel_all_after", account: 1, at: 5 })).toEqual([
        "rejected: switch_not_in_future",
      ]);
      expect(story.do({ kind: "cancel_all_after", account: 1, at: 6 })).toHaveLength(1);
      expect(story.do({ kind: "cancel_all_after", account: 1, at: 0 })).toHaveLength(1);
      expect(story.time(6)).toEqual(["it is 6"]);
    });
  });

  test("of all-or-none orders that can trade at once the oldest does first, on whichever side", () => {
    const story = new Story(makesEngine);
    story.phase("auction");
    story.place("1 sells 2 @ 95", { allOrNone: true });
    story.place("2 buys 2 @ 105", { allOrNone: true });
    story.place("3 buys 2 @ 98");
    story.place("3 sells 2 @ 102");
    expect(story.phase("open")).toEqual([
      "now open",
      "#1 takes 2 @ 98 from #3",
      "#3 filled",
      "buy 98: 0 of 0",
      "#1 filled",
      "#2 takes 2 @ 102 from #4",
      "#4 filled",
      "sell 102: 0 of 0",
      "#2 filled",
    ]);
  });

  test("an all-or-none order that can trade as its list calls for it does so before the next is called for", () => {
    const story = new Story(makesEngine);
    story.place("3 sells 2 @ 105");
    story.list("oto", [["1 buys 1 @ 100"], ["1 buys 2 @ 105", { allOrNone: true }]]);
    story.list("oto", [["2 buys 1 @ 100"], ["2 buys 1 @ 90"]]);
    expect(story.place("4 sells 2 @ 100").slice(-8)).toEqual([
      "#6 filled",
      "#3 activated: 2 @ 105",
      "#3 takes 2 @ 105 from #1",
      "#1 filled",
      "sell 105: 0 of 0",
      "#3 filled",
      "#5 activated: 1 @ 90",
      "buy 90: 1 of 1",
    ]);
  });

  test("a post-only order slides as far as the first and the last price of its market", () => {
    const story = new Story(makesEngine);
    const slide = { postOnly: "slide" } as const;
    story.place("1 sells 1 @ 2");
    expect(story.place("2 buys 1 @ 5", slide)[0]).toBe("#2 accepted @ 1");
    story.cancel(1, 1);
    story.place("1 buys 1 @ 999");
    expect(story.place("2 sells 1 @ 5", slide)[0]).toBe("#4 accepted @ 1000");
  });

  test("slippage reaches no further than the market's prices do", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 1 @ 100");
    story.place("1 sells 1 @ 101");
    expect(story.place("2 buys 1", { slippage: 1_000 })[0]).toBe("#3 accepted @ 1000");
    expect(story.place("2 sells 1", { slippage: 100 })[0]).toBe("#4 accepted @ 1");
    story.place("1 buys 1 @ 100");
    expect(story.place("2 sells 1", { slippage: 98 })[0]).toBe("#6 accepted @ 2");
  });
});

const opened = (admission?: Admission): { engine: Engine; log: EventLog } => {
  const log = new EventLog();
  const engine = new Engine({ handler: log, ...(admission && { admission }) });
  engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
  log.take();
  return { engine, log };
};

const rests = (engine: Engine, side: number, price: number): number =>
  engine.place(1, 7, side, OrderType.limit, TimeInForce.gtc, price, 5, 0);

test.each<[name: string, done: (engine: Engine) => boolean, refused: (engine: Engine) => boolean]>([
  [
    "addMarket",
    (engine) => engine.addMarket(2, 9, 9, 1, 1, 0, 0),
    (engine) => engine.addMarket(1, 9, 9, 1, 1, 0, 0),
  ],
  [
    "changeMarket",
    (engine) => engine.changeMarket(1, RULES),
    (engine) => engine.changeMarket(9, RULES),
  ],
  [
    "setPriceIncrements",
    (engine) => engine.setPriceIncrements(1, [{ from: 100, increment: 5 }]),
    (engine) => engine.setPriceIncrements(9, []),
  ],
  [
    "cancel",
    (engine) => engine.cancel(1, 7, rests(engine, Side.buy, 100)),
    (engine) => engine.cancel(1, 8, rests(engine, Side.buy, 100)),
  ],
  [
    "cancelByClientId",
    (engine) => {
      const order = { market: 1, account: 7, type: "limit", timeInForce: "gtc" } as const;
      const terms = { ...order, side: "buy", price: 100, quantity: 5, quoteQuantity: 0 } as const;
      engine.perform({ kind: "place", ...terms, conditions: { clientOrderId: 77 } });
      return engine.cancelByClientId(1, 7, 77);
    },
    (engine) => engine.cancelByClientId(1, 7, 77),
  ],
  [
    "reduce",
    (engine) => engine.reduce(1, 7, rests(engine, Side.buy, 100), 2),
    (engine) => engine.reduce(1, 7, rests(engine, Side.buy, 100), 5),
  ],
  [
    "amend",
    (engine) => engine.amend(1, 7, rests(engine, Side.buy, 100), 101, 6),
    (engine) => engine.amend(1, 7, 99, 101, 6),
  ],
  ["cancelAll", (engine) => engine.cancelAll(1, 0, 0), (engine) => engine.cancelAll(1, 0, 3)],
  [
    "cancelAllAfter",
    (engine) => engine.cancelAllAfter(7, 1),
    (engine) => engine.cancelAllAfter(0, 1),
  ],
  [
    "setPhase",
    (engine) => engine.setPhase(1, Phase.closing_auction),
    (engine) => engine.setPhase(1, Phase.closing_auction + 1),
  ],
  [
    "setMarkPrice",
    (engine) => engine.setMarkPrice(1, 1_000),
    (engine) => engine.setMarkPrice(1, 1_001),
  ],
  [
    "setReferencePrice",
    (engine) => engine.setReferencePrice(1, 1_000),
    (engine) => engine.setReferencePrice(1, 1_001),
  ],
  [
    "setAllocation",
    (engine) => engine.setAllocation(1, Allocation.pro_rata, 0, 50),
    (engine) => engine.setAllocation(1, Allocation.pro_rata, 0, 101),
  ],
  ["advanceTime", (engine) => engine.advanceTime(1), (engine) => engine.advanceTime(-1)],
])("%s answers true if it was done, false if it was rejected", (_, done, refused) => {
  expect(done(opened().engine)).toBe(true);
  const { engine, log } = opened();
  expect(refused(engine)).toBe(false);
  expect(log.take().at(-1)?.kind).toBe("rejected");
});

test("an amendment that the Admission port refuses answers false", () => {
  const { engine } = opened({ admit: ({ quantity }) => (quantity === 6 ? 1_000 : 0) });
  expect(engine.amend(1, 7, rests(engine, Side.buy, 100), 100, 6)).toBe(false);
});

test("an Admission port need not care for what is withdrawn", () => {
  const { engine, log } = opened({ admit: ({ price }) => (price === 120 ? 1_000 : 0) });
  const leg = { type: "limit", timeInForce: "gtc", quantity: 5, quoteQuantity: 0 } as const;
  engine.perform({
    kind: "place_list",
    market: 1,
    account: 7,
    contingency: "oco",
    sizing: "fixed",
    legs: [
      { ...leg, side: "sell", price: 110, conditions: { trigger: "stop", triggerPrice: 90 } },
      { ...leg, side: "sell", price: 120, conditions: { postOnly: "reject" } },
    ],
  });
  expect(log.take()).toMatchObject([{ kind: "rejected", code: "refused_by_admission", leg: 2 }]);
});

test("minus nothing is no time but 0", () => {
  const { engine, log } = opened();
  engine.advanceTime(-0);
  engine.cancelAllAfter(7, -0);
  expect(log.take()).toEqual([
    { kind: "time_advanced", time: 0 },
    { kind: "cancel_all_after_set", account: 7, at: 0 },
  ]);
});

test("a list is placed without an Admission port as with one that says yes", () => {
  const { engine, log } = opened();
  const leg = {
    side: "buy",
    type: "limit",
    timeInForce: "gtc",
    quantity: 5,
    quoteQuantity: 0,
  } as const;
  engine.perform({
    kind: "place_list",
    market: 1,
    account: 7,
    contingency: "oto",
    sizing: "fixed",
    legs: [
      { ...leg, price: 100 },
      { ...leg, price: 99 },
    ],
  });
  expect(log.take().map(({ kind }) => kind)).toEqual([
    "list_accepted",
    "accepted",
    "pending",
    "level_changed",
  ]);
});

test("a side of which nothing is cancelled is rejected, if only a record can name it", () => {
  const { engine, log } = opened();
  const command = { kind: "cancel_all", market: 1, account: 0, side: "both" } as const;
  const record = recordViews(encodeCommand(command));
  for (const sides of [-1, 3]) {
    record.i32[SIDES] = sides;
    engine.process(record, 0);
    expect(log.take()).toMatchObject([{ kind: "rejected", code: "side_of_many_unknown" }]);
  }
});

test("a phase that there is not is rejected, if only a record can name it", () => {
  const { engine, log } = opened();
  const record = recordViews(encodeCommand({ kind: "set_phase", market: 1, phase: "closed" }));
  record.i32[PHASE] = -1;
  engine.process(record, 0);
  expect(log.take()).toMatchObject([{ kind: "rejected", code: "phase_unknown" }]);
  expect(engine.phase(1)).toBe("open");
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])("no time is %d", (time) => {
  const { engine } = opened();
  expect(engine.advanceTime(time)).toBe(false);
  expect(engine.cancelAllAfter(7, time)).toBe(false);
});

test("a replacement that does not say what to do on failure is rejected, and cancels nothing", () => {
  const { engine, log } = opened();
  const orderId = rests(engine, Side.buy, 100);
  const command: EngineCommand = {
    kind: "replace",
    market: 1,
    account: 7,
    orderId,
    onFailure: "stop",
    side: "buy",
    type: "limit",
    timeInForce: "gtc",
    price: 101,
    quantity: 5,
    quoteQuantity: 0,
  };
  const record = recordViews(encodeCommand(command));
  record.i32[ON_FAILURE] = 2;
  log.take();
  engine.process(record, 0);
  expect(log.take()).toMatchObject([{ kind: "rejected", code: "on_failure_unknown", orderId: 0 }]);
  expect(engine.best(1, Side.buy)).toBe(100);
});
