import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { Connection } from "./connection.ts";

const PING_EVERY_MS = 20_000;
/** Unanswered pings before a connection counts as dead: one minute. */
const PINGS_UNANSWERED = 3;
const MAX_MESSAGE_BYTES = 1_048_576;
/** How long clients have to answer the closing handshake when the gateway stops. */
const GOODBYE_MS = 1_000;

/** Accepts WebSocket connections and keeps them alive. */
export class SocketHost {
  /** No compression: it costs 300 kB a connection and makes every subscriber's frame its own. */
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  readonly #connections = new Set<Connection>();
  readonly #heartbeat = setInterval(() => this.#checkAlive(), PING_EVERY_MS).unref();

  get connections(): number {
    return this.#connections.size;
  }

  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    opened: (connection: Connection) => void,
  ): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, socket, request.url ?? "/");
      this.#connections.add(connection);
      connection.onClose(() => this.#connections.delete(connection));
      opened(connection);
    });
  }

  /** Says goodbye to every client (1001, "going away") and waits until they are gone, a second at most. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    const gone = [...this.#connections].map(
      (connection) => new Promise<void>((resolve) => connection.onClose(resolve)),
    );
    for (const connection of this.#connections) connection.close(1001, "the server is stopping");
    const impatience = setTimeout(() => {
      for (const connection of this.#connections) connection.terminate();
    }, GOODBYE_MS);
    await Promise.all(gone);
    clearTimeout(impatience);
    this.#server.close();
  }

  #checkAlive(): void {
    for (const connection of this.#connections) connection.checkAlive(PINGS_UNANSWERED);
  }
}

/** Refuses an upgrade with an ordinary HTTP answer. */
export const refuseUpgrade = (
  socket: Duplex,
  status: "400 Bad Request" | "404 Not Found" | "503 Service Unavailable",
  body: string,
): void => {
  socket.on("error", () => {});
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json;charset=UTF-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};
