import { nextTurn } from "../sequencer/turn.ts";
import { ByteRing, type OnMessage } from "./byte-ring.ts";

/** Marks a message that goes on in the next one. */
const GOES_ON = 0x8000_0000;

interface Unsent {
  readonly kind: number;
  readonly number: number;
  readonly payload: Uint8Array;
}

/** The end of a ring where messages go in. */
export class LaneWriter {
  readonly #ring: ByteRing;
  readonly #wake: () => void;
  readonly #unsent: Unsent[] = [];
  #emptied: (() => void)[] = [];

  /** `wake` tells the other thread that there is something to read. */
  constructor(memory: SharedArrayBuffer, wake: () => void) {
    this.#ring = new ByteRing(memory);
    this.#wake = wake;
  }

  /** Of what `trySend` takes, in bytes. */
  get longest(): number {
    return this.#ring.longest;
  }

  /** Sends a message now, or answers false. */
  trySend(kind: number, number: number, payload: Uint8Array): boolean {
    if (this.#unsent.length > 0 || !this.#ring.write(kind, number, payload)) return false;
    if (this.#ring.mustWake()) this.#wake();
    return true;
  }

  /** Sends a message of any length, as soon as there is room. */
  send(kind: number, number: number, payload: Uint8Array): void {
    const { longest } = this.#ring;
    for (let at = 0; ; at += longest) {
      const isLast = payload.length - at <= longest;
      const part = payload.subarray(at, isLast ? payload.length : at + longest);
      this.#sendPart(isLast ? kind : (kind | GOES_ON) >>> 0, number, part);
      if (isLast) return;
    }
  }

  /** The other thread has read something. */
  fed(): void {
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
      if (!this.#hasSent(next)) return;
      this.#unsent.shift();
    }
    const emptied = this.#emptied;
    this.#emptied = [];
    for (const resolve of emptied) resolve();
  }

  /** Resolves when all that was sent is in the ring. */
  async emptied(): Promise<void> {
    if (this.#unsent.length === 0) return;
    await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  #sendPart(kind: number, number: number, payload: Uint8Array): void {
    if (this.trySend(kind, number, payload)) return;
    const unsent = { kind, number, payload: payload.slice() };
    this.#unsent.push(unsent);
    if (this.#unsent.length === 1 && this.#hasSent(unsent)) this.#unsent.shift();
  }

  /** Says that it waits before it looks once more, since room that is made in between would be told to nobody. */
  #hasSent({ kind, number, payload }: Unsent): boolean {
    if (!this.#ring.write(kind, number, payload)) {
      this.#ring.starve();
      if (!this.#ring.write(kind, number, payload)) return false;
    }
    if (this.#ring.mustWake()) this.#wake();
    return true;
  }
}

/** The end of a ring where messages come out. */
export class LaneReader {
  readonly #ring: ByteRing;
  readonly #onMessage: OnMessage;
  readonly #feed: () => void;
  readonly #parts: Uint8Array[] = [];
  #isWaiting = false;

  /** `feed` tells the other thread that there is room. What `onMessage` throws is thrown by `read`. */
  constructor(memory: SharedArrayBuffer, onMessage: OnMessage, feed: () => void) {
    this.#ring = new ByteRing(memory);
    this.#onMessage = onMessage;
    this.#feed = feed;
    this.#ring.sleep();
  }

  /**
   * Reads what is there by now. What comes meanwhile waits for another turn: whoever fills a ring must not keep this thread
   * from all else.
   */
  read(): void {
    this.#readTo(this.#ring.end);
    if (this.#isWaiting || this.#ring.sleep()) return;
    this.#isWaiting = true;
    nextTurn(() => {
      this.#isWaiting = false;
      this.read();
    });
  }

  #readTo(end: number): void {
    let messages = 0;
    while (this.#ring.read(end, this.#take)) messages += 1;
    if (messages > 0 && this.#ring.mustFeed()) this.#feed();
  }

  readonly #take: OnMessage = (kind, number, payload) => {
    if (kind >= GOES_ON) {
      this.#parts.push(payload.slice());
    } else if (this.#parts.length > 0) {
      this.#onMessage(kind, number, joined([...this.#parts.splice(0), payload]));
    } else {
      this.#onMessage(kind, number, payload);
    }
  };
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
