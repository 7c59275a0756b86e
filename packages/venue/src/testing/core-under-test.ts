import { RecordWriter, recordViews } from "@pincex/engine";
import type { OperatorRequest } from "../commands/market-command.ts";
import { type AccountRequest, ordersPlacedBy } from "../commands/order-command.ts";
import type { OrderRequest } from "../commands/place-order.ts";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { VenueCore } from "../core/venue-core.ts";
import { readEvents, type VenueEvent } from "../events/venue-event.ts";

export const BTC = 1;
export const USDT = 2;
export const MARKET = 1;

/** Two assets and one market between them: a lot is 1,000 satoshi, a tick × lot 10 of USDT's smallest units. */
export const listedMarket: readonly VenueCommand[] = [
  { kind: "add_asset", asset: BTC, code: "BTC", decimals: 8 },
  { kind: "add_asset", asset: USDT, code: "USDT", decimals: 8 },
  {
    kind: "list_market",
    market: MARKET,
    symbol: "BTC-USDT",
    base: BTC,
    quote: USDT,
    lotUnits: 1_000n,
    tickLotUnits: 10n,
    maxPrice: 1_000_000,
    maxQuantity: 1_000_000,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 1,
    minNotional: 0,
  },
];

/** A limit order, good till cancelled, unless told otherwise. */
export const order = (given: Partial<OrderRequest>): OrderRequest => ({
  market: MARKET,
  side: "buy",
  type: "limit",
  timeInForce: given.type === "market" ? "ioc" : "gtc",
  price: 0,
  quantity: 0,
  quoteQuantity: 0,
  ...given,
});

/** How much time a `time` command lets pass. */
export const TICK_MS = 10;

/** A core with its next sequence number at hand, in decoded commands and events. Time stands still but for `time` commands. */
export class CoreUnderTest {
  readonly core: VenueCore;
  time: number;
  /** The last trade that happened; 0 for none. */
  lastTradeId = 0;
  /** Those that are held, the oldest first. */
  readonly withdrawals: number[] = [];

  constructor(core: VenueCore = new VenueCore(), commands: readonly VenueCommand[] = []) {
    this.core = core;
    this.time = core.time === 0 ? 1_000 : core.time;
    for (const command of commands) this.do(command);
  }

  /** With accounts 1 to `count` called "account-1" and so on, each with so much of both assets. */
  static funded(count: number, amount: bigint): CoreUnderTest {
    const venue = new CoreUnderTest(new VenueCore(), listedMarket);
    for (let account = 1; account <= count; account++) {
      venue.do({ kind: "open_account", account, name: `account-${account}` });
      for (const asset of [BTC, USDT]) {
        venue.do({ kind: "credit_deposit", account, asset, amount, reference: "" });
      }
    }
    return venue;
  }

  /** The events without `applied`. */
  do(command: VenueCommand): VenueEvent[] {
    const [, ...events] = readEvents(this.bytesOf(command));
    return events;
  }

  /** The events of the command as they stand in the stream. */
  bytesOf(command: VenueCommand): Uint8Array {
    const out = new RecordWriter();
    const record = recordViews(encodeVenueCommand(command));
    if (command.kind === "time") this.time += TICK_MS;
    this.core.apply(this.core.sequence + 1, this.time, record, 0, out);
    const bytes = out.finished();
    for (const event of readEvents(bytes)) this.#note(event);
    return bytes;
  }

  #note(event: VenueEvent): void {
    if (event.kind === "trade") this.lastTradeId = event.tradeId;
    else if (event.kind === "withdrawal_held") this.withdrawals.push(event.withdrawal);
    else if (event.kind === "withdrawal_ended") {
      this.withdrawals.splice(this.withdrawals.indexOf(event.withdrawal), 1);
    }
  }

  place(account: number, given: Partial<OrderRequest>, clientOrderId = ""): VenueEvent[] {
    return this.do({ kind: "place_order", account, clientOrderId, order: order(given) });
  }

  /** What an account asks of its orders; the names are those of the orders that it places. */
  order(
    account: number,
    request: AccountRequest,
    clientOrderIds: readonly string[] = Array.from({ length: ordersPlacedBy(request) }, () => ""),
  ): VenueEvent[] {
    return this.do({ kind: "order_command", account, request, clientOrderIds });
  }

  /** What the operator asks of a market. */
  operate(request: OperatorRequest): VenueEvent[] {
    return this.do({ kind: "market_command", request });
  }

  cancel(account: number, orderId: number, clientOrderId = ""): VenueEvent[] {
    return this.do({ kind: "cancel_order", account, market: MARKET, orderId, clientOrderId });
  }

  balance(account: number, asset: number): bigint {
    return this.core.books.balance(this.#ledgerAccount(account, asset));
  }

  held(account: number, asset: number): bigint {
    return this.core.books.held(this.#ledgerAccount(account, asset));
  }

  /** What the venue has earned, less what it has paid out of it as rebates. */
  fees(asset: number): bigint {
    const { books } = this.core;
    const earned = books.balance(books.accountOf("venue", asset, "fees"));
    return earned + books.balance(books.accountOf("venue", asset, "rebates"));
  }

  #ledgerAccount(account: number, asset: number): number {
    return this.core.books.accountOf(String(account), asset, "customer");
  }
}

/** The events of one kind. */
export const only = <Kind extends VenueEvent["kind"]>(
  events: readonly VenueEvent[],
  kind: Kind,
): Extract<VenueEvent, { readonly kind: Kind }>[] =>
  events.filter(
    (event): event is Extract<VenueEvent, { readonly kind: Kind }> => event.kind === kind,
  );
