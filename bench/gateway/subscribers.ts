import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { framePayload, maskedFrame, UPGRADE, upgradeEnd } from "./socket-dialogue.ts";

/** What the parent asks: so many subscribers of a book, who listen for so long once all of them have their snapshot. */
export interface Listening {
  readonly by: "subscription";
  readonly port: number;
  readonly subscribers: number;
  readonly seconds: number;
}

/** What they have heard in that time. */
export interface Heard {
  readonly updates: number;
  /** The fewest that one of them has heard. */
  readonly fewest: number;
  /** Updates that do not follow the one before, and connections that ended. */
  readonly lost: number;
}

const OPENED_AT_ONCE = 100;

/** Reads each subscriber's updates, and whether they follow one another. */
class Subscriber {
  updates = 0;
  lost = 0;
  readonly ready: Promise<void>;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isUpgraded = false;
  #seq = -1;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1" });
    const subscribe = { id: 1, op: "subscribe", channel: "book", market: "BTC-USDT" };
    this.#socket.write(UPGRADE);
    this.#socket.write(maskedFrame(JSON.stringify(subscribe)));
    this.ready = new Promise((resolve, reject) => {
      this.#socket.on("data", (chunk) => {
        this.#read(chunk);
        if (this.#seq >= 0) resolve();
      });
      this.#socket.on("error", reject);
      this.#socket.on("close", () => {
        this.lost += 1;
      });
    });
  }

  forget(): void {
    this.updates = 0;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await once(this.#socket, "close");
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let offset = 0;
    if (!this.#isUpgraded) {
      offset = upgradeEnd(this.#received);
      if (offset < 0) return;
      this.#isUpgraded = true;
    }
    for (;;) {
      const payload = framePayload(this.#received, offset);
      if (payload === undefined) break;
      this.#hear(payload.toString("latin1", 0, 200));
      offset = payload.byteOffset - this.#received.byteOffset + payload.length;
    }
    this.#received = this.#received.subarray(offset);
  }

  #hear(start: string): void {
    const [type] = /"type":"(\w+)"/.exec(start)?.slice(1) ?? [];
    const seq = Number(/"seq":(\d+)/.exec(start)?.[1] ?? -1);
    if (type === "update") {
      this.updates += 1;
      if (Number(/"prevSeq":(\d+)/.exec(start)?.[1] ?? -1) !== this.#seq) this.lost += 1;
    }
    if (type === "update" || type === "snapshot") this.#seq = seq;
  }
}

export const listen = async ({ port, subscribers, seconds }: Listening): Promise<Heard> => {
  const all: Subscriber[] = [];
  while (all.length < subscribers) {
    const some = Array.from(
      { length: Math.min(OPENED_AT_ONCE, subscribers - all.length) },
      () => new Subscriber(port),
    );
    await Promise.all(some.map(({ ready }) => ready));
    all.push(...some);
  }
  process.send?.("ready");
  for (const subscriber of all) subscriber.forget();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const updates = all.map((each) => each.updates);
  const lost = all.reduce((sum, each) => sum + each.lost, 0);
  await Promise.all(all.map((each) => each.close()));
  const total = updates.reduce((sum, each) => sum + each, 0);
  return { updates: total, fewest: Math.min(...updates), lost };
};
