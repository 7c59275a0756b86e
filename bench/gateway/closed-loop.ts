import { connect, type Socket } from "node:net";

/** How orders are written to a connection, and answers read from it. */
export interface Dialogue {
  /** What is sent first, and answered once before any order is sent; undefined if nothing is. */
  readonly greeting: Buffer | undefined;
  /** The next order, ready to be sent; undefined when there are no more. */
  next(): Buffer | undefined;
  /** Where the answer that begins at `offset` ends, or -1 if it isn't all there. */
  answerEnd(bytes: Buffer, offset: number): number;
}

/**
 * One connection: as many orders under way as are allowed, another one for each that is answered. Sockets by hand: a client library
 * would cost more than the server that is measured.
 */
export const closedLoop = (
  port: number,
  outstanding: number,
  dialogue: Dialogue,
  answered: (latencyMs: number) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const loop = new Loop(socket, dialogue, answered, resolve);
    socket.on("connect", () => loop.begin(outstanding));
    socket.on("data", (chunk) => loop.read(chunk, outstanding));
    socket.on("error", reject);
    socket.on("end", () => reject(new Error("expected the server to keep the connection open")));
  });

class Loop {
  readonly #socket: Socket;
  readonly #dialogue: Dialogue;
  readonly #answered: (latencyMs: number) => void;
  readonly #done: () => void;
  /** When the orders under way were sent, the oldest first. */
  readonly #sentAt: number[] = [];
  #received: Buffer = Buffer.alloc(0);
  #isGreeted: boolean;

  constructor(
    socket: Socket,
    dialogue: Dialogue,
    answered: (latencyMs: number) => void,
    done: () => void,
  ) {
    this.#socket = socket;
    this.#dialogue = dialogue;
    this.#answered = answered;
    this.#done = done;
    this.#isGreeted = dialogue.greeting === undefined;
  }

  begin(outstanding: number): void {
    if (this.#dialogue.greeting === undefined) this.#send(outstanding);
    else this.#socket.write(this.#dialogue.greeting);
  }

  read(chunk: Buffer, outstanding: number): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const answers = this.#readAnswers();
    if (answers === 0) return;
    if (this.#isGreeted) this.#send(answers);
    else this.#send(outstanding);
    this.#isGreeted = true;
  }

  #readAnswers(): number {
    let [answers, offset] = [0, 0];
    for (;;) {
      const end = this.#dialogue.answerEnd(this.#received, offset);
      if (end < 0) break;
      offset = end;
      answers += 1;
      const sentAt = this.#sentAt.shift();
      if (sentAt !== undefined) this.#answered(performance.now() - sentAt);
    }
    this.#received = this.#received.subarray(offset);
    return answers;
  }

  #send(count: number): void {
    const orders: Buffer[] = [];
    while (orders.length < count) {
      const order = this.#dialogue.next();
      if (order === undefined) break;
      this.#sentAt.push(performance.now());
      orders.push(order);
    }
    if (orders.length > 0) this.#socket.write(Buffer.concat(orders));
    else if (this.#sentAt.length === 0) this.#socket.end(this.#done);
  }
}
