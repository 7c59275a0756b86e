import type { JSX } from "preact";
import {
  type Decimal,
  decimal,
  decimalText,
  divideToStep,
  isPositive,
  multiply,
  toStep,
} from "../decimal.ts";
import type { Market } from "../market.ts";
import { type OrderDraft, sizeField } from "./order-draft.ts";

interface AmountSharesProps {
  readonly draft: OrderDraft;
  readonly market: Market;
  /** What is there of the asset that the order gives. */
  readonly available: string;
  /** At most what each costs. */
  readonly price: Decimal | undefined;
  onChange(change: Partial<OrderDraft>): void;
}

const SHARES = [25, 50, 75, 100];
const HUNDREDTH = decimal("0.01");

/** Fills in as much as a share of what is available pays for. */
export const AmountShares = (props: AmountSharesProps): JSX.Element => (
  <div class="shares">
    {SHARES.map((percent) => {
      const text = amountFor(percent, props);
      return (
        <button
          key={percent}
          type="button"
          disabled={text === undefined}
          aria-label={`${percent} % of what is available`}
          onClick={() => text !== undefined && props.onChange({ [sizeField(props.draft)]: text })}
        >
          {percent} %
        </button>
      );
    })}
  </div>
);

/** As text for its field; undefined if nothing can be said, or nothing can be had. */
export const amountFor = (
  percent: number,
  { draft, market, available, price }: Omit<AmountSharesProps, "onChange">,
): string | undefined => {
  const share = multiply(multiply(decimal(available), decimal(String(percent))), HUNDREDTH);
  if (!isPositive(share)) return undefined;
  const { quantityIncrement, priceIncrement } = market;
  const isInQuote = sizeField(draft) === "quoteQuantity";
  if (isInQuote && draft.side === "buy") {
    return positive(toStep(share, multiply(priceIncrement, quantityIncrement), "down"));
  }
  if (isInQuote) return undefined;
  if (draft.side === "sell") return positive(toStep(share, quantityIncrement, "down"));
  return price === undefined ? undefined : positive(divideToStep(share, price, quantityIncrement));
};

const positive = (amount: Decimal): string | undefined =>
  isPositive(amount) ? decimalText(amount) : undefined;
