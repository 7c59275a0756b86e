import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Allocation } from "../allocation/allocation.ts";
import {
  type Conditions,
  PostOnly,
  type PostOnlyName,
  SelfTrade,
  type SelfTradeName,
  Trigger,
  type TriggerName,
  TriggerOn,
} from "../conditions/conditions.ts";
import { OrderType } from "../order-type.ts";
import { Phase } from "../phases/phase.ts";
import { OnBreach } from "../protection/protection.ts";
import { RecordWriter, recordLength, recordViews } from "../record.ts";
import { Side } from "../side.ts";
import { MARKETS, orderFlow } from "../testing/order-flow.ts";
import { TimeInForce } from "../time-in-force.ts";
import {
  type ChangeMarket,
  type EngineCommand,
  OnFailure,
  type Place,
  type Replace,
  Sides,
} from "./command.ts";
import { decodeCommand, encodeCommand, writeCommand } from "./command-codec.ts";
import { expectCommandRecord } from "./command-record.ts";

const place: Place = {
  kind: "place",
  market: 1,
  account: 7,
  side: "sell",
  type: "market",
  timeInForce: "fok",
  price: 101,
  quantity: 0,
  quoteQuantity: 2 ** 53 - 1,
};

const conditioned: Place = {
  ...place,
  conditions: {
    postOnly: "slide",
    selfTrade: "transfer",
    tradeGroup: 1,
    expiresAt: 2,
    displayQuantity: 3,
    hidden: true,
    minQuantity: 4,
    trigger: "trailing_stop",
    triggerPrice: 5,
    triggerOn: "mark",
    trailingOffset: 6,
    trailingBasisPoints: 7,
    activationPrice: 8,
    slippage: 9,
  },
};

const allocate: EngineCommand = {
  kind: "set_allocation",
  market: 1,
  allocation: "pro_rata",
  minimumShare: 3,
  fifoPercent: 40,
};

const replace: Replace = { ...conditioned, kind: "replace", orderId: 10, onFailure: "allow" };

const change: ChangeMarket = {
  kind: "change_market",
  market: 1,
  priceIncrement: 1,
  quantityIncrement: 2,
  minQuantity: 0,
  minNotional: 3,
  collarBasisPoints: 4,
  bandBasisPoints: 5,
  onBreach: "auction",
  maxOpenOrders: 6,
};

const decoded = (writer: RecordWriter): EngineCommand[] => {
  const commands: EngineCommand[] = [];
  for (let at = 0; at < writer.length; at += recordLength(writer.views, at)) {
    commands.push(decodeCommand(writer.views, at));
  }
  return commands;
};

const written = (commands: readonly EngineCommand[]): RecordWriter => {
  const writer = new RecordWriter();
  for (const command of commands) writeCommand(writer, command);
  return writer;
};

const nameIn = <Name extends string>(codes: Readonly<Record<Name, number>>): fc.Arbitrary<Name> =>
  fc.constantFrom(...(Object.keys(codes) as Name[]));
/** A name of something that is asked for: not the first, whose code is 0. */
const askedIn = <Name extends string>(codes: Readonly<Record<string, number>>) =>
  fc.constantFrom(...(Object.keys(codes).slice(1) as Name[]));

const word = fc.integer();
const number = fc.double();
const wordAsked = word.filter((value) => value !== 0);
const numberAsked = number.filter((value) => value !== 0);

const conditions: fc.Arbitrary<Conditions> = fc.record(
  {
    postOnly: askedIn<PostOnlyName>(PostOnly),
    selfTrade: askedIn<SelfTradeName>(SelfTrade),
    tradeGroup: wordAsked,
    expiresAt: numberAsked,
    displayQuantity: numberAsked,
    hidden: fc.constant(true as const),
    minQuantity: numberAsked,
    trigger: askedIn<TriggerName>(Trigger),
    triggerPrice: wordAsked,
    triggerOn: askedIn<"mark">(TriggerOn),
    trailingOffset: wordAsked,
    trailingBasisPoints: wordAsked,
    activationPrice: wordAsked,
    slippage: wordAsked,
  },
  { requiredKeys: [] },
);

const terms = {
  market: word,
  account: word,
  side: nameIn(Side),
  type: nameIn(OrderType),
  timeInForce: nameIn(TimeInForce),
  price: word,
  quantity: number,
  quoteQuantity: number,
};

