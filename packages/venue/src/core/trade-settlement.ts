import { type EventRegister, Side } from "@pincex/engine";
import { type Entry, InvariantViolation, type PostingRequest } from "@pincex/ledger";
import { chargeFee, type FeeCharge } from "../fees/fee-charge.ts";
import type { ListedMarket, VenueState } from "./venue-state.ts";

/** A trade as it went into the books. */
export interface Settlement {
  readonly entry: Entry;
  readonly buyerFee: bigint;
  readonly sellerFee: bigint;
}

/**
 * Settles a trade as one entry: the quote goes to the seller, the base to the buyer, and of what each receives its fee
 * to the venue. What each gives is captured from its order's hold.
 */
export const settleTrade = (
  state: VenueState,
  market: ListedMarket,
  trade: EventRegister,
  buyer: number,
  seller: number,
  time: number,
): Settlement => {
  const { books, orders, ledgerAccounts } = state;
  const { makerPpm, takerPpm } = state.fees.of(market.market);
  const buyerTakes = trade.takerSide === Side.buy;
  const quantity = trade.quantity;
  const base = BigInt(quantity) * market.lotUnits;
  const quote = BigInt(trade.price * quantity) * market.tickLotUnits;
  const buyerCharge = charge(state, buyer, base, buyerTakes ? takerPpm : makerPpm);
  const sellerCharge = charge(state, seller, quote, buyerTakes ? makerPpm : takerPpm);

  const postings: PostingRequest[] = [];
  const move = (payer: number, receiver: number, amount: bigint, fee: bigint, fees: number) => {
    postings.push({ account: payer, amount: -amount });
    if (amount > fee) postings.push({ account: receiver, amount: amount - fee });
    if (fee > 0n) postings.push({ account: fees, amount: fee });
  };
  const quoteFees = ledgerAccounts.fees(market.quoteAsset);
  const baseFees = ledgerAccounts.fees(market.baseAsset);
  move(
    orders.holdAccount(buyer),
    orders.receiveAccount(seller),
    quote,
    sellerCharge.fee,
    quoteFees,
  );
  move(orders.holdAccount(seller), orders.receiveAccount(buyer), base, buyerCharge.fee, baseFees);

  const posted = books.post({
    kind: "trade",
    at: time,
    postings,
    captures: [
      { hold: orders.holdId(buyer), amount: quote },
      { hold: orders.holdId(seller), amount: base },
    ],
  });
  if (!posted.ok) throw new InvariantViolation(`a trade can be settled, was ${posted.code}`);
  return { entry: posted.entry, buyerFee: buyerCharge.fee, sellerFee: sellerCharge.fee };
};

const charge = (state: VenueState, slot: number, received: bigint, ratePpm: number): FeeCharge => {
  const charged = chargeFee(received, ratePpm, state.orders.overpaidPpm(slot));
  state.orders.setOverpaidPpm(slot, charged.overpaidPpm);
  return charged;
};
