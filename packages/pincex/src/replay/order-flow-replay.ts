import {
  Engine,
  EventKind,
  type EventRegister,
  invariant,
  OrderType,
  Side,
  type SideName,
  TimeInForce,
} from "@pincex/engine";
import {
  HIGHEST_PRICE,
  LARGEST_SIZE,
  type LobsterMessage,
  type LobsterMessageKind,
} from "./lobster-message.ts";

/** What a replay has met, and what stands in the book at its end. Prices in dollars × 10,000, sizes in shares. */
export interface ReplaySummary {
  readonly messages: number;
  readonly byKind: Readonly<Record<LobsterMessageKind, number>>;
  /** Orders that were resting before the file began, or came in from where it does not look: first seen when changed. */
  readonly restingBefore: number;
  /** Resting orders that a later message proves gone: the file does not say when, so they were withdrawn by then. */
  readonly provenGone: number;
  /** Executions of an order that was not the first of its queue: taken off it without a trade. */
  readonly outOfTurn: number;
  /** Messages that disagree with what earlier ones said about their order. The later message is believed. */
  readonly contradictions: number;
  /** What the engine matched. */
  readonly trades: number;
  readonly volume: number;
  readonly notional: bigint;
  /** Shares executed against orders that nobody could see. */
  readonly hiddenVolume: number;
  readonly bestBid: { readonly price: number; readonly quantity: number };
  readonly bestAsk: { readonly price: number; readonly quantity: number };
  readonly stateHash: string;
}

/** An order by its reference number in the recording. */
export interface RecordedOrder {
  readonly id: number;
  readonly side: SideName;
  readonly price: number;
  readonly size: number;
}

/** What a replay asks of its engine. Sizes in shares; orders by the engine's numbers, which count up from 1. */
export type ReplayCommand =
  | {
      readonly kind: "rest" | "take";
      readonly orderId: number;
      readonly side: SideName;
      readonly price: number;
      readonly size: number;
    }
  | { readonly kind: "reduce"; readonly orderId: number; readonly size: number }
  | { readonly kind: "cancel"; readonly orderId: number };

const MARKET = 1;
// The recording names no accounts: one stands for all who rest, one for all who take.
const MAKERS = 1;
const TAKERS = 2;
const { limit: LIMIT } = OrderType;
const { gtc: GTC, ioc: IOC } = TimeInForce;

/**
 * Drives recorded order flow through the engine, message by message, so that it is our matching that executes.
 *
 * - A submission is a limit order. If it rests in the recording, nothing on the other side stood at its price or
 *   better: what still does so in our book is gone, and is withdrawn first.
 * - An execution is an immediate-or-cancel order of the other side, at the named order's price, for the size executed.
 *   Orders at better prices are proven gone by it. It must trade with the named order alone; where that is not the
 *   first of its queue, the size is taken off it instead, so that the book stays the recorded one.
 * - A partial cancellation reduces an order, which keeps its place; a deletion cancels it.
 * - Hidden executions, cross trades and halts change no book and are counted.
 * - An order that is first seen when it changes was resting before: it is entered then, as large as the message says.
 *   More cannot be known from what has been read, and it errs by the rest of that one order, behind its level's others.
 */
