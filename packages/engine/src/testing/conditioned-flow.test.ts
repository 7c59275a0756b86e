import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Contingency,
  type EngineCommand,
  type SetAllocation,
  type SetPriceIncrements,
} from "../commands/command.ts";
import { encodeCommand } from "../commands/command-codec.ts";
import { type Conditions, SelfTrade } from "../conditions/conditions.ts";
import { DoneReason } from "../done-reason.ts";
import type { EngineEvent } from "../events/event.ts";
import type { OpenOrder } from "../open-order.ts";
import { REJECTIONS } from "../rejection.ts";
import { bandedFlow, conditionedFlow, countingPort, dependentFlow } from "./conditioned-flow.ts";
import { MARKETS } from "./order-flow.ts";
import { ReferenceEngine } from "./reference-engine.ts";

/** A command of a flow, the orders that were open before it, what those asked for, and what it was answered. */
interface Step {
  readonly command: EngineCommand;
  readonly before: readonly OpenOrder[];
  /** By order; of all orders of the flow. */
  readonly asked: ReadonlyMap<number, Conditions>;
  /** How the main market shares the lots of a level. */
  readonly allocation: Partial<SetAllocation>;
  readonly events: readonly EngineEvent[];
}

const stepsOf = (flow: readonly EngineCommand[]): Step[] => {
  const { refuse, withdraw } = countingPort();
  const engine = new ReferenceEngine(refuse, withdraw);
  for (const market of MARKETS) engine.process(market);
  const asked = new Map<number, Conditions>();
  return flow.map((command) => {
    const before = MARKETS.flatMap(({ market }) => engine.openOrders(market));
    const allocation = engine.allocation(1) ?? {};
    const events = engine.process(command);
    for (const event of events) {
      if (event.kind !== "accepted" && event.kind !== "pending") continue;
      asked.set(event.orderId, event.conditions ?? {});
    }
    return { command, before, asked, allocation, events };
  });
};

// A fixed seed: that something happens in 500 flows is so or not, and does not depend on the day.
const flows = fc.sample(conditionedFlow, { seed: 20, numRuns: 500 });
const steps = flows.flatMap(stepsOf);
const events = steps.flatMap((step) => step.events);

const EVENT_KINDS: Readonly<Record<EngineEvent["kind"], true>> = {
  market_added: true,
  accepted: true,
  rejected: true,
  trade: true,
  done: true,
  reduced: true,
  level_changed: true,
  triggered: true,
  amended: true,
  prevented: true,
  phase_changed: true,
  indicative: true,
  orders_cancelled: true,
  cancel_all_after_set: true,
  mark_price_set: true,
  time_advanced: true,
  market_changed: true,
  reference_price_set: true,
  allocation_set: true,
  list_accepted: true,
  pending: true,
  activated: true,
  repegged: true,
  price_increments_set: true,
};

const bandedSteps = fc.sample(bandedFlow, { seed: 20, numRuns: 100 }).flatMap(stepsOf);
const dependentFlows = fc.sample(dependentFlow, { seed: 20, numRuns: 300 });
const dependentSteps = dependentFlows.flatMap(stepsOf);

/** Codes that no record can hold which a flow could be made from: what isn't a name does not decode. */
const OF_NAMES = [
  "side_unknown",
  "order_type_unknown",
  "time_in_force_unknown",
  "phase_unknown",
  "side_of_many_unknown",
  "on_failure_unknown",
  "on_breach_unknown",
  "allocation_unknown",
  "list_contingency_unknown",
];

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

const isTrade = ({ kind }: EngineEvent): boolean => kind === "trade";

const stopsAtBand = ({ command, events }: Step): boolean =>
  command.kind !== "set_phase" &&
  events.some(
    (event) =>
      event.kind === "phase_changed" || (event.kind === "done" && event.reason === "outside_band"),
  );

