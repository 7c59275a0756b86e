import type { RecordWriter } from "@pincex/engine";
import { InvariantViolation, type PostingRequest } from "@pincex/ledger";
import type { BustTrade } from "../commands/bust-trade.ts";
import { writeTradeBusted } from "../events/trade-busted.ts";
import type { VenueRefusalCode } from "../refusals/venue-refusals.ts";
import { type CommandRefusal, refused, refusedWith } from "./command-refusal.ts";
import { appendEntry } from "./ledger-records.ts";
import type { SettledTrade } from "./recent-trades.ts";
import { isReference } from "./reference.ts";
import { tradeAmounts, tradePostings } from "./trade-settlement.ts";
import type { VenueState } from "./venue-state.ts";

/** Takes a trade back: the money goes where it came from, the fees too. */
export const bustTrade = (
  state: VenueState,
  { market: number, tradeId, reference }: BustTrade,
  time: number,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const { books, markets, recentTrades } = state;
  const market = markets.get(number);
  if (market === undefined) return refused("unknown_market");
  const trade = recentTrades.get(tradeId);
  if (trade === undefined || trade.market !== number) return refused("trade_unknown");
  if (recentTrades.isBusted(tradeId)) return refused("trade_already_busted");
  if (!isReference(reference)) return refused("reference_malformed");
  const postings = reversed(tradePostings(state, market, trade, tradeAmounts(market, trade)));
  const refusal = balanceRefusal(state, trade, postings);
  if (refusal !== undefined) return refusal;

  const { entry: corrects, price, quantity, buyerQuote, sellerQuote } = trade;
  const posted = books.post({ kind: "trade_bust", at: time, memo: reference, corrects, postings });
  if (!posted.ok) throw new InvariantViolation(`a trade can be taken back, was ${posted.code}`);
  recentTrades.markBusted(tradeId);
  appendEntry(out, posted.entry);
  writeTradeBusted(out, {
    market: number,
    tradeId,
    buyer: Number(books.account(buyerQuote).owner),
    seller: Number(books.account(sellerQuote).owner),
    price,
    quantity,
    entry: posted.entry.number,
  });
  return undefined;
};

const reversed = (postings: readonly PostingRequest[]): PostingRequest[] =>
  postings.map(({ account, amount }) => ({ account, amount: -amount })).reverse();

/** Who can't give back what it got: it has sent it on, or needs it for open orders. */
const balanceRefusal = (
  { books }: VenueState,
  trade: SettledTrade,
  postings: readonly PostingRequest[],
): CommandRefusal | undefined => {
  const changes = new Map<number, bigint>();
  for (const { account, amount } of postings) {
    changes.set(account, (changes.get(account) ?? 0n) + amount);
  }
  for (const [account, change] of changes) {
    const available = books.available(account);
    const isBounded = books.account(account).bound === "never_below_zero";
    if (isBounded && change < 0n && available < -change) {
      return refusedWith(codeFor(trade, account), -change, available);
    }
  }
  return undefined;
};

const codeFor = ({ buyerBase, sellerQuote }: SettledTrade, account: number): VenueRefusalCode => {
  if (account === buyerBase) return "buyer_balance_below_bust";
  return account === sellerQuote ? "seller_balance_below_bust" : "fees_below_bust";
};
