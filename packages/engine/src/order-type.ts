/** What an order says about its price, as records have it. */
export const OrderType = { limit: 0, market: 1, market_to_limit: 2 } as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

/** An order type as people say it. */
export type OrderTypeName = keyof typeof OrderType;

const names: readonly OrderTypeName[] = ["limit", "market", "market_to_limit"];

/** The name of an order type's code. */
export const orderTypeName = (type: number): OrderTypeName => {
  const name = names[type];
  if (name === undefined) throw new RangeError(`expected an order type, 0 to 2, was ${type}`);
  return name;
};
