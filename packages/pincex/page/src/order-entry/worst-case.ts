import {
  compare,
  type Decimal,
  decimal,
  decimalText,
  isPositive,
  multiply,
  parseDecimal,
  readable,
  subtract,
  toStep,
} from "../decimal.ts";
import type { Market } from "../market.ts";
import { MARKET_KINDS, type OrderDraft } from "./order-draft.ts";

/** The best prices of the book as it is; undefined where there are none. */
export interface Quotes {
  readonly bid: string | undefined;
  readonly ask: string | undefined;
}

/** A line of what an order may come to, such as "Pays at most" "640.25 USDT". */
export interface Consequence {
  readonly name: string;
  readonly text: string;
}

const BOUND = { buy: decimal("1.05"), sell: decimal("0.95") };

/**
 * The worst price that a market order gets if none is typed: 5 % beyond where it is expected to begin, rounded away from that.
 * Undefined if that is not known: then the exchange says it.
 */
export const worstPriceOf = (
  draft: OrderDraft,
  market: Market,
  { bid, ask }: Quotes,
): Decimal | undefined => {
  const { kind, side, worstPrice, triggerPrice } = draft;
  if (worstPrice !== "") return parseDecimal(worstPrice);
  if (!MARKET_KINDS.has(kind) || kind === "trailing_stop") return undefined;
  const begins = kind === "market" ? (side === "buy" ? ask : bid) : triggerPrice;
  return beyond(parseDecimal(begins ?? ""), side, market);
};

/** 5 % worse than a price, rounded away from it. */
const beyond = (
  price: Decimal | undefined,
  side: "buy" | "sell",
  { priceIncrement }: Market,
): Decimal | undefined => {
  if (price === undefined) return undefined;
  const rounding = side === "buy" ? "up" : "down";
  const worst = toStep(multiply(price, BOUND[side]), priceIncrement, rounding);
  return isPositive(worst) ? worst : undefined;
};

/** What the order may come to at worst, in the words of whoever places it; empty while too little is typed. */
export const worstCase = (
  draft: OrderDraft,
  market: Market,
  quotes: Quotes,
): readonly Consequence[] => {
  const price = priceOf(draft, market, quotes);
  const quantity = parseDecimal(draft.quantity);
  const { side, kind } = draft;
  if (kind === "market" && draft.sizedIn === "quote") return ofQuoteQuantity(draft, market, price);
  if (quantity === undefined || !isPositive(quantity)) return [];
  const cost = price === undefined ? undefined : multiply(price, quantity);
  return side === "buy"
    ? [
        { name: "Pays at most", text: cost === undefined ? BY_EXCHANGE : paid(cost, market) },
        { name: "Receives, in full", text: received(quantity, market.base, 8, market) },
      ]
    : [
        { name: "Gives at most", text: `${readable(quantity, 18, "up")} ${market.base}` },
        {
          name: "Receives at least, in full",
          text:
            cost === undefined
              ? BY_MARKET
              : received(cost, market.quote, market.quoteDecimals, market),
        },
      ];
};

const BY_EXCHANGE = "bounded by the exchange when it comes in";
const BY_MARKET = "as the market is then";

/** At most what each costs, or at least what each brings; undefined if that is not known. */
export const priceOf = (draft: OrderDraft, market: Market, quotes: Quotes): Decimal | undefined => {
  if (MARKET_KINDS.has(draft.kind)) return worstPriceOf(draft, market, quotes);
  if (draft.kind === "oco") return worseOfPair(draft, market);
  if (draft.kind === "market_to_limit") {
    const best = draft.side === "buy" ? quotes.ask : quotes.bid;
    return best === undefined ? undefined : parseDecimal(best);
  }
  return parseDecimal(draft.price);
};

/** One of the two will trade: the worse one counts. */
const worseOfPair = (draft: OrderDraft, market: Market): Decimal | undefined => {
  const [rests, stops] = [parseDecimal(draft.price), worstOfStop(draft, market)];
  if (rests === undefined || stops === undefined) return rests ?? stops;
  const isDearer = compare(stops, rests) > 0;
  return isDearer === (draft.side === "buy") ? stops : rests;
};

/** The worst price of the pair's stop: its limit, or what a market order gets that begins at its trigger. */
export const worstOfStop = (
  { side, triggerPrice, stopPrice }: OrderDraft,
  market: Market,
): Decimal | undefined =>
  parseDecimal(stopPrice) ?? beyond(parseDecimal(triggerPrice), side, market);

const ofQuoteQuantity = (
  { side, quoteQuantity }: OrderDraft,
  market: Market,
  price: Decimal | undefined,
): readonly Consequence[] => {
  const amount = parseDecimal(quoteQuantity);
  if (amount === undefined || !isPositive(amount)) return [];
  const worst = price === undefined ? BY_EXCHANGE : `${decimalText(price)} ${market.quote} each`;
  return side === "buy"
    ? [
        { name: "Pays at most", text: paid(amount, market) },
        { name: "Worst price", text: worst },
      ]
    : [
        { name: "Raises, before fees", text: paid(amount, market) },
        { name: "Worst price", text: worst },
      ];
};

const paid = (amount: Decimal, { quote, quoteDecimals }: Market): string =>
  `${readable(amount, Math.min(quoteDecimals, 8), "up")} ${quote}`;

const MILLIONTH = decimal("0.000001");

/** Fees are taken from what is received: a taker's, which is the most. */
const received = (
  amount: Decimal,
  asset: string,
  decimals: number,
  { takerFeePpm }: Market,
): string => {
  const fee = multiply(multiply(amount, decimal(String(Math.max(takerFeePpm, 0)))), MILLIONTH);
  const percent = decimalText(
    multiply(decimal(String(Math.max(takerFeePpm, 0))), decimal("0.0001")),
  );
  const left = readable(subtract(amount, fee), Math.min(decimals, 8), "down");
  return `${left} ${asset} after ${percent} % fee`;
};
