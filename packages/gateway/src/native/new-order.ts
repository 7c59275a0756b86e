import type { MarketNumbers } from "../market-numbers.ts";
import type { NewOrder } from "../new-order.ts";
import { marketNamed, type SignedNativeCall } from "./native-services.ts";
import { Problem } from "./problem.ts";
import { type NewOrderBody, newOrderSchema, validated } from "./schemas.ts";

/** The body of `POST /v1/orders` as an order in ticks and lots. */
export const readNewOrder = (
  call: SignedNativeCall,
): { numbers: MarketNumbers; order: NewOrder } => {
  const body = validated(newOrderSchema, parseJson(call.body));
  const numbers = marketNamed(call, body.market);
  checkTerms(body);
  const { clientOrderId } = body;
  const order: NewOrder = {
    account: call.principal.account,
    market: numbers.market,
    side: body.side,
    type: body.type,
    timeInForce: body.timeInForce ?? (body.type === "limit" ? "gtc" : "ioc"),
    price: read(body.price, "price", (text) => numbers.parsePrice(text)),
    quantity: read(body.quantity, "quantity", (text) => numbers.parseQuantity(text)),
    quoteQuantity: read(body.quoteQuantity, "quoteQuantity", (text) => numbers.parseNotional(text)),
    clientOrderId: clientOrderId ?? "",
    // Derived from the name of the order: sent again after a lost answer, it gives the same order, not a second one.
    ...(clientOrderId === undefined ? {} : { commandId: `order:${clientOrderId}` }),
  };
  return { numbers, order };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "body_malformed", "body", "The body is JSON in UTF-8.");
  }
};

/** Which of price, quantity and quote quantity an order of each type has. */
const checkTerms = (body: NewOrderBody): void => {
  const { type, timeInForce, price, quantity, quoteQuantity } = body;
  if (type === "limit") {
    if (price === undefined) throw missing("price", "A limit order has a price.");
    if (quantity === undefined) throw missing("quantity", "A limit order has a quantity.");
    if (quoteQuantity !== undefined) {
      throw unwanted("quoteQuantity", "A limit order has a quantity, no quote quantity.");
    }
    return;
  }
  if (timeInForce === "gtc") {
    throw unwanted("timeInForce", "A market order never rests: it is ioc or fok.");
  }
  if (quantity === undefined && quoteQuantity === undefined) {
    throw missing("quantity", "A market order has a quantity or a quote quantity.");
  }
  if (quantity !== undefined && quoteQuantity !== undefined) {
    throw unwanted("quoteQuantity", "A market order has a quantity or a quote quantity, not both.");
  }
};

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

const read = (
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
