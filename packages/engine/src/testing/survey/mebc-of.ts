/** The four streams of a workload, byte by byte. */
export interface MebcStreams {
  readonly flags: readonly number[];
  readonly quantities: readonly number[];
  readonly prices: readonly number[];
  readonly ids: readonly number[];
}

/** An uncompressed workload file of these streams. */
export const mebcOf = ({ flags, quantities, prices, ids }: MebcStreams): Uint8Array => {
  const streams = [flags, quantities, prices, ids];
  const lengths = streams.map(({ length }) => length);
  const header = new Uint32Array([0x4342_454d, flags.length, ...lengths]);
  return new Uint8Array([...new Uint8Array(header.buffer), ...streams.flat()]);
};

/**
 * A sell of 5 lots with id 0 and a buy of 3 lots with id 1, both at 33,504; the sell then changes to 4 lots at 33,505, and is
 * cancelled.
 */
export const TINY: MebcStreams = {
  flags: [4, 0, 2, 1],
  quantities: [5, 3, 1],
  prices: [0, 0, 2],
  ids: [0, 0, 2, 2],
};

/** The report stream of `TINY`. */
export const TINY_REPORT: readonly string[] = [
  "0,0,1,0,33504,5",
  "0,1,0,1,33504,3",
  "1,1,33504,3,0,1",
  "3,2,1,0,33505,4",
  "2,3,1,0,33505",
];