describe("in 500 flows there is", () => {
  test("every kind of event", () => {
    expect(sorted(events.map(({ kind }) => kind))).toEqual(sorted(Object.keys(EVENT_KINDS)));
  });

  test("every reason for which an order ends", () => {
    const reasons = events.flatMap((event) => (event.kind === "done" ? [event.reason] : []));
    expect(sorted(reasons)).toEqual(sorted(Object.keys(DoneReason)));
  });

  test("every mode of self-trade prevention", () => {
    const modes = events.flatMap((event) => (event.kind === "prevented" ? [event.mode] : []));
    expect(sorted(modes)).toEqual(sorted(Object.keys(SelfTrade).filter((mode) => mode !== "none")));
  });

  test("every rejection, but those of names that are none", () => {
    const codes = events.flatMap((event) => (event.kind === "rejected" ? [event.code] : []));
    const reachable = Object.keys(REJECTIONS).filter((code) => !OF_NAMES.includes(code));
    expect(sorted(codes)).toEqual(sorted([...reachable, "refused_by_admission"]));
  });

  test.each<[string, number, (step: Step) => boolean]>([
    ["a cascade of triggered orders", 20, ({ events }) => told("triggered", events).length > 1],
    [
      "a trailing stop that is triggered",
      20,
      ({ events }) =>
        told("triggered", events).some(({ conditions }) => conditions.trigger === "trailing_stop"),
    ],
    [
      "an iceberg that one taker takes more of than is shown",
      20,
      ({ before, events }) =>
        before.some(
          ({ orderId, shown, remaining }) =>
            shown > 0 && shown < remaining && shown < lotsOf(orderId, told("trade", events)),
        ),
    ],
    [
      "a post-only order that slides",
      10,
      ({ command, events }) =>
        command.kind === "place" &&
        command.type === "limit" &&
        told("accepted", events).some(({ price }) => price !== command.price),
    ],
    [
      "an uncrossing",
      30,
      ({ command, events }) => command.kind === "set_phase" && told("trade", events).length > 0,
    ],
    [
      "an amendment that trades",
      20,
      ({ command, events }) => command.kind === "amend" && told("trade", events).length > 0,
    ],
    ...(["stop", "allow"] as const).map((mode): [string, number, (step: Step) => boolean] => [
      `a replacement of mode ${mode} that cancels and places`,
      20,
      ({ command, events }) =>
        command.kind === "replace" &&
        command.onFailure === mode &&
        told("done", events).length > 0 &&
        told("accepted", events).length > 0,
    ]),
    [
      "an order that takes from several of a level in other parts than by time",
      20,
      ({ command, before, events }) => command.kind !== "set_phase" && isShared(before, events),
    ],
    [
      "a dead-man's switch that is pulled",
      5,
      ({ command, events }) =>
        command.kind === "advance_time" &&
        told("orders_cancelled", events).some(({ count }) => count > 0),
    ],
    [
      "a fill-or-kill order that passes over makers of its own",
      5,
      ({ command, events }) =>
        command.kind === "place" &&
        command.timeInForce === "fok" &&
        told("prevented", events).some(({ mode }) => mode === "expire_maker"),
    ],
    [
      "a minimum that is met",
      15,
      ({ command, events }) =>
        command.kind === "place" &&
        (command.conditions?.minQuantity ?? 0) > 0 &&
        told("trade", events).length > 0,
    ],
    ...(["expired", "halted", "auction"] as const).map(
      (then): [string, number, (step: Step) => boolean] => [
        `an order that stops at its market's band: ${then}`,
        10,
        ({ command, events }) =>
          command.kind !== "set_phase" &&
          (then === "expired"
            ? told("done", events).some(({ reason }) => reason === "outside_band") &&
              told("phase_changed", events).length === 0
            : told("phase_changed", events).some(({ phase }) => phase === then)),
      ],
    ),
    [
      "a market that changes while orders are there",
      100,
      ({ command, before, events }) =>
        told("market_changed", events).some(({ market }) =>
          before.some((order) => order.market === market && command.kind === "change_market"),
        ),
    ],
  ])("%s, at least %d times", (_, least, happens) => {
    expect(steps.filter(happens).length).toBeGreaterThanOrEqual(least);
  });
});

