import { once } from "node:events";
import { WebSocket } from "ws";

// biome-ignore lint/suspicious/noExplicitAny: tests look into any message
export type Message = any;

/** A WebSocket client that remembers what it hears, and waits for what it expects. */
export class WebSocketClient {
  readonly webSocket: WebSocket;
  readonly heard: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #read = 0;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on("message", (data) => {
      this.heard.push(JSON.parse(String(data)));
      for (const wake of [...this.#waiting]) wake();
    });
  }

  static async open(url: string): Promise<WebSocketClient> {
    const webSocket = new WebSocket(url);
    const client = new WebSocketClient(webSocket);
    await once(webSocket, "open");
    return client;
  }

  send(message: unknown): void {
    this.webSocket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message for which `wanted` holds; those before it are passed over. */
  async next(wanted: (message: Message) => boolean = () => true): Promise<Message> {
    const deadline = Date.now() + 5_000;
    for (;;) {
      while (this.#read < this.heard.length) {
        const message = this.heard[this.#read];
        this.#read += 1;
        if (wanted(message)) return message;
      }
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`expected another message, heard ${JSON.stringify(this.heard)}`);
      await this.#heardMore(left);
    }
  }

  async close(): Promise<void> {
    if (this.webSocket.readyState === WebSocket.CLOSED) return;
    this.webSocket.close();
    await once(this.webSocket, "close");
  }

  #heardMore(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.#waiting.add(wake);
    });
  }
}
