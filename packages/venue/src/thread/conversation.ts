import { errorOf, toldError } from "./told-error.ts";
import type { Question, Wire, WireMessage } from "./wire.ts";

interface Awaited {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Questions over a wire, and their answers. */
export class Conversation {
  readonly #wire: Wire;
  readonly #reply: (question: Question) => Promise<unknown>;
  readonly #awaited = new Map<number, Awaited>();
  #lastId = 0;
  #ended: Error | undefined;

  /** `reply` answers what the other thread asks. */
  constructor(wire: Wire, reply: (question: Question) => Promise<unknown>) {
    this.#wire = wire;
    this.#reply = reply;
  }

  /** Rejects as the other thread's answer did, or with what the conversation was ended with. */
  ask(question: Question): Promise<unknown> {
    const { id, answer } = this.expect();
    this.#wire.send({ kind: "question", id, question });
    return answer;
  }

  /** The answer to a question that is asked by other means. */
  expect(): { readonly id: number; readonly answer: Promise<unknown> } {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise((resolve, reject) => {
      if (this.#ended === undefined) this.#awaited.set(id, { resolve, reject });
      else reject(this.#ended);
    });
    return { id, answer };
  }

  /** Answers a question that came by other means. */
  answer(id: number, value: () => unknown): void {
    try {
      this.#wire.send({ kind: "answer", id, value: value() });
    } catch (error) {
      this.#wire.send({ kind: "not_answered", id, error: toldError(error) });
    }
  }

  /** Takes a message that is a question or an answer; answers whether it was one. */
  take(message: WireMessage): boolean {
    if (message.kind === "question") void this.#replyTo(message.id, message.question);
    else if (message.kind === "answer") this.#settled(message.id)?.resolve(message.value);
    else if (message.kind === "not_answered")
      this.#settled(message.id)?.reject(errorOf(message.error));
    else return false;
    return true;
  }

  /** The other thread is gone. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#awaited.values()) reject(this.#ended);
    this.#awaited.clear();
  }

  #settled(id: number): Awaited | undefined {
    const awaited = this.#awaited.get(id);
    this.#awaited.delete(id);
    return awaited;
  }

  async #replyTo(id: number, question: Question): Promise<void> {
    try {
      this.#wire.send({ kind: "answer", id, value: await this.#reply(question) });
    } catch (error) {
      this.#wire.send({ kind: "not_answered", id, error: toldError(error) });
    }
  }
}
