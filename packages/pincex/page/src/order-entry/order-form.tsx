import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Account } from "../account/account.ts";
import { useChanges } from "../changes.ts";
import { decimal, decimalText, readable } from "../decimal.ts";
import type { Market } from "../market.ts";
import { AmountShares } from "./amount-shares.tsx";
import { KindChoice } from "./kind-choice.tsx";
import { MoreConditions } from "./more-conditions.tsx";
import type { OrderDesk } from "./order-desk.ts";
import { askedFields, type Field, type OrderDraft, type TypedField } from "./order-draft.ts";
import { OrderField, Segments } from "./order-field.tsx";
import type { OrderPlacement } from "./order-placement.ts";
import { priceOf, worstCase, worstPriceOf } from "./worst-case.ts";

interface OrderFormProps {
  readonly desk: OrderDesk;
  readonly account: Account;
  readonly placement: OrderPlacement;
  onSignIn(): void;
}

/** Writes an order of any kind: Enter places it, Escape clears it. */
export const OrderForm = ({
  desk,
  account,
  placement,
  onSignIn,
}: OrderFormProps): JSX.Element | null => {
  useChanges(desk, account, account.book, placement);
  const form = useRef<HTMLFormElement>(null);
  const { market, draft, quotes } = desk;
  if (market === undefined) return null;

  const { problems, outcome, isUnderWay } = placement;
  const change = (changed: Partial<OrderDraft>): void => {
    placement.forget();
    desk.change(changed);
  };
  const place = async (): Promise<void> => {
    if (account.name === undefined) onSignIn();
    else inputOf(form.current, await placement.place())?.focus();
  };

  const field = (name: TypedField): JSX.Element => (
    <OrderField
      key={name}
      name={name}
      label={labelOf(name, draft)}
      unit={unitOf(name, market)}
      value={draft[name]}
      placeholder={placeholderOf(name, draft, market, desk)}
      type={name === "expiresAt" ? "datetime-local" : "text"}
      problem={problems[name]}
      onInput={(text) => change({ [name]: text })}
      onFocus={() => desk.uses(name)}
    />
  );

  const spends = draft.side === "buy" ? market.quote : market.base;
  return (
    <form
      class={`order-form ${draft.side}`}
      ref={form}
      novalidate
      aria-label="Place an order"
      onSubmit={(event) => {
        event.preventDefault();
        void place();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") placement.clear();
      }}
    >
      <Segments
        name="side"
        label="Side"
        value={draft.side}
        choices={SIDES}
        onChoose={(side) => change({ side })}
      />
      <KindChoice draft={draft} onChange={change} />
      <div class="fields">
        {askedFields(draft).map(field)}
        <AmountShares
          draft={draft}
          market={market}
          available={account.book.available(spends)}
          price={priceOf(draft, market, quotes)}
          onChange={change}
        />
      </div>
      <MoreConditions draft={draft} problems={problems} field={field} onChange={change} />
      <dl class="worst">
        <div>
          <dt>Available</dt>
          <dd>{account.name === undefined ? "–" : availableText(account, spends)}</dd>
        </div>
        {worstCase(draft, market, quotes).map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="submit" class={`place ${draft.side}`} disabled={isUnderWay}>
        {buttonText(draft, market, account, isUnderWay)}
      </button>
      <p class="outcome" role="status" data-is={outcome.is}>
        {outcome.text}
      </p>
    </form>
  );
};

const SIDES = [
  ["buy", "Buy"],
  ["sell", "Sell"],
] as const;

const availableText = ({ book }: Account, asset: string): string =>
  `${readable(decimal(book.available(asset)), 8, "down")} ${asset}`;

const buttonText = (
  { side }: OrderDraft,
  { base }: Market,
  { name }: Account,
  isUnderWay: boolean,
): string => {
  if (isUnderWay) return "Placing …";
  if (name === undefined) return `Sign in to ${side}`;
  return `${side === "buy" ? "Buy" : "Sell"} ${base}`;
};

const inputOf = (
  form: HTMLFormElement | null,
  name: Field | undefined,
): HTMLElement | undefined => {
  const found = name === undefined ? null : form?.elements.namedItem(name);
  if (!(found instanceof HTMLElement)) return undefined;
  const details = found.closest("details");
  if (details !== null) details.open = true;
  return found;
};

const LABELS: Readonly<Record<TypedField, string>> = {
  price: "Price",
  quantity: "Quantity",
  quoteQuantity: "Amount",
  worstPrice: "Worst price",
  triggerPrice: "Trigger price",
  stopPrice: "Stop’s limit",
  exitPrice: "Exit price",
  trailingOffset: "Distance",
  trailingPercent: "Distance",
  activationPrice: "Begins at",
  pegOffset: "Offset",
  displayQuantity: "Shown at a time",
  minQuantity: "At least at once",
  expiresAt: "Until",
};

const labelOf = (field: TypedField, { kind }: OrderDraft): string => {
  if (field === "price" && (kind === "oto" || kind === "otoco")) return "Entry price";
  if (field === "price" && kind === "pegged") return "Limit";
  if (field === "triggerPrice" && (kind === "oco" || kind === "otoco")) return "Stop trigger";
  if (field === "exitPrice" && kind === "otoco") return "Profit price";
  return LABELS[field];
};

const IN_BASE: ReadonlySet<TypedField> = new Set(["quantity", "displayQuantity", "minQuantity"]);

const unitOf = (field: TypedField, { base, quote }: Market): string => {
  if (field === "expiresAt") return "";
  if (field === "trailingPercent") return "%";
  return IN_BASE.has(field) ? base : quote;
};

const placeholderOf = (
  field: TypedField,
  draft: OrderDraft,
  market: Market,
  { quotes }: OrderDesk,
): string => {
  if (field === "worstPrice") {
    const worst = worstPriceOf(draft, market, quotes);
    return worst === undefined ? "as the exchange says" : decimalText(worst);
  }
  if (field === "stopPrice") return "none: at market";
  if (field === "activationPrice") return "at once";
  return field === "displayQuantity" ? "all of it" : "";
};
