import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EngineCommand } from "../commands/command.ts";
import { encodeCommand } from "../commands/command-codec.ts";
import { SelfTrade } from "../conditions/conditions.ts";
import { DoneReason } from "../done-reason.ts";
import type { EngineEvent } from "../events/event.ts";
import type { OpenOrder } from "../open-order.ts";
import { REJECTIONS } from "../rejection.ts";
import { bandedFlow, conditionedFlow, countingRefusal } from "./conditioned-flow.ts";
import { MARKETS } from "./order-flow.ts";
import { ReferenceEngine } from "./reference-engine.ts";

/** A command of a flow, the orders that were open before it, and what it was answered. */
interface Step {
  readonly command: EngineCommand;
  readonly before: readonly OpenOrder[];
  readonly events: readonly EngineEvent[];
}

const stepsOf = (flow: readonly EngineCommand[]): Step[] => {
  const engine = new ReferenceEngine(countingRefusal());
  for (const market of MARKETS) engine.process(market);
  return flow.map((command) => {
    const before = MARKETS.flatMap(({ market }) => engine.openOrders(market));
    return { command, before, events: engine.process(command) };
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
};

const bandedSteps = fc.sample(bandedFlow, { seed: 20, numRuns: 100 }).flatMap(stepsOf);

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

test("every command of a flow has a record", () => {
  for (const command of flows.flat()) expect(() => encodeCommand(command)).not.toThrow();
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