describe("in 100 flows under a band there is", () => {
  test.each<[string, number, (step: Step) => boolean]>([
    ["an order that the band stops", 100, stopsAtBand],
    ["one that trades before", 10, (step) => stopsAtBand(step) && step.events.some(isTrade)],
    [
      "one that is triggered, and then stops",
      10,
      (step) => stopsAtBand(step) && told("triggered", step.events).length > 0,
    ],
    [
      "a fill-or-kill order that trades too little",
      10,
      ({ events }) => told("done", events).some(({ reason }) => reason === "fill_or_kill_unfilled"),
    ],
  ])("%s, at least %d times", (_, least, happens) => {
    expect(bandedSteps.filter(happens).length).toBeGreaterThanOrEqual(least);
  });
});

/** The working order of a list, of which another order is pending; in this step it ended. */
const workingDone = ({ before, events }: Step): readonly number[] =>
  told("done", events)
    .filter(({ reason }) => reason === "filled" || reason === "budget_spent")
    .map(({ orderId }) => orderId)
    .filter((orderId) => before.some((other) => isPendingOf(orderId, other)));

const isPendingOf = (listId: number, order: OpenOrder): boolean =>
  order.listId === listId && order.orderId !== listId && order.state === "pending";

/** What a pending order without a size has become. */
const sizedLater = ({ before, events }: Step) =>
  told("activated", events).filter(({ orderId }) =>
    before.some(
      (order) => order.orderId === orderId && order.state === "pending" && order.quantity === 0,
    ),
  );

const endedWithList = (events: readonly EngineEvent[], index: number): boolean => {
  const event = events[index];
  return event?.kind === "done" && event.reason === "list_ended";
};

/** Whether an order of a pair that was there before did something which ended the other. */
const endsPair = ({ before, events }: Step, kind: "trade" | "triggered"): boolean =>
  events.some((event, index) => {
    if (event.kind !== kind) return false;
    const orderIds =
      event.kind === "trade" ? [event.makerOrderId, event.takerOrderId] : [event.orderId];
    const isOfList = before.some(
      ({ orderId, listId, state }) =>
        listId !== 0 && orderIds.includes(orderId) && state !== "pending",
    );
    const ofMaker = events[index + 1]?.kind === "done" ? index + 2 : index + 1;
    return isOfList && (endedWithList(events, index + 1) || endedWithList(events, ofMaker));
  });

const openBefore = ({ before }: Step, orderId: number): OpenOrder | undefined =>
  before.find((order) => order.orderId === orderId);

/** Pegged orders that were told to be somewhere else, and where they were. */
const repegged = (step: Step) =>
  told("repegged", step.events).map((event) => ({
    ...event,
    from: openBefore(step, event.orderId),
    peg: step.asked.get(event.orderId)?.peg,
  }));

/** Orders that wait for all, are there for a while, and then trade. */
const isAllAtLast = (step: Step): boolean =>
  told("trade", step.events).some(
    ({ takerOrderId }) =>
      step.asked.get(takerOrderId)?.allOrNone === true &&
      openBefore(step, takerOrderId) !== undefined,
  );

const tradesIn = (step: Step, timeInForce: "at_open" | "at_close"): boolean =>
  step.command.kind === "set_phase" &&
  told("trade", step.events).some(({ makerOrderId, takerOrderId }) =>
    [makerOrderId, takerOrderId].some(
      (orderId) => openBefore(step, orderId)?.timeInForce === timeInForce,
    ),
  );

