import type { HmacKey } from "../api-key.ts";
import { hmac } from "./clients.ts";
import { type Message, WebSocketClient } from "./web-socket-client.ts";

/** A subscription as it is asked for, without its op. */
export type Wish = Readonly<Record<string, string | number>> & { readonly channel: string };

/** A trader's client of `/v1/ws` that may leave and come back, and then goes on from what it heard last. */
export class StreamClient {
  /** All that it has heard of its channels, on all connections. */
  readonly heard: Message[] = [];
  readonly #key: HmacKey;
  readonly #wishes: readonly Wish[];
  #client: WebSocketClient | undefined;
  /** How many messages of the present connection were looked at. */
  #read = 0;

  constructor(key: HmacKey, wishes: readonly Wish[]) {
    this.#key = key;
    this.#wishes = wishes;
  }

  get isThere(): boolean {
    return this.#client !== undefined;
  }

  /** Connects, to any gateway of the venue, and goes on. Resolves when every channel has answered. */
  async come(url: string): Promise<void> {
    const client = await WebSocketClient.open(url);
    this.#client = client;
    this.#read = 0;
    const timestamp = String(Date.now());
    const signature = hmac(this.#key.secret, `${timestamp}GET/v1/ws`);
    client.send({ op: "auth", key: this.#key.apiKey, timestamp, signature });
    for (const wish of this.#wishes) {
      const fromSeq = this.lastSeq(wish.channel);
      client.send({ op: "subscribe", ...wish, ...(fromSeq === undefined ? {} : { fromSeq }) });
    }
    await this.settle();
  }

  /** Resolves when all that was sent before has come. */
  async settle(): Promise<void> {
    const id = `settled ${Math.random()}`;
    this.#client?.send({ op: "ping", id });
    await this.#client?.next((message) => message.id === id);
    this.#collect();
  }

  async leave(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    await client.close();
    this.#collect(client);
  }

  /** The connection broke; what had come is known. */
  broken(): void {
    this.#collect();
    this.#client?.webSocket.terminate();
    this.#client = undefined;
  }

  /** The messages of one channel. */
  of(channel: string, type?: string): Message[] {
    return this.heard.filter(
      (message) => message.channel === channel && (type === undefined || message.type === type),
    );
  }

  lastSeq(channel: string): number | undefined {
    return this.of(channel).findLast(({ seq }) => seq !== undefined)?.seq;
  }

  #collect(client: WebSocketClient | undefined = this.#client): void {
    if (client === undefined) return;
    const messages = client.heard.slice(this.#read);
    this.#read = client.heard.length;
    this.heard.push(
      ...messages.filter(({ type }) => ["snapshot", "update", "resync"].includes(type)),
    );
    const refused = messages.find(({ type }) => type === "error");
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  }
}
