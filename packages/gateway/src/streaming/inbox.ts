import type { Connection } from "./connection.ts";

/** So many messages may wait before a client's next ones are left in its socket. */
export const MOST_WAITING = 64;

/**
 * Hears a client's messages one after the other: at once if nothing before is waited for, as is usual, for a message costs no turn of its
 * own then. While one takes longer, and more than a few wait for it, nothing more is read: what a client sends meanwhile fills its
 * own buffers, and not ours.
 */
export class Inbox {
  readonly #connection: Connection;
  readonly #hear: (text: string) => Promise<void> | undefined;
  #last: Promise<void> | undefined;
  #waiting = 0;

  /** `hear` answers what has to be waited for before the next message is heard; it doesn't reject. */
  constructor(connection: Connection, hear: (text: string) => Promise<void> | undefined) {
    this.#connection = connection;
    this.#hear = hear;
    connection.onText((text) => this.#take(text));
  }

  /** How many messages have come and are not done. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Does something after all that has come. */
  afterAll(act: () => void): void {
    if (this.#last === undefined) act();
    else void this.#last.then(act);
  }

  #take(text: string): void {
    const heard =
      this.#last === undefined ? this.#hear(text) : this.#last.then(() => this.#hear(text));
    if (heard === undefined) return;
    this.#last = heard;
    this.#waiting += 1;
    if (this.#waiting === MOST_WAITING) this.#connection.pause();
    void heard.then(() => this.#done(heard));
  }

  #done(heard: Promise<void>): void {
    this.#waiting -= 1;
    if (this.#last !== heard) return;
    this.#last = undefined;
    this.#connection.resume();
  }
}
