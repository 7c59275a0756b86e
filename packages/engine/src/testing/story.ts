import type {
  ChangeMarket,
  ContingencyName,
  EngineCommand,
  Place,
  PriceBand,
  SetAllocation,
  SizingName,
} from "../commands/command.ts";
import type { Conditions } from "../conditions/conditions.ts";
import type { Activated, AllocationSet, EngineEvent, Rejected } from "../events/event.ts";
import type { Refusal, Withdrawal } from "./reference-engine.ts";
import type { MakesEngine, ToldEngine } from "./told-engine.ts";

const MARKET = 1;
/** Nothing happens there, but it was there first: what goes by the first market's rows and sides is wrong in the story's. */
const OTHER_MARKET = 2;

/**
 * A story of one market, told to an engine in the notation of its trade, and what it answers in a few words.
 *
 *     place("1 buys 5 @ 100")                account 1, gtc; "day", "gtd", "ioc", "fok", "at_open" or "at_close" may follow
 *     place("1 buys 5")                      at any price, ioc
 *     place("1 buys 5 to limit")             market-to-limit, gtc
 *     place("1 buys for 500")                for as much as 500 of the quote asset pays for
 *     place("1 buys received @ 100")         of a list's pending order: what its working order has received
 */
export class Story {
  readonly engine: ToldEngine;

  constructor(makesEngine: MakesEngine, refuse?: Refusal, withdraw?: Withdrawal) {
    this.engine = makesEngine(refuse, withdraw);
    for (const market of [OTHER_MARKET, MARKET]) {
      this.do({
        kind: "add_market",
        market,
        maxPrice: 1_000,
        maxQuantity: 1_000,
        priceIncrement: 1,
        quantityIncrement: 1,
        minQuantity: 0,
        minNotional: 0,
      });
    }
  }

  do(command: EngineCommand): string[] {
    return this.engine.process(command).map(noted);
  }

  place(note: string, conditions: Conditions = {}): string[] {
    return this.do(placement(note, conditions));
  }

  /** A list, of legs of one account as they would be placed. */
  list(
    contingency: ContingencyName,
    legs: readonly (readonly [note: string, conditions?: Conditions])[],
    sizing: SizingName = "fixed",
  ): string[] {
    const placed = legs.map(([note, conditions = {}]) => placement(note, conditions));
    const account = placed[0]?.account ?? 0;
    return this.do({
      kind: "place_list",
      market: MARKET,
      account,
      contingency,
      sizing,
      legs: placed.map(({ kind: _, market: __, account: ___, ...leg }) => leg),
    });
  }

  replace(
    orderId: number,
    onFailure: "stop" | "allow",
    note: string,
    conditions: Conditions = {},
  ): string[] {
    return this.do({ ...placement(note, conditions), kind: "replace", orderId, onFailure });
  }

  amend(account: number, orderId: number, quantity: number, price: number): string[] {
    return this.do({ kind: "amend", market: MARKET, account, orderId, price, quantity });
  }

  reduce(account: number, orderId: number, quantity: number): string[] {
    return this.do({ kind: "reduce", market: MARKET, account, orderId, quantity });
  }

  cancel(account: number, orderId: number): string[] {
    return this.do({ kind: "cancel", market: MARKET, account, orderId });
  }

  cancelByClientId(account: number, clientOrderId: number): string[] {
    return this.do({ kind: "cancel_by_client_id", market: MARKET, account, clientOrderId });
  }

  increments(...bands: PriceBand[]): string[] {
    return this.do({ kind: "set_price_increments", market: MARKET, bands });
  }

  phase(phase: Extract<EngineCommand, { kind: "set_phase" }>["phase"]): string[] {
    return this.do({ kind: "set_phase", market: MARKET, phase });
  }

  allocate(
    allocation: SetAllocation["allocation"],
    steps: Partial<Omit<SetAllocation, "kind" | "market" | "allocation">> = {},
  ): string[] {
    return this.do({
      kind: "set_allocation",
      market: MARKET,
      allocation,
      minimumShare: 0,
      fifoPercent: 0,
      ...steps,
    });
  }

  mark(price: number): string[] {
    return this.do({ kind: "set_mark_price", market: MARKET, price });
  }

  reference(price: number): string[] {
    return this.do({ kind: "set_reference_price", market: MARKET, price });
  }

  /** What is not named is 1 of increments, 0 of others. */
  change(rules: Partial<Omit<ChangeMarket, "kind" | "market">>): string[] {
    return this.do({
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
    });
  }

  time(time: number): string[] {
    return this.do({ kind: "advance_time", time });
  }

  /** A trade at a price, of orders that are then gone. */
  tradeAt(price: number): string[] {
    this.place(`8 sells 1 @ ${price}`);
    return this.place(`9 buys 1 @ ${price}`);
  }

  /** What everybody sees, from the worst bid over the spread to the worst ask: "99×5 100×3 | 102×1". */
  get book(): string {
    const [bids, asks] = (["buy", "sell"] as const).map((side) =>
      this.engine.depth(MARKET, side).map(({ price, quantity }) => `${price}×${quantity}`),
    );
    return [...(bids ?? []).reverse(), "|", ...(asks ?? [])].join(" ");
  }