describe("in 300 flows of orders that depend on others there is", () => {
  test.each<[string, number, (step: Step) => boolean]>([
    ...Object.keys(Contingency).map((name): [string, number, (step: Step) => boolean] => [
      `a list that is placed: ${name}`,
      200,
      ({ events }) => told("list_accepted", events).some(({ contingency }) => contingency === name),
    ]),
    [
      "a list that is refused for one of its orders",
      100,
      ({ events }) => told("rejected", events).some(({ leg = 0 }) => leg > 0),
    ],
    [
      "a list of which the port has admitted an order, and refused a later one",
      5,
      ({ events }) =>
        told("rejected", events).some(
          ({ leg = 0, code }) => leg > 1 && code === "refused_by_admission",
        ),
    ],
    [
      "a working order that is filled as a maker",
      30,
      (step) =>
        step.command.kind !== "set_phase" &&
        workingDone(step).some((id) =>
          told("trade", step.events).some(({ makerOrderId }) => makerOrderId === id),
        ),
    ],
    [
      "a working order that is filled when it comes in",
      30,
      ({ command, events }) =>
        command.kind === "place_list" && told("activated", events).length > 0,
    ],
    [
      "a working order that is filled in an auction",
      5,
      (step) => step.command.kind === "set_phase" && workingDone(step).length > 0,
    ],
    [
      "a working order that is triggered, and filled",
      5,
      (step) =>
        workingDone(step).some((id) =>
          told("triggered", step.events).some(({ orderId }) => orderId === id),
        ),
    ],
    ["a pair of which one trades", 30, (step) => endsPair(step, "trade")],
    ["a pair of which one is triggered", 30, (step) => endsPair(step, "triggered")],
    [
      "a pending order that is activated later than its working order has ended",
      5,
      ({ before, events }) =>
        told("activated", events).some(({ orderId, timeInForce }) => {
          const order = before.find((open) => open.orderId === orderId);
          const isDue = order !== undefined && order.state === "pending";
          return (
            isDue &&
            timeInForce !== "at_close" &&
            !before.some((open) => open.orderId === order.listId)
          );
        }),
    ],
    [
      "an order that is sized by the lots that a buy has received",
      20,
      (step) => sizedLater(step).some(({ side }) => side === "sell"),
    ],
    [
      "a market order that is sized by the sum that a sell has received",
      5,
      (step) => sizedLater(step).some(({ quoteQuantity }) => quoteQuantity > 0),
    ],
    [
      "a limit order that is sized by the sum that a sell has received",
      5,
      (step) => sizedLater(step).some(({ side, type }) => side === "buy" && type === "limit"),
    ],
    [
      "an order that waits for its trigger when it is activated",
      20,
      ({ events }) => told("activated", events).some(({ conditions }) => conditions?.trigger),
    ],
    ...(["primary", "market", "mid"] as const).map(
      (name): [string, number, (step: Step) => boolean] => [
        `an order pegged to ${name} that moves`,
        30,
        (step) =>
          repegged(step).some(
            ({ peg, price, from }) => peg === name && price > 0 && from !== undefined,
          ),
      ],
    ),
    [
      "a pegged order that has no price any more",
      10,
      (step) => repegged(step).some(({ price, from }) => price === 0 && from !== undefined),
    ],
    [
      "a pegged order that crosses others as it moves",
      10,
      (step) =>
        step.events.some((event, index) => {
          const next = step.events[index + 1];
          return (
            event.kind === "repegged" &&
            next?.kind === "trade" &&
            next.takerOrderId === event.orderId
          );
        }),
    ],
    [
      "a pegged order that is a maker",
      20,
      (step) =>
        told("trade", step.events).some(
          ({ makerOrderId }) => step.asked.get(makerOrderId)?.peg !== undefined,
        ),
    ],
    ["an order that waits for all, and then trades", 30, isAllAtLast],
    [
      "an order that wants all and gets it at once",
      20,
      ({ asked, before, events }) =>
        told("trade", events).some(
          ({ takerOrderId }) =>
            asked.get(takerOrderId)?.allOrNone === true &&
            !before.some(({ orderId }) => orderId === takerOrderId),
        ),
    ],
    ["an order for the opening auction that trades in it", 5, (step) => tradesIn(step, "at_open")],
    ["an order for the closing auction that trades in it", 5, (step) => tradesIn(step, "at_close")],
    [
      "an order that the closing auction calls for",
      10,
      ({ command, events }) =>
        command.kind === "set_phase" &&
        told("activated", events).some(({ timeInForce }) => timeInForce === "at_close"),
    ],
    [
      "an order that is cancelled by its owner's name for it",
      30,
      ({ command, events }) =>
        command.kind === "cancel_by_client_id" && told("done", events).length > 0,
    ],
    [
      "a name that is taken",
      30,
      ({ events }) => told("rejected", events).some(({ code }) => code === "client_order_id_taken"),
    ],
    [
      "an order that has the name of one that has ended",
      30,
      ({ asked, events }) =>
        told("accepted", events).some(({ orderId, conditions }) =>
          [...asked].some(
            ([earlier, { clientOrderId }]) =>
              earlier < orderId &&
              clientOrderId !== undefined &&
              clientOrderId === conditions?.clientOrderId,
          ),
        ),
    ],
  ])("%s, at least %d times", (_, least, happens) => {
    expect(dependentSteps.filter(happens).length).toBeGreaterThanOrEqual(least);
  });
});

