import type { SideName } from "@pincex/engine";
import { exactUnits, nearestUnits } from "./decimal-digits.ts";

/** What happened to an order. */
export interface OrderEvent {
  readonly kind: "order_created" | "order_changed" | "order_deleted";
  /** When the recording heard of it: milliseconds since 1970. */
  readonly timeMs: number;
  /** When the order came to the exchange, which says so in whole seconds since 1970. */
  readonly placedS: number;
  /** The exchange counts its orders: a higher id came later. */
  readonly id: number;
  readonly side: SideName;
  /** Cents. */
  readonly price: number;
  /** Satoshi that the order has now: of one that is deleted, what was left of it. */
  readonly amount: number;
}

/** A trade as the exchange announces it: without the orders that met. */
export interface TradeEvent {
  readonly kind: "trade";
  readonly timeMs: number;
  /** The exchange counts its trades. */
  readonly id: number;
  /** Cents. */
  readonly price: number;
  /** Satoshi. */
  readonly amount: number;
}

export interface SnapshotLevel {
  /** Cents. */
  readonly price: number;
  /** Satoshi of all orders. */
  readonly amount: number;
}

/** The best levels of both sides, from the best on. */
export interface SnapshotEvent {
  readonly kind: "order_book";
  readonly timeMs: number;
  readonly buy: readonly SnapshotLevel[];
  readonly sell: readonly SnapshotLevel[];
}

/** One row of a log of Bitstamp's BTC/USD streams, as they were in 2015. */
export type BitstampEvent = OrderEvent | TradeEvent | SnapshotEvent;

/** $1,000.00: nobody asked for more in the year of the recording. */
export const HIGHEST_PRICE = 100_000;

/** Satoshi of one order: times the highest price it stays below 2^53. 900 bitcoins. */
export const LARGEST_AMOUNT: number = Math.floor(Number.MAX_SAFE_INTEGER / HIGHEST_PRICE);

/** Order ids serve as account numbers, and one is left over. */
const HIGHEST_ID = 2 ** 31 - 2;

/** Why a row cannot be read, by code. */
export const EVENT_RULES = {
  row_malformed: "a row is: milliseconds since 1970, kind, JSON object, with one blank between",
  time_malformed: "time is milliseconds since 1970, 13 digits",
  time_went_back: "time never goes back from one row to the next",
  kind_unknown: "kind is order_created, order_changed, order_deleted, trade or order_book",
  order_malformed: "an order has price, amount, datetime, id and order_type, written as here",
  trade_malformed: "a trade has price, amount and id, written as here",
  book_malformed: "a book has bids and asks, lists of [price, amount], written as here",
  datetime_malformed: "datetime is seconds since 1970, 10 digits",
  id_malformed: `id is a whole number from 1 to ${HIGHEST_ID}`,
  order_type_malformed: "order_type is 0 for a buy order, 1 for a sell order",
  price_malformed: "price is dollars from 0.01 to 1000.00, in whole cents",
  amount_malformed:
    "amount is bitcoins up to 900, in whole satoshi; 0 only of an order that is deleted",
  level_amount_malformed: "the amount of a level is bitcoins, in whole satoshi, and not 0",
  levels_out_of_order: "bids fall and asks rise from one level to the next",
} as const;

type EventRefusalCode = keyof typeof EVENT_RULES;

/** A row that cannot be read, and the field that is to blame. */
export interface EventRefusal {
  readonly ok: false;
  readonly code: EventRefusalCode;
  readonly field:
    | "row"
    | "time"
    | "kind"
    | "order"
    | "trade"
    | "book"
    | "datetime"
    | "id"
    | "order_type"
    | "price"
    | "amount"
    | "bids"
    | "asks";
  readonly rule: string;
  /** What stood there. */
  readonly value: string;
}

type Parsed<Event> = { readonly ok: true; readonly event: Event } | EventRefusal;

// One program wrote all rows, always the same way: matched as text, no number goes through a double.
const ROW = /^(\S+) (\S+) (\{.*\})$/;
const ORDER =
  /^\{"price": "([^"]*)", "amount": "([^"]*)", "datetime": "([^"]*)", "id": ([^,]*), "order_type": ([^,}]*)\}$/;
