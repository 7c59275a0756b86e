import type { ChangeMarket, EngineCommand } from "../commands/command.ts";
import { writeCommand } from "../commands/command-codec.ts";
import { Engine, type EngineOptions } from "../engine.ts";
import type { EngineEvent } from "../events/event.ts";
import { RecordWriter } from "../record.ts";
import { EventLog } from "./event-log.ts";

const MARKET = 1;

/**
 * One market, told and asked in the notation of its trade.
 *
 *     "1 buys 5 @ 100"          account 1 rests or trades at 100 or better; "ioc" or "fok" may follow
 *     "1 buys 5"                at any price; "@ 100 worst" bounds it
 *     "1 buys for 500"          for as much as 500 of the quote asset pays for
 *     "1 cancels #3", "1 takes 2 off #3"
 */
export class NotedMarket {
  readonly engine: Engine;
  readonly #log: EventLog = new EventLog();

  constructor(
    rules: Partial<Extract<EngineCommand, { kind: "add_market" }>> = {},
    options: Omit<EngineOptions, "handler"> = {},
  ) {
    this.engine = new Engine({ handler: this.#log, ...options });
    this.#process({
      kind: "add_market",
      market: MARKET,
      maxPrice: 1_000_000,
      maxQuantity: 1_000_000,
      priceIncrement: 1,
      quantityIncrement: 1,
      minQuantity: 0,
      minNotional: 0,
      ...rules,
    });
  }

  /** Does what the notes say, one after the other, and tells what happened at the last. */
  do(...notes: string[]): string[] {
    return notes.map((note) => this.#process(parsed(note)).map(noted)).at(-1) ?? [];
  }

  /** Has the market ask other things; what is not named is 1 of increments, 0 of others. */
  change(rules: Partial<Omit<ChangeMarket, "kind" | "market">>): string[] {
    const change: ChangeMarket = {
      kind: "change_market",
      market: MARKET,
      priceIncrement: 1,
      quantityIncrement: 1,
      minQuantity: 0,
      minNotional: 0,
      collarBasisPoints: 0,
      bandBasisPoints: 0,
      onBreach: "expire",
      maxOpenOrders: 0,
      ...rules,
    };
    return this.perform(change);
  }

  /** Does any other command. */
  perform(command: EngineCommand): string[] {
    return this.#process(command).map(noted);
  }

  /** The book by level, from the worst bid over the spread to the worst ask: "99×5 100×3 | 102×1". */
  get book(): string {
    const [bids, asks] = ([0, 1] as const).map((side) =>
      this.engine.depth(MARKET, side).map(({ price, quantity }) => `${price}×${quantity}`),
    ) as [string[], string[]];
    return [...bids.reverse(), "|", ...asks].join(" ");
  }

  #process(command: EngineCommand): EngineEvent[] {
    const writer = new RecordWriter();
    writeCommand(writer, command);
    this.engine.process(writer.views, 0);
    this.engine.checkInvariants();
    return this.#log.take();
  }
}

const ORDER =
  /^(?<account>\d+) (?<side>buy|sell)s (?:for (?<budget>\d+)|(?<quantity>\d+))(?: @ (?<price>\d+)(?<worst> worst)?)?(?: (?<timeInForce>gtc|ioc|fok))?$/;
const CANCEL = /^(?<account>\d+) cancels #(?<orderId>\d+)$/;
const REDUCE = /^(?<account>\d+) takes (?<quantity>\d+) off #(?<orderId>\d+)$/;

const parsed = (note: string): EngineCommand => {
  const order = ORDER.exec(note)?.groups;
  if (order !== undefined) return placement(order);
  const kind = CANCEL.test(note) ? "cancel" : "reduce";
  const named = (CANCEL.exec(note) ?? REDUCE.exec(note))?.groups;
  if (named === undefined) throw new SyntaxError(`expected a note, was ${JSON.stringify(note)}`);
  return {
    kind,
    market: MARKET,
    account: Number(named["account"]),
    orderId: Number(named["orderId"]),
    quantity: Number(named["quantity"] ?? 0),
  };
};

const placement = (order: Record<string, string | undefined>): EngineCommand => {
  const isLimit = order["price"] !== undefined && order["worst"] === undefined;
  return {
    kind: "place",
    market: MARKET,
    account: Number(order["account"]),
    side: order["side"] as "buy" | "sell",
    type: isLimit ? "limit" : "market",
    timeInForce: (order["timeInForce"] ?? (isLimit ? "gtc" : "ioc")) as "gtc" | "ioc" | "fok",
    price: Number(order["price"] ?? 0),
    quantity: Number(order["quantity"] ?? 0),
    quoteQuantity: Number(order["budget"] ?? 0),
  };
};

/** An event in a few words. */
const noted = (event: EngineEvent): string => {
  switch (event.kind) {
    case "market_added":
      return `market ${event.market} added`;
    case "accepted":
      return `#${event.orderId} accepted`;
    case "rejected":
      return `rejected: ${event.code} (${event.field})`;
    case "trade":
      return `#${event.takerOrderId} takes ${event.quantity} @ ${event.price} from #${event.makerOrderId}`;
    case "done":
      return event.remaining === 0
        ? `#${event.orderId} ${event.reason}`
        : `#${event.orderId} ${event.reason}, ${event.remaining} left`;
    case "reduced":
      return `#${event.orderId} reduced by ${event.quantity}, ${event.remaining} left`;
    case "phase_changed":
      return `now ${event.phase}`;
    case "reference_price_set":
      return `goes by ${event.price}`;
    case "level_changed":
      return `${event.side} ${event.price}: ${event.quantity} of ${event.orders}`;
    default:
      return event.kind;
  }
};