  /** Ids in the order in which they would trade. */
  queue(side: "buy" | "sell"): number[] {
    return this.engine.restingOrders(MARKET, side).map(({ orderId }) => orderId);
  }

  /** Ids of what is open, with the trigger of those that wait: "#1", "#2 waits for 105", "#3 pending in #1". */
  get open(): string[] {
    return this.engine.openOrders(MARKET).map(({ orderId, state, triggerPrice, listId }) => {
      const waits = state === "waiting" ? ` waits for ${triggerPrice}` : "";
      const pends = state === "pending" ? " pending" : "";
      return `#${orderId}${waits}${pends}${listId === 0 ? "" : ` in #${listId}`}`;
    });
  }
}

const ORDER =
  /^(?<account>\d+) (?<side>buy|sell)s (?:for (?<budget>\d+)|(?<quantity>\d+)|received)(?: @ (?<price>\d+))?(?<toLimit> to limit)?(?: (?<timeInForce>gtc|day|gtd|ioc|fok|at_open|at_close))?$/;

/** What a note and conditions ask for. */
export const placement = (note: string, conditions: Conditions): Place => {
  const order = ORDER.exec(note)?.groups;
  if (order === undefined) throw new SyntaxError(`expected a note, was ${JSON.stringify(note)}`);
  const { account, side, budget = 0, quantity = 0, price, toLimit, timeInForce } = order;
  const type = price ? "limit" : toLimit ? "market_to_limit" : "market";
  return {
    kind: "place",
    market: MARKET,
    account: Number(account),
    side: side as Place["side"],
    type,
    timeInForce: (timeInForce ?? (type === "market" ? "ioc" : "gtc")) as Place["timeInForce"],
    price: Number(price ?? 0),
    quantity: Number(quantity),
    quoteQuantity: Number(budget),
    conditions,
  };
};

/** An event in a few words. */
const noted = (event: EngineEvent): string => {
  switch (event.kind) {
    case "accepted":
    case "pending":
    case "triggered":
      return `#${event.orderId} ${event.kind} @ ${event.price}`;
    case "activated":
      return `#${event.orderId} activated: ${sizeNoted(event)} @ ${event.price}`;
    case "list_accepted":
      return `list #${event.listId}: ${event.contingency} of ${event.legs}, ${event.sizing}`;
    case "repegged":
      return `#${event.orderId} repegged ${event.price === 0 ? "to nowhere" : `@ ${event.price}`}`;
    case "rejected":
      return `rejected: ${event.code}${event.orderId === 0 ? "" : ` of #${event.orderId}`}${legNoted(event)}`;
    case "trade":
      return `#${event.takerOrderId} takes ${event.quantity} @ ${event.price} from #${event.makerOrderId}`;
    case "prevented":
      return `#${event.takerOrderId} meets its own #${event.makerOrderId}: ${event.mode} ${event.quantity}${event.transfers ? ", transfers" : ""}`;
    case "done":
      return event.remaining === 0
        ? `#${event.orderId} ${event.reason}`
        : `#${event.orderId} ${event.reason}, ${event.remaining} left`;
    case "reduced":
      return `#${event.orderId} reduced by ${event.quantity}, ${event.remaining} left`;
    case "amended":
      return `#${event.orderId} amended to ${event.quantity} @ ${event.price}, ${event.remaining} left`;
    case "level_changed":
      return `${event.side} ${event.price}: ${event.quantity} of ${event.orders}`;
    case "indicative":
      return `indicative ${event.quantity} @ ${event.price}, surplus ${event.surplus}`;
    case "phase_changed":
      return `now ${event.phase}`;
    case "orders_cancelled":
      return `${event.count} cancelled`;
    case "cancel_all_after_set":
      return `account ${event.account} is cancelled at ${event.at}`;
    case "mark_price_set":
      return `marked ${event.price}`;
    case "allocation_set":
      return `now ${event.allocation}, ${event.minimumShare} at least, ${event.fifoPercent} % by time${firstStepsNoted(event)}`;
    case "price_increments_set":
      return `increments ${event.bands.map((band) => `${band.increment} from ${band.from}`).join(", ") || "as before"}`;
    case "time_advanced":
      return `it is ${event.time}`;
    case "reference_price_set":
      return `goes by ${event.price}`;
    case "market_changed":
      return `market ${event.market} changed`;
    case "market_added":
      return `market ${event.market} added`;
  }
};

const sizeNoted = ({ quantity, quoteQuantity }: Activated): string =>
  quoteQuantity === 0 ? `${quantity}` : `for ${quoteQuantity}`;

const legNoted = ({ leg }: Rejected): string => (leg === undefined ? "" : ` in leg ${leg}`);

const firstStepsNoted = ({
  topOrderMaximum = 0,
  leadAccount = 0,
  leadPercent = 0,
}: AllocationSet): string =>
  [
    topOrderMaximum > 0 && `, first ${topOrderMaximum} to the front`,
    leadAccount > 0 && `, ${leadPercent} % to ${leadAccount}`,
  ]
    .filter(Boolean)
    .join("");