const withoutEmpty = <Order extends Place | Replace>(order: Order): Order => {
  if (order.conditions && Object.keys(order.conditions).length > 0) return order;
  const { conditions: _, ...plain } = order;
  return plain as Order;
};

const ordered = <Kind extends "place" | "replace">(kind: Kind) => ({
  kind: fc.constant(kind),
  ...terms,
  conditions,
});

const anyCommand: fc.Arbitrary<EngineCommand> = fc.oneof(
  fc.record(ordered("place")).map(withoutEmpty),
  fc
    .record({ ...ordered("replace"), orderId: number, onFailure: nameIn(OnFailure) })
    .map(withoutEmpty),
  fc.record({
    kind: fc.constant("amend" as const),
    market: word,
    account: word,
    orderId: number,
    price: word,
    quantity: number,
  }),
  fc.record({
    kind: fc.constant("cancel_all" as const),
    market: word,
    account: word,
    side: nameIn(Sides),
  }),
  fc.record({ kind: fc.constant("cancel_all_after" as const), account: word, at: number }),
  fc.record({ kind: fc.constant("set_phase" as const), market: word, phase: nameIn(Phase) }),
  fc.record({ kind: fc.constant("set_mark_price" as const), market: word, price: word }),
  fc.record({ kind: fc.constant("advance_time" as const), time: number }),
  fc.record({ kind: fc.constant("set_reference_price" as const), market: word, price: word }),
  fc.record({
    kind: fc.constant("change_market" as const),
    market: word,
    priceIncrement: number,
    quantityIncrement: number,
    minQuantity: number,
    minNotional: number,
    collarBasisPoints: word,
    bandBasisPoints: word,
    onBreach: nameIn(OnBreach),
    maxOpenOrders: word,
  }),
  fc.record({
    kind: fc.constant("set_allocation" as const),
    market: word,
    allocation: nameIn(Allocation),
    minimumShare: number,
    fifoPercent: word,
  }),
);

describe("decoding gives what was encoded", () => {
  test("for any order flow", () => {
    fc.assert(
      fc.property(orderFlow, (flow) => {
        const commands: EngineCommand[] = [...MARKETS, ...flow];
        expect(decoded(written(commands))).toEqual(commands);
      }),
    );
  });

  test("for any commands of all kinds, whatever their conditions and numbers", () => {
    fc.assert(
      fc.property(fc.array(anyCommand), (commands) => {
        expect(decoded(written(commands))).toEqual(commands);
      }),
    );
  });

  test("without the conditions that ask for nothing", () => {
    const nothing: Conditions[] = [
      {},
      { triggerOn: "last" },
      { tradeGroup: 0, expiresAt: 0, displayQuantity: -0, minQuantity: 0, triggerPrice: -0 },
    ];
    for (const conditions of nothing) {
      expect(encodeCommand({ ...place, conditions })).toEqual(encodeCommand(place));
      expect(decoded(written([{ ...replace, conditions }]))[0]).not.toHaveProperty("conditions");
    }
    const slides: Conditions = { postOnly: "slide", slippage: 0, triggerOn: "last" };
    expect(decoded(written([{ ...place, conditions: slides }]))).toEqual([
      { ...place, conditions: { postOnly: "slide" } },
    ]);
  });
});

/** Numbers of the layout, in order: bytes, words of 32 bits and doubles. */
const hex = (bytes: Uint8Array): string[] =>
  Array.from({ length: bytes.length / 8 }, (_, at) =>
    Buffer.from(bytes.subarray(at * 8, at * 8 + 8)).toString("hex"),
  );

const TERMS_OF_PLACE = [
  "07000000" + "65000000",
  "01010200" + "00000000",
  "0000000000000000", // 0
  "ffffffffffff3f43", // 2^53 − 1
];

const BLOCK = [
  // Post-only 2, self-trade 5 << 2, hidden 1 << 5, trigger 3 << 6, trigger on 1 << 8.
  "f6010000" + "01000000",
  "0000000000000040", // 2
  "0000000000000840", // 3
  "0000000000001040", // 4
  "05000000" + "06000000",
  "07000000" + "08000000",
  "09000000" + "00000000",
];

