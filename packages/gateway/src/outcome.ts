import { type EngineEvent, EventKind, recordKind, recordLength, recordViews } from "@pincex/engine";
import {
  decodeVenueEvent,
  type Refused,
  type Submission,
  type VenueEvent,
  VenueEventKind,
} from "@pincex/venue";
import type { OrderStatus, OrderView, Views } from "@pincex/venue/views";
import type { NewOrder } from "./new-order.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** One fill that an order got on its arrival. Price in ticks, quantity in lots, fee in smallest units of its asset. */
export interface PlacementFill {
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly fee: bigint;
  readonly feeAsset: number;
}

/** What became of a placement, exactly after it and before anything else. */
export interface Placement {
  readonly ok: true;
  readonly sequence: number;
  readonly at: number;
  readonly order: OrderView;
  readonly fills: readonly PlacementFill[];
  /** Whether this is the answer to an earlier placement, repeated under the same command id. */
  readonly repeated: boolean;
}

/** What became of a cancel. */
export interface Cancellation {
  readonly ok: true;
  readonly sequence: number;
  readonly at: number;
  readonly order: OrderView;
}

type Accepted = Extract<EngineEvent, { kind: "accepted" }>;
type Done = Extract<EngineEvent, { kind: "done" }>;

/** Reads a placement's outcome from the events of its command. */
export const placementOf = (
  { events, sequence, time: at }: Submission,
  request: NewOrder,
  views: Views,
): Placement | Refusal => {
  const told: Told = { accepted: undefined, done: undefined, fills: [] };
  for (const event of outcomeEvents(events)) {
    if (event.kind === "refused") return refusalIn(event);
    if (event.kind === "repeated") return repeatedPlacement(event, request.account, views);
    note(told, event);
  }
  const { accepted, done, fills } = told;
  if (accepted === undefined) throw new Error("expected a placement to be accepted or refused");
  const order = orderAfter(request.clientOrderId, { accepted, sequence, at, fills, done });
  return { ok: true, sequence, at, order, fills, repeated: false };
};

/** Reads a cancel's outcome from the events of its command. */
export const cancellationOf = (
  { events, sequence, time: at }: Submission,
  account: number,
  views: Views,
): Cancellation | Refusal => {
  for (const event of outcomeEvents(events)) {
    if (event.kind === "refused") return refusalIn(event);
    if (event.kind !== "done" && event.kind !== "repeated") continue;
    const order = views.order(account, { orderId: event.orderId });
    if (order !== undefined) return { ok: true, sequence, at, order };
  }
  return noLongerRetained;
};

const OUTCOME_KINDS: ReadonlySet<number> = new Set([
  EventKind.accepted,
  EventKind.trade,
  EventKind.done,
  VenueEventKind.refused,
  VenueEventKind.repeated,
  VenueEventKind.tradeSettled,
]);

/** The events that an answer is made of. Entries and holds, most of the bytes, are passed over undecoded. */
function* outcomeEvents(events: Uint8Array): Iterable<VenueEvent> {
  const views = recordViews(events);
  for (let offset = 0; offset < events.length; offset += recordLength(views, offset)) {
    if (OUTCOME_KINDS.has(recordKind(views, offset))) yield decodeVenueEvent(views, offset);
  }
}

interface Told {
  accepted: Accepted | undefined;
  done: Done | undefined;
  readonly fills: PlacementFill[];
}

const note = (told: Told, event: VenueEvent): void => {
  switch (event.kind) {
    case "accepted":
      told.accepted = event;
      break;
    case "trade":
      told.fills.push(fillWithoutFee(event));
      break;
    case "trade_settled":
      settle(told.fills, event);
      break;
    case "done":
      // Makers that are filled on the way are done too.
      if (event.orderId === told.accepted?.orderId) told.done = event;
  }
};

const fillWithoutFee = ({
  tradeId,
  price,
  quantity,
}: Extract<EngineEvent, { kind: "trade" }>): PlacementFill => ({
  tradeId,
  price,
  quantity,
  fee: 0n,
  feeAsset: 0,
});

const refusalIn = ({ code, field, rule, needed, available }: Refused): Refusal =>
  refusal(code, field, rule, {
    ...(needed === undefined ? {} : { needed }),
    ...(available === undefined ? {} : { available }),
  });

const settle = (
  fills: PlacementFill[],
  settled: Extract<VenueEvent, { kind: "trade_settled" }>,
): void => {
  const last = fills.at(-1);
  if (last?.tradeId !== settled.tradeId) return;
  fills[fills.length - 1] = { ...last, fee: settled.takerFee, feeAsset: settled.takerFeeAsset };
};

const repeatedPlacement = (
  repeated: Extract<VenueEvent, { kind: "repeated" }>,
  account: number,
  views: Views,
): Placement | Refusal => {
  const order = views.order(account, { orderId: repeated.orderId });
  if (order === undefined) return noLongerRetained;
  const fills = views
    .fills(account, { market: order.market, orderId: order.orderId, limit: MAX_FILLS })
    .filter((fill) => !fill.isMaker);
  const { originalSequence: sequence, originalTime: at } = repeated;
  return { ok: true, sequence, at, order, fills, repeated: true };
};

const MAX_FILLS = 1_000;

const noLongerRetained = refusal(
  "outcome_no_longer_retained",
  "",
  "The order is among the account's open or most recently closed ones.",
  { executed: "unknown" },
);

interface OrderFacts {
  readonly accepted: Accepted;
  readonly sequence: number;
  readonly at: number;
  readonly fills: readonly PlacementFill[];
  readonly done: Done | undefined;
}

/** The order as this command left it: the views may have moved on by the time that the answer is written. */
const orderAfter = (
  clientOrderId: string,
  { accepted, sequence, at, fills, done }: OrderFacts,
): OrderView => {
  const { kind: _, ...terms } = accepted;
  return {
    ...terms,
    clientOrderId,
    executedQuantity: fills.reduce((sum, fill) => sum + fill.quantity, 0),
    executedNotional: fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0),
    preventedQuantity: 0,
    listId: 0,
    state: accepted.conditions?.trigger === undefined ? "resting" : "waiting",
    status: done === undefined ? "open" : statusOf(done, fills.length > 0),
    reason: done?.reason ?? "",
    placedAt: at,
    updatedAt: at,
    workingAt: accepted.conditions?.trigger === undefined ? at : 0,
    sequence,
  };
};

const statusOf = ({ reason }: Done, traded: boolean): OrderStatus => {
  if (reason === "filled" || reason === "cancelled") return reason;
  return reason === "budget_spent" && traded ? "filled" : "expired";
};
