import type { RecordViews, RecordWriter } from "@pincex/engine";
import { type FieldReader, fieldsLength, writeFields } from "../record/fields.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandFields,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** What a market trades, in which units and within which bounds. Prices are in ticks, quantities in lots. */
export interface MarketRules {
  /** 1 to 2^31 - 1, chosen by the operator. */
  readonly market: number;
  /** What people call it, such as "BTC-USDT": 1 to 32 capital letters, digits and dashes, unique. */
  readonly symbol: string;
  /** The asset that is bought and sold. */
  readonly base: number;
  /** The asset that prices are in. */
  readonly quote: number;
  /** Smallest units of the base asset in one lot. */
  readonly lotUnits: bigint;
  /** Smallest units of the quote asset that one lot costs at a price of one tick. Whole, so a notional never rounds. */
  readonly tickLotUnits: bigint;
  /** Highest price; below 2^31, and maxPrice × maxQuantity below 2^53. */
  readonly maxPrice: number;
  readonly maxQuantity: number;
  /** Prices are multiples of it. */
  readonly priceIncrement: number;
  /** Quantities are multiples of it. */
  readonly quantityIncrement: number;
  readonly minQuantity: number;
  /** Least price × quantity of a limit order, in ticks × lots; 0 for none. */
  readonly minNotional: number;
}

/** Lists a market: orders may be placed in it from the next command on. `listing()` makes one from decimal strings. */
export interface ListMarket extends Repeatable, MarketRules {
  readonly kind: "list_market";
}

export const writeListMarket = (writer: RecordWriter, command: ListMarket): void => {
  const fields = marketFields(command);
  const offset = beginCommand(
    writer,
    VenueCommandKind.listMarket,
    0,
    command,
    fieldsLength(fields),
  );
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readListMarket = (views: RecordViews, offset: number): ListMarket => {
  const reader = commandFields(views, offset);
  const rules = readMarketFields(reader);
  reader.finish();
  return { kind: "list_market", ...rules, ...readRepeatable(views, offset) };
};

/** The rules as a row of fields: the command and the event have the same. */
export const marketFields = (rules: MarketRules): (number | bigint | string)[] => [
  integer(rules.market, "market"),
  rules.symbol,
  integer(rules.base, "base"),
  integer(rules.quote, "quote"),
  rules.lotUnits,
  rules.tickLotUnits,
  integer(rules.maxPrice, "maxPrice"),
  integer(rules.maxQuantity, "maxQuantity"),
  integer(rules.priceIncrement, "priceIncrement"),
  integer(rules.quantityIncrement, "quantityIncrement"),
  integer(rules.minQuantity, "minQuantity"),
  integer(rules.minNotional, "minNotional"),
];

export const readMarketFields = (reader: FieldReader): MarketRules => ({
  market: reader.number(),
  symbol: reader.text(),
  base: reader.number(),
  quote: reader.number(),
  lotUnits: reader.amount(),
  tickLotUnits: reader.amount(),
  maxPrice: reader.number(),
  maxQuantity: reader.number(),
  priceIncrement: reader.number(),
  quantityIncrement: reader.number(),
  minQuantity: reader.number(),
  minNotional: reader.number(),
});
