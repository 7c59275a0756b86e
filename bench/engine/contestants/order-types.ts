import type { Conditions, EngineCommand } from "@pincex/engine";

/** An order of a workload, as the engine would be told to place it. */
type Place = Extract<EngineCommand, { kind: "place" }>;

/** Far beyond what any workload's time comes to. */
const SOMEDAY = 1_000_000_000;

/**
 * Makes of a workload's limit orders that rest what they are on a venue that offers every type: of a hundred, thirty ask for something.
 * Which ones depends on the order's id alone, so that it is the same every time.
 */
export const withTypes = (order: Place, orderId: number): EngineCommand => {
  if (order.type !== "limit" || order.timeInForce !== "gtc") return order;
  const { side, price, quantity } = order;
  const away = (ticks: number): number => (side === "buy" ? price + ticks : price - ticks);
  const kind = Math.imul(orderId, 0x9e3779b1) >>> 0;
  const part = kind % 1_000;
  const asking = (conditions: Conditions): EngineCommand => ({ ...order, conditions });
  if (part < 60) return quantity < 4 ? order : asking({ displayQuantity: quantity >> 2 });
  if (part < 160) return asking({ postOnly: "slide" });
  if (part < 180) return asking({ hidden: true });
  if (part < 230) return asking({ trigger: "stop", triggerPrice: away(40) });
  if (part < 235) return asking({ trigger: "trailing_stop", trailingOffset: 200 });
  if (part < 255) return { ...order, timeInForce: "day" };
  if (part < 275) return { ...order, timeInForce: "gtd", conditions: { expiresAt: SOMEDAY } };
  if (part < 285) return asking({ clientOrderId: orderId });
  if (part < 287) return asking({ peg: "primary", pegOffset: kind % 7 });
  if (part < 289) return asking({ allOrNone: true });
  if (part < 295) return withExit(order);
  return order;
};

/** Once the order is filled, a stop on the other side waits to get out again. */
const withExit = ({ kind: _, market, account, ...working }: Place): EngineCommand => {
  const side = working.side === "buy" ? "sell" : "buy";
  const triggerPrice = side === "sell" ? working.price - 30 : working.price + 30;
  const exit = {
    ...working,
    side,
    price: triggerPrice,
    conditions: { trigger: "stop", triggerPrice },
  } as const;
  return { kind: "place_list", market, account, contingency: "oto", legs: [working, exit] };
};
