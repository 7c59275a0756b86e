import { Allocation, allocationName } from "../allocation/allocation.ts";
import { readConditions, writeConditions } from "../conditions/condition-codec.ts";
import { CONDITION_BYTES, CONDITION_WORDS } from "../conditions/condition-layout.ts";
import type { Conditions } from "../conditions/conditions.ts";
import { codeOf, nameOf } from "../named-code.ts";
import { OrderType, orderTypeName } from "../order-type.ts";
import { Phase, phaseName } from "../phases/phase.ts";
import { OnBreach } from "../protection/protection.ts";
import {
  type RecordViews,
  RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordViews,
  writeHeader,
} from "../record.ts";
import { Side, sideName } from "../side.ts";
import { TimeInForce, timeInForceName } from "../time-in-force.ts";
import { int32 } from "../whole-number.ts";
import {
  type AddMarket,
  type AdvanceTime,
  type Amend,
  type Cancel,
  type CancelAll,
  type CancelAllAfter,
  type CancelByClientId,
  type ChangeMarket,
  Contingency,
  type EngineCommand,
  type ListLeg,
  OnFailure,
  type OrderTerms,
  type Place,
  type PlaceList,
  type PriceBand,
  type Reduce,
  type Replace,
  type SetAllocation,
  type SetMarkPrice,
  type SetPhase,
  type SetPriceIncrements,
  type SetReferencePrice,
  Sides,
  Sizing,
} from "./command.ts";
import {
  ACCOUNT,
  ALLOCATION,
  AT,
  BAND_BASIS_POINTS,
  BAND_COUNT,
  BANDS,
  COLLAR_BASIS_POINTS,
  COMMAND_LENGTHS,
  COMMAND_VERSION,
  CONDITIONED_PLACE_LENGTH,
  CONDITIONS,
  CommandKind,
  FEWEST_LEGS,
  FIFO_PERCENT,
  LEAD_ACCOUNT,
  LEAD_PERCENT,
  LEG_CONDITIONS,
  LEG_LENGTH,
  LEG_PRICE,
  LEG_QUANTITY,
  LEG_QUOTE_QUANTITY,
  LEG_TERMS,
  LEGS,
  LIST_SHAPE,
  MAX_OPEN_ORDERS,
  MAX_PRICE,
  MAX_QUANTITY,
  MIN_NOTIONAL,
  MIN_QUANTITY,
  MINIMUM_SHARE,
  MOST_BANDS,
  MOST_LEGS,
  NAMED_CLIENT_ORDER_ID,
  ON_BREACH,
  ON_FAILURE,
  ORDER_ID,
  PHASE,
  PRICE,
  PRICE_INCREMENT,
  QUANTITY,
  QUANTITY_INCREMENT,
  QUOTE_QUANTITY,
  REPLACED_ORDER_ID,
  SIDES,
  TERMS,
  TIME,
  TOP_ORDER_MAXIMUM,
} from "./command-layout.ts";
import { expectCommandRecord } from "./command-record.ts";

/**
 * The command as a record of its own. Throws `RangeError` for a market, account, price or condition that is not a whole
 * number of the 32 bits it has, and for names that are none, of a side, type or phase for example: what a record can hold,
 * the engine judges.
 */
export const encodeCommand = (command: EngineCommand): Uint8Array => {
  encoding.clear();
  writeCommand(encoding, command);
  return encoding.finished();
};

/** One for all: new memory for each command costs more than what is written to it. */
const encoding = new RecordWriter(64);

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
    case "amend":
      writeAmend(writer, command);
      return;
    case "replace":
      writeReplace(writer, command);
      return;
    case "cancel_all":
      writeCancelAll(writer, command);
      return;
    case "cancel_all_after":
      writeCancelAllAfter(writer, command);
      return;
    case "set_phase":
      writeSetPhase(writer, command);
      return;
    case "set_mark_price":
      writeSetMarkPrice(writer, command);
      return;
    case "advance_time":
      writeAdvanceTime(writer, command);
      return;
    case "change_market":
      writeChangeMarket(writer, command);
      return;
    case "set_reference_price":
      writeSetReferencePrice(writer, command);
      return;
    case "set_allocation":
      writeSetAllocation(writer, command);
      return;
    case "place_list":
      writePlaceList(writer, command);
      return;
    case "cancel_by_client_id":
      writeCancelByClientId(writer, command);
      return;
    case "set_price_increments":
      writeSetPriceIncrements(writer, command);
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
  const isConditioned = command.conditions !== undefined && fillBlock(command.conditions);
  const length = isConditioned ? CONDITIONED_PLACE_LENGTH : undefined;
  const offset = writeTerms(writer, CommandKind.place, command, length);
  if (isConditioned) copyBlock(writer.views, offset);
};

