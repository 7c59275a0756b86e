import { socketAddress } from "./exchange-address.ts";

export type ConnectionState =
  | { readonly is: "connecting" }
  | { readonly is: "live" }
  | { readonly is: "waiting"; readonly seconds: number };

export interface MarketStreamHandler {
  /** A message of one stream. */
  message(stream: string, data: Record<string, unknown>): void;
  state(state: ConnectionState): void;
  /** A new connection is open: whatever was known may have a gap. */
  opened(): void;
}

const LONGEST_WAIT_SECONDS = 15;
const PROBE_MS = 5_000;

/**
 * One WebSocket for all streams of the page. It reconnects with a growing wait, subscribes again by itself, and notices a
 * connection that is open but dead: a browser shows no ping frames, so it asks for its subscriptions and expects an answer.
 */
export class MarketStream {
  readonly #handler: MarketStreamHandler;
  readonly #address = socketAddress("stream").href;
  readonly #subscriptions = new Set<string>();
  #socket: WebSocket | undefined;
  #failures = 0;
  #heardAt = 0;
  #lastId = 0;

  constructor(handler: MarketStreamHandler) {
    this.#handler = handler;
    setInterval(() => this.#probe(), PROBE_MS);
    // Networks come back: don't wait out the backoff when the browser knows.
    window.addEventListener("online", () => {
      if (this.#socket === undefined) this.#connect();
    });
    this.#connect();
  }

  subscribe(streams: readonly string[]): void {
    const added = streams.filter((stream) => !this.#subscriptions.has(stream));
    for (const stream of added) this.#subscriptions.add(stream);
    if (added.length > 0) this.#send("SUBSCRIBE", added);
  }

  unsubscribe(streams: readonly string[]): void {
    const removed = streams.filter((stream) => this.#subscriptions.delete(stream));
    if (removed.length > 0) this.#send("UNSUBSCRIBE", removed);
  }

  #connect(): void {
    this.#handler.state({ is: "connecting" });
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#failures = 0;
      this.#heardAt = Date.now();
      if (this.#subscriptions.size > 0) this.#send("SUBSCRIBE", [...this.#subscriptions]);
      this.#handler.state({ is: "live" });
      this.#handler.opened();
    });
    socket.addEventListener("message", ({ data }) => {
      this.#heardAt = Date.now();
      const message = JSON.parse(data as string) as Record<string, unknown>;
      if (typeof message["stream"] !== "string") return;
      this.#handler.message(message["stream"], message["data"] as Record<string, unknown>);
    });
    socket.addEventListener("close", () => {
      if (this.#socket === socket) this.#waitAndConnect();
    });
  }

  #waitAndConnect(): void {
    this.#socket = undefined;
    let seconds = Math.min(2 ** this.#failures, LONGEST_WAIT_SECONDS);
    this.#failures += 1;
    const count = (): void => {
      if (this.#socket !== undefined) return;
      if (seconds <= 0) {
        this.#connect();
        return;
      }
      this.#handler.state({ is: "waiting", seconds });
      seconds -= 1;
      setTimeout(count, 1_000);
    };
    count();
  }

  #probe(): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.#heardAt > 3 * PROBE_MS) {
      this.#waitAndConnect();
      socket.close();
      return;
    }
    this.#send("LIST_SUBSCRIPTIONS", []);
  }

  #send(method: string, params: readonly string[]): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#lastId += 1;
    this.#socket.send(JSON.stringify({ method, params, id: this.#lastId }));
  }
}