export class OrderFlowReplay {
  readonly engine: Engine;
  /** Order numbers of the engine by reference numbers of the recording; some may have gone from the book. */
  readonly #orderIds: Map<number, number> = new Map();
  readonly #byKind: Record<LobsterMessageKind, number> = {
    submission: 0,
    partial_cancellation: 0,
    deletion: 0,
    execution: 0,
    hidden_execution: 0,
    cross_trade: 0,
    halt: 0,
  };
  /** Orders that rested before: what a message tells of one goes with that message, and there may be more of it. */
  readonly #partlyKnown: Set<number> = new Set();
  #messages = 0;
  #restingBefore = 0;
  #provenGone = 0;
  #outOfTurn = 0;
  #contradictions = 0;
  #trades = 0;
  #volume = 0;
  #notional = 0n;
  #hiddenVolume = 0;
  /** The only order that may trade now, and how much of it has. */
  #executing = 0;
  #executed = 0;

  readonly #onCommand: (command: ReplayCommand) => void;

  /** `onCommand` hears what the engine is asked, in order: another that is asked the same does the same. */
  constructor({ onCommand = () => {} }: { onCommand?: (command: ReplayCommand) => void } = {}) {
    this.#onCommand = onCommand;
    this.engine = new Engine({ handler: { event: (event) => this.#follow(event) } });
    this.engine.addMarket(MARKET, HIGHEST_PRICE, LARGEST_SIZE, 1, 1, 1, 0);
  }

  /** How many messages have been replayed. */
  get messages(): number {
    return this.#messages;
  }

  replay(message: LobsterMessage): void {
    this.#messages += 1;
    this.#byKind[message.kind] += 1;
    switch (message.kind) {
      case "submission":
        if (this.#isResting(message.id)) this.#contradict(message.id);
        this.rest(message);
        return;
      case "partial_cancellation":
        this.#takeOff(this.#named(message), message.size);
        return;
      case "deletion":
        this.#delete(message);
        return;
      case "execution":
        this.#execute(message);
        return;
      case "hidden_execution":
        this.#hiddenVolume += message.size;
        return;
      case "cross_trade":
      case "halt":
        return;
    }
  }

  /** Enters an order that rests. What the other side still has at its price or better is proven gone. */
  rest(order: RecordedOrder): void {
    this.#withdrawCrossedBy(order);
    const { side, price, size } = order;
    const orderId = this.engine.place(MARKET, MAKERS, Side[side], LIMIT, GTC, price, size, 0);
    this.#onCommand({ kind: "rest", orderId, side, price, size });
    this.#orderIds.set(order.id, orderId);
  }

  /** Takes everything out of the book. */
  clear(): void {
    for (const side of [Side.buy, Side.sell]) {
      while (this.engine.best(MARKET, side) !== 0) this.#cancel(this.#first(side).orderId);
    }
    this.#orderIds.clear();
  }

  /** The best price of a side and all that rests there; both are 0 if nothing does. */
  best(side: SideName): { price: number; quantity: number } {
    const [level] = this.engine.depth(MARKET, Side[side], 1);
    return { price: level?.price ?? 0, quantity: level?.quantity ?? 0 };
  }

  summary(): ReplaySummary {
    return {
      messages: this.#messages,
      byKind: { ...this.#byKind },
      restingBefore: this.#restingBefore,
      provenGone: this.#provenGone,
      outOfTurn: this.#outOfTurn,
      contradictions: this.#contradictions,
      trades: this.#trades,
      volume: this.#volume,
      notional: this.#notional,
      hiddenVolume: this.#hiddenVolume,
      bestBid: this.best("buy"),
      bestAsk: this.best("sell"),
      stateHash: this.engine.stateHash(),
    };
  }

  #execute(message: LobsterMessage): void {
    const orderId = this.#named(message);
    const side = Side[message.side];
    this.#withdrawBetterThan(message);
    if (this.#first(side).orderId !== orderId) {
      this.#outOfTurn += 1;
      this.#takeOff(orderId, message.size);
      return;
    }
    this.#executing = orderId;
    this.#executed = 0;
    const { price, size } = message;
    const taker = this.engine.place(MARKET, TAKERS, 1 - side, LIMIT, IOC, price, size, 0);
    const taking = message.side === "buy" ? "sell" : "buy";
    this.#onCommand({ kind: "take", orderId: taker, side: taking, price, size });
    invariant(this.#executed === size, "an execution trades the size that was recorded");
    this.#executing = 0;
  }

  #delete(message: LobsterMessage): void {
    const orderId = this.#named(message);
    if (this.#remaining(orderId) !== message.size) this.#contradictions += 1;
    this.#cancel(orderId);
    this.#orderIds.delete(message.id);
  }

  /** The engine's number of the order that a message is about: entered now, unless it rests as the message has it. */
  #named(message: LobsterMessage): number {
    const known = this.#orderIds.get(message.id);
    if (known === undefined) {
      this.#restingBefore += 1;
      this.#partlyKnown.add(message.id);
    } else if (this.#agrees(known, message)) {
      return known;
    } else if (!this.#partlyKnown.has(message.id)) {
      this.#contradict(message.id);
    }
    this.rest(message);
    return this.#orderIds.get(message.id) as number;
  }

  #agrees(orderId: number, { side, price, size }: LobsterMessage): boolean {
    const order = this.engine.order(orderId);
    return order?.side === side && order.price === price && order.remaining >= size;
  }

  #contradict(id: number): void {
    this.#contradictions += 1;
    const orderId = this.#orderIds.get(id) as number;
    if (this.#remaining(orderId) > 0) this.#cancel(orderId);
  }

  #isResting(id: number): boolean {
    return this.#remaining(this.#orderIds.get(id) ?? 0) > 0;
  }

  #remaining(orderId: number): number {
    return this.engine.order(orderId)?.remaining ?? 0;
  }

  #takeOff(orderId: number, size: number): void {
    if (this.#remaining(orderId) === size) {
      this.#cancel(orderId);
      return;
    }
    this.engine.reduce(MARKET, MAKERS, orderId, size);
    this.#onCommand({ kind: "reduce", orderId, size });
  }

  #cancel(orderId: number): void {
    this.engine.cancel(MARKET, MAKERS, orderId);
    this.#onCommand({ kind: "cancel", orderId });
  }

  #withdrawCrossedBy({ side, price }: RecordedOrder): void {
    const other = 1 - Side[side];
    this.#withdrawWhile(other, (best) => (side === "buy" ? best <= price : best >= price));
  }

  #withdrawBetterThan({ side, price }: RecordedOrder): void {
    this.#withdrawWhile(Side[side], (best) => (side === "buy" ? best > price : best < price));
  }

  #withdrawWhile(side: number, isGone: (bestPrice: number) => boolean): void {
    for (
      let best = this.engine.best(MARKET, side);
      best !== 0 && isGone(best);
      best = this.engine.best(MARKET, side)
    ) {
      this.#provenGone += 1;
      this.#cancel(this.#first(side).orderId);
    }
  }

  #first(side: number): { orderId: number } {
    const [first] = this.engine.restingOrders(MARKET, side);
    invariant(first !== undefined, "a side with a best price has a first order");
    return first;
  }

  #follow(event: EventRegister): void {
    invariant(event.kind !== EventKind.rejected, "the engine refuses no message that was read");
    if (event.kind !== EventKind.trade) return;
    invariant(
      event.makerOrderId === this.#executing,
      "only the order that the message names trades",
    );
    this.#executed += event.quantity;
    this.#trades += 1;
    this.#volume += event.quantity;
    this.#notional += BigInt(event.price * event.quantity);
  }
}
