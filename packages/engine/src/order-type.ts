/** What an order says about its price, as records have it. */
export const OrderType = { limit: 0, market: 1 } as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

/** An order type as people say it. */
export type OrderTypeName = keyof typeof OrderType;

const names: readonly OrderTypeName[] = ["limit", "market"];

/** The name of an order type's code. */
export const orderTypeName = (type: number): OrderTypeName => {
  const name = names[type];
  if (name === undefined) throw new RangeError(`expected an order type, 0 or 1, was ${type}`);
  return name;
};
