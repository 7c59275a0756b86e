import type { JSX } from "preact";
import { ORDER_KINDS, type OrderDraft, type OrderKind } from "./order-draft.ts";
import { Segments } from "./order-field.tsx";

interface KindChoiceProps {
  readonly draft: OrderDraft;
  onChange(change: Partial<OrderDraft>): void;
}

const USUAL = [
  ["limit", "Limit"],
  ["market", "Market"],
  ["stop_limit", "Stop"],
] as const satisfies readonly (readonly [OrderKind, string])[];

const GROUPS: readonly (readonly [string, readonly OrderKind[]])[] = [
  ["Wait for a price", ["stop_market", "take_profit_limit", "take_profit_market", "trailing_stop"]],
  ["Follow the book", ["market_to_limit", "pegged"]],
  ["Depend on one another", ["oco", "oto", "otoco"]],
];

/** The usual kinds side by side, all others in a list, and what the chosen one does. */
export const KindChoice = ({ draft, onChange }: KindChoiceProps): JSX.Element => {
  const isUsual = USUAL.some(([kind]) => kind === draft.kind);
  return (
    <div class="kind-choice">
      <div class="kind-row">
        <Segments
          name="kind"
          label="Type of order"
          value={draft.kind}
          choices={USUAL}
          onChoose={(kind) => onChange({ kind })}
        />
        <select
          aria-label="More types of order"
          class={isUsual ? "" : "chosen"}
          value={isUsual ? "" : draft.kind}
          onChange={({ currentTarget }) =>
            onChange({ kind: (currentTarget.value || "limit") as OrderKind })
          }
        >
          <option value="">More</option>
          {GROUPS.map(([name, kinds]) => (
            <optgroup key={name} label={name}>
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {ORDER_KINDS[kind].name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      <p class="says">{ORDER_KINDS[draft.kind].says}</p>
      {draft.kind === "market" && (
        <Segments
          name="sizedIn"
          label="Size in"
          value={draft.sizedIn}
          choices={SIZES}
          onChoose={(sizedIn) => onChange({ sizedIn, quantity: "", quoteQuantity: "" })}
        />
      )}
      {draft.kind === "trailing_stop" && (
        <Segments
          name="trailingBy"
          label="Distance in"
          value={draft.trailingBy}
          choices={DISTANCES}
          onChoose={(trailingBy) =>
            onChange({ trailingBy, trailingOffset: "", trailingPercent: "" })
          }
        />
      )}
    </div>
  );
};

const SIZES = [
  ["base", "By quantity"],
  ["quote", "By amount"],
] as const;

const DISTANCES = [
  ["percent", "In percent"],
  ["price", "In price"],
] as const;
