import type { OrderView } from "@pincex/venue/views";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { Replacement, ReplacementRefusal } from "../../outcome.ts";
import type { PlacedOrder } from "../../placed-orders.ts";
import { isRefusal, type Refusal } from "../../refusal.ts";
import { BinanceError, parameterInvalid, translated } from "../error.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { cancelMessage, placementMessage, type ResponseType } from "../order-message.ts";
import { checkRestrictions, orderNameIn, orderOf } from "./order-cancel.ts";
import { readNewOrder } from "./order-place.ts";

/**
 * Cancels an order and places another one, in one command. With STOP_ON_FAILURE both are done or neither: a new order that is
 * refused leaves the old one where it is.
 */
export const orderCancelReplace: SignedMethod = {
  routes: ["POST /api/v3/order/cancelReplace"],
  name: "order.cancelReplace",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: async (call) => {
    const { parameters, orders } = call;
    const mode = parameters.oneOf("cancelReplaceMode", MODES, () =>
      parameterInvalid("cancelReplaceMode"),
    );
    const { numbers, order, detail } = readNewOrder(call);
    const name = orderNameIn(call, CANCELLED_ID);
    const cancelName = parameters.clientOrderId("cancelNewClientOrderId");
    checkCancelling(call, name);
    const replaced = await orders.replace({
      ...order,
      replacedOrderId: orderOf(call, name)?.orderId ?? NO_ORDER,
      onFailure: mode === "STOP_ON_FAILURE" ? "stop" : "allow",
    });
    return answerOf(replaced, { call, numbers, detail, cancelName });
  },
};

const MODES = ["STOP_ON_FAILURE", "ALLOW_FAILURE"] as const;

const CANCELLED_ID = { id: "cancelOrderId", clientId: "cancelOrigClientOrderId" };

/** An id that no order ever has: so the venue says that there is nothing to cancel. */
const NO_ORDER = Number.MAX_SAFE_INTEGER;

type Result = "SUCCESS" | "FAILURE" | "NOT_ATTEMPTED";

/** What became of the halves, as it stands in an answer and in an error. */
const halves = (
  cancelResult: Result,
  newOrderResult: Result,
  cancelResponse: object | null,
  newOrderResponse: object | null,
): object => ({ cancelResult, newOrderResult, cancelResponse, newOrderResponse });

/** Whether the old order may be cancelled is looked at first; if not, nothing is tried, whatever the mode. */
const checkCancelling = (call: SignedCall, name: Parameters<typeof checkRestrictions>[1]): void => {
  try {
    checkRestrictions(call, name);
  } catch (error) {
    if (!(error instanceof BinanceError)) throw error;
    throw failed(halves("FAILURE", "NOT_ATTEMPTED", error.toJSON(), null), error.reason);
  }
};

interface Context {
  readonly call: SignedCall;
  readonly numbers: MarketNumbers;
  readonly detail: ResponseType;
  readonly cancelName: string | undefined;
}

const answerOf = (replaced: Replacement | ReplacementRefusal, context: Context): object => {
  if (!replaced.ok) throw refusedBoth(replaced);
  const { cancelled, placed } = replaced;
  if (!isRefusal(cancelled) && !isRefusal(placed)) {
    const [old, created] = [cancelledPart(cancelled, context), placedPart(placed, context)];
    return halves("SUCCESS", "SUCCESS", old, created);
  }
  const data = halves(
    isRefusal(cancelled) ? "FAILURE" : "SUCCESS",
    isRefusal(placed) ? "FAILURE" : "SUCCESS",
    isRefusal(cancelled) ? translated(cancelled).toJSON() : cancelledPart(cancelled, context),
    isRefusal(placed) ? translated(placed).toJSON() : placedPart(placed, context),
  );
  const reason = isRefusal(cancelled) ? cancelled.code : (placed as Refusal).code;
  throw new BinanceError(
    409,
    -2021,
    "Order cancel-replace partially failed.",
    undefined,
    reason,
    data,
  );
};

/** Nothing was done. Of both or neither, only that half failed that broke a rule; the other was not attempted. */
const refusedBoth = (refused: ReplacementRefusal): BinanceError => {
  if (refused.executed === "unknown" || refused.retryable) return translated(refused);
  const told = translated(refused).toJSON();
  if (refused.halves !== undefined) {
    const { cancelled, placed } = refused.halves;
    const [old, created] = [translated(cancelled).toJSON(), translated(placed).toJSON()];
    return failed(halves("FAILURE", "FAILURE", old, created), refused.code);
  }
  return refused.code === "order_unknown"
    ? failed(halves("FAILURE", "NOT_ATTEMPTED", told, null), refused.code)
    : failed(halves("NOT_ATTEMPTED", "FAILURE", null, told), refused.code);
};

const failed = (data: object, reason: string | undefined): BinanceError =>
  new BinanceError(400, -2022, "Order cancel-replace failed.", undefined, reason, data);

const cancelledPart = (order: OrderView, { call, numbers, cancelName }: Context): object =>
  cancelMessage(numbers, order, cancelName ?? `cancel-${order.orderId}`, call.views);

const placedPart = ({ order, fills }: PlacedOrder, { call, numbers, detail }: Context): object =>
  placementMessage(numbers, order, fills, detail, call.views);
