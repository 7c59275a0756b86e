/** The lines that the survey's report stream is made of, by the number that begins them. */
export const Report = {
  accepted: 0,
  trade: 1,
  cancelled: 2,
  modified: 3,
  cancelRejected: 4,
  modifyRejected: 5,
} as const;

/** Takes the next bytes of the stream; they are only its own until it returns. */
export type ReportSink = (bytes: Uint8Array) => void;

const BUFFER_BYTES = 1 << 18;
/** No line is longer: six numbers of at most 16 digits, five commas and a line feed. */
const LONGEST_LINE = 102;
/** What is above is written in two pieces, so that each is a small integer to V8. */
const BILLION = 1_000_000_000;
const COMMA = 44;
const LINE_FEED = 10;
const ZERO = 48;

/**
 * The survey's report stream: lines of decimals between commas, with a line feed between two lines and none at the end.
 * It is written as bytes into a buffer that goes to the sink whenever it is full: as strings, it would take longer to write
 * than to match what it reports.
 */
export class ReportStream {
  /** Lines begun so far. */
  lines = 0;
  readonly #bytes: Uint8Array = new Uint8Array(BUFFER_BYTES);
  readonly #sink: ReportSink;
  #length = 0;

  constructor(sink: ReportSink) {
    this.#sink = sink;
  }

  /** Begins a line. */
  begin(report: number, sequence: number): void {
    if (this.#length > BUFFER_BYTES - LONGEST_LINE) this.flush();
    const bytes = this.#bytes;
    let at = this.#length;
    if (this.lines > 0) {
      bytes[at] = LINE_FEED;
      at += 1;
    }
    bytes[at] = ZERO + report;
    this.#length = at + 1;
    this.lines += 1;
    this.field(sequence);
  }

  /** Adds a whole number from 0 to 2^53 − 1 to the line. */
  field(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#length] = COMMA;
    const begin = this.#length + 1;
    if (value < BILLION) {
      this.#length = writeDecimal(bytes, begin, digits(value), value);
      return;
    }
    const billions = Math.floor(value / BILLION);
    const middle = writeDecimal(bytes, begin, digits(billions), billions);
    this.#length = writeDecimal(bytes, middle, 9, value - billions * BILLION);
  }

  /** Hands over what the buffer holds. To be called at the end, too. */
  flush(): void {
    this.#sink(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** Writes a number below 10^9 with so many digits, from the last to the first, and answers where they end. */
const writeDecimal = (bytes: Uint8Array, begin: number, width: number, value: number): number => {
  let rest = value | 0;
  for (let at = begin + width - 1; at >= begin; at -= 1) {
    const tenth = (rest / 10) | 0;
    bytes[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return begin + width;
};

/** How many digits a number below 10^9 has. */
const digits = (value: number): number => {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count += 1;
  return count;
};