describe("the bytes", () => {
  test("of a plain order end before its conditions would begin", () => {
    expect(hex(encodeCommand(place))).toEqual(["02010500" + "01000000", ...TERMS_OF_PLACE]);
  });

  test("of an order with conditions end with them", () => {
    expect(hex(encodeCommand(conditioned))).toEqual([
      "02010c00" + "01000000",
      ...TERMS_OF_PLACE,
      ...BLOCK,
    ]);
  });

  test("of a replacement end with the order that it replaces", () => {
    const [owner, , ...quantities] = TERMS_OF_PLACE;
    const [header, failure, id] = ["06010d00" + "01000000", "01010200" + "01000000", "2440"];
    const end = id.padStart(16, "0"); // 10
    expect(hex(encodeCommand(replace))).toEqual([
      header,
      owner,
      failure,
      ...quantities,
      ...BLOCK,
      end,
    ]);
    const { conditions: _, ...plain } = replace;
    const nothing = BLOCK.map(() => "0".repeat(16));
    expect(hex(encodeCommand(plain)).slice(5)).toEqual([...nothing, end]);
  });

  test("of a change have the increments and minima where `add_market` has them", () => {
    expect(hex(encodeCommand(change))).toEqual([
      "0c010700" + "01000000",
      "04000000" + "05000000",
      "06000000" + "02000000",
      "000000000000f03f", // 1
      "0000000000000040", // 2
      "0000000000000000", // 0
      "0000000000000840", // 3
    ]);
  });
});

test("the bytes of an allocation", () => {
  expect(hex(encodeCommand(allocate))).toEqual([
    "0e010300" + "01000000",
    "01000000" + "28000000",
    "0000000000000840", // 3
  ]);
});

