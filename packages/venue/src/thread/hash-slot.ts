/** Waits in place, while nothing else runs in this thread, until something is so. Throws when that takes too long. */
export type Standstill = (isSo: () => boolean) => void;

const ASKED = 0;
const TOLD = 1;
const FAILED = 2;
const TEXT_BYTES = 1_024;

/** Where one thread leaves a short text that the other stands waiting for. */
export class HashSlot {
  static readonly memory = (): SharedArrayBuffer => new SharedArrayBuffer(8 + TEXT_BYTES);
  readonly #state: Int32Array;
  readonly #text: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#state = new Int32Array(memory, 0, 2);
    this.#text = new Uint8Array(memory, 8);
  }

  clear(): void {
    Atomics.store(this.#state, 0, ASKED);
  }

  /** Leaves the text, or the message of what went wrong. */
  tell(text: () => string): void {
    try {
      this.#leave(TOLD, text());
    } catch (error) {
      this.#leave(FAILED, error instanceof Error ? error.message : String(error));
    }
  }

  /** The text, when it is there. */
  awaited(standstill: Standstill): string {
    standstill(() => Atomics.load(this.#state, 0) !== ASKED);
    const text = new TextDecoder().decode(this.#text.slice(0, this.#state[1]));
    if (Atomics.load(this.#state, 0) === FAILED) throw new Error(text);
    return text;
  }

  #leave(state: number, text: string): void {
    const { written } = new TextEncoder().encodeInto(text, new Uint8Array(TEXT_BYTES));
    this.#text.set(new TextEncoder().encode(text).subarray(0, written));
    this.#state[1] = written;
    Atomics.store(this.#state, 0, state);
    Atomics.notify(this.#state, 0);
  }
}
