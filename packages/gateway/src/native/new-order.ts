import { REJECTIONS } from "@pincex/engine";
import type { MarketNumbers } from "../market-numbers.ts";
import type { NewOrder, NewOrderTerms } from "../new-order.ts";
import type { AccountCall } from "./native-services.ts";
import { marketNamed } from "./native-services.ts";
import { newOrderSchema, type OrderTermsBody } from "./order-schemas.ts";
import { Problem } from "./problem.ts";
import { validated } from "./schemas.ts";

/** The body of `POST /v1/orders` as an order in ticks and lots. */
export const readNewOrder = (
  call: AccountCall,
  body: unknown,
): { numbers: MarketNumbers; order: NewOrder } => {
  const asked = validated(newOrderSchema, body);
  const numbers = marketNamed(call, asked.market);
  const terms = readTerms(numbers, asked);
  // Field by field, here and below: spreading and leaving out cost more than all that is checked.
  const order: Writable<NewOrder> = {
    account: call.principal.account,
    market: numbers.market,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    price: terms.price,
    quantity: terms.quantity,
    quoteQuantity: terms.quoteQuantity,
    clientOrderId: terms.clientOrderId,
  };
  if (terms.conditions !== undefined) order.conditions = terms.conditions;
  // Derived from the name of the order: sent again after a lost answer, it gives the same order, not a second one.
  if (terms.clientOrderId !== "") order.commandId = `order:${terms.clientOrderId}`;
  return { numbers, order };
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What an order says in ticks and lots. One that is sized later has no quantity yet. */
export const readTerms = (
  numbers: MarketNumbers,
  body: OrderTermsBody,
  isSizedLater = false,
): NewOrderTerms => {
  checkTerms(body, isSizedLater);
  const { side, type } = body;
  const terms: Writable<NewOrderTerms> = {
    side,
    type,
    timeInForce: body.timeInForce ?? (type === "market" ? "ioc" : "gtc"),
    price: read(body.price, "price", (text) => numbers.parsePrice(text)),
    quantity: read(body.quantity, "quantity", (text) => numbers.parseQuantity(text)),
    quoteQuantity: read(body.quoteQuantity, "quoteQuantity", (text) => numbers.parseNotional(text)),
    clientOrderId: body.clientOrderId ?? "",
  };
  const conditions = readConditions(numbers, body);
  if (conditions !== undefined) terms.conditions = conditions;
  return terms;
};

/** Which of price, quantity and quote quantity an order of each type has. */
const checkTerms = (body: OrderTermsBody, isSizedLater: boolean): void => {
  const { type, timeInForce, price } = body;
  if (type === "market" && timeInForce !== undefined && !MARKET_TIMES.has(timeInForce)) {
    throw unwanted("timeInForce", "A market order never rests: it is ioc or fok.");
  }
  if (type === "limit" && price === undefined) {
    throw missing("price", "A limit order has a price.");
  }
  if (type === "market_to_limit" && price !== undefined) {
    throw unwanted("price", "A market-to-limit order gets the best price of the other side.");
  }
  if (isSizedLater) checkUnsized(body);
  else if (type === "market") checkOneQuantity(body);
  else checkBaseQuantity(body);
};

const checkUnsized = ({ quantity, quoteQuantity }: OrderTermsBody): void => {
  if (quantity === undefined && quoteQuantity === undefined) return;
  const field = quantity === undefined ? "quoteQuantity" : "quantity";
  throw unwanted(field, "An order that is sized by what is received comes without quantities.");
};

const checkOneQuantity = ({ quantity, quoteQuantity }: OrderTermsBody): void => {
  if (quantity === undefined && quoteQuantity === undefined) {
    throw missing("quantity", "A market order has a quantity or a quote quantity.");
  }
  if (quantity !== undefined && quoteQuantity !== undefined) {
    throw unwanted("quoteQuantity", "A market order has a quantity or a quote quantity, not both.");
  }
};

const checkBaseQuantity = ({ type, quantity, quoteQuantity }: OrderTermsBody): void => {
  const said = type.replaceAll("_", "-");
  if (quantity === undefined) throw missing("quantity", `A ${said} order has a quantity.`);
  if (quoteQuantity !== undefined) {
    throw unwanted("quoteQuantity", `A ${said} order has a quantity, no quote quantity.`);
  }
};

const MARKET_TIMES: ReadonlySet<string> = new Set(["ioc", "fok"]);

/** Conditions that are decimals, the unit that each is in, and the venue's word for one that does not fit. */
const DECIMAL_CONDITIONS = {
  displayQuantity: { unit: "quantity", code: "display_quantity_out_of_range" },
  minQuantity: { unit: "quantity", code: "minimum_fill_out_of_range" },
  triggerPrice: { unit: "price", code: "trigger_price_out_of_range" },
  trailingOffset: { unit: "price", code: "trailing_distance_out_of_range" },
  activationPrice: { unit: "price", code: "activation_price_out_of_range" },
  slippage: { unit: "price", code: "slippage_out_of_range" },
  pegOffset: { unit: "price", code: "peg_offset_out_of_range" },
} as const;

type DecimalCondition = keyof typeof DECIMAL_CONDITIONS;
const DECIMAL_FIELDS = Object.keys(DECIMAL_CONDITIONS) as DecimalCondition[];

type Conditions = NonNullable<NewOrderTerms["conditions"]>;

/** What a plain order says; whatever else is said is a condition. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  "market",
  "side",
  "type",
  "timeInForce",
  "price",
  "quantity",
  "quoteQuantity",
  "clientOrderId",
]);

const isPlain = (body: OrderTermsBody): boolean => {
  for (const field in body) if (!PLAIN_FIELDS.has(field)) return false;
  return true;
};

/** A plain order has none, not an empty block: the engine has a shorter way for it. */
const readConditions = (numbers: MarketNumbers, body: OrderTermsBody): Conditions | undefined => {
  if (isPlain(body)) return undefined;
  const { postOnly, selfTrade, expiresAt, trigger, triggerOn, trailingBasisPoints, peg } = body;
  const given = {
    postOnly,
    selfTrade,
    expiresAt,
    trigger,
    triggerOn,
    trailingBasisPoints,
    peg,
    hidden: body.hidden === true ? true : undefined,
    allOrNone: body.allOrNone === true ? true : undefined,
    ...Object.fromEntries(
      DECIMAL_FIELDS.map((field) => [field, readDecimal(numbers, body, field)]),
    ),
  };
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  return asked.length === 0 ? undefined : (Object.fromEntries(asked) as Conditions);
};

const readDecimal = (
  numbers: MarketNumbers,
  body: OrderTermsBody,
  field: DecimalCondition,
): number | undefined => {
  const text = body[field];
  if (text === undefined) return undefined;
  const { unit, code } = DECIMAL_CONDITIONS[field];
  const parsed = unit === "price" ? numbers.parsePrice(text) : numbers.parseQuantity(text);
  // Of all these only a peg's offset may be nothing: 0 would say that the condition is not asked for.
  const fits = parsed.ok && parsed.value <= MOST && (parsed.value > 0 || field === "pegOffset");
  if (!fits) throw new Problem(422, code, field, REJECTIONS[code].rule);
  return parsed.value;
};

/** No market has a higher price, and a record no room for one. */
const MOST = 2 ** 31 - 1;

const missing = (field: string, rule: string): Problem =>
  new Problem(400, "field_missing", field, rule);

const unwanted = (field: string, rule: string): Problem =>
  new Problem(400, "field_not_wanted", field, rule);

type Parsed = ReturnType<MarketNumbers["parsePrice"]>;

/** The words of the venue's own rules, for what can't even be written in ticks and lots. */
const CODE_OF = {
  price: "price",
  quantity: "quantity",
  quoteQuantity: "quote_quantity",
} as const;

export const read = (
  text: string | undefined,
  field: keyof typeof CODE_OF,
  parse: (text: string) => Parsed,
): number => {
  if (text === undefined) return 0;
  const parsed = parse(text);
  if (!parsed.ok) throw notInUnits(field, parsed.code);
  if (parsed.value === 0) {
    throw new Problem(422, `${CODE_OF[field]}_must_be_positive`, field, "It is greater than zero.");
  }
  return parsed.value;
};

const notInUnits = (field: keyof typeof CODE_OF, code: string): Problem => {
  if (code === "decimal_malformed") {
    return new Problem(400, "field_invalid", field, "It is a decimal number as a string.");
  }
  return code === "decimal_out_of_range"
    ? new Problem(
        422,
        `${CODE_OF[field]}_above_maximum`,
        field,
        "It is at most the market's maximum.",
      )
    : new Problem(
        422,
        `${CODE_OF[field]}_off_increment`,
        field,
        "It is a multiple of the market's increment.",
      );
};