describe("what a record can't hold throws", () => {
  test.each([
    ["a market of half", { market: 0.5 }],
    ["an account of 2^31", { account: 2 ** 31 }],
    ["a price of NaN", { price: Number.NaN }],
    ["a side that is a property of every object", { side: "__proto__" }],
    ["a type that nobody knows", { type: "peg" }],
    ["a time in force that is a method", { timeInForce: "toString" }],
    ["a post-only order that asks", { conditions: { postOnly: "ask" } }],
    ["a self-trade mode that is a method", { conditions: { selfTrade: "valueOf" } }],
    ["a trigger that nobody knows", { conditions: { trigger: "moon" } }],
    ["a trigger on the index", { conditions: { triggerOn: "index" } }],
    ["a trade group of half", { conditions: { tradeGroup: 0.5 } }],
    ["a trigger price of NaN", { conditions: { triggerPrice: Number.NaN } }],
    ["an offset of 2^31", { conditions: { trailingOffset: 2 ** 31 } }],
    ["basis points of half", { conditions: { trailingBasisPoints: 0.5 } }],
    ["an activation price of −2^31 − 1", { conditions: { activationPrice: -(2 ** 31) - 1 } }],
    ["an infinite slippage", { conditions: { slippage: Number.POSITIVE_INFINITY } }],
  ])("%s", (_, strange) => {
    for (const order of [place, replace]) {
      const writer = new RecordWriter();
      expect(() => writeCommand(writer, { ...order, ...strange } as EngineCommand)).toThrow(
        RangeError,
      );
      expect(writer.length).toBe(0);
    }
  });

  test.each([
    { ...replace, onFailure: "retry" },
    { kind: "amend", market: 1, account: 7, orderId: 1, price: 0.5, quantity: 1 },
    { kind: "amend", market: 1, account: 2 ** 31, orderId: 1, price: 1, quantity: 1 },
    { kind: "cancel_all", market: 1, account: 7, side: "neither" },
    { kind: "cancel_all", market: 0.5, account: 7, side: "both" },
    { kind: "cancel_all_after", account: 0.5, at: 1 },
    { kind: "set_phase", market: 1, phase: "opened" },
    { kind: "set_mark_price", market: 1, price: 0.5 },
    { kind: "set_reference_price", market: 1, price: 0.5 },
    { ...change, collarBasisPoints: 0.5 },
    { ...change, bandBasisPoints: 2 ** 31 },
    { ...change, maxOpenOrders: Number.NaN },
    { ...change, onBreach: "toString" },
    { ...allocate, allocation: "toString" },
    { ...allocate, market: 2 ** 31 },
    { ...allocate, fifoPercent: 0.5 },
  ])("%o", (strange) => {
    const writer = new RecordWriter();
    expect(() => writeCommand(writer, strange as EngineCommand)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});

const cancelAll: EngineCommand = { kind: "cancel_all", market: 1, account: 7, side: "both" };
const setPhase: EngineCommand = { kind: "set_phase", market: 1, phase: "open" };
const cancel: EngineCommand = { kind: "cancel", market: 1, account: 7, orderId: 1 };
const reduce: EngineCommand = { ...cancel, kind: "reduce", quantity: 1 };
const later: EngineCommand = { kind: "cancel_all_after", account: 7, at: 1 };
const mark: EngineCommand = { kind: "set_mark_price", market: 1, price: 1 };
const reference: EngineCommand = { kind: "set_reference_price", market: 1, price: 1 };
const time: EngineCommand = { kind: "advance_time", time: 1 };

describe("a code that has no name is not decoded, but is left to the engine to judge", () => {
  test.each<[string, EngineCommand, number, number]>([
    ["a side", place, 16, 9],
    ["a type", place, 17, 9],
    ["a time in force", place, 18, 9],
    ["a self-trade mode", conditioned, 40, 6 << 2],
    ["what a replacement does on failure", replace, 20, 9],
    ["a phase", setPhase, 8, 200],
    ["a side of many", cancelAll, 12, 3],
    ["what to do on a breach", change, 20, 3],
    ["an allocation", allocate, 8, 9],
  ])("%s", (_, command, at, code) => {
    const views = recordViews(encodeCommand(command).with(at, code));
    expect(() => expectCommandRecord(views, 0)).not.toThrow();
    expect(() => decodeCommand(views, 0)).toThrow(RangeError);
  });
});

describe("bytes that have no meaning are 0", () => {
  test.each<[string, EngineCommand, readonly number[]]>([
    ["place", place, [19, 20, 21, 22, 23]],
    ["place with conditions", conditioned, [19, 20, 23, 42, 43, 92, 95]],
    ["replace", replace, [19, 42, 43, 92, 93, 94, 95]],
    ["cancel", cancel, [12, 15]],
    ["reduce", reduce, [12, 15]],
    ["cancel_all_after", later, [4, 7, 12, 15]],
    ["set_phase", setPhase, [12, 15]],
    ["set_mark_price", mark, [8, 11]],
    ["set_reference_price", reference, [8, 11]],
    ["advance_time", time, [4, 7]],
  ])("in %s", (_, command, meaningless) => {
    const bytes = encodeCommand(command);
    expect(() => expectCommandRecord(recordViews(bytes), 0)).not.toThrow();
    for (const at of meaningless) {
      expect(() => expectCommandRecord(recordViews(bytes.with(at, 1)), 0)).toThrow(RangeError);
    }
  });

  test("and so are the flags that are none, and a post-only that is none", () => {
    for (const command of [conditioned, replace]) {
      const bytes = encodeCommand(command);
      const strange = [bytes.with(41, 0b11), bytes.with(40, (bytes[40] as number) | 3)];
      for (const flags of strange) {
        expect(() => expectCommandRecord(recordViews(flags), 0)).toThrow(RangeError);
      }
    }
  });
});

describe("what is no command record is refused", () => {
  test.each<[string, EngineCommand, number, number]>([
    ["a kind below the first", time, 0, 0],
    ["a kind above the last", time, 0, 15],
    ["another version", time, 1, 2],
    ["a place that is as long as a replacement", replace, 0, 2],
    ["a replacement that is as long as a place with conditions", conditioned, 0, 6],
    ["a cancel that is as long as a place with conditions", conditioned, 0, 3],
    ["a length beyond the end", place, 2, 12],
  ])("%s", (_, command, at, value) => {
    const views = recordViews(encodeCommand(command).with(at, value));
    expect(() => expectCommandRecord(views, 0)).toThrow(RangeError);
  });

  test.each([-8, 4, 16, Number.NaN])("nothing is at %d", (at) => {
    expect(() => expectCommandRecord(recordViews(encodeCommand(time)), at)).toThrow(RangeError);
  });

  test("a block of nothing asks for nothing", () => {
    const views = recordViews(encodeCommand(conditioned));
    views.bytes.fill(0, 40);
    expect(decodeCommand(views, 0)).toEqual(place);
  });
});
