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
const GROUP = 10_000;
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
  private readonly bytes: Uint8Array = new Uint8Array(BUFFER_BYTES);
  private readonly view: DataView = new DataView(this.bytes.buffer);
  private readonly sink: ReportSink;
  private length = 0;

  constructor(sink: ReportSink) {
    this.sink = sink;
  }

  /** Begins a line. */
  begin(report: number, sequence: number): void {
    if (this.length > BUFFER_BYTES - LONGEST_LINE) this.flush();
    // The first line has no line feed before it; what is written for it is written over.
    const at = this.lines === 0 ? 0 : this.length + 1;
    this.bytes[this.length] = LINE_FEED;
    this.bytes[at] = ZERO + report;
    this.length = at + 1;
    this.lines += 1;
    this.field(sequence);
  }

  /** Adds a whole number from 0 to 2^53 − 1 to the line. */
  field(value: number): void {
    this.bytes[this.length] = COMMA;
    const begin = this.length + 1;
    if (value < BILLION) {
      this.length = writeDecimal(this.view, begin, value | 0);
      return;
    }
    const billions = Math.floor(value / BILLION);
    const rest = (value - billions * BILLION) | 0;
    const middle = writeDecimal(this.view, begin, billions | 0);
    const upper = (rest / GROUP) | 0;
    this.bytes[middle] = ZERO + ((upper / GROUP) | 0);
    writeGroup(this.view, middle + 1, upper % GROUP);
    this.length = writeGroup(this.view, middle + 5, rest - upper * GROUP);
  }

  /** Hands over what the buffer holds. To be called at the end, too. */
  flush(): void {
    this.sink(this.bytes.subarray(0, this.length));
    this.length = 0;
  }
}

/** The four digits of each number below 10^4 as they stand in memory, and those of them that are not leading zeros. */
const GROUPS: Uint32Array = new Uint32Array(GROUP);
const BEGINNINGS: Uint32Array = new Uint32Array(GROUP);
for (let value = 0; value < GROUP; value += 1) {
  const bytes = [...String(value).padStart(4, "0")].map((digit) => digit.charCodeAt(0));
  const word = bytes.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
  GROUPS[value] = word;
  BEGINNINGS[value] = word >>> (8 * (4 - String(value).length));
}

/**
 * Writes a number below 10^9, and answers where it ends. Four digits at once: to write them one by one, a division each,
 * took longer than the engine does for the message.
 */
const writeDecimal = (view: DataView, begin: number, value: number): number => {
  if (value < GROUP) return writeBeginning(view, begin, value);
  const upper = (value / GROUP) | 0;
  const middle =
    upper < GROUP
      ? writeBeginning(view, begin, upper)
      : writeGroup(view, writeBeginning(view, begin, (upper / GROUP) | 0), upper % GROUP);
  return writeGroup(view, middle, value - upper * GROUP);
};

/** Writes a number below 10^4, and after its digits up to three bytes that the next ones go over. */
const writeBeginning = (view: DataView, begin: number, value: number): number => {
  view.setUint32(begin, BEGINNINGS[value] as number, true);
  if (value < 100) return begin + (value < 10 ? 1 : 2);
  return begin + (value < 1_000 ? 3 : 4);
};

/** Writes a number below 10^4 as four digits. */
const writeGroup = (view: DataView, begin: number, value: number): number => {
  view.setUint32(begin, GROUPS[value] as number, true);
  return begin + 4;
};
