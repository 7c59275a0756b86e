import type { Principal } from "../authenticator.ts";
import { duplicateName } from "../json-literals.ts";
import type { Connection } from "../streaming/connection.ts";
import { Inbox } from "../streaming/inbox.ts";
import { KeyWatch } from "../streaming/key-watch.ts";
import type { RunningStreams, StreamOffer } from "../streaming/running-streams.ts";
import type { Subscription } from "../streaming/stream.ts";
import { type PrivateInputs, privateOffer } from "./channels/private-channel.ts";
import { timeText } from "./messages.ts";
import { callOf, type NativeServices } from "./native-services.ts";
import { ORDER_OPERATIONS } from "./order-operations.ts";
import {
  fieldDuplicate,
  internalError,
  marketUnknown,
  moreThanAtOnce,
  Problem,
  withinLimits,
} from "./problem.ts";
import {
  channelKey,
  channelOf,
  type PublicChannel,
  type PublicChannels,
} from "./public-channels.ts";
import {
  COUNTING_EACH,
  isCancel,
  type OrderOp,
  ordersIn,
  type SocketMessage,
  socketMessageSchema,
  validated,
} from "./schemas.ts";
import { authenticateClaim } from "./signature.ts";

type SubscriptionMessage = Extract<SocketMessage, { op: "subscribe" | "unsubscribe" }>;

type GuardMessage = Extract<SocketMessage, { op: "cancel_on_disconnect" }>;

type OrderMessage = Extract<SocketMessage, { op: OrderOp }>;

type PublicSubscription = Extract<SubscriptionMessage, { market: string }>;

type Subscribe = Extract<SocketMessage, { op: "subscribe" }>;

/** What a session receives of a channel. */
interface HeldChannel {
  /** What named it. */
  readonly name: object;
  readonly subscription: Subscription;
}

const DEFAULT_CONFLATION = 100;

/** A gateway may be a moment behind the one that told a client its last message: so long is waited for it. */
const CATCH_UP_MS = 1_000;
const CATCH_UP_STEP_MS = 20;

/** What a session works with. */
type StreamServices = NativeServices & PrivateInputs;

/** A client of `/v1/ws`: who it is, and what it receives. */
export class NativeSession {
  readonly #connection: Connection;
  readonly #services: StreamServices;
  readonly #channels: PublicChannels;
  readonly #streams: RunningStreams;
  readonly #held = new Map<string, HeldChannel>();
  readonly #onError: (error: unknown) => void;
  readonly #remoteAddress: string;
  #principal: Principal | undefined;
  #apiKey = "";
  readonly #keys: KeyWatch;
  /** The account whose orders end with the connection. */
  #guarded: number | undefined;

