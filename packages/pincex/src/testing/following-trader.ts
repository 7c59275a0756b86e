import { createHmac } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import type { DemoKey } from "../exchange/demo-keys.ts";

interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
}

interface Balance {
  readonly asset: string;
  readonly total: string;
  readonly held: string;
  readonly available: string;
}

/** A message of a private channel; what else there is in others is not looked at. */
interface Message {
  readonly type: string;
  readonly id?: string | number | null;
  readonly code?: string;
  readonly channel?: "fills" | "balances";
  readonly seq?: number;
  readonly prevSeq?: number;
  readonly fills?: readonly Fill[];
  readonly balances?: readonly Balance[];
}

const CHANNELS = ["fills", "balances"] as const;
const FOLLOWED = { id: "followed", op: "ping" };

/** Knows its fills and balances from `/v1/ws` alone, and goes on from the last number when the exchange was away. */
export class FollowingTrader {
  readonly fills = new Map<string, Fill>();
  readonly balances = new Map<string, Balance>();
  /** How often it was told that what it missed is not known any more. */
  resyncs = 0;
  readonly #key: DemoKey;
  readonly #seqs = new Map<string, number>();
  #socket: WebSocket | undefined;

  constructor(key: DemoKey) {
    this.#key = key;
  }

  /** Connects to the exchange at an address and goes on; resolves when it has been told all that was. */
  async follow(address: string): Promise<void> {
    const socket = new WebSocket(`${address.replace("http", "ws")}/v1/ws`);
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("message", (data) => this.#hear(JSON.parse(String(data)) as Message));
    await once(socket, "open");
    const timestamp = String(Date.now());
    const { apiKey: key, secret } = this.#key;
    const signature = createHmac("sha256", secret).update(`${timestamp}GET/v1/ws`).digest("hex");
    this.#send({ op: "auth", key, timestamp, signature });
    for (const channel of CHANNELS) {
      const fromSeq = this.#seqs.get(channel);
      this.#send({ op: "subscribe", channel, ...(fromSeq === undefined ? {} : { fromSeq }) });
    }
    await this.toldAll();
  }

  /** Resolves when it has heard of all that the gateway knew when it was asked. */
  async toldAll(): Promise<void> {
    const socket = this.#socket as WebSocket;
    const heard = new Promise<void>((resolve) => {
      const listen = (data: unknown): void => {
        if ((JSON.parse(String(data)) as Message).id !== FOLLOWED.id) return;
        socket.off("message", listen);
        resolve();
      };
      socket.on("message", listen);
    });
    this.#send(FOLLOWED);
    await heard;
  }

  leave(): void {
    this.#socket?.terminate();
  }

  #hear({ type, code, channel, seq, prevSeq, fills = [], balances = [] }: Message): void {
    if (type === "error") throw new Error(`refused: ${code}`);
    if (type === "resync") this.resyncs += 1;
    if (channel === undefined || seq === undefined) return;
    if (type === "update" && prevSeq !== this.#seqs.get(channel)) {
      throw new Error(`expected ${channel} after ${this.#seqs.get(channel)}, was after ${prevSeq}`);
    }
    this.#seqs.set(channel, seq);
    for (const fill of fills) this.fills.set(`${fill.tradeId} ${fill.orderId}`, fill);
    for (const { asset, total, held, available } of balances) {
      this.balances.set(asset, { asset, total, held, available });
    }
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