const writeReplace = (writer: RecordWriter, command: Replace): void => {
  const onFailure = codeOf(OnFailure, command.onFailure, "onFailure");
  fillBlock(command.conditions ?? {});
  const offset = writeTerms(writer, CommandKind.replace, command);
  copyBlock(writer.views, offset);
  writer.views.i32[(offset >> 2) + ON_FAILURE] = onFailure;
  writer.views.f64[(offset >> 3) + REPLACED_ORDER_ID] = command.orderId;
};

const writeTerms = (
  writer: RecordWriter,
  kind: number,
  terms: OrderTerms,
  length?: number,
): number => {
  const account = int32(terms.account, "account");
  const price = int32(terms.price, "price");
  const side = codeOf(Side, terms.side, "side");
  const type = codeOf(OrderType, terms.type, "type");
  const timeInForce = codeOf(TimeInForce, terms.timeInForce, "timeInForce");
  const offset = begin(writer, kind, terms.market, length);
  const { i32, f64 } = writer.views;
  i32[(offset >> 2) + ACCOUNT] = account;
  i32[(offset >> 2) + PRICE] = price;
  i32[(offset >> 2) + TERMS] = side | (type << 8) | (timeInForce << 16);
  f64[(offset >> 3) + QUANTITY] = terms.quantity;
  f64[(offset >> 3) + QUOTE_QUANTITY] = terms.quoteQuantity;
  return offset;
};

/** Where a block of conditions is written before there is room for it: only then is it known to be one, and its record's length. */
const block = recordViews(CONDITION_BYTES);

/** Whether the conditions ask for anything. */
const fillBlock = (conditions: Conditions): boolean => {
  writeConditions(block, 0, conditions);
  return block.i32.some((word) => word !== 0);
};

