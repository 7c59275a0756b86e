import { CANDLE_INTERVALS } from "@pincex/market-data";
import { z } from "zod";

// What the streams say, as their description has it; what REST answers is made of the same. The encoders in `messages.ts` have these types.

export const decimal = z.string().regex(/^-?[0-9]+(\.[0-9]+)?$/);
export const idText = z.string().regex(/^[1-9][0-9]*$/);
export const time = z.iso.datetime({ precision: 3 });
const side = z.enum(["buy", "sell"]);
const seq = z.int().nonnegative();
const row = z.tuple([decimal, decimal]).describe("Price and quantity; quantity 0: no more there.");

export const tradeSchema = z.strictObject({
  id: idText,
  price: decimal,
  quantity: decimal,
  takerSide: side,
  at: time,
  busted: z.literal(true).optional().describe("The trade was taken back."),
});

export const candleSchema = z.strictObject({
  openTime: time,
  closeTime: time,
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  volume: decimal,
  quoteVolume: decimal,
  trades: z.int().nonnegative(),
});

export const tickerSchema = z
  .strictObject({
    market: z.string(),
    at: time,
    last: decimal.nullable(),
    open: decimal.nullable(),
    high: decimal.nullable(),
    low: decimal.nullable(),
    bid: decimal.nullable(),
    bidQuantity: decimal,
    ask: decimal.nullable(),
    askQuantity: decimal,
    volume: decimal,
    quoteVolume: decimal,
    trades: z.int().nonnegative(),
  })
  .describe("A price is null where nobody has traded, or nothing rests.");

/** Beside these, what else the order asked for, by the names that it was asked by. */
export const orderSchema = z.looseObject({
  id: idText,
  clientOrderId: z.string().nullable(),
  market: z.string(),
  side,
  type: z.string(),
  timeInForce: z.string(),
  price: decimal.nullable(),
  quantity: decimal.nullable(),
  quoteQuantity: decimal.nullable(),
  executedQuantity: decimal,
  executedQuoteQuantity: decimal,
  listId: idText.nullable(),
  preventedQuantity: decimal.describe("What self-trade prevention took."),
  status: z.enum(["open", "filled", "cancelled", "expired"]),
  state: z.enum(["resting", "waiting", "pending"]),
  reason: z.string().nullable().describe("Why it is done."),
  placedAt: time,
  updatedAt: time,
  sequence: seq,
});

export const fillSchema = z.strictObject({
  tradeId: idText,
  orderId: idText,
  market: z.string(),
  side,
  price: decimal,
  quantity: decimal,
  liquidity: z.enum(["maker", "taker"]),
  fee: decimal,
  feeAsset: z.string().nullable(),
  at: time,
  sequence: seq,
  busted: z.boolean(),
});

export const balanceSchema = z.strictObject({
  asset: z.string(),
  total: decimal,
  held: decimal,
  available: decimal,
});

/** Why a balance changed. `entry` is the number of the ledger's entry that moved money. */
export const causeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fill"), entry: idText, tradeId: idText, orderId: idText }),
  z.strictObject({ kind: z.literal("bust"), entry: idText, tradeId: idText }),
  z.strictObject({ kind: z.literal("entry"), entry: idText, entryKind: z.string() }),
  z.strictObject({ kind: z.literal("order"), orderId: idText }),
  z.strictObject({ kind: z.literal("withdrawal"), withdrawal: idText }),
]);

const changedBalanceSchema = balanceSchema.extend({ causes: z.array(causeSchema) });

const publicOrderSchema = z
  .tuple([idText, decimal, decimal])
  .describe("Order id, price, and what it shows.");

const orderChangeSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("shown"), id: idText, side, price: decimal, quantity: decimal })
    .describe("Now the last at its price."),
  z
    .strictObject({ kind: z.literal("changed"), id: idText, quantity: decimal })
    .describe("Shows another quantity, in its place."),
  z.strictObject({ kind: z.literal("gone"), id: idText }),
]);

const checksum = z
  .int()
  .nonnegative()
  .max(0xffff_ffff)
  .describe(
    "CRC-32 of the ten best asks and then the ten best bids, best first: of each the price and the quantity, without the point and without leading zeros.",
  );

const bookBody = z.strictObject({
  at: time,
  bids: z.array(row),
  asks: z.array(row),
  checksum,
});

const auctionBody = z.strictObject({
  phase: z.string(),
  indicative: z
    .strictObject({ price: decimal.nullable(), quantity: decimal, surplus: decimal, at: time })
    .nullable()
    .describe("What uncrossing would do now; price null where nothing would trade."),
});

/** What stands in a channel's snapshot and in its updates, beside type, channel, market and numbers. */
export interface ChannelBodies {
  readonly snapshot: z.ZodObject;
  readonly update: z.ZodObject;
}

