import type { IncomingOrder } from "../incoming-order.ts";
import {
  ACTIVATION_PRICE,
  CLIENT_ORDER_ID,
  DISPLAY_QUANTITY,
  EXPIRES_AT,
  FLAGS,
  MIN_QUANTITY,
  PEG_OFFSET,
  SLIPPAGE,
  TRADE_GROUP,
  TRAILING_BASIS_POINTS,
  TRAILING_OFFSET,
  TRIGGER_PRICE,
} from "./condition-layout.ts";

/** Puts the conditions of a record, whose block begins at a double, into the registers. Adding 0 makes 0 of −0. */
export const readConditions = (
  order: IncomingOrder,
  i32: Int32Array,
  f64: Float64Array,
  double: number,
): void => {
  const word = double << 1;
  order.flags = i32[word + FLAGS] as number;
  order.tradeGroup = i32[word + TRADE_GROUP] as number;
  order.expiresAt = (f64[double + EXPIRES_AT] as number) + 0;
  order.displayQuantity = (f64[double + DISPLAY_QUANTITY] as number) + 0;
  order.minQuantity = (f64[double + MIN_QUANTITY] as number) + 0;
  order.triggerPrice = i32[word + TRIGGER_PRICE] as number;
  order.trailingOffset = i32[word + TRAILING_OFFSET] as number;
  order.trailingBasisPoints = i32[word + TRAILING_BASIS_POINTS] as number;
  order.activationPrice = i32[word + ACTIVATION_PRICE] as number;
  order.slippage = i32[word + SLIPPAGE] as number;
  order.pegOffset = i32[word + PEG_OFFSET] as number;
  order.clientOrderId = (f64[double + CLIENT_ORDER_ID] as number) + 0;
};

/** Puts the conditions from the registers into a record, whose block begins at a double. */
export const writeConditions = (
  order: IncomingOrder,
  i32: Int32Array,
  f64: Float64Array,
  double: number,
): void => {
  const word = double << 1;
  i32[word + FLAGS] = order.flags;
  i32[word + TRADE_GROUP] = order.tradeGroup;
  f64[double + EXPIRES_AT] = order.expiresAt;
  f64[double + DISPLAY_QUANTITY] = order.displayQuantity;
  f64[double + MIN_QUANTITY] = order.minQuantity;
  i32[word + TRIGGER_PRICE] = order.triggerPrice;
  i32[word + TRAILING_OFFSET] = order.trailingOffset;
  i32[word + TRAILING_BASIS_POINTS] = order.trailingBasisPoints;
  i32[word + ACTIVATION_PRICE] = order.activationPrice;
  i32[word + SLIPPAGE] = order.slippage;
  i32[word + PEG_OFFSET] = order.pegOffset;
  f64[double + CLIENT_ORDER_ID] = order.clientOrderId;
};
