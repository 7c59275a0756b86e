import { describe, expect, test } from "vitest";
import { Allocation } from "../allocation/allocation.ts";
import { Contingency, type PriceBand, Sizing } from "../commands/command.ts";
import { writeConditions } from "../conditions/condition-codec.ts";
import {
  type Conditions,
  Peg,
  PostOnly,
  SelfTrade,
  Trigger,
  TriggerOn,
} from "../conditions/conditions.ts";
import { DoneReason } from "../done-reason.ts";
import { OrderType } from "../order-type.ts";
import { Phase } from "../phases/phase.ts";
import { recordViews } from "../record.ts";
import { REJECTIONS } from "../rejection.ts";
import { Side } from "../side.ts";
import { TimeInForce } from "../time-in-force.ts";
import { decodeEvent } from "./decode-event.ts";
import type { EngineEvent } from "./event.ts";
import { EventKind } from "./event-layout.ts";
import { EventRegister } from "./event-register.ts";

/** A record written by hand: 32-bit words and doubles, each at its number. */
interface Written {
  readonly kind: number;
  readonly length: number;
  readonly words?: Readonly<Record<number, number>>;
  readonly doubles?: Readonly<Record<number, number>>;
  readonly conditions?: Conditions;
}

const registerOf = ({ kind, length, words, doubles, conditions }: Written): EventRegister => {
  const register = new EventRegister(kind | (1 << 8) | ((length / 8) << 16));
  for (const [at, value] of Object.entries(words ?? {})) register.views.i32[Number(at)] = value;
  for (const [at, value] of Object.entries(doubles ?? {})) register.views.f64[Number(at)] = value;
  if (conditions) writeConditions(register.views, 6, conditions);
  return register;
};

const sellLimit = Side.sell | (OrderType.limit << 8) | (TimeInForce.gtd << 16);
const order = {
  market: 3,
  account: 7,
  orderId: 40,
  side: "sell",
  type: "limit",
  timeInForce: "gtd",
  price: 101,
  quantity: 50,
  quoteQuantity: 0,
} as const;
const writtenOrder = {
  words: { 1: 3, 2: 101, 3: sellLimit, 8: 7 },
  doubles: { 2: 50, 3: 40, 5: 0 },
};
const conditions: Conditions = {
  postOnly: "slide",
  selfTrade: "expire_maker",
  tradeGroup: 11,
  expiresAt: 12,
  displayQuantity: 13,
  hidden: true,
  minQuantity: 14,
  trigger: "stop",
  triggerPrice: 15,
  triggerOn: "mark",
  trailingOffset: 16,
  trailingBasisPoints: 17,
  activationPrice: 18,
  slippage: 19,
  allOrNone: true,
  peg: "market",
  pegOffset: 20,
  clientOrderId: 2 ** 53 - 1,
};
const meeting = {
  price: 101,
  takerSide: "sell",
  makerOrderId: 38,
  takerOrderId: 40,
  makerAccount: 7,
  takerAccount: 8,
  makerRemaining: 5,
  takerRemaining: 6,
} as const;
const writtenMeeting = { 5: 38, 6: 40, 7: 5, 8: 6 };