const copyBlock = ({ i32 }: RecordViews, offset: number): void => {
  const to = (offset >> 2) + CONDITIONS * 2;
  for (let word = 0; word < CONDITION_WORDS; word += 1) i32[to + word] = block.i32[word] as number;
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

const writeAmend = (writer: RecordWriter, command: Amend): void => {
  const account = int32(command.account, "account");
  const price = int32(command.price, "price");
  const offset = begin(writer, CommandKind.amend, command.market);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.i32[(offset >> 2) + PRICE] = price;
  writer.views.f64[(offset >> 3) + ORDER_ID] = command.orderId;
  writer.views.f64[(offset >> 3) + QUANTITY] = command.quantity;
};

const writeCancelAll = (writer: RecordWriter, command: CancelAll): void => {
  const account = int32(command.account, "account");
  const side = codeOf(Sides, command.side, "side");
  const offset = begin(writer, CommandKind.cancelAll, command.market);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.i32[(offset >> 2) + SIDES] = side;
};

const writeCancelAllAfter = (writer: RecordWriter, command: CancelAllAfter): void => {
  const account = int32(command.account, "account");
  const offset = begin(writer, CommandKind.cancelAllAfter, 0);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.f64[(offset >> 3) + AT] = command.at;
};

const writeSetPhase = (writer: RecordWriter, command: SetPhase): void => {
  const phase = codeOf(Phase, command.phase, "phase");
  const offset = begin(writer, CommandKind.setPhase, command.market);
  writer.views.i32[(offset >> 2) + PHASE] = phase;
};

const writeSetMarkPrice = (writer: RecordWriter, command: SetMarkPrice): void => {
  const price = int32(command.price, "price");
  const offset = begin(writer, CommandKind.setMarkPrice, command.market);
  writer.views.i32[(offset >> 2) + PRICE] = price;
};

const writeAdvanceTime = (writer: RecordWriter, command: AdvanceTime): void => {
  const offset = begin(writer, CommandKind.advanceTime, 0);
  writer.views.f64[(offset >> 3) + TIME] = command.time;
};

const writeChangeMarket = (writer: RecordWriter, command: ChangeMarket): void => {
  const collar = int32(command.collarBasisPoints, "collarBasisPoints");
  const band = int32(command.bandBasisPoints, "bandBasisPoints");
  const maxOpenOrders = int32(command.maxOpenOrders, "maxOpenOrders");
  const onBreach = codeOf(OnBreach, command.onBreach, "onBreach");
  const offset = begin(writer, CommandKind.changeMarket, command.market);
  const { i32, f64 } = writer.views;
  i32[(offset >> 2) + COLLAR_BASIS_POINTS] = collar;
  i32[(offset >> 2) + BAND_BASIS_POINTS] = band;
  i32[(offset >> 2) + MAX_OPEN_ORDERS] = maxOpenOrders;
  i32[(offset >> 2) + ON_BREACH] = onBreach;
  const at = offset >> 3;
  f64[at + PRICE_INCREMENT] = command.priceIncrement;
  f64[at + QUANTITY_INCREMENT] = command.quantityIncrement;
  f64[at + MIN_QUANTITY] = command.minQuantity;
  f64[at + MIN_NOTIONAL] = command.minNotional;
};

const writeSetReferencePrice = (writer: RecordWriter, command: SetReferencePrice): void => {
  const price = int32(command.price, "price");
  const offset = begin(writer, CommandKind.setReferencePrice, command.market);
  writer.views.i32[(offset >> 2) + PRICE] = price;
};

const writeSetAllocation = (writer: RecordWriter, command: SetAllocation): void => {
  const allocation = codeOf(Allocation, command.allocation, "allocation");
  const fifoPercent = int32(command.fifoPercent, "fifoPercent");
  const leadAccount = int32(command.leadAccount ?? 0, "leadAccount");
  const leadPercent = int32(command.leadPercent ?? 0, "leadPercent");
  const offset = begin(writer, CommandKind.setAllocation, command.market);
  writer.views.i32[(offset >> 2) + ALLOCATION] = allocation;
  writer.views.i32[(offset >> 2) + FIFO_PERCENT] = fifoPercent;
  writer.views.f64[(offset >> 3) + MINIMUM_SHARE] = command.minimumShare;
  writer.views.f64[(offset >> 3) + TOP_ORDER_MAXIMUM] = command.topOrderMaximum ?? 0;
  writer.views.i32[(offset >> 2) + LEAD_ACCOUNT] = leadAccount;
  writer.views.i32[(offset >> 2) + LEAD_PERCENT] = leadPercent;
};

/** The legs are written where nobody sees it first: what is wrong with one of them is found out before anything is appended. */
const writePlaceList = (writer: RecordWriter, command: PlaceList): void => {
  const { legs } = command;
  if (legs.length < FEWEST_LEGS || legs.length > MOST_LEGS) {
    throw new RangeError(`expected ${FEWEST_LEGS} or ${MOST_LEGS} legs, was ${legs.length}`);
  }
  const account = int32(command.account, "account");
  const contingency = codeOf(Contingency, command.contingency, "contingency");
  const sizing = codeOf(Sizing, command.sizing ?? "fixed", "sizing");
  const written = recordViews(MOST_LEGS * LEG_LENGTH * 8);
  for (const [index, leg] of legs.entries()) writeLeg(written, index * LEG_LENGTH, leg);
  const length = (LEGS + legs.length * LEG_LENGTH) * 8;
  const offset = begin(writer, CommandKind.placeList, command.market, length);
  const { bytes, i32 } = writer.views;
  i32[(offset >> 2) + ACCOUNT] = account;
  i32[(offset >> 2) + LIST_SHAPE] = contingency | (sizing << 8) | (legs.length << 16);
  bytes.set(written.bytes.subarray(0, length - LEGS * 8), offset + LEGS * 8);
};

const writeLeg = (views: RecordViews, at: number, leg: ListLeg): void => {
  const { i32, f64 } = views;
  const side = codeOf(Side, leg.side, "side");
  const type = codeOf(OrderType, leg.type, "type");
  const timeInForce = codeOf(TimeInForce, leg.timeInForce, "timeInForce");
  i32[(at << 1) + LEG_PRICE] = int32(leg.price, "price");
  i32[(at << 1) + LEG_TERMS] = side | (type << 8) | (timeInForce << 16);
  f64[at + LEG_QUANTITY] = leg.quantity;
  f64[at + LEG_QUOTE_QUANTITY] = leg.quoteQuantity;
  writeConditions(views, at + LEG_CONDITIONS, leg.conditions ?? {});
};

const writeCancelByClientId = (writer: RecordWriter, command: CancelByClientId): void => {
  const account = int32(command.account, "account");
  const offset = begin(writer, CommandKind.cancelByClientId, command.market);
  writer.views.i32[(offset >> 2) + ACCOUNT] = account;
  writer.views.f64[(offset >> 3) + NAMED_CLIENT_ORDER_ID] = command.clientOrderId;
};

const writeSetPriceIncrements = (writer: RecordWriter, command: SetPriceIncrements): void => {
  const { bands } = command;
  if (bands.length > MOST_BANDS) {
    throw new RangeError(`expected at most ${MOST_BANDS} bands, was ${bands.length}`);
  }
  const words = bands.flatMap(({ from, increment }) => [
    int32(from, "from"),
    int32(increment, "increment"),
  ]);
  const length = (BANDS + bands.length) * 8;
  const offset = begin(writer, CommandKind.setPriceIncrements, command.market, length);
  const { i32 } = writer.views;
  i32[(offset >> 2) + BAND_COUNT] = bands.length;
  i32.set(words, (offset >> 2) + BANDS * 2);
};

const begin = (
  writer: RecordWriter,
  kind: number,
  market: number,
  length = COMMAND_LENGTHS[kind] as number,
): number => {
  const second = int32(market, "market");
  const offset = writer.reserve(length);
  writeHeader(writer.views, offset, kind, COMMAND_VERSION, length, second);
  return offset;
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
      return { kind: "place", ...readTerms(views, offset) };
    case CommandKind.cancel:
      return { kind: "cancel", market, account: word(ACCOUNT), orderId: number(ORDER_ID) };
    case CommandKind.reduce:
      return {
        kind: "reduce",
        market,
        account: word(ACCOUNT),
        orderId: number(ORDER_ID),
        quantity: number(QUANTITY),
      };
    case CommandKind.amend:
      return {
        kind: "amend",
        market,
        account: word(ACCOUNT),
        orderId: number(ORDER_ID),
        price: word(PRICE),
        quantity: number(QUANTITY),
      };
    case CommandKind.replace:
      return {
        kind: "replace",
        ...readTerms(views, offset),
        orderId: number(REPLACED_ORDER_ID),
        onFailure: nameOf(OnFailure, word(ON_FAILURE), "onFailure"),
      };
    case CommandKind.cancelAll:
      return {
        kind: "cancel_all",
        market,
        account: word(ACCOUNT),
        side: nameOf(Sides, word(SIDES), "side"),
      };
    case CommandKind.cancelAllAfter:
      return { kind: "cancel_all_after", account: word(ACCOUNT), at: number(AT) };
    case CommandKind.setPhase:
      return { kind: "set_phase", market, phase: phaseName(word(PHASE)) };
    case CommandKind.setMarkPrice:
      return { kind: "set_mark_price", market, price: word(PRICE) };
    case CommandKind.changeMarket:
      return {
        kind: "change_market",
        market,
        priceIncrement: number(PRICE_INCREMENT),
        quantityIncrement: number(QUANTITY_INCREMENT),
        minQuantity: number(MIN_QUANTITY),
        minNotional: number(MIN_NOTIONAL),
        collarBasisPoints: word(COLLAR_BASIS_POINTS),
        bandBasisPoints: word(BAND_BASIS_POINTS),
        onBreach: nameOf(OnBreach, word(ON_BREACH), "onBreach"),
        maxOpenOrders: word(MAX_OPEN_ORDERS),
      };
    case CommandKind.setReferencePrice:
      return { kind: "set_reference_price", market, price: word(PRICE) };
    case CommandKind.setAllocation:
      return {
        kind: "set_allocation",
        market,
        allocation: allocationName(word(ALLOCATION)),
        minimumShare: number(MINIMUM_SHARE),
        fifoPercent: word(FIFO_PERCENT),
        ...stepsFirst(number(TOP_ORDER_MAXIMUM), word(LEAD_ACCOUNT), word(LEAD_PERCENT)),
      };
    case CommandKind.placeList:
      return readList(views, offset);
    case CommandKind.cancelByClientId:
      return {
        kind: "cancel_by_client_id",
        market,
        account: word(ACCOUNT),
        clientOrderId: number(NAMED_CLIENT_ORDER_ID),
      };
    case CommandKind.setPriceIncrements:
      return {
        kind: "set_price_increments",
        market,
        bands: readBands(views, (offset >> 3) + BANDS, word(BAND_COUNT)),
      };
    default:
      return { kind: "advance_time", time: number(TIME) };
  }
};