describe("in 500 flows a market has", () => {
  const bandsSet = (step: Step): SetPriceIncrements["bands"] =>
    told("price_increments_set", step.events).flatMap(({ bands }) => bands);

  test.each<[string, number, (step: Step) => boolean]>([
    ["increments by band", 50, (step) => bandsSet(step).length > 0],
    ["more than one band", 20, (step) => bandsSet(step).length > 1],
    [
      "no bands any more",
      50,
      ({ events }) => told("price_increments_set", events).some(({ bands }) => bands.length === 0),
    ],
    [
      "levels of which the front order gets a part first",
      10,
      ({ allocation, before, events }) =>
        (allocation.topOrderMaximum ?? 0) > 0 && isShared(before, events),
    ],
    [
      "levels of which the lead market maker gets a part first",
      10,
      ({ allocation, before, events }) =>
        (allocation.leadPercent ?? 0) > 0 &&
        isShared(before, events) &&
        told("trade", events).some(({ makerAccount }) => makerAccount === allocation.leadAccount),
    ],
  ])("%s, at least %d times", (_, least, happens) => {
    expect(steps.filter(happens).length).toBeGreaterThanOrEqual(least);
  });
});

test("every command of a flow has a record, and asks for something or has no conditions", () => {
  for (const command of [...flows, ...dependentFlows].flat()) {
    encodeCommand(command);
    const orders: readonly object[] = command.kind === "place_list" ? command.legs : [command];
    for (const order of orders) {
      if ("conditions" in order) expect(Object.keys(order.conditions ?? {})).not.toHaveLength(0);
    }
  }
});

const told = <Kind extends EngineEvent["kind"]>(kind: Kind, all: readonly EngineEvent[]) =>
  all.filter((event): event is Extract<EngineEvent, { kind: Kind }> => event.kind === kind);

/** Whether a maker gave less than it showed before another of its level traded. */
const isShared = (before: readonly OpenOrder[], events: readonly EngineEvent[]): boolean => {
  const trades = told("trade", events);
  return trades.some(({ makerOrderId, price, quantity, makerRemaining }, index) => {
    const shown = before.find(({ orderId }) => orderId === makerOrderId)?.shown ?? 0;
    const next = trades[index + 1];
    const goesOn = next?.price === price && next.makerOrderId !== makerOrderId;
    return goesOn && makerRemaining > 0 && quantity < shown;
  });
};

const lotsOf = (
  orderId: number,
  trades: readonly Extract<EngineEvent, { kind: "trade" }>[],
): number =>
  trades
    .filter(({ makerOrderId }) => makerOrderId === orderId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
