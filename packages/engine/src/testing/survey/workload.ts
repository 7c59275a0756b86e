/** What the survey's messages ask for. */
export const MessageType = { new: 0, cancel: 1, modify: 2 } as const;

/**
 * Messages of the public survey of matching engines, a column for each field: there are millions, and an object for each
 * would cost more than matching it. A message's sequence number is its index.
 */
export interface Workload {
  readonly count: number;
  /** `type | side << 2 | ioc << 3`; sides are numbered as the engine's. */
  readonly flags: Uint8Array;
  /** Whole numbers from 0 to 2^53 − 1. */
  readonly ids: Float64Array;
  /** Ticks; 0 of a cancel. */
  readonly prices: Int32Array;
  /** Lots; 0 of a cancel. */
  readonly quantities: Int32Array;
}

/** A workload of zeros, to be filled in. */
export const blankWorkload = (count: number): Workload => ({
  count,
  flags: new Uint8Array(count),
  ids: new Float64Array(count),
  prices: new Int32Array(count),
  quantities: new Int32Array(count),
});

/** A message as a row: type, side, ioc, quantity, id, price. The survey's edge cases come like this. */
export type MessageRow = readonly [number, number, number, number, number, number];

/** Throws `RangeError` for a row that is no message. */
export const workloadOf = (rows: readonly MessageRow[]): Workload => {
  const workload = blankWorkload(rows.length);
  rows.forEach(([type, side, ioc, quantity, id, price], index) => {
    expectWhole(index, "type", type, MessageType.modify);
    expectWhole(index, "side", side, 1);
    expectWhole(index, "ioc", ioc, 1);
    expectWhole(index, "id", id, Number.MAX_SAFE_INTEGER);
    workload.flags[index] = type | (side << 2) | (ioc << 3);
    workload.ids[index] = id;
    workload.prices[index] = inColumn(index, "price", price);
    workload.quantities[index] = inColumn(index, "quantity", quantity);
  });
  return workload;
};

/** A price or a quantity, if its column of 32 bits can hold it; else throws `RangeError`. */
export const inColumn = (index: number, field: string, value: number): number => {
  if ((value | 0) === value) return value;
  throw new RangeError(`message ${index}: expected a ${field} of 32 bits, was ${value}`);
};

const expectWhole = (index: number, field: string, value: number, most: number): void => {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new RangeError(`message ${index}: expected ${field} from 0 to ${most}, was ${value}`);
};
