import { type EventRegister, type RecordWriter, Side } from "@pincex/engine";
import { type Entry, InvariantViolation, type PostingRequest } from "@pincex/ledger";
import { chargeFee } from "../fees/fee-charge.ts";
import { FEES_FIXED_AT_ENTRY } from "../rules/rules.ts";
import type { SettledTrade } from "./recent-trades.ts";
import type { ListedMarket, VenueState } from "./venue-state.ts";

/** A trade as it went into the books. */
export interface Settlement {
  readonly entry: Entry;
  readonly settled: SettledTrade;
}

/**
 * Settles a trade as one entry: the quote goes to the seller, the base to the buyer, and what each is charged to the venue.
 * What each gives is captured from its order's hold.
 */
export const settleTrade = (
  state: VenueState,
  market: ListedMarket,
  trade: EventRegister,
  buyer: number,
  seller: number,
  time: number,
  out: RecordWriter,
): Settlement => {
  const { books, orders, ledgerAccounts } = state;
  const { tradeId, price, quantity } = trade;
  const amounts = tradeAmounts(market, trade);
  const { base, quote } = amounts;
  const buyerPaysInQuote = state.rules >= FEES_FIXED_AT_ENTRY && orders.paysInQuote(buyer);
  const { buyerPpm, sellerPpm } = ratesOf(state, trade, buyer, seller);
  const settled: SettledTrade = {
    tradeId,
    market: market.market,
    price,
    quantity,
    entry: books.nextEntry,
    buyerQuote: orders.holdAccount(buyer),
    sellerQuote: orders.receiveAccount(seller),
    buyerBase: orders.receiveAccount(buyer),
    sellerBase: orders.holdAccount(seller),
    buyerFee: charge(state, buyer, buyerPaysInQuote ? quote : base, buyerPpm),
    sellerFee: charge(state, seller, quote, sellerPpm),
    buyerPaysInQuote,
  };
  if (settled.buyerFee < 0n || settled.sellerFee < 0n) {
    ledgerAccounts.openRebates(market.quoteAsset, out);
  }
  const posted = books.post({
    kind: "trade",
    at: time,
    postings: tradePostings(state, market, settled, amounts),
    captures: [
      {
        hold: orders.holdId(buyer),
        amount: buyerPaysInQuote ? quote + settled.buyerFee : quote,
      },
      { hold: orders.holdId(seller), amount: base },
    ],
  });
  if (!posted.ok) throw new InvariantViolation(`a trade can be settled, was ${posted.code}`);
  state.recentTrades.add(settled);
  return { entry: posted.entry, settled };
};

/** What a trade moves, in smallest units, before fees. */
interface TradeAmounts {
  readonly base: bigint;
  readonly quote: bigint;
}

export const tradeAmounts = (
  market: ListedMarket,
  { price, quantity }: Pick<SettledTrade, "price" | "quantity">,
): TradeAmounts => ({
  base: BigInt(quantity) * market.lotUnits,
  quote: BigInt(price * quantity) * market.tickLotUnits,
});

/** The money of a trade: quote from the buyer to the seller, base the other way, and between them what the venue gets or gives. */
export const tradePostings = (
  { ledgerAccounts }: VenueState,
  market: ListedMarket,
  trade: SettledTrade,
  { base, quote }: TradeAmounts,
): PostingRequest[] => {
  const { buyerFee, sellerFee, buyerPaysInQuote } = trade;
  const buyerQuoteFee = buyerPaysInQuote ? buyerFee : 0n;
  const postings: PostingRequest[] = [
    { account: trade.buyerQuote, amount: -(quote + buyerQuoteFee) },
  ];
  const credit = (account: number, amount: bigint): void => {
    if (amount !== 0n) postings.push({ account, amount });
  };
  credit(trade.sellerQuote, quote - sellerFee);
  credit(ledgerAccounts.fees(market.quoteAsset), above0(sellerFee) + above0(buyerQuoteFee));
  credit(ledgerAccounts.rebates(market.quoteAsset), below0(sellerFee) + below0(buyerQuoteFee));

  postings.push({ account: trade.sellerBase, amount: -base });
  const baseFee = buyerPaysInQuote ? 0n : buyerFee;
  credit(trade.buyerBase, base - baseFee);
  credit(ledgerAccounts.fees(market.baseAsset), baseFee);
  return postings;
};

const above0 = (fee: bigint): bigint => (fee > 0n ? fee : 0n);
const below0 = (fee: bigint): bigint => (fee < 0n ? fee : 0n);

/** What each side is charged, in millionths. By rules 1 it is what the market asks for now. */
const ratesOf = (
  { fees, orders, rules }: VenueState,
  { market, takerSide }: EventRegister,
  buyer: number,
  seller: number,
): { readonly buyerPpm: number; readonly sellerPpm: number } => {
  const buyerTakes = takerSide === Side.buy;
  let makerPpm: number;
  let takerPpm: number;
  if (rules < FEES_FIXED_AT_ENTRY) ({ makerPpm, takerPpm } = fees.of(market, 0));
  else {
    takerPpm = orders.takerPpm(buyerTakes ? buyer : seller);
    makerPpm = orders.makerPpm(buyerTakes ? seller : buyer);
    if (makerPpm < 0) makerPpm = rebatePpm(makerPpm, takerPpm, orders.paysInQuote(buyer));
  }
  return buyerTakes
    ? { buyerPpm: takerPpm, sellerPpm: makerPpm }
    : { buyerPpm: makerPpm, sellerPpm: takerPpm };
};

/**
 * A rebate comes out of the taker's fee: it is never above it, and there is none where the two are not in one asset. So whatever
 * is set when, the venue never pays more than it has earned.
 */
const rebatePpm = (makerPpm: number, takerPpm: number, areInQuote: boolean): number =>
  areInQuote ? Math.max(makerPpm, -takerPpm) : 0;

const charge = (state: VenueState, slot: number, amount: bigint, ratePpm: number): bigint => {
  const charged = chargeFee(amount, ratePpm, state.orders.overpaidPpm(slot));
  state.orders.setOverpaidPpm(slot, charged.overpaidPpm);
  return charged.fee;
};