/**
 * The steps of an allocation that come before those by time and pro rata, if there are any. A maximum of −0 is not left out: it is
 * for the engine to judge, as a minimum share of −0 is.
 */
export const stepsFirst = (
  topOrderMaximum: number,
  leadAccount: number,
  leadPercent: number,
): Pick<SetAllocation, "topOrderMaximum" | "leadAccount" | "leadPercent"> => ({
  ...(!Object.is(topOrderMaximum, 0) && { topOrderMaximum }),
  ...(leadAccount !== 0 && { leadAccount }),
  ...(leadPercent !== 0 && { leadPercent }),
});

/** The bands that begin at the double `at`. */
export const readBands = ({ i32 }: RecordViews, at: number, count: number): PriceBand[] =>
  Array.from({ length: count }, (_, index) => ({
    from: i32[(at + index) << 1] as number,
    increment: i32[((at + index) << 1) + 1] as number,
  }));

const readList = (views: RecordViews, offset: number): PlaceList => {
  const shape = views.i32[(offset >> 2) + LIST_SHAPE] as number;
  return {
    kind: "place_list",
    market: recordSecond(views, offset),
    account: views.i32[(offset >> 2) + ACCOUNT] as number,
    contingency: nameOf(Contingency, shape & 0xff, "contingency"),
    sizing: nameOf(Sizing, (shape >>> 8) & 0xff, "sizing"),
    legs: Array.from({ length: shape >>> 16 }, (_, index) =>
      readLeg(views, (offset >> 3) + LEGS + index * LEG_LENGTH),
    ),
  };
};

