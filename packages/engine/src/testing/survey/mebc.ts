import { ByteStream } from "./byte-stream.ts";
import { IdTable } from "./id-table.ts";
import { blankWorkload, inColumn, MessageType, type Workload } from "./workload.ts";

/**
 * The form in which workloads of the survey are stored, before compression. Little-endian: `MEBC`, the number of messages
 * and the lengths of four streams in 32 bits each, then the streams: flags, quantities, prices, ids.
 */
const MAGIC = "MEBC";
const HEADER_BYTES = 24;
/** New orders' prices are stored as the distance to this one. */
const USUAL_PRICE = 33_504;

/** Reads a workload. Throws `RangeError` for bytes that are not one, whole and with nothing behind it. */
export const decodeMebc = (bytes: Uint8Array): Workload => {
  const streams = streamsOf(bytes);
  const workload = blankWorkload(streams.count);
  workload.flags.set(streams.flags);
  fill(workload, streams);
  streams.quantities.expectEnd();
  streams.prices.expectEnd();
  streams.ids.expectEnd();
  return workload;
};

interface Streams {
  readonly count: number;
  readonly flags: Uint8Array;
  readonly quantities: ByteStream;
  readonly prices: ByteStream;
  readonly ids: ByteStream;
}

const streamsOf = (bytes: Uint8Array): Streams => {
  if (bytes.length < HEADER_BYTES) {
    throw new RangeError(`expected a header of ${HEADER_BYTES} bytes, was ${bytes.length}`);
  }
  if (String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new RangeError(`expected a workload that begins with ${MAGIC}`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const count = header.getUint32(4, true);
  const lengths = [8, 12, 16, 20].map((at) => header.getUint32(at, true));
  const whole = lengths.reduce((sum, length) => sum + length, HEADER_BYTES);
  if (bytes.length !== whole) {
    throw new RangeError(`expected ${whole} bytes, was ${bytes.length}`);
  }
  if (lengths[0] !== count) {
    throw new RangeError(`expected flags of ${count} messages, was ${lengths[0]}`);
  }
  let at = HEADER_BYTES;
  const next = (index: number): Uint8Array => {
    const from = at;
    at += lengths[index] as number;
    return bytes.subarray(from, at);
  };
  return {
    count,
    flags: next(0),
    quantities: new ByteStream("quantities", next(1)),
    prices: new ByteStream("prices", next(2)),
    ids: new ByteStream("ids", next(3)),
  };
};

/**
 * Ids are stored as the distance to the highest that a new order has had so far, which is −1 before the first. What a modify
 * changes is stored as the distance to the order's last new; an order that never was has zeros there, and the
 * modify of it is rejected whatever it asks.
 */
const fill = (workload: Workload, { quantities, prices, ids }: Streams): void => {
  const news = new IdTable(workload.count);
  let highest = -1;
  for (let index = 0; index < workload.count; index += 1) {
    const type = typeOf(workload, index);
    const distance = ids.signed();
    const id = checkedId(
      index,
      type === MessageType.new ? highest + 1 + distance : highest - distance,
    );
    workload.ids[index] = id;
    if (type === MessageType.cancel) continue;
    let quantity: number;
    let price: number;
    if (type === MessageType.new) {
      quantity = quantities.byte();
      price = USUAL_PRICE + prices.signed();
      highest = Math.max(highest, id);
      news.set(id, index + 1);
    } else {
      const placed = news.get(id) - 1;
      quantity = quantities.signed() + (workload.quantities[placed] ?? 0);
      price = prices.signed() + (workload.prices[placed] ?? 0);
    }
    workload.quantities[index] = inColumn(index, "quantity", quantity);
    workload.prices[index] = inColumn(index, "price", price);
  }
};

const typeOf = ({ flags }: Workload, index: number): number => {
  const flag = flags[index] as number;
  const type = flag & 3;
  if (type > MessageType.modify || flag > 15) {
    throw new RangeError(`message ${index}: expected flags of a message, was ${flag}`);
  }
  return type;
};

const checkedId = (index: number, id: number): number => {
  if (id >= 0 && id <= Number.MAX_SAFE_INTEGER) return id;
  throw new RangeError(`message ${index}: expected an id from 0 to 2^53 − 1, was ${id}`);
};
