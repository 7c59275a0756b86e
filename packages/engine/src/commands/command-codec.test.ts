import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Allocation } from "../allocation/allocation.ts";
import {
  type Conditions,
  Peg,
  type PegName,
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
  type CancelByClientId,
  type ChangeMarket,
  Contingency,
  type EngineCommand,
  type ListLeg,
  OnFailure,
  type Place,
  type PlaceList,
  type Replace,
  type SetAllocation,
  type SetPriceIncrements,
  Sides,
  Sizing,
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
    allOrNone: true,
    peg: "mid",
    pegOffset: 10,
    clientOrderId: 2 ** 53 - 1,
  },
};

const allocate: SetAllocation = {
  kind: "set_allocation",
  market: 1,
  allocation: "pro_rata",
  minimumShare: 3,
  fifoPercent: 40,
  topOrderMaximum: 2,
  leadAccount: 7,
  leadPercent: 50,
};

const leg: ListLeg = {
  side: "buy",
  type: "limit",
  timeInForce: "at_close",
  price: 101,
  quantity: 3,
  quoteQuantity: 0,
};

const list: PlaceList = {
  kind: "place_list",
  market: 1,
  account: 7,
  contingency: "otoco",
  sizing: "received",
  legs: [
    leg,
    { ...leg, side: "sell", conditions: conditioned.conditions as Conditions },
    { ...leg, type: "market", timeInForce: "ioc", price: 0, quantity: 0, quoteQuantity: 4 },
  ],
};

const pair: PlaceList = { ...list, contingency: "oco", sizing: "fixed", legs: [leg, leg] };

const cancelNamed: CancelByClientId = {
  kind: "cancel_by_client_id",
  market: 1,
  account: 7,
  clientOrderId: 2 ** 53 - 1,
};

const setBands: SetPriceIncrements = {
  kind: "set_price_increments",
  market: 1,
  bands: [
    { from: 10, increment: 5 },
    { from: 2 ** 31 - 2, increment: 1 },
  ],
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
    allOrNone: fc.constant(true as const),
    peg: askedIn<PegName>(Peg),
    pegOffset: wordAsked,
    clientOrderId: numberAsked,
  },
  { requiredKeys: [] },
);

const legTerms = {
  side: nameIn(Side),
  type: nameIn(OrderType),
  timeInForce: nameIn(TimeInForce),
  price: word,
  quantity: number,
  quoteQuantity: number,
};

const withoutEmpty = <Order extends { readonly conditions?: Conditions }>(order: Order): Order => {
  if (order.conditions && Object.keys(order.conditions).length > 0) return order;
  const { conditions: _, ...plain } = order;
  return plain as Order;
};

const ordered = <Kind extends "place" | "replace">(kind: Kind) => ({
  kind: fc.constant(kind),
  market: word,
  account: word,
  ...legTerms,
  conditions,
});

const anyLeg: fc.Arbitrary<ListLeg> = fc.record({ ...legTerms, conditions }).map(withoutEmpty);

/** Zeros are not told: they ask for nothing. A maximum of −0 is, for the engine to refuse. */
const anyAllocation: fc.Arbitrary<EngineCommand> = fc.record(
  {
    kind: fc.constant("set_allocation" as const),
    market: word,
    allocation: nameIn(Allocation),
    minimumShare: number,
    fifoPercent: word,
    topOrderMaximum: fc.oneof(numberAsked, fc.constant(-0)),
    leadAccount: wordAsked,
    leadPercent: wordAsked,
  },
  { requiredKeys: ["kind", "market", "allocation", "minimumShare", "fifoPercent"] },
);

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
  anyAllocation,
  fc.record({
    kind: fc.constant("place_list" as const),
    market: word,
    account: word,
    contingency: nameIn(Contingency),
    sizing: nameIn(Sizing),
    legs: fc.array(anyLeg, { minLength: 2, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("cancel_by_client_id" as const),
    market: word,
    account: word,
    clientOrderId: number,
  }),
  fc.record({
    kind: fc.constant("set_price_increments" as const),
    market: word,
    bands: fc.array(fc.record({ from: word, increment: word }), { maxLength: 8 }),
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
      { pegOffset: -0, clientOrderId: -0 },
    ];
    for (const conditions of nothing) {
      const legs = [{ ...leg, conditions }, leg];
      expect(encodeCommand({ ...pair, legs })).toEqual(encodeCommand(pair));
      expect(encodeCommand({ ...place, conditions })).toEqual(encodeCommand(place));
      expect(decoded(written([{ ...replace, conditions }]))[0]).not.toHaveProperty("conditions");
    }
    const slides: Conditions = { postOnly: "slide", slippage: 0, triggerOn: "last" };
    expect(decoded(written([{ ...place, conditions: slides }]))).toEqual([
      { ...place, conditions: { postOnly: "slide" } },
    ]);
  });
});

