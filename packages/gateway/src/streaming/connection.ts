import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { textFrame } from "./text-frame.ts";

/** More than this waiting to be sent, and the connection is closed: 1 MiB, minutes of a busy book. */
export const MAX_QUEUED_BYTES = 1_048_576;

/** More than this waiting to be sent, and streams that can be taken up again pause until all of it is gone: 256 KiB. */
export const CONGESTED_BYTES = 262_144;

/** How long a client may leave a stream paused before the connection is closed. */
export const MAX_PAUSE_MS = 30_000;

/** Close codes of ours, from the range that RFC 6455 leaves to applications. */
export const CloseCode = { keyEnded: 4001, slowConsumer: 4008 } as const;

/**
 * One client on a WebSocket.
 *
 * Frames are written to the socket as they are: `ws` has negotiated no compression and writes whole frames itself, so
 * the two never interleave within a frame.
 */
export class Connection {
  /** Path and query of the request that opened it, exactly as sent. */
  readonly path: string;
  readonly #webSocket: WebSocket;
  readonly #wire: Duplex;
  #corked = false;
  #pongsMissed = 0;
  readonly #waitingForDrain: (() => void)[] = [];
  #impatience: NodeJS.Timeout | undefined;

  constructor(webSocket: WebSocket, wire: Duplex, path: string) {
    this.path = path;
    this.#webSocket = webSocket;
    this.#wire = wire;
    // Protocol errors and resets close the socket by themselves; unheard, they would end the process.
    webSocket.on("error", () => {});
    webSocket.once("close", () => clearTimeout(this.#impatience));
    webSocket.on("pong", () => {
      this.#pongsMissed = 0;
    });
  }

  get open(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN;
  }

  /** Bytes that the client has not taken yet. */
  get queuedBytes(): number {
    return this.#wire.writableLength;
  }

  /** Sends a frame that may be shared with others. A client that is too far behind is closed with 4008. */
  send(frame: Buffer): void {
    if (!this.open) return;
    if (this.queuedBytes > MAX_QUEUED_BYTES) {
      this.close(CloseCode.slowConsumer, "slow consumer: more than 1 MiB was waiting");
      return;
    }
    this.#corkForThisTurn();
    this.#wire.write(frame);
  }

  /** Whether more waits than a stream that can be taken up again should add to. */
  get isCongested(): boolean {
    return this.queuedBytes > CONGESTED_BYTES;
  }

  /** Calls back once nothing waits any more. A client that does not take what waits in 30 s is closed with 4008. */
  onceDrained(listener: () => void): void {
    this.#waitingForDrain.push(listener);
    if (this.#waitingForDrain.length > 1) return;
    this.#impatience = setTimeout(
      () => this.close(CloseCode.slowConsumer, "slow consumer: nothing was taken for 30 s"),
      MAX_PAUSE_MS,
    ).unref();
    this.#wire.once("drain", () => {
      clearTimeout(this.#impatience);
      for (const waiting of this.#waitingForDrain.splice(0)) waiting();
    });
  }

  sendText(text: string): void {
    this.send(textFrame(text));
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /** Hears each text message; a binary one is refused by closing, as RFC 6455 has it. Once we have closed, nothing is heard: the client may not know yet. */
  onText(listener: (text: string) => void): void {
    this.#webSocket.on("message", (data, isBinary) => {
      if (!this.open) return;
      if (isBinary) this.close(1003, "only text messages are understood");
      else listener(String(data));
    });
  }

  /** Reads no more, until it is told to: what has been read already is still heard. */
  pause(): void {
    this.#webSocket.pause();
  }

  /** Reads on, if it was paused. */
  resume(): void {
    if (this.#webSocket.isPaused) this.#webSocket.resume();
  }

  onClose(listener: () => void): void {
    this.#webSocket.once("close", listener);
  }

  /** Asks for a sign of life. After `limit` unanswered questions, the connection is cut. */
  checkAlive(limit: number): void {
    if (this.#pongsMissed >= limit) {
      this.terminate();
      return;
    }
    this.#pongsMissed += 1;
    if (this.open) this.#webSocket.ping();
  }

  /** A batch of trades causes many frames in one turn; corked, they cost one write to the kernel. */
  #corkForThisTurn(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#wire.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#wire.uncork();
    });
  }
}
