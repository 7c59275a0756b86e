import { nextTurn } from "../sequencer/turn.ts";

/** Sends together what one turn brings, and what comes while that is on its way. */
export class Outbox<Item> {
  readonly #send: (items: readonly Item[]) => Promise<void>;
  #items: Item[] = [];
  #sending = false;

  /** `send` must not reject. */
  constructor(send: (items: readonly Item[]) => Promise<void>) {
    this.#send = send;
  }

  push(item: Item): void {
    this.#items.push(item);
    if (this.#sending) return;
    this.#sending = true;
    nextTurn(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#items.length > 0) {
      const items = this.#items;
      this.#items = [];
      await this.#send(items);
    }
    this.#sending = false;
  }
}
