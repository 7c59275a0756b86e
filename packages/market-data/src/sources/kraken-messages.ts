import { FieldReader, type Fields, isFields, orFault } from "./message-fields.ts";
import type { SourceAdapter, SourceMessage } from "./source-message.ts";
import type { SourceMarket } from "./source-units.ts";

/**
 * Reads Kraken's books and trades: version 2 of its WebSocket API, and the books of version 1, which recordings have.
 *
 * Give the decimals of its `instrument` channel (`price_precision`, `qty_precision`): with others no checksum would agree.
 *
 * @example
 * ```ts
 * import { krakenMessages } from "@pincex/market-data";
 *
 * const read = krakenMessages({ symbol: "XBT/USD", priceDecimals: 1, quantityDecimals: 8 });
 * const [update] = read({
 *   channel: "book",
 *   type: "update",
 *   data: [{ symbol: "XBT/USD", bids: [{ price: 45283.5, qty: 0.1 }], asks: [], checksum: 3310070434 }],
 * });
 * update?.kind === "book_update" && update.bids; // => [[452835n, 10000000n]]
 * ```
 */
export const krakenMessages = (market: SourceMarket): SourceAdapter => {
  const reader = new FieldReader(market);
  return (message) => {
    if (Array.isArray(message)) {
      return message.at(-1) === market.symbol
        ? orFault(() => [firstVersionBook(reader, message)])
        : [];
    }
    if (!isFields(message) || !Array.isArray(message["data"])) return [];
    const rows = message["data"].filter(
      (row): row is Fields => isFields(row) && row["symbol"] === market.symbol,
    );
    if (message["channel"] === "book") {
      const isWhole = message["type"] === "snapshot";
      return orFault(() => rows.map((row) => bookOf(reader, isWhole, row)));
    }
    if (message["channel"] === "trade") {
      return orFault(() => rows.map((row) => tradeOf(reader, row)));
    }
    return [];
  };
};

const LEVEL = ["price", "qty"] as const;

const bookOf = (reader: FieldReader, isWhole: boolean, row: Fields): SourceMessage => {
  const book = {
    bids: reader.levels(row, "bids", LEVEL),
    asks: reader.levels(row, "asks", LEVEL),
    checksum: reader.id(row, "checksum"),
  };
  return isWhole
    ? { kind: "book_snapshot", lastUpdateId: 0, ...book }
    : { kind: "book_update", firstUpdateId: 0, lastUpdateId: 0, ...book };
};

const tradeOf = (reader: FieldReader, row: Fields): SourceMessage => ({
  kind: "trade",
  tradeId: reader.id(row, "trade_id"),
  price: reader.price(row, "price"),
  quantity: reader.quantity(row, "qty"),
  takerSide: reader.side(row, "side"),
  at: reader.time(row, "timestamp"),
});

/** `[channel, sides, "book-1000", pair]`: an update of both sides has them in two objects, the checksum in the second. */
const firstVersionBook = (reader: FieldReader, message: readonly unknown[]): SourceMessage => {
  const sides: Fields = Object.assign({}, ...message.filter(isFields));
  if ("as" in sides || "bs" in sides) {
    return {
      kind: "book_snapshot",
      lastUpdateId: 0,
      bids: reader.levels(sides, "bs"),
      asks: reader.levels(sides, "as"),
    };
  }
  return {
    kind: "book_update",
    firstUpdateId: 0,
    lastUpdateId: 0,
    bids: reader.levels(sides, "b"),
    asks: reader.levels(sides, "a"),
    checksum: reader.id({ c: Number(sides["c"]) }, "c"),
  };
};
