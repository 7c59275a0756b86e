import { brotliDecompressSync } from "node:zlib";
import type { SurveyMessage } from "./survey.ts";

const FIRST_PRICE = 33_504;

/** The messages of a workload of the survey: four streams of bytes, packed together. */
export function* surveyMessages(packed: Buffer): Generator<SurveyMessage> {
  const bytes = brotliDecompressSync(packed);
  if (bytes.toString("latin1", 0, 4) !== "MEBC") throw new RangeError("expected a workload");
  const count = bytes.readUInt32LE(4);
  let start = 8 + 4 * 4;
  const [flags, quantities, prices, ids] = [0, 1, 2, 3].map((stream) => {
    const reader = new StreamReader(bytes, start);
    start += bytes.readUInt32LE(8 + stream * 4);
    return reader;
  }) as [StreamReader, StreamReader, StreamReader, StreamReader];
  /** What was told of each order when it was new, by id: quantity and price. */
  const told = new Map<number, { quantity: number; price: number }>();
  let highestId = 0;
  for (let index = 0; index < count; index += 1) {
    const flag = flags.byte();
    const type = flag & 3;
    const side = (flag >> 2) & 1;
    const ioc = (flag >> 3) & 1;
    if (type === 0) {
      const order = { quantity: quantities.byte(), price: prices.difference() + FIRST_PRICE };
      const id = ids.difference() + highestId + 1;
      highestId = Math.max(highestId, id);
      told.set(id, order);
      yield [type, side, ioc, order.quantity, id, order.price];
    } else {
      const id = highestId - ids.difference();
      const order = told.get(id) ?? { quantity: 0, price: 0 };
      const isModify = type === 2;
      const quantity = isModify ? order.quantity + quantities.difference() : 0;
      const price = isModify ? order.price + prices.difference() : 0;
      yield [type, side, ioc, quantity, id, price];
    }
  }
}

class StreamReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at] as number;
    this.#at += 1;
    return byte;
  }

  /** A number in groups of seven bits, the low ones first; even and odd ones are above and below zero. */
  difference(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
}
