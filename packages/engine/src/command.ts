import { OrderType, type OrderTypeName, orderTypeName } from "./order-type.ts";
import {
  type RecordViews,
  type RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordVersion,
  RecordWriter as Writer,
  writeHeader,
} from "./record.ts";
import { Side, type SideName, sideName } from "./side.ts";
import { TimeInForce, type TimeInForceName, timeInForceName } from "./time-in-force.ts";

/** The kinds of command records: 1 to 63 are the engine's. */
export const CommandKind = { addMarket: 1, place: 2, cancel: 3 } as const;

/** Opens a market. A market's numbers never change their units: ticks and lots. */
export interface AddMarket {
  readonly kind: "add_market";
  /** 1 to 2^31 − 1; the host's number for it. */
  readonly market: number;
  /** Ticks, 1 to 2^31 − 2. */
  readonly maxPrice: number;
  /** Lots; `maxPrice × maxQuantity` stays below 2^53, so that every notional is exact. */
  readonly maxQuantity: number;
  /** Prices are whole multiples of this many ticks. */
  readonly priceIncrement: number;
  /** Quantities are whole multiples of this many lots. */
  readonly quantityIncrement: number;
  /** Lots; 0 for none. */
  readonly minQuantity: number;
  /** Ticks × lots; 0 for none. */
  readonly minNotional: number;
}

/** Places an order. Exactly one of `quantity` and `quoteQuantity` is greater than 0. */
export interface Place {
  readonly kind: "place";
  readonly market: number;
  /** 1 to 2^31 − 1; the host's number for the owner. */
  readonly account: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  /** A market order is `ioc` or `fok`. */
  readonly timeInForce: TimeInForceName;
  /** Ticks. The limit of a limit order; of a market order the worst acceptable price, or 0 for none. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /** Ticks × lots that a market order may spend (buy) or shall raise (sell). */
  readonly quoteQuantity: number;
}

/** Cancels a resting order of the account. */
export interface Cancel {
  readonly kind: "cancel";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
}

/** What an engine can be asked to do. */
export type EngineCommand = AddMarket | Place | Cancel;

const VERSION = 1;
export const ADD_MARKET_LENGTH = 64;
export const PLACE_LENGTH = 40;
export const CANCEL_LENGTH = 24;

/** Appends the command's record. */
export const writeCommand = (writer: RecordWriter, command: EngineCommand): void => {
  switch (command.kind) {
    case "add_market":
      writeAddMarket(writer, command);
      break;
    case "place":
      writePlace(writer, command);
      break;
    case "cancel":
      writeCancel(writer, command);
      break;
  }
};

const writeAddMarket = (writer: RecordWriter, command: AddMarket): void => {
  const offset = writer.reserve(ADD_MARKET_LENGTH);
  const { f64 } = writer.views;
  writeHeader(
    writer.views,
    offset,
    CommandKind.addMarket,
    VERSION,
    ADD_MARKET_LENGTH,
    command.market,
  );
  f64[(offset >> 3) + 1] = command.maxPrice;
  f64[(offset >> 3) + 2] = command.maxQuantity;
  f64[(offset >> 3) + 3] = command.priceIncrement;
  f64[(offset >> 3) + 4] = command.quantityIncrement;
  f64[(offset >> 3) + 5] = command.minQuantity;
  f64[(offset >> 3) + 6] = command.minNotional;
};

const writePlace = (writer: RecordWriter, command: Place): void => {
  const offset = writer.reserve(PLACE_LENGTH);
  const { bytes, i32, f64 } = writer.views;
  writeHeader(
    writer.views,
    offset,
    CommandKind.place,
    VERSION,
    PLACE_LENGTH,
    int32(command.market, "market"),
  );
  i32[(offset >> 2) + 2] = int32(command.account, "account");
  i32[(offset >> 2) + 3] = int32(command.price, "price");
  bytes[offset + 16] = Side[command.side];
  bytes[offset + 17] = OrderType[command.type];
  bytes[offset + 18] = TimeInForce[command.timeInForce];
  f64[(offset >> 3) + 3] = command.quantity;
  f64[(offset >> 3) + 4] = command.quoteQuantity;
};

const writeCancel = (writer: RecordWriter, command: Cancel): void => {
  const offset = writer.reserve(CANCEL_LENGTH);
  writeHeader(
    writer.views,
    offset,
    CommandKind.cancel,
    VERSION,
    CANCEL_LENGTH,
    int32(command.market, "market"),
  );
  writer.views.i32[(offset >> 2) + 2] = int32(command.account, "account");
  writer.views.f64[(offset >> 3) + 2] = command.orderId;
};

/** A number that would wrap silently in 32 bits is the programmer's mistake, not the trader's. */
const int32 = (value: number, field: string): number => {
  if ((value | 0) !== value || Object.is(value, -0)) {
    throw new RangeError(`expected ${field} as a whole number of 32 bits, was ${value}`);
  }
  return value;
};

/** The command as a record of its own. */
export const encodeCommand = (command: EngineCommand): Uint8Array => {
  const writer = new Writer(ADD_MARKET_LENGTH);
  writeCommand(writer, command);
  return writer.finished();
};

/** Reads the command at `offset`. Throws `RangeError` for an unknown kind, version or length. */
export const decodeCommand = (views: RecordViews, offset: number): EngineCommand => {
  expectCommandRecord(views, offset);
  const { bytes, i32, f64 } = views;
  const double = (index: number): number => f64[(offset >> 3) + index] ?? 0;
  const market = recordSecond(views, offset);
  switch (recordKind(views, offset)) {
    case CommandKind.addMarket:
      return {
        kind: "add_market",
        market,
        maxPrice: double(1),
        maxQuantity: double(2),
        priceIncrement: double(3),
        quantityIncrement: double(4),
        minQuantity: double(5),
        minNotional: double(6),
      };
    case CommandKind.place:
      return {
        kind: "place",
        market,
        account: i32[(offset >> 2) + 2] ?? 0,
        side: sideName(bytes[offset + 16] ?? 0),
        type: orderTypeName(bytes[offset + 17] ?? 0),
        timeInForce: timeInForceName(bytes[offset + 18] ?? 0),
        price: i32[(offset >> 2) + 3] ?? 0,
        quantity: double(3),
        quoteQuantity: double(4),
      };
    default:
      return { kind: "cancel", market, account: i32[(offset >> 2) + 2] ?? 0, orderId: double(2) };
  }
};

/** Throws `RangeError` unless a whole command record of a known kind and version stands at `offset`. */
export const expectCommandRecord = (views: RecordViews, offset: number): void => {
  if (offset < 0 || offset % 8 !== 0 || offset + 8 > views.bytes.byteLength) {
    throw new RangeError(`expected a record at a multiple of 8 within the buffer, was ${offset}`);
  }
  const kind = recordKind(views, offset);
  const expected = lengths[kind];
  if (expected === undefined || expected === 0) {
    throw new RangeError(`expected an engine command of kind 1 to 3, was ${kind}`);
  }
  if (recordVersion(views, offset) !== VERSION) {
    throw new RangeError(`expected version ${VERSION}, was ${recordVersion(views, offset)}`);
  }
  if (recordLength(views, offset) !== expected || offset + expected > views.bytes.byteLength) {
    throw new RangeError(
      `expected a record of ${expected} bytes, was ${recordLength(views, offset)}`,
    );
  }
};

const lengths: readonly number[] = [0, ADD_MARKET_LENGTH, PLACE_LENGTH, CANCEL_LENGTH];
