/**
 * One ArrayBuffer seen three ways, as records are written and read. Offsets are in bytes and multiples of 8.
 *
 * The layout is that of every Pincex record: the first 8 bytes are `kind | version << 8 | (length / 8) << 16` and a number
 * of the kind's own. The engine's `RecordViews` fit here as they are.
 */
export interface RecordViews {
  readonly bytes: Uint8Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
}

/** The kinds of the ledger's records, 64 to 127. The engine's are below, the venue's above. */
export const LedgerRecordKind = { entry: 64, accountOpened: 65 } as const;

/** Raised when a layout changes: events are made anew from commands, so only one version is ever read. */
const VERSION = 2;

/** The header counts a record's length in 8 bytes and 16 bits. */
const LENGTH_LIMIT = 0xffff * 8;

export const writeHeader = (
  views: RecordViews,
  offset: number,
  kind: number,
  length: number,
  second: number,
): void => {
  if (length > LENGTH_LIMIT) {
    throw new RangeError(`expected a record of at most ${LENGTH_LIMIT} bytes, was ${length}`);
  }
  const word = offset >> 2;
  views.i32[word] = kind | (VERSION << 8) | ((length / 8) << 16);
  views.i32[word + 1] = second;
};

/** Throws a `RangeError` unless a whole record of that kind and a known version stands there; its length in bytes. */
export const readHeader = (views: RecordViews, offset: number, kind: number): number => {
  const header = wordAt(views, offset);
  const found = header & 0xff;
  const version = (header >>> 8) & 0xff;
  const length = (header >>> 16) * 8;
  if (found !== kind) throw new RangeError(`expected a record of kind ${kind}, was ${found}`);
  if (version !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${version}`);
  if (offset + length > views.bytes.length) {
    throw new RangeError(`expected ${length} bytes of record at ${offset}, they end before`);
  }
  return length;
};

export const wordAt = (views: RecordViews, offset: number): number => views.i32[offset >> 2] ?? 0;

export const numberAt = (views: RecordViews, offset: number): number => views.f64[offset >> 3] ?? 0;

/** Rounds up to the next multiple of 8, where the next part of a record may begin. */
export const padded = (length: number): number => (length + 7) & ~7;
