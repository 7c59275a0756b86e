import { EventKind, type Rejected, recordKind, recordLength, recordViews } from "@pincex/engine";
import {
  decodeVenueEvent,
  type Refused,
  refusalOf,
  type Submission,
  type VenueEvent,
  VenueEventKind,
} from "@pincex/venue";
import type { OrderView, Views } from "@pincex/venue/views";
import { ordersPlacedWith } from "./order-lists.ts";
import { type PlacedOrder, PlacedOrders } from "./placed-orders.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** When something was done: the command's number, and its time in milliseconds since 1970-01-01 UTC. */
interface Done {
  readonly ok: true;
  readonly sequence: number;
  readonly at: number;
}

/** What became of a placement, exactly after it and before anything else. */
export interface Placement extends Done, PlacedOrder {
  /** Whether this is the answer to an earlier placement, repeated under the same command id. */
  readonly repeated: boolean;
}

/** What became of a list: its orders, by ascending id. */
export interface ListPlacement extends Done {
  readonly orders: readonly PlacedOrder[];
  readonly repeated: boolean;
}

/** What became of a cancel, or an amendment. */
export interface OrderChange extends Done {
  readonly order: OrderView;
}

/** What became of a cancel of many. */
export interface Cancellations extends Done {
  readonly orders: readonly OrderView[];
}

/** What became of both halves of a replacement. Of one that is both or neither, both are done. */
export interface Replacement extends Done {
  readonly repeated: boolean;
  readonly cancelled: OrderView | Refusal;
  readonly placed: PlacedOrder | Refusal;
}

/** A replacement of which nothing was done; `halves` says why each was not, where both were tried. */
export interface ReplacementRefusal extends Refusal {
  readonly halves?: { readonly cancelled: Refusal; readonly placed: Refusal };
}

/** Reads a placement's outcome from the events of its command. */
export const placementOf = (
  submission: Submission,
  account: number,
  views: Views,
): Placement | Refusal => {
  const outcome = listPlacementOf(submission, account, views);
  if (!outcome.ok) return outcome;
  const { sequence, at, orders, repeated } = outcome;
  const { order, fills } = orders[0] as PlacedOrder;
  return { ok: true, sequence, at, order, fills, repeated };
};

/** Reads a list's outcome; a placement by itself is a list of one. */
export const listPlacementOf = (
  submission: Submission,
  account: number,
  views: Views,
): ListPlacement | Refusal => {
  const { sequence, time: at } = submission;
  const told = readEvents(submission, views);
  if (told.refused !== undefined) return refusalIn(told.refused, told.rejected.at(-1));
  if (told.repeated !== undefined) return repeatedPlacement(told.repeated, account, views);
  const orders = told.placed.all();
  if (orders.length === 0) throw new Error("expected a placement to be accepted or refused");
  return { ok: true, sequence, at, orders, repeated: false };
};

/** Reads a replacement's outcome. */
export const replacementOf = (
  submission: Submission,
  account: number,
  replacedOrderId: number,
  views: Views,
): Replacement | ReplacementRefusal => {
  const { sequence, time: at } = submission;
  const told = readEvents(submission, views);
  const [ofCancel, ofPlacement] = [told.rejected.find(isNamed), told.rejected.find(isPlacement)];
  if (told.refused !== undefined) {
    const refused = refusalIn(told.refused, undefined);
    if (ofCancel === undefined || ofPlacement === undefined) return refused;
    const placed = rejectionIn(ofPlacement);
    return { ...refused, halves: { cancelled: rejectionIn(ofCancel), placed } };
  }
  if (told.repeated !== undefined) {
    const repeated = repeatedPlacement(told.repeated, account, views);
    const old = views.order(account, { orderId: replacedOrderId });
    if (!repeated.ok || old === undefined) return noLongerRetained;
    const { orders, ...done } = repeated;
    return { ...done, cancelled: old, placed: orders[0] as PlacedOrder };
  }
  const old = views.order(account, { orderId: replacedOrderId });
  const placed = told.placed.all()[0];
  return {
    ok: true,
    sequence,
    at,
    repeated: false,
    cancelled: ofCancel === undefined ? (old ?? noLongerRetained) : rejectionIn(ofCancel),
    placed: placed ?? (ofPlacement === undefined ? noLongerRetained : rejectionIn(ofPlacement)),
  };
};

/** Reads a cancel's outcome. What was due at its time has happened before it, so that the last one cancelled is meant. */
export const cancellationOf = (
  submission: Submission,
  account: number,
  views: Views,
): OrderChange | Refusal => {
  const { sequence, time: at } = submission;
  const told = readEvents(submission, views);
  if (told.refused !== undefined) return refusalIn(told.refused, undefined);
  const done = told.done.findLast(
    (event) => event.account === account && event.reason === "cancelled",
  );
  return orderChange(sequence, at, account, done?.orderId ?? 0, views);
};