const EVENTS: readonly (readonly [Written, EngineEvent])[] = [
  [
    { kind: 1, length: 8, words: { 1: 3 } },
    { kind: "market_added", market: 3 },
  ],
  [
    { kind: 2, length: 48, ...writtenOrder },
    { kind: "accepted", ...order },
  ],
  [
    { kind: 2, length: 112, ...writtenOrder, conditions },
    { kind: "accepted", ...order, conditions },
  ],
  [
    { kind: 9, length: 112, ...writtenOrder, conditions },
    { kind: "triggered", ...order, conditions },
  ],
  [
    {
      kind: 3,
      length: 40,
      words: { 1: 3, 2: REJECTIONS.would_take.number, 8: 7 },
      doubles: { 3: 40 },
    },
    {
      kind: "rejected",
      market: 3,
      account: 7,
      orderId: 40,
      code: "would_take",
      codeNumber: 50,
      field: "postOnly",
    },
  ],
  [
    {
      kind: 4,
      length: 72,
      words: { 1: 3, 2: 101, 3: Side.sell, 8: 7, 9: 8 },
      doubles: { 2: 50, 3: 4, ...writtenMeeting },
    },
    { kind: "trade", market: 3, tradeId: 4, quantity: 50, ...meeting },
  ],
  [
    {
      kind: 11,
      length: 72,
      words: { 1: 3, 2: 101, 3: Side.sell | (SelfTrade.transfer << 8), 8: 7, 9: 8 },
      doubles: { 2: 50, ...writtenMeeting },
    },
    {
      kind: "prevented",
      market: 3,
      mode: "transfer",
      quantity: 50,
      ...meeting,
      transfers: true,
    },
  ],
  [
    {
      kind: 5,
      length: 48,
      words: { 1: 3, 2: 101, 3: Side.sell | (DoneReason.delisted << 8), 8: 7 },
      doubles: { 3: 40, 5: 6 },
    },
    {
      kind: "done",
      market: 3,
      account: 7,
      orderId: 40,
      side: "sell",
      price: 101,
      reason: "delisted",
      remaining: 6,
    },
  ],
  [
    {
      kind: 6,
      length: 32,
      words: { 1: 3, 2: 101, 3: Side.sell, 6: 2 },
      doubles: { 2: 50 },
    },
    { kind: "level_changed", market: 3, side: "sell", price: 101, quantity: 50, orders: 2 },
  ],
  ...(["reduced", "amended"] as const).map(
    (kind) =>
      [
        {
          kind: EventKind[kind],
          length: 48,
          words: { 1: 3, 2: 101, 3: Side.sell, 8: 7 },
          doubles: { 2: 50, 3: 40, 5: 6 },
        },
        {
          kind,
          market: 3,
          account: 7,
          orderId: 40,
          side: "sell",
          price: 101,
          quantity: 50,
          remaining: 6,
        },
      ] as const,
  ),
  [
    { kind: 8, length: 16, words: { 1: 3, 2: Phase.auction } },
    { kind: "phase_changed", market: 3, phase: "auction" },
  ],
  [
    { kind: 12, length: 32, words: { 1: 3, 2: 101 }, doubles: { 2: 50, 3: -20 } },
    { kind: "indicative", market: 3, price: 101, quantity: 50, surplus: -20 },
  ],
  [
    { kind: 13, length: 40, words: { 8: 7 }, doubles: { 2: 9 } },
    { kind: "orders_cancelled", market: 0, account: 7, count: 9 },
  ],
  [
    { kind: 14, length: 40, words: { 8: 7 }, doubles: { 2: 2 ** 53 - 1 } },
    { kind: "cancel_all_after_set", account: 7, at: 2 ** 53 - 1 },
  ],
  [
    { kind: 15, length: 16, words: { 1: 3, 2: 101 } },
    { kind: "mark_price_set", market: 3, price: 101 },
  ],
  [
    { kind: 16, length: 16, doubles: { 1: 1_000 } },
    { kind: "time_advanced", time: 1_000 },
  ],
  [
    { kind: 17, length: 8, words: { 1: 3 } },
    { kind: "market_changed", market: 3 },
  ],
  [
    { kind: 18, length: 16, words: { 1: 3, 2: 101 } },
    { kind: "reference_price_set", market: 3, price: 101 },
  ],
  [
    { kind: 20, length: 40, words: { 1: 3, 2: Allocation.pro_rata, 3: 40 }, doubles: { 2: 9 } },
    {
      kind: "allocation_set",
      market: 3,
      allocation: "pro_rata",
      minimumShare: 9,
      fifoPercent: 40,
    },
  ],
  [
    {
      kind: 20,
      length: 40,
      words: { 1: 3, 2: Allocation.pro_rata, 3: 40, 8: 7, 9: 60 },
      doubles: { 2: 9, 3: 5 },
    },
    {
      kind: "allocation_set",
      market: 3,
      allocation: "pro_rata",
      minimumShare: 9,
      fifoPercent: 40,
      topOrderMaximum: 5,
      leadAccount: 7,
      leadPercent: 60,
    },
  ],
  [
    {
      kind: 3,
      length: 40,
      words: { 1: 3, 2: REJECTIONS.list_pair_must_wait.number, 3: 2, 8: 7 },
      doubles: { 3: 0 },
    },
    {
      kind: "rejected",
      market: 3,
      account: 7,
      orderId: 0,
      code: "list_pair_must_wait",
      codeNumber: 103,
      field: "legs",
      leg: 2,
    },
  ],
  [
    {
      kind: 21,
      length: 40,
      words: { 1: 3, 3: Contingency.otoco | (Sizing.received << 8) | (3 << 16), 8: 7 },
      doubles: { 3: 40 },
    },
    {
      kind: "list_accepted",
      market: 3,
      account: 7,
      listId: 40,
      contingency: "otoco",
      sizing: "received",
      legs: 3,
    },
  ],
  ...(["pending", "activated"] as const).flatMap(
    (kind) =>
      [
        [
          { kind: EventKind[kind], length: 48, ...writtenOrder },
          { kind, ...order },
        ],
        [
          { kind: EventKind[kind], length: 112, ...writtenOrder, conditions },
          { kind, ...order, conditions },
        ],
      ] as const,
  ),
  [
    {
      kind: 24,
      length: 48,
      words: { 1: 3, 2: 101, 3: Side.sell, 8: 7 },
      doubles: { 3: 40, 5: 6 },
    },
    {
      kind: "repegged",
      market: 3,
      account: 7,
      orderId: 40,
      side: "sell",
      price: 101,
      remaining: 6,
    },
  ],
];

const EIGHT_BANDS = Array.from({ length: 8 }, (_, at) => ({ from: at + 1, increment: 9 - at }));