  constructor(
    connection: Connection,
    services: StreamServices,
    channels: PublicChannels,
    streams: RunningStreams,
    onError: (error: unknown) => void,
    remoteAddress: string,
  ) {
    this.#remoteAddress = remoteAddress;
    this.#connection = connection;
    this.#services = services;
    this.#channels = channels;
    this.#streams = streams;
    this.#onError = onError;
    this.#keys = new KeyWatch(connection, services.authenticator, onError);
    // One after the other: what follows an `auth` may rely on it.
    const inbox = new Inbox(connection, (text) => this.#hear(text));
    connection.onClose(() => {
      for (const { subscription } of this.#held.values()) subscription.end();
      this.#held.clear();
      // After what was sent before the end: an order that is still to be placed is cancelled, too.
      inbox.afterAll(() => void this.#cancelGuarded());
    });
  }

  /** Tells how far each channel has come, so that a client knows when it has missed something though nothing comes. */
  beat(): void {
    if (this.#held.size === 0 || this.#connection.isCongested) return;
    const channels = Array.from(this.#held.values(), ({ name, subscription }) => {
      return { ...name, seq: subscription.seq };
    });
    this.#send({ type: "heartbeat", at: timeText(this.#services.clock()), channels });
  }

  /** Answers what has to be waited for before the next message is heard; it doesn't reject. */
  #hear(text: string): Promise<void> | undefined {
    const message = parsed(text);
    const id = idOf(message);
    try {
      const asked = judged(message, text);
      const acting = this.#services.limits.areNone
        ? this.#act(asked, id)
        : this.#checkLimits(asked).then(() => this.#act(asked, id));
      return acting?.catch((error) => this.#refuse(error, id));
    } catch (error) {
      this.#refuse(error, id);
      return undefined;
    }
  }

  /** A cancel is not counted, once it is known whose it is; what can't be read is. */
  async #checkLimits(asked: SocketMessage | Problem): Promise<void> {
    const isReadable = !(asked instanceof Problem);
    if (isReadable && isCancel(asked.op as OrderOp) && this.#principal !== undefined) return;
    const { limits } = this.#services;
    const requests = isReadable ? requestsOf(asked) : 1;
    if (requests > limits.mostAtOnce) throw moreThanAtOnce(limits.mostAtOnce);
    withinLimits([
      ...(await limits.byAddress(this.#remoteAddress, requests)),
      ...(this.#apiKey === "" ? [] : await limits.byKey(this.#apiKey, requests)),
    ]);
  }

  #refuse(error: unknown, id: unknown): void {
    if (!(error instanceof Problem)) this.#onError(error);
    const problem = error instanceof Problem ? error : internalError();
    this.#send({ ...problem.document, type: "error", id });
  }

  /** Does what is asked, or throws what is wrong with it; answers what has to be waited for. */
  #act(asked: SocketMessage | Problem, id: unknown): Promise<void> | undefined {
    if (asked instanceof Problem) throw asked;
    switch (asked.op) {
      case "auth":
        return this.#authenticate(asked, id);
      case "subscribe":
        return this.#subscribe(asked, id);
      case "ping":
        this.#send({ type: "pong", id, at: timeText(this.#services.clock()) });
        return undefined;
      case "unsubscribe":
        this.#unsubscribe(asked, id);
        return undefined;
      case "cancel_on_disconnect":
        this.#guard(asked, id);
        return undefined;
      default:
        // Not waited for: orders are sent to the venue in the order in which they came, their answers are under way together.
        void this.#operate(asked, id);
        return undefined;
    }
  }

  /** Whether all orders of the account are cancelled when the connection ends, whoever ends it. */
  #guard({ enabled }: GuardMessage, id: unknown): void {
    const principal = this.#allowed("trade", "op");
    this.#guarded = enabled ? principal.account : undefined;
    this.#send({ type: "result", id, op: "cancel_on_disconnect", result: { enabled } });
  }

  async #cancelGuarded(): Promise<void> {
    if (this.#guarded === undefined) return;
    try {
      const cancelled = await this.#services.orders.cancelAll(this.#guarded);
      if (!cancelled.ok) this.#onError(new Error(`cancel on disconnect: ${cancelled.code}`));
    } catch (error) {
      this.#onError(error);
    }
  }

  async #operate({ op, body }: OrderMessage, id: unknown): Promise<void> {
    try {
      const call = callOf(this.#services, this.#allowed("trade", "op"));
      const { json } = await ORDER_OPERATIONS[op](call, body ?? {});
      this.#send({ type: "result", id, op, result: json });
    } catch (error) {
      this.#refuse(error, id);
    }
  }

  async #authenticate(message: Extract<SocketMessage, { op: "auth" }>, id: unknown): Promise<void> {
    if (this.#principal !== undefined) {
      throw new Problem(409, "already_authenticated", "op", "A connection is authenticated once.");
    }
    const { authenticator, clock } = this.#services;
    const principal = await authenticateClaim(
      { key: message.key, timestamp: String(message.timestamp), signature: message.signature },
      {
        method: "GET",
        path: this.#connection.path,
        body: "",
        address: this.#remoteAddress,
      },
      authenticator,
      clock(),
    );
    this.#principal = principal;
    this.#apiKey = message.key;
    this.#keys.watch(message.key);
    this.#send({ type: "authenticated", id, account: principal.name });
  }

  async #subscribe(message: Subscribe, id: unknown): Promise<void> {
    const key = this.#keyOf(message);
    if (this.#held.has(key)) {
      throw new Problem(409, "already_subscribed", "channel", "A channel is subscribed to once.");
    }
    const offer = this.#offerOf(message);
    const { id: _, op: __, ...channel } = message;
    await caughtUp(offer, message.fromSeq ?? 0);
    if (!this.#connection.open) return;
    // The answer first: the snapshot must not overtake the news that it will come.
    this.#send({ type: "subscribed", id, ...channel });
    const subscription = this.#streams.subscribe(offer, this.#connection, message.fromSeq);
    this.#held.set(key, { name: offer.head, subscription });
  }

  #unsubscribe(message: SubscriptionMessage, id: unknown): void {
    const key = this.#keyOf(message);
    const held = this.#held.get(key);
    if (held === undefined) {
      throw new Problem(409, "not_subscribed", "channel", "The channel was subscribed to.");
    }
    held.subscription.end();
    this.#held.delete(key);
    this.#send({ type: "unsubscribed", id, ...held.name });
  }

  #keyOf(message: SubscriptionMessage): string {
    return "market" in message ? channelKey(this.#publicChannel(message)) : message.channel;
  }

  #offerOf(message: Subscribe): StreamOffer {
    if ("market" in message) {
      const { conflateMs = DEFAULT_CONFLATION } = "conflateMs" in message ? message : {};
      return this.#channels.offer(this.#publicChannel(message), conflateMs);
    }
    const { account } = this.#allowed("read", "channel");
    return privateOffer(message.channel, account, this.#services);
  }

  #publicChannel(message: PublicSubscription): PublicChannel {
    const interval = "interval" in message ? message.interval : undefined;
    const channel = channelOf(this.#services.markets, message.channel, message.market, interval);
    if (channel === undefined) throw marketUnknown();
    return channel;
  }

  /** Who is at the other end, if that is known and the key has the permission. */
  #allowed(permission: Principal["permissions"][number], field: string): Principal {
    const principal = this.#principal;
    if (principal === undefined) {
      const rule = "The connection is authenticated: send auth.";
      throw new Problem(401, "not_authenticated", field, rule);
    }
    if (!principal.permissions.includes(permission)) {
      const rule = `The key has the permission "${permission}".`;
      throw new Problem(403, "permission_missing", field, rule);
    }
    return principal;
  }

