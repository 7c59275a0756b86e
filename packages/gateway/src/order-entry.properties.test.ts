import { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, memoryJournal, openVenue, type VenueCommand } from "@pincex/venue";
import { type MarketView, Views } from "@pincex/venue/views";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NewOrderTerms } from "./new-order.ts";
import { OrderEntry } from "./order-entry.ts";
import type { PlacedOrder } from "./placed-orders.ts";

const RUNS = Number(process.env["PINCEX_GATEWAY_FLOWS"] ?? 25);

const bounds = { maxPrice: 1_000, maxQuantity: 1_000, minQuantity: 1, minNotional: 0 };
const units = { lotUnits: 1n, tickLotUnits: 1n, priceIncrement: 1, quantityIncrement: 1 };
const SETUP: readonly VenueCommand[] = [
  { kind: "add_asset", asset: 1, code: "BTC", decimals: 8 },
  { kind: "add_asset", asset: 2, code: "USDT", decimals: 8 },
  { kind: "list_market", market: 1, symbol: "BTC-USDT", base: 1, quote: 2, ...units, ...bounds },
  { kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 20_000 },
  ...[1, 2].flatMap((account): VenueCommand[] => [
    { kind: "open_account", account, name: `account-${account}` },
    { kind: "credit_deposit", account, asset: 1, amount: 2_000n, reference: "" },
    { kind: "credit_deposit", account, asset: 2, amount: 150_000n, reference: "" },
  ]),
];

const open = async () => {
  const views = new Views();
  const marketData = new MarketData();
  let now = 1_000;
  const clock = () => ++now;
  const venue = await openVenue({ journal: memoryJournal(), views: [views, marketData], clock });
  for (const command of SETUP) await venue.submit(encodeVenueCommand(command));
  return { venue, views, entry: new OrderEntry(venue, views, marketData, 50_000) };
};

const side = fc.constantFrom("buy" as const, "sell" as const);
const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });

const conditions = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant({ postOnly: "reject" } as const) },
  { weight: 1, arbitrary: fc.constant({ postOnly: "slide" } as const) },
  { weight: 1, arbitrary: fc.constant({ hidden: true } as const) },
  { weight: 1, arbitrary: fc.constant({ allOrNone: true } as const) },
  { weight: 1, arbitrary: fc.constant({ peg: "mid" } as const) },
  { weight: 1, arbitrary: fc.constant({ selfTrade: "decrement" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ trigger: fc.constantFrom("stop", "take_profit"), triggerPrice: price }),
  },
) as fc.Arbitrary<NewOrderTerms["conditions"]>;

const limit = fc
  .record({
    side,
    price,
    quantity,
    conditions,
    timeInForce: fc.constantFrom("gtc", "gtc", "gtc", "ioc", "fok", "day", "at_close"),
  })
  .map(({ conditions: asked, ...terms }) => ({
    type: "limit",
    quoteQuantity: 0,
    clientOrderId: "",
    ...terms,
    ...(asked === undefined ? {} : { conditions: asked }),
  })) as fc.Arbitrary<NewOrderTerms>;

const market = fc.record({ side, quantity, byQuote: fc.boolean() }).map(
  ({ byQuote, ...terms }): NewOrderTerms => ({
    type: "market",
    timeInForce: "ioc",
    price: 0,
    clientOrderId: "",
    ...terms,
    ...(byQuote ? { quantity: 0, quoteQuantity: terms.quantity * 60 } : { quoteQuantity: 0 }),
  }),
);

const order = fc.oneof({ weight: 4, arbitrary: limit }, { weight: 1, arbitrary: market });
const account = fc.constantFrom(1, 2);

const wish = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("place" as const), account, order }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      account,
      contingency: fc.constantFrom("oto" as const, "otoco" as const),
      legs: fc.tuple(limit, limit, limit),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("replace" as const), account, order: limit }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel all" as const), account }) },
);

type Wish = typeof wish extends fc.Arbitrary<infer Each> ? Each : never;
type Exchange = Awaited<ReturnType<typeof open>>;
type WishOf<Kind extends Wish["kind"]> = Extract<Wish, { kind: Kind }>;

/** What a wish placed, and by which command; nothing where it was refused. */
interface Granted {
  readonly sequence: number;
  readonly placed: readonly PlacedOrder[];
}

const NOTHING: Granted = { sequence: 0, placed: [] };

const placingOf = ({ views }: Exchange, owner: number) => ({
  account: owner,
  market: views.market(1) as MarketView,
});

const listed = async (exchange: Exchange, asked: WishOf<"list">): Promise<Granted> => {
  const { contingency } = asked;
  const outcome = await exchange.entry.placeList({
    ...placingOf(exchange, asked.account),
    contingency,
    sizing: "fixed",
    clientListId: "",
    legs: asked.legs.slice(0, contingency === "oto" ? 2 : 3),
  });
  return outcome.ok ? { sequence: outcome.sequence, placed: outcome.orders } : NOTHING;
};

const replaced = async (exchange: Exchange, asked: WishOf<"replace">): Promise<Granted> => {
  const outcome = await exchange.entry.replace({
    ...placingOf(exchange, asked.account),
    ...asked.order,
    replacedOrderId: exchange.views.openOrders(asked.account)[0]?.orderId ?? 999,
    onFailure: "allow",
  });
  if (!outcome.ok || "ok" in outcome.placed) return NOTHING;
  return { sequence: outcome.sequence, placed: [outcome.placed] };
};

const granted = async (exchange: Exchange, asked: Wish): Promise<Granted> => {
  const { entry, views } = exchange;
  if (asked.kind === "list") return listed(exchange, asked);
  if (asked.kind === "replace") return replaced(exchange, asked);
  if (asked.kind === "cancel all") {
    const cancelled = await entry.cancelAll(asked.account);
    expect(cancelled.ok && views.openOrders(asked.account)).toEqual([]);
    return NOTHING;
  }
  const outcome = await entry.place({ ...placingOf(exchange, asked.account), ...asked.order });
  return outcome.ok ? { sequence: outcome.sequence, placed: [outcome] } : NOTHING;
};

const expectAsViewed = (views: Views, sequence: number, placed: readonly PlacedOrder[]): void => {
  for (const { order: answered, fills } of placed) {
    const { orderId, account: owner } = answered;
    expect(answered).toEqual(views.order(owner, { orderId }));
    const viewed = views.fills(owner, { orderId }).filter((fill) => fill.sequence === sequence);
    expect(fills.map(facts)).toEqual(viewed.map(facts));
  }
};

const facts = ({ tradeId, price: at, quantity: lots, fee, feeAsset }: PlacedOrder["fills"][0]) => ({
  tradeId,
  at,
  lots,
  fee,
  feeAsset,
});

test("what is answered is what the views say right after, for any flow of orders and lists", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 60 }), async (wishes) => {
      const exchange = await open();
      for (const each of wishes) {
        const { sequence, placed } = await granted(exchange, each);
        expectAsViewed(exchange.views, sequence, placed);
      }
      await exchange.venue.stop();
    }),
    { numRuns: RUNS },
  );
});