const readLeg = (views: RecordViews, at: number): ListLeg => {
  const { i32, f64 } = views;
  const terms = i32[(at << 1) + LEG_TERMS] as number;
  const conditions = readConditions(views, at + LEG_CONDITIONS);
  return {
    side: sideName(terms & 0xff),
    type: orderTypeName((terms >>> 8) & 0xff),
    timeInForce: timeInForceName((terms >>> 16) & 0xff),
    price: i32[(at << 1) + LEG_PRICE] as number,
    quantity: f64[at + LEG_QUANTITY] as number,
    quoteQuantity: f64[at + LEG_QUOTE_QUANTITY] as number,
    ...(conditions && { conditions }),
  };
};

const readTerms = (views: RecordViews, offset: number): OrderTerms => {
  const word = (index: number): number => views.i32[(offset >> 2) + index] as number;
  const number = (index: number): number => views.f64[(offset >> 3) + index] as number;
  const conditions = hasBlock(views, offset)
    ? readConditions(views, (offset >> 3) + CONDITIONS)
    : undefined;
  return {
    market: recordSecond(views, offset),
    account: word(ACCOUNT),
    side: sideName(word(TERMS) & 0xff),
    type: orderTypeName((word(TERMS) >>> 8) & 0xff),
    timeInForce: timeInForceName((word(TERMS) >>> 16) & 0xff),
    price: word(PRICE),
    quantity: number(QUANTITY),
    quoteQuantity: number(QUOTE_QUANTITY),
    ...(conditions && { conditions }),
  };
};

/** Only a plain `place` ends before the block of conditions would begin. */
const hasBlock = (views: RecordViews, offset: number): boolean =>
  recordLength(views, offset) > CONDITIONS * 8;