/** The record of bands, each in two words. */
const writtenBands = (bands: readonly PriceBand[]): Written => ({
  kind: 25,
  length: 16 + bands.length * 8,
  words: {
    1: 3,
    2: bands.length,
    ...Object.fromEntries(
      bands.flatMap(({ from, increment }, at) => [
        [4 + at * 2, from],
        [5 + at * 2, increment],
      ]),
    ),
  },
});

/** What a register says as a code, an object says as a name. */
const CODES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  side: Side,
  takerSide: Side,
  type: OrderType,
  timeInForce: TimeInForce,
  reason: DoneReason,
  mode: SelfTrade,
  phase: Phase,
  allocation: Allocation,
  postOnly: PostOnly,
  selfTrade: SelfTrade,
  trigger: Trigger,
  triggerOn: TriggerOn,
  peg: Peg,
  contingency: Contingency,
  sizing: Sizing,
};

const inCodes = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, CODES[field]?.[value] ?? value]),
  );

describe("an event record", () => {
  test.each(EVENTS)("%o is decoded", (written, event) => {
    expect(decodeEvent(registerOf(written).views, 0)).toEqual(event);
  });

  test.each(EVENTS)("%o says the same in place", (written, event) => {
    const register = registerOf(written);
    const { kind: _, ...told } = event;
    const {
      conditions,
      code: __,
      field: ___,
      ...fields
    } = {
      conditions: undefined,
      code: "",
      field: "",
      ...told,
    };
    expect(register).toMatchObject(inCodes({ ...fields, ...conditions }));
    expect(register.kind).toBe(written.kind);
    expect(register.length).toBe(written.length);
  });

  test("is decoded where it stands", () => {
    const { views, length } = registerOf({ kind: 9, length: 112, ...writtenOrder, conditions });
    const shifted = recordViews(length + 16);
    shifted.bytes.set(views.bytes.subarray(0, length), 16);
    expect(decodeEvent(shifted, 16)).toEqual({ kind: "triggered", ...order, conditions });
  });

  test.each([0, 19, 26, 63])("of kind %i is none", (kind) => {
    expect(() => decodeEvent(registerOf({ kind, length: 8 }).views, 0)).toThrow(RangeError);
  });

  test.each([SelfTrade.none, 6])("of a prevented trade has no mode %i", (mode) => {
    const { views } = registerOf({ kind: 11, length: 72, words: { 3: mode << 8 } });
    expect(() => decodeEvent(views, 0)).toThrow(RangeError);
  });
});

describe("bands of price increments", () => {
  test.each([[[]], [[{ from: 10, increment: 5 }]], [EIGHT_BANDS]])("%j", (bands) => {
    const register = registerOf(writtenBands(bands));
    expect(decodeEvent(register.views, 0)).toEqual({
      kind: "price_increments_set",
      market: 3,
      bands,
    });
    expect(register.bandCount).toBe(bands.length);
  });

  test.each([7, 9, 2 ** 31 - 1, -1])("are not %i where there is room for eight", (count) => {
    const { views } = registerOf(writtenBands(EIGHT_BANDS));
    views.i32[2] = count;
    expect(() => decodeEvent(views, 0)).toThrow(RangeError);
  });

  test("are not beyond the end of the bytes", () => {
    const { views, length } = registerOf(writtenBands(EIGHT_BANDS));
    const cut = recordViews(views.bytes.slice(0, length - 8));
    expect(() => decodeEvent(cut, 0)).toThrow(RangeError);
  });
});

test.each([
  ["contingency", 3],
  ["sizing", 2 << 8],
])("a list has no %s without a name", (_, terms) => {
  const { views } = registerOf({ kind: 21, length: 40, words: { 3: terms | (2 << 16) } });
  expect(() => decodeEvent(views, 0)).toThrow(RangeError);
});

test("a register without conditions does not tell those of the order before", () => {
  const register = registerOf({ kind: 2, length: 112, ...writtenOrder, conditions });
  expect(register.hasConditions).toBe(true);
  register.views.i32[0] = 2 | (1 << 8) | (6 << 16);
  expect(register).toMatchObject({
    hasConditions: false,
    displayQuantity: 0,
    hidden: false,
    postOnly: PostOnly.none,
    trigger: Trigger.none,
    allOrNone: false,
    peg: Peg.none,
    pegOffset: 0,
    clientOrderId: 0,
  });
  expect(decodeEvent(register.views, 0)).toEqual({ kind: "accepted", ...order });
});

test.each([
  ["of one account", SelfTrade.transfer, 7],
  ["that decrements", SelfTrade.decrement, 8],
])("a prevented trade %s asks for no transfer", (_, mode, takerAccount) => {
  const register = registerOf({
    kind: 11,
    length: 72,
    words: { 3: mode << 8, 8: 7, 9: takerAccount },
  });
  expect(register.transfers).toBe(false);
  expect(decodeEvent(register.views, 0)).toMatchObject({ transfers: false });
});
