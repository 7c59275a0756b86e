/** What a person may place. Some are one order, some a list of orders that depend on one another. */
export type OrderKind =
  | "limit"
  | "market"
  | "market_to_limit"
  | "stop_limit"
  | "stop_market"
  | "take_profit_limit"
  | "take_profit_market"
  | "trailing_stop"
  | "pegged"
  | "oco"
  | "oto"
  | "otoco";

/** Fields that are typed. */
export const TYPED_FIELDS = [
  "price",
  "quantity",
  "quoteQuantity",
  "worstPrice",
  "triggerPrice",
  "stopPrice",
  "exitPrice",
  "trailingOffset",
  "trailingPercent",
  "activationPrice",
  "pegOffset",
  "displayQuantity",
  "minQuantity",
  "expiresAt",
] as const;
export type TypedField = (typeof TYPED_FIELDS)[number];

/** Fields that are chosen. */
export type ChosenField =
  | "timeInForce"
  | "postOnly"
  | "triggerOn"
  | "peg"
  | "selfTrade"
  | "hidden"
  | "allOrNone";

export type Field = TypedField | ChosenField;

/** An order as it is being written: texts as typed, empty where nothing is. */
export interface OrderDraft extends Readonly<Record<TypedField, string>> {
  readonly kind: OrderKind;
  readonly side: "buy" | "sell";
  /** Market orders say how much of which asset. */
  readonly sizedIn: "base" | "quote";
  readonly trailingBy: "price" | "percent";
  readonly timeInForce: "gtc" | "ioc" | "fok" | "gtd" | "day" | "at_open" | "at_close";
  readonly postOnly: "" | "reject" | "slide";
  readonly triggerOn: "last" | "mark";
  readonly peg: "primary" | "market" | "mid";
  readonly selfTrade: "" | "expire_taker" | "expire_maker" | "expire_both" | "decrement";
  readonly hidden: boolean;
  readonly allOrNone: boolean;
}

export const EMPTY_DRAFT: OrderDraft = {
  kind: "limit",
  side: "buy",
  sizedIn: "base",
  trailingBy: "percent",
  timeInForce: "gtc",
  postOnly: "",
  triggerOn: "last",
  peg: "primary",
  selfTrade: "",
  hidden: false,
  allOrNone: false,
  price: "",
  quantity: "",
  quoteQuantity: "",
  worstPrice: "",
  triggerPrice: "",
  stopPrice: "",
  exitPrice: "",
  trailingOffset: "",
  trailingPercent: "",
  activationPrice: "",
  pegOffset: "",
  displayQuantity: "",
  minQuantity: "",
  expiresAt: "",
};

interface KindDescription {
  readonly name: string;
  /** In one sentence, what it does. */
  readonly says: string;
  /** What must be typed, in the order of the form; the quantity comes after them. */
  readonly asks: readonly TypedField[];
  /** What may be typed. */
  readonly takes: readonly TypedField[];
  readonly chooses: readonly ChosenField[];
}

const RESTING = ["timeInForce", "postOnly", "hidden", "allOrNone", "selfTrade"] as const;

export const ORDER_KINDS: Readonly<Record<OrderKind, KindDescription>> = {
  limit: {
    name: "Limit",
    says: "Trades at its price or better, and waits in the book for the rest.",
    asks: ["price"],
    takes: ["displayQuantity", "minQuantity", "expiresAt"],
    chooses: RESTING,
  },
  market: {
    name: "Market",
    says: "Trades at once, down to the worst price; what can’t be had expires.",
    asks: [],
    takes: ["worstPrice", "minQuantity"],
    chooses: ["timeInForce", "selfTrade"],
  },
  stop_limit: {
    name: "Stop limit",
    says: "Once the market reaches the trigger, comes in as a limit order.",
    asks: ["triggerPrice", "price"],
    takes: ["displayQuantity", "expiresAt"],
    chooses: ["triggerOn", "timeInForce", "postOnly", "hidden", "selfTrade"],
  },
  stop_market: {
    name: "Stop market",
    says: "Once the market reaches the trigger, comes in as a market order.",
    asks: ["triggerPrice"],
    takes: ["worstPrice"],
    chooses: ["triggerOn", "selfTrade"],
  },
  take_profit_limit: {
    name: "Take profit limit",
    says: "Once the market is as good as the trigger, comes in as a limit order.",
    asks: ["triggerPrice", "price"],
    takes: ["displayQuantity", "expiresAt"],
    chooses: ["triggerOn", "timeInForce", "postOnly", "hidden", "selfTrade"],
  },
  take_profit_market: {
    name: "Take profit market",
    says: "Once the market is as good as the trigger, comes in as a market order.",
    asks: ["triggerPrice"],
    takes: ["worstPrice"],
    chooses: ["triggerOn", "selfTrade"],
  },
  trailing_stop: {
    name: "Trailing stop",
    says: "A stop whose trigger follows the market at a distance, and never moves back.",
    asks: [],
    takes: ["activationPrice", "worstPrice"],
    chooses: ["triggerOn", "selfTrade"],
  },
  market_to_limit: {
    name: "Market to limit",
    says: "Takes the best price of the other side; the rest stays there as a limit order.",
    asks: [],
    takes: ["displayQuantity"],
    chooses: ["selfTrade"],
  },
  pegged: {
    name: "Pegged",
    says: "Unseen in the book, follows the best price, at its limit at most.",
    asks: ["price"],
    takes: ["pegOffset"],
    chooses: ["peg", "selfTrade"],
  },
  oco: {
    name: "OCO: one cancels the other",
    says: "A limit order and a stop: as soon as one trades, the other is cancelled.",
    asks: ["price", "triggerPrice"],
    takes: ["stopPrice"],
    chooses: ["triggerOn"],
  },
  oto: {
    name: "OTO: entry, then exit",
    says: "When the entry is done, what it received is offered at the exit price.",
    asks: ["price", "exitPrice"],
    takes: [],
    chooses: [],
  },
  otoco: {
    name: "Bracket: entry, then profit or stop",
    says: "When the entry is done, what it received leaves at a profit or at the stop.",
    asks: ["price", "exitPrice", "triggerPrice"],
    takes: [],
    chooses: ["triggerOn"],
  },
};

export const MARKET_KINDS: ReadonlySet<OrderKind> = new Set([
  "market",
  "stop_market",
  "take_profit_market",
  "trailing_stop",
]);

/** The field that says how much. */
export const sizeField = ({ kind, sizedIn }: OrderDraft): "quantity" | "quoteQuantity" =>
  kind === "market" && sizedIn === "quote" ? "quoteQuantity" : "quantity";

/** What must be typed, in the form's order. */
export const askedFields = (draft: OrderDraft): readonly TypedField[] => [
  ...ORDER_KINDS[draft.kind].asks,
  ...(draft.kind === "trailing_stop" ? [trailingField(draft)] : []),
  sizeField(draft),
];

/** What may be typed, and counts if it is. */
export const takenFields = (draft: OrderDraft): readonly TypedField[] =>
  ORDER_KINDS[draft.kind].takes.filter(
    (field) => field !== "expiresAt" || draft.timeInForce === "gtd",
  );

const trailingField = ({ trailingBy }: OrderDraft): "trailingOffset" | "trailingPercent" =>
  trailingBy === "price" ? "trailingOffset" : "trailingPercent";