const TRADE = /^\{"price": ([^,]*), "amount": ([^,]*), "id": ([^,}]*)\}$/;
const BOOK = /^\{"bids": \[(.*)\], "asks": \[(.*)\]\}$/;
const LEVEL = /^\["([^"]*)", "([^"]*)"\]$/;

/**
 * Reads one row.
 *
 * @example
 * parseBitstampRow('1430438404645 trade {"price": 236.47, "amount": 0.21144331, "id": 8111041}');
 * // { ok: true, event: { kind: "trade", timeMs: 1430438404645, id: 8111041, price: 23647, amount: 21144331 } }
 */
export const parseBitstampRow = (row: string): Parsed<BitstampEvent> => {
  const [, time, kind, body] = ROW.exec(row) ?? [];
  if (time === undefined || kind === undefined || body === undefined) {
    return refused("row_malformed", "row", row);
  }
  if (!/^\d{13}$/.test(time)) return refused("time_malformed", "time", time);
  const timeMs = Number(time);
  switch (kind) {
    case "order_created":
    case "order_changed":
    case "order_deleted":
      return parseOrder(kind, timeMs, body);
    case "trade":
      return parseTrade(timeMs, body);
    case "order_book":
      return parseSnapshot(timeMs, body);
    default:
      return refused("kind_unknown", "kind", kind);
  }
};

const parseOrder = (kind: OrderEvent["kind"], timeMs: number, body: string): Parsed<OrderEvent> => {
  const match = ORDER.exec(body);
  if (match === null) return refused("order_malformed", "order", body);
  const [, price = "", amount = "", datetime = "", id = "", type = ""] = match;
  const event: OrderEvent = {
    kind,
    timeMs,
    placedS: Number(datetime),
    id: exactUnits(id, 0),
    side: type === "0" ? "buy" : "sell",
    price: exactUnits(price, 2),
    amount: exactUnits(amount, 8),
  };
  if (!isPrice(event.price)) return refused("price_malformed", "price", price);
  const mayBeNothing = kind === "order_deleted" && event.amount === 0;
  if (!mayBeNothing && !isAmount(event.amount)) {
    return refused("amount_malformed", "amount", amount);
  }
  if (!/^\d{10}$/.test(datetime)) return refused("datetime_malformed", "datetime", datetime);
  if (!isId(event.id)) return refused("id_malformed", "id", id);
  if (type !== "0" && type !== "1") return refused("order_type_malformed", "order_type", type);
  return { ok: true, event };
};

const parseTrade = (timeMs: number, body: string): Parsed<TradeEvent> => {
  const match = TRADE.exec(body);
  if (match === null) return refused("trade_malformed", "trade", body);
  const [, price = "", amount = "", id = ""] = match;
  const event: TradeEvent = {
    kind: "trade",
    timeMs,
    id: exactUnits(id, 0),
    price: nearestUnits(price, 2),
    amount: nearestUnits(amount, 8),
  };
  if (!isPrice(event.price)) return refused("price_malformed", "price", price);
  if (!isAmount(event.amount)) return refused("amount_malformed", "amount", amount);
  if (!isId(event.id)) return refused("id_malformed", "id", id);
  return { ok: true, event };
};

const parseSnapshot = (timeMs: number, body: string): Parsed<SnapshotEvent> => {
  const match = BOOK.exec(body);
  if (match === null) return refused("book_malformed", "book", body);
  const [, bids = "", asks = ""] = match;
  const buy = parseLevels("bids", bids);
  if ("ok" in buy) return buy;
  const sell = parseLevels("asks", asks);
  if ("ok" in sell) return sell;
  return { ok: true, event: { kind: "order_book", timeMs, buy, sell } };
};

const parseLevels = (field: "bids" | "asks", text: string): SnapshotLevel[] | EventRefusal => {
  const levels: SnapshotLevel[] = [];
  for (const part of text === "" ? [] : text.split(/(?<=\]), /)) {
    const level = parseLevel(field, part);
    if ("ok" in level) return level;
    const better = levels.at(-1);
    if (better !== undefined && !isWorse(field, level.price, better.price)) {
      return refused("levels_out_of_order", field, part);
    }
    levels.push(level);
  }
  return levels;
};

const parseLevel = (field: "bids" | "asks", text: string): SnapshotLevel | EventRefusal => {
  const match = LEVEL.exec(text);
  if (match === null) return refused("book_malformed", field, text);
  const [, price = "", amount = ""] = match;
  const level: SnapshotLevel = { price: exactUnits(price, 2), amount: exactUnits(amount, 8) };
  if (!isPrice(level.price)) return refused("price_malformed", field, price);
  if (!isLevelAmount(level.amount)) return refused("level_amount_malformed", field, amount);
  return level;
};

const isWorse = (field: "bids" | "asks", price: number, than: number): boolean =>
  field === "bids" ? price < than : price > than;

const refused = (
  code: EventRefusalCode,
  field: EventRefusal["field"],
  value: string,
): EventRefusal => ({
  ok: false,
  code,
  field,
  rule: EVENT_RULES[code],
  value: value.slice(0, 80),
});

const isId = (id: number): boolean => id >= 1 && id <= HIGHEST_ID;
const isPrice = (price: number): boolean => price >= 1 && price <= HIGHEST_PRICE;
const isAmount = (amount: number): boolean => amount >= 1 && amount <= LARGEST_AMOUNT;
// Of any number of orders.
const isLevelAmount = (amount: number): boolean => amount >= 1;
