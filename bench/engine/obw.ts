import {
  CommandType,
  entersOrder,
  ORDER_ID,
  PRICE,
  QUANTITY,
  SYMBOL,
  sideOf,
  TERMS,
  timeInForceOf,
  typeOf,
  WORDS,
  type Workload,
} from "./workload.ts";

/**
 * Workloads as `.obw` files, which engines in any language can read: little-endian, a header of 64 bytes (16 words: "OBW1",
 * version 1, commands of setup and of main, symbols, highest order id, lowest and highest limit, then zeros), and 24
 * bytes a command.
 */
const MAGIC = 0x3157424f;
const VERSION = 1;
const HEADER_WORDS = 16;
const HEADER_BYTES = HEADER_WORDS * 4;
const COMMAND_BYTES = WORDS * 4;
/** No market has a higher price: the engine's prices are below this. */
const PRICES_END = 2 ** 31 - 1;

export const writeObw = (workload: Workload): Uint8Array => {
  const { setup, main, symbols, maxOrderId, minPrice, maxPrice, words } = workload;
  const file = new Int32Array(HEADER_WORDS + words.length);
  file.set([MAGIC, VERSION, setup, main, symbols, maxOrderId, minPrice, maxPrice]);
  file.set(words, HEADER_WORDS);
  return new Uint8Array(file.buffer);
};

/** Throws `RangeError` for bytes that are not a whole workload, or that no engine could agree on. */
/** Throws `RangeError` for bytes that are not a whole workload, or that no engine could process. */
export const readObw = (bytes: Uint8Array): Workload => {
  const header = readHeader(bytes);
  const start = bytes.byteOffset + HEADER_BYTES;
  const end = bytes.byteOffset + bytes.byteLength;
  const workload = { ...header, words: new Int32Array(bytes.buffer.slice(start, end)) };
  expectCommands(workload);
  return workload;
};

const readHeader = (bytes: Uint8Array): Omit<Workload, "words"> => {
  if (bytes.byteLength < HEADER_BYTES) {
    throw new RangeError(`expected a header of ${HEADER_BYTES} bytes, was ${bytes.byteLength}`);
  }
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number): number => file.getUint32(index * 4, true);
  const [setup, main, symbols, maxOrderId] = [word(2), word(3), word(4), word(5)];
  const [minPrice, maxPrice] = [word(6), word(7)];
  const length = HEADER_BYTES + (setup + main) * COMMAND_BYTES;
  if (word(0) !== MAGIC) throw new RangeError('expected bytes that begin with "OBW1"');
  if (word(1) !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${word(1)}`);
  if (bytes.byteLength !== length) {
    throw new RangeError(`expected ${length} bytes, was ${bytes.byteLength}`);
  }
  if (main === 0) throw new RangeError("expected commands to measure, was 0");
  if (maxOrderId > setup + main) {
    throw new RangeError(`expected dense order ids up to ${setup + main}, was ${maxOrderId}`);
  }
  if (maxPrice >= PRICES_END) {
    throw new RangeError(`expected prices below ${PRICES_END}, was ${maxPrice}`);
  }
  return { setup, main, symbols, maxOrderId, minPrice, maxPrice };
};

const expectCommands = (workload: Workload): void => {
  const { words, maxOrderId } = workload;
  const used = new Uint8Array(maxOrderId + 1);
  for (let at = 0; at < words.length; at += WORDS) {
    const wrong =
      wrongTerms(words[at + TERMS] as number) ??
      wrongOrder(workload, at, used) ??
      wrongAmounts(workload, at);
    if (wrong !== undefined) throw new RangeError(`command ${at / WORDS}: ${wrong}`);
  }
};

const wrongTerms = (terms: number): string | undefined => {
  const [type, side, timeInForce] = [typeOf(terms), sideOf(terms), timeInForceOf(terms)];
  if (type > CommandType.replace) return `expected a type from 0 to 3, was ${type}`;
  if (side > 1) return `expected a side, 0 or 1, was ${side}`;
  if (timeInForce > 1) return `expected gtc or ioc, 0 or 1, was ${timeInForce}`;
  return undefined;
};

/** Notes which ids are used. */
const wrongOrder = (workload: Workload, at: number, used: Uint8Array): string | undefined => {
  const { words, symbols, maxOrderId } = workload;
  const symbol = words[at + SYMBOL] as number;
  const orderId = words[at + ORDER_ID] as number;
  if (symbol < 0 || symbol >= symbols) return `expected a symbol below ${symbols}, was ${symbol}`;
  if (orderId < 1 || orderId > maxOrderId) {
    return `expected an order id from 1 to ${maxOrderId}, was ${orderId}`;
  }
  if (!entersOrder(words[at + TERMS] as number)) return undefined;
  if (used[orderId] === 1) return `expected an order id that no other order has, was ${orderId}`;
  used[orderId] = 1;
  return undefined;
};

const wrongAmounts = (workload: Workload, at: number): string | undefined => {
  const { words, minPrice, maxPrice } = workload;
  const type = typeOf(words[at + TERMS] as number);
  const price = words[at + PRICE] as number;
  const quantity = words[at + QUANTITY] as number;
  if (type === CommandType.cancel) return undefined;
  if (quantity < 1) return `expected a quantity from 1, was ${quantity}`;
  if (type === CommandType.market) return undefined;
  if (price >= Math.max(1, minPrice) && price <= maxPrice) return undefined;
  return `expected a price from ${Math.max(1, minPrice)} to ${maxPrice}, was ${price}`;
};