  #send(message: object): void {
    this.#connection.sendText(JSON.stringify(message));
  }
}

/** Another gateway may have told more than this one has heard of yet. */
const caughtUp = async ({ source }: StreamOffer, fromSeq: number): Promise<void> => {
  for (let waited = 0; waited < CATCH_UP_MS; waited += CATCH_UP_STEP_MS) {
    if (source.number() >= fromSeq) return;
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_STEP_MS));
  }
};

const parsed = (text: string): object | undefined => {
  try {
    const message: unknown = JSON.parse(text);
    return message !== null && typeof message === "object" ? message : undefined;
  } catch {
    return undefined;
  }
};

/** What a message asks, or what is wrong with it. */
const judged = (message: object | undefined, text: string): SocketMessage | Problem => {
  if (message === undefined) {
    return new Problem(400, "message_malformed", "", "Each message is one JSON object.");
  }
  const twice = duplicateName(text);
  if (twice !== undefined) return fieldDuplicate(twice);
  try {
    return validated(socketMessageSchema, message);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

const requestsOf = (asked: SocketMessage): number =>
  COUNTING_EACH.has(asked.op as OrderOp) && "body" in asked ? ordersIn(asked.body) : 1;

/** The id goes back with the answer, if it is one. */
const idOf = (message: object | undefined): string | number | null => {
  const id = (message as { id?: unknown } | undefined)?.id;
  return typeof id === "string" || typeof id === "number" ? id : null;
};
