import { OrderType, orderTypeName } from "../order-type.ts";
import {
  type RecordViews,
  RecordWriter,
  recordKind,
  recordSecond,
  writeHeader,
} from "../record.ts";
import { Side, sideName } from "../side.ts";
import { TimeInForce, timeInForceName } from "../time-in-force.ts";
import { int32 } from "../whole-number.ts";
import type { AddMarket, Cancel, EngineCommand, Place, Reduce } from "./command.ts";
import {
  ACCOUNT,
  COMMAND_LENGTHS,
  COMMAND_VERSION,
  CommandKind,
  expectCommandRecord,
  MAX_PRICE,
  MAX_QUANTITY,
  MIN_NOTIONAL,
  MIN_QUANTITY,
  ORDER_ID,
  PRICE,
  PRICE_INCREMENT,
  QUANTITY,
  QUANTITY_INCREMENT,
  QUOTE_QUANTITY,
  TERMS,
} from "./command-layout.ts";

/**
 * The command as a record of its own. Throws `RangeError` for a market, account or price that is not a whole number of 32
 * bits, and for names that are no side, type or time in force: what a record can hold, the engine judges.
 */
export const encodeCommand = (command: EngineCommand): Uint8Array => {
  const writer = new RecordWriter(64);
  writeCommand(writer, command);
  return writer.finished();
};

/** Appends the command's record. Throws as `encodeCommand` does, and then has appended nothing. */
export const writeCommand = (writer: RecordWriter, command: EngineCommand): void => {
  switch (command.kind) {
    case "add_market":
      writeAddMarket(writer, command);
      return;
    case "place":
      writePlace(writer, command);
      return;
    case "cancel":
      writeCancel(writer, command);
      return;
    case "reduce":
      writeReduce(writer, command);
      return;
  }
};

const writeAddMarket = (writer: RecordWriter, command: AddMarket): void => {
  const offset = begin(writer, CommandKind.addMarket, command.market);
  const { f64 } = writer.views;
  const at = offset >> 3;
  f64[at + MAX_PRICE] = command.maxPrice;
  f64[at + MAX_QUANTITY] = command.maxQuantity;
  f64[at + PRICE_INCREMENT] = command.priceIncrement;
  f64[at + QUANTITY_INCREMENT] = command.quantityIncrement;
  f64[at + MIN_QUANTITY] = command.minQuantity;
  f64[at + MIN_NOTIONAL] = command.minNotional;
};

const writePlace = (writer: RecordWriter, command: Place): void => {
  const account = int32(command.account, "account");
  const price = int32(command.price, "price");
  const side = codeOf(Side, command.side, "side");
  const type = codeOf(OrderType, command.type, "type");
  const timeInForce = codeOf(TimeInForce, command.timeInForce, "timeInForce");
  const offset = begin(writer, CommandKind.place, command.market);
  const { i32, f64 } = writer.views;
  i32[(offset >> 2) + ACCOUNT] = account;
  i32[(offset >> 2) + PRICE] = price;
  i32[(offset >> 2) + TERMS] = side | (type << 8) | (timeInForce << 16);
  f64[(offset >> 3) + QUANTITY] = command.quantity;
  f64[(offset >> 3) + QUOTE_QUANTITY] = command.quoteQuantity;
};

const writeCancel = (writer: RecordWriter, command: Cancel): void => {
  const account = int32(command.account, "account");
  const offset = begin(writer, CommandKind.cancel, command.market);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.f64[(offset >> 3) + ORDER_ID] = command.orderId;
};

const writeReduce = (writer: RecordWriter, command: Reduce): void => {
  const account = int32(command.account, "account");
  const offset = begin(writer, CommandKind.reduce, command.market);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.f64[(offset >> 3) + ORDER_ID] = command.orderId;
  writer.views.f64[(offset >> 3) + QUANTITY] = command.quantity;
};

const begin = (writer: RecordWriter, kind: number, market: number): number => {
  const second = int32(market, "market");
  const length = COMMAND_LENGTHS[kind] as number;
  const offset = writer.reserve(length);
  writeHeader(writer.views, offset, kind, COMMAND_VERSION, length, second);
  return offset;
};

const codeOf = (codes: Readonly<Record<string, number>>, name: string, field: string): number => {
  if (!Object.hasOwn(codes, name)) {
    throw new RangeError(
      `expected ${field} to be one of ${Object.keys(codes).join(", ")}, was ${name}`,
    );
  }
  return codes[name] as number;
};

/** Reads the command at `offset`. Throws `RangeError` for anything that is not a whole command of a known kind and version. */
export const decodeCommand = (views: RecordViews, offset: number): EngineCommand => {
  expectCommandRecord(views, offset);
  const market = recordSecond(views, offset);
  const word = (index: number): number => views.i32[(offset >> 2) + index] as number;
  const number = (index: number): number => views.f64[(offset >> 3) + index] as number;
  switch (recordKind(views, offset)) {
    case CommandKind.addMarket:
      return {
        kind: "add_market",
        market,
        maxPrice: number(MAX_PRICE),
        maxQuantity: number(MAX_QUANTITY),
        priceIncrement: number(PRICE_INCREMENT),
        quantityIncrement: number(QUANTITY_INCREMENT),
        minQuantity: number(MIN_QUANTITY),
        minNotional: number(MIN_NOTIONAL),
      };
    case CommandKind.place:
      return {
        kind: "place",
        market,
        account: word(ACCOUNT),
        side: sideName(word(TERMS) & 0xff),
        type: orderTypeName((word(TERMS) >>> 8) & 0xff),
        timeInForce: timeInForceName((word(TERMS) >>> 16) & 0xff),
        price: word(PRICE),
        quantity: number(QUANTITY),
        quoteQuantity: number(QUOTE_QUANTITY),
      };
    case CommandKind.cancel:
      return { kind: "cancel", market, account: word(ACCOUNT), orderId: number(ORDER_ID) };
    default:
      return {
        kind: "reduce",
        market,
        account: word(ACCOUNT),
        orderId: number(ORDER_ID),
        quantity: number(QUANTITY),
      };
  }
};
