import { codeOf, nameOf } from "../named-code.ts";
import type { RecordViews } from "../record.ts";
import { int32 } from "../whole-number.ts";
import {
  ACTIVATION_PRICE,
  ALL_OR_NONE_FLAG,
  CLIENT_ORDER_ID,
  DISPLAY_QUANTITY,
  EXPIRES_AT,
  FLAGS,
  HIDDEN_FLAG,
  MIN_QUANTITY,
  PEG_OFFSET,
  pegOf,
  postOnlyOf,
  SLIPPAGE,
  selfTradeOf,
  TRADE_GROUP,
  TRAILING_BASIS_POINTS,
  TRAILING_OFFSET,
  TRIGGER_PRICE,
  triggerOf,
  triggerOnOf,
} from "./condition-layout.ts";
import { type Conditions, Peg, PostOnly, SelfTrade, Trigger, TriggerOn } from "./conditions.ts";

/** The numbers of 32 bits, each with its word. */
const WORDS = [
  ["tradeGroup", TRADE_GROUP],
  ["triggerPrice", TRIGGER_PRICE],
  ["trailingOffset", TRAILING_OFFSET],
  ["trailingBasisPoints", TRAILING_BASIS_POINTS],
  ["activationPrice", ACTIVATION_PRICE],
  ["slippage", SLIPPAGE],
  ["pegOffset", PEG_OFFSET],
] as const;

/** The other numbers, each with its double. */
const DOUBLES = [
  ["expiresAt", EXPIRES_AT],
  ["displayQuantity", DISPLAY_QUANTITY],
  ["minQuantity", MIN_QUANTITY],
  ["clientOrderId", CLIENT_ORDER_ID],
] as const;

/**
 * Writes the whole block of conditions that begins at the double `at`. Throws `RangeError` for names that are none and for
 * numbers that do not fit in their 32 bits; what is in the block then means nothing.
 */
export const writeConditions = (views: RecordViews, at: number, conditions: Conditions): void => {
  const { i32, f64 } = views;
  const word = at << 1;
  i32[word + FLAGS] = flagsOf(conditions);
  for (const [field, index] of WORDS) i32[word + index] = int32(conditions[field] ?? 0, field);
  // Adding 0 makes 0 of −0: what asks for nothing has one form.
  for (const [field, index] of DOUBLES) f64[at + index] = (conditions[field] ?? 0) + 0;
};

const flagsOf = (conditions: Conditions): number =>
  codeOf(PostOnly, conditions.postOnly ?? "none", "postOnly") |
  (codeOf(SelfTrade, conditions.selfTrade ?? "none", "selfTrade") << 2) |
  (conditions.hidden ? HIDDEN_FLAG : 0) |
  (codeOf(Trigger, conditions.trigger ?? "none", "trigger") << 6) |
  (codeOf(TriggerOn, conditions.triggerOn ?? "last", "triggerOn") << 8) |
  (conditions.allOrNone ? ALL_OR_NONE_FLAG : 0) |
  (codeOf(Peg, conditions.peg ?? "none", "peg") << 10);

/**
 * Reads the block that begins at the double `at`: what it asks for, or nothing if that is nothing. Throws `RangeError` for
 * codes that have no name.
 */
export const readConditions = (views: RecordViews, at: number): Conditions | undefined => {
  const { i32, f64 } = views;
  const word = at << 1;
  const conditions = namedConditions(i32[word + FLAGS] ?? 0);
  for (const [field, index] of WORDS) {
    const value = i32[word + index] ?? 0;
    if (value !== 0) conditions[field] = value;
  }
  for (const [field, index] of DOUBLES) {
    const value = f64[at + index] ?? 0;
    if (value !== 0) conditions[field] = value;
  }
  return Object.keys(conditions).length === 0 ? undefined : conditions;
};

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

const namedConditions = (flags: number): Writable<Conditions> => {
  const conditions: Writable<Conditions> = {};
  const postOnly = nameOf(PostOnly, postOnlyOf(flags), "postOnly");
  const selfTrade = nameOf(SelfTrade, selfTradeOf(flags), "selfTrade");
  const trigger = nameOf(Trigger, triggerOf(flags), "trigger");
  const triggerOn = nameOf(TriggerOn, triggerOnOf(flags), "triggerOn");
  const peg = nameOf(Peg, pegOf(flags), "peg");
  if (postOnly !== "none") conditions.postOnly = postOnly;
  if (selfTrade !== "none") conditions.selfTrade = selfTrade;
  if ((flags & HIDDEN_FLAG) !== 0) conditions.hidden = true;
  if (trigger !== "none") conditions.trigger = trigger;
  if (triggerOn !== "last") conditions.triggerOn = triggerOn;
  if ((flags & ALL_OR_NONE_FLAG) !== 0) conditions.allOrNone = true;
  if (peg !== "none") conditions.peg = peg;
  return conditions;
};
