import { decimal, decimalText, multiply, parseDecimal } from "../decimal.ts";
import type { Market } from "../market.ts";
import {
  askedFields,
  type Field,
  MARKET_KINDS,
  ORDER_KINDS,
  type OrderDraft,
  takenFields,
} from "./order-draft.ts";
import { worstOfStop } from "./worst-case.ts";

/** What is sent, and which fields of the form its fields come from. */
export interface OrderRequest {
  readonly path: "v1/orders" | "v1/order-lists";
  readonly body: object;
  /** The same under the account's own name for it. */
  named(name: string): object;
  /** The form's field that the exchange means; undefined if it is none of the form's. */
  fieldOf(named: string | null): Field | undefined;
}

type Terms = Readonly<Record<string, string | number | boolean>>;

/** The request that a complete draft stands for. `worstPrice` is what market orders say that don't say it themselves. */
export const orderRequest = (
  draft: OrderDraft,
  rules: Market,
  worstPrice: string | undefined,
): OrderRequest => {
  const market = rules.name;
  const list = listOf(draft, rules);
  if (list === undefined) {
    const body = { market, ...termsOf(draft, worstPrice) };
    return {
      path: "v1/orders",
      body,
      named: (clientOrderId) => ({ ...body, clientOrderId }),
      fieldOf: (named) => fieldNamed(named, MARKET_KINDS.has(draft.kind) ? MARKET_FIELDS : {}),
    };
  }
  const { contingency, sizing, orders, fields } = list;
  const body = { market, contingency, sizing, orders };
  return {
    path: "v1/order-lists",
    body,
    named: (clientListId) => ({ ...body, clientListId }),
    fieldOf: (named) => {
      const [, leg, field] = /^orders\.(\d)\.(.+)$/.exec(named ?? "") ?? [];
      return leg === undefined ? undefined : fieldNamed(field ?? "", fields[Number(leg)] ?? {});
    },
  };
};

/** The API calls the worst price of a market order its price, and trails by basis points. */
const MARKET_FIELDS = { price: "worstPrice", trailingBasisPoints: "trailingPercent" } as const;

const fieldNamed = (
  named: string | null,
  others: Readonly<Record<string, Field>>,
): Field | undefined =>
  named === null
    ? undefined
    : (others[named] ?? (FIELDS.has(named) ? (named as Field) : undefined));

const FIELDS: ReadonlySet<string> = new Set(
  Object.values(ORDER_KINDS)
    .flatMap(({ asks, takes, chooses }): readonly string[] => [...asks, ...takes, ...chooses])
    .concat("quantity", "quoteQuantity", "trailingOffset"),
);

const termsOf = (draft: OrderDraft, worstPrice: string | undefined): Terms => ({
  side: draft.side,
  type: typeOf(draft),
  ...typedTerms(draft),
  ...chosenTerms(draft),
  ...triggerTerms(draft),
  ...(MARKET_KINDS.has(draft.kind) ? priceTerm(draft.worstPrice || worstPrice) : {}),
});

const typeOf = ({ kind }: OrderDraft): string => {
  if (MARKET_KINDS.has(kind)) return "market";
  return kind === "market_to_limit" ? kind : "limit";
};

const priceTerm = (price: string | undefined): Terms => (price === undefined ? {} : { price });

/** What is typed under the API's own names. */
const typedTerms = (draft: OrderDraft): Terms => {
  const terms: Record<string, string | number> = {};
  for (const field of [...askedFields(draft), ...takenFields(draft)]) {
    const text = draft[field];
    if (text === "" || field === "worstPrice") continue;
    if (field === "trailingPercent") terms["trailingBasisPoints"] = basisPoints(text);
    else terms[field] = field === "expiresAt" ? new Date(text).toISOString() : text;
  }
  return terms;
};

const basisPoints = (percent: string): number => {
  const value = parseDecimal(percent) ?? decimal("0");
  return Number(decimalText(multiply(value, decimal("100"))));
};

/** What is chosen, where it is another than what the exchange does by itself. */
const chosenTerms = (draft: OrderDraft): Terms => {
  const terms: Record<string, string | boolean> = {};
  for (const field of ORDER_KINDS[draft.kind].chooses) {
    const value = draft[field];
    if (field === "triggerOn" || value === "" || value === false) continue;
    terms[field] = value;
  }
  if (draft.kind === "market" && draft.timeInForce !== "fok") terms["timeInForce"] = "ioc";
  return terms;
};

const triggerTerms = ({ kind, triggerOn }: OrderDraft): Terms => {
  const trigger = triggerOf(kind);
  if (trigger === undefined) return {};
  return { trigger, ...(triggerOn === "last" ? {} : { triggerOn }) };
};

const triggerOf = (kind: OrderDraft["kind"]): string | undefined => {
  if (kind === "trailing_stop") return kind;
  if (kind.startsWith("stop_")) return "stop";
  return kind.startsWith("take_profit_") ? "take_profit" : undefined;
};

interface List {
  readonly contingency: string;
  readonly sizing: "fixed" | "received";
  readonly orders: readonly Terms[];
  /** Of each leg: which fields of the form its fields come from, where the names differ. */
  readonly fields: readonly Readonly<Record<string, Field>>[];
}

const listOf = (draft: OrderDraft, market: Market): List | undefined => {
  const { kind, side, price, quantity } = draft;
  const stopPrice = worstOfStop(draft, market);
  const other = side === "buy" ? "sell" : "buy";
  switch (kind) {
    case "oco":
      return {
        contingency: kind,
        sizing: "fixed",
        orders: [
          { ...profitLeg(side, price), quantity },
          {
            ...stopLeg(side, draft),
            quantity,
            ...(stopPrice === undefined ? {} : { price: decimalText(stopPrice) }),
          },
        ],
        fields: [{}, { price: "stopPrice" }],
      };
    case "oto":
      return {
        contingency: kind,
        sizing: "received",
        orders: [
          { side, type: "limit", price, quantity },
          { side: other, type: "limit", price: draft.exitPrice },
        ],
        fields: [{}, { price: "exitPrice" }],
      };
    case "otoco":
      return {
        contingency: kind,
        sizing: "received",
        orders: [
          { side, type: "limit", price, quantity },
          profitLeg(other, draft.exitPrice),
          stopLeg(other, draft),
        ],
        fields: [{}, { price: "exitPrice" }, {}],
      };
    default:
      return undefined;
  }
};

/** Of a pair never both are in the book: the one that rests there must not take. */
const profitLeg = (side: "buy" | "sell", price: string): Terms => ({
  side,
  type: "limit",
  price,
  postOnly: "reject",
});

const stopLeg = (
  side: "buy" | "sell",
  { kind, triggerPrice, triggerOn, stopPrice }: OrderDraft,
): Terms => ({
  side,
  type: kind === "oco" && stopPrice !== "" ? "limit" : "market",
  trigger: "stop",
  triggerPrice,
  ...(triggerOn === "last" ? {} : { triggerOn }),
});