export const PUBLIC_BODIES = {
  book: { snapshot: bookBody, update: bookBody },
  trades: {
    snapshot: z.strictObject({ trades: z.array(tradeSchema) }),
    update: z.strictObject({ trades: z.array(tradeSchema) }),
  },
  ticker: {
    snapshot: z.strictObject({ ticker: tickerSchema }),
    update: z.strictObject({ ticker: tickerSchema }),
  },
  candles: {
    snapshot: z.strictObject({ candle: candleSchema.nullable() }),
    update: z.strictObject({ candle: candleSchema, ended: z.boolean() }),
  },
  level3: {
    snapshot: z.strictObject({
      bids: z.array(publicOrderSchema),
      asks: z.array(publicOrderSchema),
    }),
    update: z.strictObject({ at: time, changes: z.array(orderChangeSchema) }),
  },
  auction: { snapshot: auctionBody, update: auctionBody },
} as const satisfies Record<string, ChannelBodies>;

export const PRIVATE_BODIES = {
  orders: {
    snapshot: z.strictObject({ orders: z.array(orderSchema) }),
    update: z.strictObject({ orders: z.array(orderSchema) }),
  },
  fills: {
    snapshot: z.strictObject({ fills: z.array(fillSchema) }),
    update: z.strictObject({ fills: z.array(fillSchema) }),
  },
  balances: {
    snapshot: z.strictObject({ balances: z.array(balanceSchema) }),
    update: z.strictObject({ balances: z.array(changedBalanceSchema) }),
  },
} as const satisfies Record<string, ChannelBodies>;

export type PublicChannelName = keyof typeof PUBLIC_BODIES;
export type PrivateChannelName = keyof typeof PRIVATE_BODIES;

type BodyOf<Bodies extends ChannelBodies> = {
  readonly snapshot: z.infer<Bodies["snapshot"]>;
  readonly update: z.infer<Bodies["update"]>;
};

/** The types of what a channel says. */
export type PublicBody<Name extends PublicChannelName> = BodyOf<(typeof PUBLIC_BODIES)[Name]>;
export type PrivateBody<Name extends PrivateChannelName> = BodyOf<(typeof PRIVATE_BODIES)[Name]>;

const interval = z.enum(CANDLE_INTERVALS as [string, ...string[]]);

/** What names a channel in its messages. */
const headOf = (name: PublicChannelName | PrivateChannelName): z.ZodObject => {
  const channel = z.strictObject({ channel: z.literal(name) });
  if (name in PRIVATE_BODIES) return channel;
  const inMarket = channel.extend({ market: z.string() });
  return name === "candles" ? inMarket.extend({ interval }) : inMarket;
};

/** The messages of one channel. */
export const channelMessages = (
  name: PublicChannelName | PrivateChannelName,
): Readonly<Record<"snapshot" | "update" | "resync", z.ZodObject>> => {
  const bodies: ChannelBodies = { ...PUBLIC_BODIES, ...PRIVATE_BODIES }[name];
  const typed = (type: string) => z.strictObject({ type: z.literal(type), ...headOf(name).shape });
  return {
    snapshot: typed("snapshot").extend({ seq, ...bodies.snapshot.shape }),
    update: typed("update").extend({
      seq,
      prevSeq: seq.describe("`seq` of the message before."),
      ...bodies.update.shape,
    }),
    resync: typed("resync").extend({
      fromSeq: seq.describe("What was asked for, and is no longer known."),
    }),
  };
};

const answerId = z.union([z.string(), z.int()]).nullable();

/** What is told of a subscription: the channel that was named, as it was. */
const subscriptionAnswer = (type: "subscribed" | "unsubscribed") =>
  z.strictObject({
    type: z.literal(type),
    id: answerId,
    channel: z.enum([...Object.keys(PUBLIC_BODIES), ...Object.keys(PRIVATE_BODIES)]),
    market: z.string().optional(),
    interval: interval.optional(),
    conflateMs: z.int().optional(),
    fromSeq: seq.optional(),
  });

export const SESSION_MESSAGES = {
  authenticated: z.strictObject({
    type: z.literal("authenticated"),
    id: answerId,
    account: z.string(),
  }),
  subscribed: subscriptionAnswer("subscribed"),
  unsubscribed: subscriptionAnswer("unsubscribed"),
  pong: z.strictObject({ type: z.literal("pong"), id: answerId, at: time }),
  heartbeat: z.strictObject({
    type: z.literal("heartbeat"),
    at: time,
    channels: z.array(
      z.strictObject({
        channel: z.string(),
        market: z.string().optional(),
        interval: interval.optional(),
        seq: seq.describe("Of the last message that was sent of the channel."),
      }),
    ),
  }),
  result: z.strictObject({
    type: z.literal("result"),
    id: answerId,
    op: z.string(),
    result: z.looseObject({}).describe("What the same request answers by REST."),
  }),
} as const;
