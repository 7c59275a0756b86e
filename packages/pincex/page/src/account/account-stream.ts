import { socketAddress } from "../exchange-address.ts";
import type { AccountBook } from "./account-book.ts";
import type { Balance, Fill, Order } from "./holdings.ts";
import type { Problem } from "./problem.ts";
import type { SignedRequests } from "./signed-requests.ts";

export interface AccountStreamHandler {
  /** The channels are on: from here on everything is told. */
  live(): void;
  /** There is no connection; another one will be tried. */
  lost(): void;
  /** The exchange does not know the key or the session, or the signature is wrong. */
  refused(problem: Problem): void;
}

type Channel = "orders" | "fills" | "balances";
const CHANNELS: readonly Channel[] = ["orders", "fills", "balances"];

interface Message extends Partial<Record<Channel, readonly unknown[]>> {
  readonly type: string;
  readonly channel?: Channel;
  readonly seq?: number;
  readonly prevSeq?: number;
  readonly code?: string;
}

/** What no further try mends, unless another key can be had. */
const FINAL: ReadonlySet<string> = new Set([
  "api_key_unknown",
  "signature_invalid",
  "session_invalid",
]);

const LONGEST_WAIT_SECONDS = 15;
const PING_MS = 5_000;

/**
 * Follows the private channels into the book of the account. Each begins with a snapshot; a new connection goes on after the last number of
 * the one before, where the exchange still knows what came then. A connection that has gone quiet is a reason to connect again, an
 * update that does not follow what came before it to start over.
 */
export class AccountStream {
  readonly #requests: SignedRequests;
  readonly #book: AccountBook;
  readonly #handler: AccountStreamHandler;
  /** The number of each channel's last message. */
  readonly #last = new Map<Channel, number>();
  /** The channels that go on, on this connection. */
  readonly #begun = new Set<Channel>();
  readonly #pinging = setInterval(() => this.#ping(), PING_MS);
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #heardAt = 0;

  constructor(requests: SignedRequests, book: AccountBook, handler: AccountStreamHandler) {
    this.#requests = requests;
    this.#book = book;
    this.#handler = handler;
    this.#connect();
  }

  close(): void {
    clearInterval(this.#pinging);
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #connect(): void {
    const address = socketAddress("v1/ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#begun.clear();
    socket.addEventListener("open", () => {
      this.#heardAt = Date.now();
      this.#requests.claim("GET", address).then(
        (claim) => {
          if (claim.ok) this.#send(socket, { op: "auth", ...claim.json });
          else this.#refuse(socket, claim.problem);
        },
        () => socket.close(),
      );
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket !== socket) return;
      this.#heardAt = Date.now();
      this.#hear(socket, JSON.parse(data as string) as Message);
    });
    socket.addEventListener("close", () => {
      if (this.#socket === socket) this.#connectLater();
    });
  }

  #connectLater(): void {
    this.#socket = undefined;
    this.#handler.lost();
    const seconds = Math.min(2 ** this.#failures, LONGEST_WAIT_SECONDS);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), seconds * 1_000);
  }

  #hear(socket: WebSocket, message: Message): void {
    if (message.type === "authenticated") {
      for (const channel of CHANNELS) {
        this.#send(socket, { op: "subscribe", channel, fromSeq: this.#last.get(channel) });
      }
    } else if (message.type === "subscribed" && message.channel !== undefined) {
      this.#begin(message.channel);
    } else if (message.type === "error") {
      this.#refuse(socket, message as unknown as Problem);
    } else if (message.channel !== undefined && message.seq !== undefined) {
      this.#take(socket, message.channel, message);
    }
  }

  /** With a snapshot, or with what was missed: either comes right after. */
  #begin(channel: Channel): void {
    this.#begun.add(channel);
    if (this.#begun.size < CHANNELS.length) return;
    this.#failures = 0;
    this.#handler.live();
  }

  #refuse(socket: WebSocket, problem: Problem): void {
    if (this.#requests.mend(problem) || !FINAL.has(problem.code)) {
      socket.close();
      return;
    }
    this.close();
    this.#handler.refused(problem);
  }

  #take(socket: WebSocket, channel: Channel, message: Message): void {
    const { type, seq = 0, prevSeq } = message;
    const items = message[channel];
    if (items === undefined) return;
    if (type === "update" && prevSeq !== this.#last.get(channel)) {
      this.#last.clear();
      socket.close();
      return;
    }
    this.#last.set(channel, seq);
    this.#keep(channel, type === "snapshot", seq, items);
  }

  #keep(channel: Channel, isSnapshot: boolean, seq: number, items: readonly unknown[]): void {
    switch (channel) {
      case "orders":
        if (isSnapshot) this.#book.setOpenOrders(seq, items as readonly Order[]);
        else this.#book.addOrders(items as readonly Order[]);
        break;
      case "fills":
        this.#book.addFills(items as readonly Fill[]);
        break;
      case "balances":
        this.#book.addBalances(seq, items as readonly Balance[]);
    }
  }

  #ping(): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    // A browser shows no ping frames: so it asks, and expects an answer.
    if (Date.now() - this.#heardAt > 3 * PING_MS) {
      this.#connectLater();
      socket.close();
    } else this.#send(socket, { op: "ping" });
  }

  #send(socket: WebSocket, message: object): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }
}