test("what a command leaves out is what it has without it", () => {
  const { sizing: _, ...fixed } = pair;
  expect(encodeCommand(fixed)).toEqual(encodeCommand(pair));
  const { topOrderMaximum, leadAccount, leadPercent, ...later } = allocate;
  const none = { topOrderMaximum: 0, leadAccount: 0, leadPercent: 0 };
  expect(encodeCommand(later)).toEqual(encodeCommand({ ...later, ...none }));
  expect(decoded(written([{ ...later, ...none }]))).toEqual([later]);
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
  // Post-only 2, self-trade 5 << 2, hidden 1 << 5, trigger 3 << 6, trigger on 1 << 8, all-or-none 1 << 9, peg 3 << 10.
  "f60f0000" + "01000000",
  "0000000000000040", // 2
  "0000000000000840", // 3
  "0000000000001040", // 4
  "05000000" + "06000000",
  "07000000" + "08000000",
  "09000000" + "0a000000",
  "ffffffffffff3f43", // 2^53 − 1
];

const NOTHING = BLOCK.map(() => "0".repeat(16));

describe("the bytes", () => {
  test("of a plain order end before its conditions would begin", () => {
    expect(hex(encodeCommand(place))).toEqual(["02010500" + "01000000", ...TERMS_OF_PLACE]);
  });

  test("of an order with conditions end with them", () => {
    expect(hex(encodeCommand(conditioned))).toEqual([
      "02010d00" + "01000000",
      ...TERMS_OF_PLACE,
      ...BLOCK,
    ]);
  });

  test("of a replacement end with the order that it replaces", () => {
    const [owner, , ...quantities] = TERMS_OF_PLACE;
    const [header, failure, id] = ["06010e00" + "01000000", "01010200" + "01000000", "2440"];
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
    expect(hex(encodeCommand(plain)).slice(5)).toEqual([...NOTHING, end]);
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
    "0e010500" + "01000000",
    "01000000" + "28000000",
    "0000000000000840", // 3
    "0000000000000040", // 2
    "07000000" + "32000000",
  ]);
});

const LEG_QUANTITIES = ["0000000000000840", "0000000000000000"]; // 3, 0

test("the bytes of a list: its shape, then each leg with all its conditions", () => {
  expect(hex(encodeCommand(list))).toEqual([
    "0f012300" + "01000000",
    "07000000" + "02010300",
    "65000000" + "00000600",
    ...LEG_QUANTITIES,
    ...NOTHING,
    "65000000" + "01000600",
    ...LEG_QUANTITIES,
    ...BLOCK,
    "00000000" + "00010100",
    "0000000000000000", // 0
    "0000000000001040", // 4
    ...NOTHING,
  ]);
  expect(hex(encodeCommand(pair)).slice(0, 2)).toEqual([
    "0f011800" + "01000000",
    "07000000" + "00000200",
  ]);
  expect(encodeCommand(pair)).toHaveLength(192);
});

test("the bytes of a cancel by its owner's name for the order", () => {
  expect(hex(encodeCommand(cancelNamed))).toEqual([
    "10010300" + "01000000",
    "07000000" + "00000000",
    "ffffffffffff3f43", // 2^53 − 1
  ]);
});

test("the bytes of price increments end with their bands", () => {
  expect(hex(encodeCommand(setBands))).toEqual([
    "11010400" + "01000000",
    "02000000" + "00000000",
    "0a000000" + "05000000",
    "feffff7f" + "01000000",
  ]);
  expect(hex(encodeCommand({ ...setBands, bands: [] }))).toEqual([
    "11010200" + "01000000",
    "0000000000000000",
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
    ["a peg to the index", { conditions: { peg: "index" } }],
    ["a peg that is a method", { conditions: { peg: "toString" } }],
    ["a peg's offset of half", { conditions: { pegOffset: 0.5 } }],
    ["a peg's offset of 2^31", { conditions: { pegOffset: 2 ** 31 } }],
  ])("%s", (_, strange) => {
    const asLast = { ...list, ...strange, legs: [leg, leg, { ...leg, ...strange }] };
    for (const order of [{ ...place, ...strange }, { ...replace, ...strange }, asLast]) {
      const writer = new RecordWriter();
      expect(() => writeCommand(writer, order as EngineCommand)).toThrow(RangeError);
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
    { ...allocate, leadAccount: 2 ** 31 },
    { ...allocate, leadPercent: Number.NaN },
    { ...list, market: 2 ** 31 },
    { ...list, account: 0.5 },
    { ...list, contingency: "__proto__" },
    { ...list, contingency: "ota" },
    { ...list, sizing: "valueOf" },
    { ...list, legs: [] },
    { ...list, legs: [leg] },
    { ...list, legs: [leg, leg, leg, leg] },
    { ...cancelNamed, market: -(2 ** 31) - 1 },
    { ...cancelNamed, account: 0.5 },
    { ...setBands, market: 0.5 },
    { ...setBands, bands: Array.from({ length: 9 }, (_, at) => ({ from: at + 1, increment: 1 })) },
    { ...setBands, bands: [{ from: 0.5, increment: 1 }] },
    { ...setBands, bands: [{ from: 1, increment: 2 ** 31 }] },
    { ...setBands, bands: [{ from: 1, increment: Number.NaN }] },
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
    ["a time in force that is no more than a number", place, 18, 7],
    ["a phase beyond the last", setPhase, 8, 9],
    ["a contingency", list, 12, 3],
    ["a sizing", list, 13, 2],
    ["a leg's side", list, 20, 9],
    ["a leg's type", list, 21, 9],
    ["the last leg's time in force", list, 16 + 2 * 88 + 6, 9],
    ["a leg's self-trade mode", list, 40, 7 << 2],
  ])("%s", (_, command, at, code) => {
    const views = recordViews(encodeCommand(command).with(at, code));
    expect(() => expectCommandRecord(views, 0)).not.toThrow();
    expect(() => decodeCommand(views, 0)).toThrow(RangeError);
  });
});

describe("bytes that have no meaning are 0", () => {
  test.each<[string, EngineCommand, readonly number[]]>([
    ["place", place, [19, 20, 21, 22, 23]],
    ["place with conditions", conditioned, [19, 20, 23, 42, 43]],
    ["replace", replace, [19, 42, 43]],
    ["place_list", list, [15, 23, 42, 43, 111, 130, 131, 199, 218, 219]],
    ["cancel_by_client_id", cancelNamed, [12, 15]],
    ["set_price_increments", setBands, [12, 15]],
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
    const firstOfList: PlaceList = { ...list, legs: [...list.legs].reverse() };
    for (const command of [conditioned, replace, list, firstOfList]) {
      const bytes = encodeCommand(command);
      const strange = [bytes.with(41, 0b1_0000), bytes.with(40, (bytes[40] as number) | 3)];
      for (const flags of strange) {
        expect(() => expectCommandRecord(recordViews(flags), 0)).toThrow(RangeError);
      }
    }
  });
});

describe("what is no command record is refused", () => {
  test.each<[string, EngineCommand, number, number]>([
    ["a kind below the first", time, 0, 0],
    ["a kind above the last", time, 0, 18],
    ["another version", time, 1, 2],
    ["a place that is as long as a replacement", replace, 0, 2],
    ["a replacement that is as long as a place with conditions", conditioned, 0, 6],
    ["a cancel that is as long as a place with conditions", conditioned, 0, 3],
    ["a length beyond the end", place, 2, 13],
    ["a list of two legs in the bytes of three", list, 14, 2],
    ["a list of three legs in the bytes of two", pair, 14, 3],
    ["a list of no legs", pair, 14, 0],
    ["a list of two legs and 256 times as many", pair, 15, 1],
    ["a list that ends within a leg", list, 2, 30],
    ["a list of one leg", pair, 2, 13],
    ["fewer bands than the bytes have", setBands, 8, 1],
    ["more bands than the bytes have", setBands, 8, 3],
    ["many more bands than the bytes have", setBands, 11, 0x7f],
    ["less than no bands", setBands, 11, 0x80],
    ["bands in no bytes", setBands, 2, 2],
    ["bands that reach beyond the end", setBands, 2, 5],
    ["price increments without a number of bands", setBands, 2, 1],
  ])("%s", (_, command, at, value) => {
    const views = recordViews(encodeCommand(command).with(at, value));
    expect(() => expectCommandRecord(views, 0)).toThrow(RangeError);
  });

  test("nine bands, though they are said to be nine", () => {
    const eight = Array.from({ length: 8 }, (_, at) => ({ from: at + 1, increment: 1 }));
    const bytes = encodeCommand({ ...setBands, bands: eight });
    const views = recordViews(bytes.byteLength + 8);
    views.bytes.set(bytes);
    expect(decodeCommand(views, 0)).toEqual({ ...setBands, bands: eight });
    views.bytes[2] = 11;
    views.bytes[8] = 9;
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
