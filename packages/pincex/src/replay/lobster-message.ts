import type { SideName } from "@pincex/engine";

/** What a row of a LOBSTER message file says happened. */
export type LobsterMessageKind =
  | "submission"
  | "partial_cancellation"
  | "deletion"
  | "execution"
  | "hidden_execution"
  | "cross_trade"
  | "halt";

/** One row of a LOBSTER message file. */
export interface LobsterMessage {
  readonly kind: LobsterMessageKind;
  /** Nanoseconds after midnight. */
  readonly timeNs: number;
  /** The order's reference number, above zero; hidden executions, cross trades and halts name no order. */
  readonly id: number;
  /** Shares. */
  readonly size: number;
  /** Dollars × 10,000. Of a halt: -1 halted, 0 quoting resumes, 1 trading resumes. */
  readonly price: number;
  /** The side of the order that rests, also when it is executed. */
  readonly side: SideName;
}

/** Nasdaq accepts no price above $199,999.99. */
export const HIGHEST_PRICE = 1_999_999_900;

/** Shares of one order: times the highest price it stays below 2^53. */
export const LARGEST_SIZE: number = Math.floor(Number.MAX_SAFE_INTEGER / HIGHEST_PRICE);

/** Why a row cannot be read, by code. */
export const ROW_RULES = {
  row_needs_six_fields: "a row is: time, type, order id, size, price, direction",
  time_malformed: "time is seconds after midnight, with decimals",
  time_went_back: "time never goes back from one row to the next",
  type_unknown:
    "type is 1 submission, 2 partial cancellation, 3 deletion, 4 execution, 5 hidden execution, 6 cross trade or 7 halt",
  id_malformed: "order id is a whole number, above zero for types 1 to 4",
  size_malformed: `size is a whole number of shares, from 1 to ${LARGEST_SIZE} for types 1 to 4`,
  price_malformed: `price is a whole number, dollars × 10,000, from 1 to ${HIGHEST_PRICE}; of a halt -1, 0 or 1`,
  direction_malformed: "direction is 1 for a buy order, -1 for a sell order",
} as const;

export type RowRefusalCode = keyof typeof ROW_RULES;

/** A row that cannot be read, and the field that is to blame. */
export interface RowRefusal {
  readonly ok: false;
  readonly code: RowRefusalCode;
  readonly field: "row" | "time" | "type" | "id" | "size" | "price" | "direction";
  readonly rule: string;
  /** What stood there. */
  readonly value: string;
}

// A map, since a plain object would also find what every object inherits, such as `__proto__`.
const KINDS: ReadonlyMap<string, LobsterMessageKind> = new Map([
  ["1", "submission"],
  ["2", "partial_cancellation"],
  ["3", "deletion"],
  ["4", "execution"],
  ["5", "hidden_execution"],
  ["6", "cross_trade"],
  ["7", "halt"],
]);

/** Whether a message is about an order that everybody could see in the book. */
const isAboutVisibleOrder = (kind: LobsterMessageKind): boolean =>
  kind === "submission" ||
  kind === "partial_cancellation" ||
  kind === "deletion" ||
  kind === "execution";

/**
 * Reads one row.
 *
 * @example
 * parseLobsterRow("34200.18960767,1,11885113,21,2238100,1");
 * // { ok: true, message: { kind: "submission", timeNs: 34200189607670, id: 11885113, size: 21, price: 2238100, side: "buy" } }
 */
export const parseLobsterRow = (
  row: string,
): { ok: true; message: LobsterMessage } | RowRefusal => {
  const fields = row.split(",");
  if (fields.length !== 6) return refused("row_needs_six_fields", "row", row);
  const [time, type, id, size, price, direction] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const timeNs = nanoseconds(time);
  const kind = KINDS.get(type);
  if (Number.isNaN(timeNs)) return refused("time_malformed", "time", time);
  if (kind === undefined) return refused("type_unknown", "type", type);

  const visible = isAboutVisibleOrder(kind);
  const message: LobsterMessage = {
    kind,
    timeNs,
    id: wholeNumber(id),
    size: wholeNumber(size),
    price: wholeNumber(price),
    side: direction === "1" ? "buy" : "sell",
  };
  if (!isId(message.id, visible)) return refused("id_malformed", "id", id);
  if (!isSize(message.size, visible)) return refused("size_malformed", "size", size);
  if (!isPrice(message.price, kind)) return refused("price_malformed", "price", price);
  if (direction !== "1" && direction !== "-1") {
    return refused("direction_malformed", "direction", direction);
  }
  return { ok: true, message };
};

const refused = (code: RowRefusalCode, field: RowRefusal["field"], value: string): RowRefusal => ({
  ok: false,
  code,
  field,
  rule: ROW_RULES[code],
  value: value.slice(0, 80),
});

const isId = (id: number, visible: boolean): boolean =>
  visible ? id >= 1 : Number.isSafeInteger(id);

const isSize = (size: number, visible: boolean): boolean =>
  visible ? size >= 1 && size <= LARGEST_SIZE : size >= 0;

const isPrice = (price: number, kind: LobsterMessageKind): boolean =>
  kind === "halt" ? price >= -1 && price <= 1 : price >= 1 && price <= HIGHEST_PRICE;

/** NaN if the text is not a whole number that a double holds exactly. */
const wholeNumber = (text: string): number => {
  if (!/^-?\d{1,16}$/.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
};

/**
 * Seconds with decimals as whole nanoseconds: the digits are moved, not multiplied, so that none is lost. What stands
 * behind the ninth is rounded: the exchange knows nanoseconds, but files that went through a floating-point number have
 * times such as 35821.088778456004.
 */
const nanoseconds = (text: string): number => {
  const [, seconds, decimals = ""] = /^(\d{1,6})(?:\.(\d{1,18}))?$/.exec(text) ?? [];
  if (seconds === undefined) return Number.NaN;
  const whole = Number(seconds + decimals.slice(0, 9).padEnd(9, "0"));
  return whole + ((decimals[9] ?? "0") >= "5" ? 1 : 0);
};
