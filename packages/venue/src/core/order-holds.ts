import { type RecordWriter, Side } from "@pincex/engine";
import { writeHeld } from "../events/held.ts";
import { invariant } from "./invariant.ts";
import { neededForFees, neededToTrade } from "./order-hold.ts";
import type { ListedMarket, VenueState } from "./venue-state.ts";

/**
 * What open orders reserve: at any time what each needs now, no more and no less.
 *
 * An order that is pending needs nothing. Of a pair on one side, of which only one will ever trade, the larger of the two
 * needs is reserved once.
 */
export class OrderHolds {
  readonly #state: VenueState;
  #out: RecordWriter | undefined;
  /** The slot of the order that the command places, as long as nothing was told of its hold; 0 for none. */
  #untold = 0;
  /** Whether a total was told that counts it. */
  #isCounted = false;
  /** The market that was looked up last in this command. */
  #listed: ListedMarket | undefined;

  constructor(state: VenueState) {
    this.#state = state;
  }

  begin(out: RecordWriter): void {
    this.#out = out;
    this.#untold = 0;
    this.#isCounted = false;
    this.#listed = undefined;
  }

  /** An order comes in by itself. Its hold is told once, at the end of the command, and only if it is still open then. */
  tellAtTheEndOf(slot: number): void {
    this.#untold = slot;
  }

  get untold(): number {
    return this.#untold;
  }

  finish(): void {
    const slot = this.#untold;
    this.#untold = 0;
    if (slot !== 0) this.tell(slot);
  }

  /** What an order's hold has to be: what it needs, or what its pair does. */
  needed(slot: number): bigint {
    const { orders } = this.#state;
    const own = this.neededAlone(slot);
    const partner = orders.partnerOf(slot);
    return partner === 0 ? own : larger(own, this.neededAlone(partner));
  }

  neededAlone(slot: number): bigint {
    const { orders } = this.#state;
    if (orders.isPending(slot)) return 0n;
    const side = orders.side(slot);
    const gives = neededToTrade(
      side,
      orders.price(slot),
      orders.remaining(slot),
      orders.budget(slot),
      this.market(orders.market(slot)),
    );
    if (!orders.paysInQuote(slot)) return gives;
    return (
      gives +
      neededForFees(
        side,
        gives,
        orders.makerPpm(slot),
        orders.takerPpm(slot),
        orders.overpaidPpm(slot),
      )
    );
  }

  /** Makes a hold as large as it has to be, if the balance allows. Answers whether it did; if not, nothing has changed. */
  reserve(holdId: number, account: number, amount: bigint): boolean {
    const { books } = this.#state;
    const held = books.holdAmount(holdId);
    if (amount <= held) {
      if (amount < held) books.reduceHold(holdId, amount);
      return true;
    }
    if (amount - held > books.available(account)) return false;
    if (held > 0n) books.release(holdId);
    const placed = books.hold({ id: holdId, account, amount, kind: "order" });
    invariant(placed.ok, "what is available can be held");
    return true;
  }

  /** Frees what an order does not need any more. It never needs more than it has: whatever makes it need more is asked for first. */
  fit(slot: number): void {
    const { books, orders } = this.#state;
    const holdId = orders.holdId(slot);
    const needed = this.needed(slot);
    if (books.holdAmount(holdId) > needed) books.reduceHold(holdId, needed);
  }

  /** An order that is done needs nothing; the other one of its pair, if it has one, is by itself. */
  release(slot: number): void {
    const { books, orders } = this.#state;
    const holdId = orders.holdId(slot);
    const before = books.holdAmount(holdId);
    const left = orders.partner(slot) === 0 ? 0n : this.#leavePair(slot);
    if (before > left) books.reduceHold(holdId, left);
    if (slot === this.#untold) {
      this.#untold = 0;
      if (this.#isCounted) this.#write(slot, left);
    } else if (before > left) {
      this.#write(slot, left);
    }
  }

  /** An order of which nobody has heard is not placed after all. */
  withdraw(slot: number): void {
    const { books, orders } = this.#state;
    const holdId = orders.holdId(slot);
    const left = orders.partner(slot) === 0 ? 0n : this.#leavePair(slot);
    if (books.holdAmount(holdId) > left) books.reduceHold(holdId, left);
  }

  /** Answers what the other one needs. */
  #leavePair(slot: number): bigint {
    const { orders } = this.#state;
    const other = orders.partnerOf(slot);
    orders.leavePair(slot);
    orders.leavePair(other);
    return this.neededAlone(other);
  }

  /** Tells what an order reserves now, unless that is told at the end of the command. */
  tell(slot: number): void {
    if (slot !== this.#untold) this.#write(slot, this.needed(slot));
  }

  /** Tells what is left of the hold of an order that is done, a part of which another one had got before. */
  tellLeft(slot: number): void {
    const { books, orders } = this.#state;
    this.#write(slot, books.holdAmount(orders.holdId(slot)));
  }

  #write(slot: number, amount: bigint): void {
    const { books, orders } = this.#state;
    invariant(this.#out !== undefined, "there is a command");
    const market = this.market(orders.market(slot));
    const holdAccount = orders.holdAccount(slot);
    const asset = orders.side(slot) === Side.buy ? market.quote : market.base;
    if (this.#untold !== 0 && holdAccount === orders.holdAccount(this.#untold)) {
      this.#isCounted = true;
    }
    writeHeld(
      this.#out,
      holdAccount,
      orders.account(slot),
      asset,
      orders.holdId(slot),
      amount,
      books.held(holdAccount),
    );
  }

  /** Of a command nearly all is in one market. */
  market(market: number): ListedMarket {
    if (this.#listed?.market === market) return this.#listed;
    const listed = this.#state.markets.get(market);
    invariant(listed !== undefined, "the engine trades in listed markets");
    this.#listed = listed;
    return listed;
  }
}

export const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);