/** Reads what a cancel of many has ended: the orders themselves, and those that end with them. */
export const cancellationsOf = (
  submission: Submission,
  account: number,
  views: Views,
): Cancellations | Refusal => {
  const { sequence, time: at } = submission;
  const told = readEvents(submission, views);
  if (told.refused !== undefined) return refusalIn(told.refused, undefined);
  const orders = told.done
    .filter((event) => event.account === account && ENDED_BY_A_CANCEL.has(event.reason))
    .flatMap(({ orderId }) => views.order(account, { orderId }) ?? []);
  return { ok: true, sequence, at, orders };
};

const ENDED_BY_A_CANCEL: ReadonlySet<string> = new Set(["cancelled", "list_ended"]);

/** Reads an amendment's outcome: the order as it is now. */
export const amendmentOf = (
  submission: Submission,
  account: number,
  orderId: number,
  views: Views,
): OrderChange | Refusal => {
  const { sequence, time: at } = submission;
  const { refused } = readEvents(submission, views);
  if (refused !== undefined) return refusalIn(refused, undefined);
  return orderChange(sequence, at, account, orderId, views);
};

/** Reads the outcome of a command that says nothing but whether it was done. */
export const doneOf = (submission: Submission, views: Views): Done | Refusal => {
  const { sequence, time: at } = submission;
  const { refused } = readEvents(submission, views);
  return refused === undefined ? { ok: true, sequence, at } : refusalIn(refused, undefined);
};

const OUTCOME_KINDS: ReadonlySet<number> = new Set([
  EventKind.accepted,
  EventKind.activated,
  EventKind.done,
  EventKind.listAccepted,
  EventKind.pending,
  EventKind.prevented,
  EventKind.rejected,
  EventKind.repegged,
  EventKind.trade,
  EventKind.triggered,
  VenueEventKind.orderNamed,
  VenueEventKind.refused,
  VenueEventKind.repeated,
  VenueEventKind.tradeSettled,
]);

type EventOf<Kind extends VenueEvent["kind"]> = Extract<VenueEvent, { readonly kind: Kind }>;

/** What the events of one command say, sorted. */
interface Told {
  readonly placed: PlacedOrders;
  readonly rejected: readonly Rejected[];
  readonly done: readonly EventOf<"done">[];
  readonly refused?: Refused;
  readonly repeated?: EventOf<"repeated">;
}

/** Entries and holds, most of the bytes, are passed over undecoded. */
const readEvents = ({ events, sequence, time }: Submission, views: Views): Told => {
  const placed = new PlacedOrders(sequence, time, views);
  const rejected: Rejected[] = [];
  const done: EventOf<"done">[] = [];
  let told: Told = { placed, rejected, done };
  const records = recordViews(events);
  for (let offset = 0; offset < events.length; offset += recordLength(records, offset)) {
    if (!OUTCOME_KINDS.has(recordKind(records, offset))) continue;
    const event = decodeVenueEvent(records, offset);
    placed.follow(event);
    if (event.kind === "rejected") rejected.push(event);
    else if (event.kind === "done") done.push(event);
    else if (event.kind === "refused") told = { ...told, refused: event };
    else if (event.kind === "repeated") told = { ...told, repeated: event };
  }
  return told;
};

/** A rejection of a cancel names the order; that of a placement none. */
const isNamed = ({ orderId }: Rejected): boolean => orderId !== 0;
const isPlacement = ({ orderId }: Rejected): boolean => orderId === 0;

const refusalIn = (
  { code, field, rule, needed, available }: Refused,
  rejected: Rejected | undefined,
): Refusal =>
  refusal(code, field, rule, {
    ...(needed === undefined ? {} : { needed }),
    ...(available === undefined ? {} : { available }),
    ...(rejected?.leg === undefined || rejected.leg === 0 ? {} : { leg: rejected.leg }),
  });

const rejectionIn = ({ codeNumber }: Rejected): Refusal => {
  const { code, field, rule } = refusalOf(codeNumber);
  return refusal(code, field, rule);
};

const orderChange = (
  sequence: number,
  at: number,
  account: number,
  orderId: number,
  views: Views,
): OrderChange | Refusal => {
  const order = views.order(account, { orderId });
  return order === undefined ? noLongerRetained : { ok: true, sequence, at, order };
};

const repeatedPlacement = (
  { orderId, originalSequence: sequence, originalTime: at }: EventOf<"repeated">,
  account: number,
  views: Views,
): ListPlacement | Refusal => {
  const first = views.order(account, { orderId });
  if (first === undefined) return noLongerRetained;
  const orders = ordersPlacedWith(first, account, views).map((order) => ({
    order,
    fills: views
      .fills(account, { market: order.market, orderId: order.orderId, limit: MAX_FILLS })
      .filter((fill) => fill.sequence === sequence),
  }));
  return { ok: true, sequence, at, orders, repeated: true };
};

const MAX_FILLS = 1_000;

const noLongerRetained = refusal(
  "outcome_no_longer_retained",
  "",
  "The order is among the account's open or most recently closed ones.",
  { executed: "unknown" },
);
