import type { MarketNumbers } from "../../market-numbers.ts";
import type { NewOrder } from "../../new-order.ts";
import { filterFailure, parameterInvalid, translated } from "../error.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { placementMessage, type ResponseType } from "../order-message.ts";
import { checkNotReached, readSide, readTerms, readType, refusePegs } from "../order-terms.ts";
import type { Parameters } from "../parameters.ts";

export const orderPlace: SignedMethod = {
  routes: ["POST /api/v3/order"],
  name: "order.place",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: async (call) => {
    const { numbers, order, detail } = readNewOrder(call);
    const placed = await call.orders.place(order);
    if (!placed.ok) throw translated(placed);
    return placementMessage(numbers, placed.order, placed.fills, detail, call.views);
  },
};

/** Checks all that can be checked without placing: parameters, filters, signature. Balances are not looked at. */
export const orderTest: SignedMethod = {
  routes: ["POST /api/v3/order/test"],
  name: "order.test",
  weight: 1,
  security: "trade",
  run: (call) => {
    const { numbers, order } = readNewOrder(call);
    checkFilters(numbers, order);
    const rates = call.parameters.flag("computeCommissionRates") ?? false;
    return rates ? commissionForOrder(numbers, call) : {};
  },
};

interface ReadOrder {
  readonly numbers: MarketNumbers;
  readonly order: NewOrder;
  readonly detail: ResponseType;
}

export const readNewOrder = ({ parameters, principal, marketData }: SignedCall): ReadOrder => {
  const numbers = parameters.market();
  const side = readSide(parameters);
  const type = readType(parameters);
  refusePegs(parameters);
  const terms = readTerms(parameters, numbers, type, side);
  checkNotReached(terms, numbers, marketData);
  const order: NewOrder = { account: principal.account, market: numbers.market, ...terms };
  return { numbers, order, detail: readDetail(parameters) ?? "FULL" };
};

/** How much of an order's outcome is asked for. */
export const readDetail = (parameters: Parameters): ResponseType | undefined =>
  parameters.optionalOneOf<ResponseType>("newOrderRespType", ["ACK", "RESULT", "FULL"], () =>
    parameterInvalid("newOrderRespType"),
  );

const checkFilters = ({ market }: MarketNumbers, order: NewOrder): void => {
  const { price, quantity } = order;
  const limit = order.type === "limit";
  if (limit && (price === 0 || price > market.maxPrice || price % market.priceIncrement !== 0)) {
    throw filterFailure("PRICE_FILTER", "price", "price_off_increment");
  }
  if (order.quoteQuantity > 0) return;
  const outside = quantity < Math.max(market.minQuantity, 1) || quantity > market.maxQuantity;
  if (outside || quantity % market.quantityIncrement !== 0) {
    throw filterFailure("LOT_SIZE", "quantity", "quantity_off_increment");
  }
  if (limit && price * quantity < market.minNotional) {
    throw filterFailure("NOTIONAL", "quantity", "notional_below_minimum");
  }
};

/** The rates that an order would pay: the same for both sides, with no discount. */
const commissionForOrder = (
  { market }: MarketNumbers,
  { views, principal }: SignedCall,
): object => {
  const { makerPpm, takerPpm } = views.fees(principal.account, market.market);
  const none = { maker: "0.00000000", taker: "0.00000000" };
  return {
    standardCommissionForOrder: {
      maker: rateOf(makerPpm),
      taker: rateOf(takerPpm),
    },
    specialCommissionForOrder: none,
    taxCommissionForOrder: none,
    discount: {
      enabledForAccount: false,
      enabledForSymbol: false,
      discountAsset: "",
      discount: "0.00000000",
    },
  };
};

/** Parts per million as Binance writes a rate: 1000 is "0.00100000". */
export const rateOf = (ppm: number): string => (ppm / 1_000_000).toFixed(8);
