import { Changing } from "../changes.ts";
import type { Market } from "../market.ts";
import {
  askedFields,
  EMPTY_DRAFT,
  type OrderDraft,
  TYPED_FIELDS,
  type TypedField,
  takenFields,
} from "./order-draft.ts";
import type { Quotes } from "./worst-case.ts";

const PRICE_FIELDS: readonly TypedField[] = [
  "price",
  "triggerPrice",
  "stopPrice",
  "exitPrice",
  "activationPrice",
  "worstPrice",
];

/** The order that is being written, and the market that it is for. */
export class OrderDesk extends Changing {
  #market: Market | undefined;
  #draft: OrderDraft = EMPTY_DRAFT;
  #quotes: Quotes = { bid: undefined, ask: undefined };
  /** Where a price goes that is picked in the book: the price field that was last in use. */
  #picksFor: TypedField = "price";

  get market(): Market | undefined {
    return this.#market;
  }

  get draft(): OrderDraft {
    return this.#draft;
  }

  get quotes(): Quotes {
    return this.#quotes;
  }

  /** Another market has other prices: what was typed is of no use there. */
  show(market: Market): void {
    if (this.#market?.name === market.name) return;
    this.#market = market;
    this.#quotes = { bid: undefined, ask: undefined };
    this.clear();
  }

  quote(quotes: Quotes): void {
    if (quotes.bid === this.#quotes.bid && quotes.ask === this.#quotes.ask) return;
    this.#quotes = quotes;
    this.changed();
  }

  change(change: Partial<OrderDraft>): void {
    this.#draft = { ...this.#draft, ...change };
    this.changed();
  }

  /** Empties what was typed; what was chosen stays. */
  clear(): void {
    const empty = Object.fromEntries(TYPED_FIELDS.map((field) => [field, ""]));
    this.change(empty as Partial<OrderDraft>);
  }

  uses(field: TypedField): void {
    if (PRICE_FIELDS.includes(field)) this.#picksFor = field;
  }

  /** A price was picked in the book. */
  pick(price: string): void {
    const there = [...askedFields(this.#draft), ...takenFields(this.#draft)];
    const prices = PRICE_FIELDS.filter((field) => there.includes(field));
    const field = prices.includes(this.#picksFor) ? this.#picksFor : prices[0];
    if (field !== undefined) this.change({ [field]: price });
  }
}
