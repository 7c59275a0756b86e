import type { Engine } from "@pincex/engine";
import { checkNotCrossed, checkOrder } from "./core-invariants.ts";
import { invariant } from "./invariant.ts";
import { OrderHolds } from "./order-holds.ts";
import type { VenueState } from "./venue-state.ts";

/** How many orders, and how many balances, are looked at in one go: a fraction of a millisecond. */
const STEP = 16;

/**
 * The laws of the whole state, checked a few orders, balances and markets at a time while the venue runs: round after round,
 * everything comes up. A check of everything at once would keep a large venue waiting for seconds.
 */
export class RunningCheck {
  readonly #state: VenueState;
  readonly #engine: Engine;
  readonly #holds: OrderHolds;
  #slot = 0;
  #balance = 0;
  #market = 0;

  constructor(state: VenueState, engine: Engine) {
    this.#state = state;
    this.#engine = engine;
    this.#holds = new OrderHolds(state);
  }

  /** Looks at what comes next. Throws an `InvariantViolation` where a law is broken. */
  next(): void {
    for (let step = 0; step < STEP; step++) {
      this.#nextOrder();
      this.#nextBalance();
    }
    this.#nextMarket();
  }

  #nextOrder(): void {
    const { books, orders } = this.#state;
    this.#slot = this.#slot < orders.lastSlot ? this.#slot + 1 : 1;
    const slot = this.#slot;
    if (orders.orderId(slot) === 0) return;
    checkOrder(this.#state, this.#engine, slot);
    invariant(
      books.holdAmount(orders.holdId(slot)) === this.#holds.needed(slot),
      "a hold is what its open orders need",
    );
  }

  #nextBalance(): void {
    const { books } = this.#state;
    this.#balance = this.#balance < books.accountCount ? this.#balance + 1 : 1;
    if (books.accountCount === 0) return;
    const { bound } = books.account(this.#balance);
    const balance = books.balance(this.#balance);
    const held = books.held(this.#balance);
    invariant(held >= 0n, "nothing less than nothing is held");
    invariant(bound !== "never_below_zero" || balance >= held, "what is held is there");
    invariant(bound !== "never_above_zero" || balance <= 0n, "custody never owes");
    if (this.#balance === books.accountCount) this.#checkSums();
  }

  /** Once a round: it takes them all. */
  #checkSums(): void {
    for (const [asset, sum] of this.#state.books.trialBalance()) {
      invariant(sum === 0n, `all balances in asset ${asset} add up to zero`);
    }
  }

  #nextMarket(): void {
    const markets = this.#state.markets.inOrder;
    if (markets.length === 0) return;
    this.#market = (this.#market + 1) % markets.length;
    checkNotCrossed(this.#engine, markets[this.#market]?.market ?? 0);
  }
}
