import type { ListLeg, OrderTerms, PlaceList } from "../../commands/command.ts";
import { canRest } from "./order.ts";
import type { Code } from "./placement-rules.ts";

/** The first rule about a list as a whole that it breaks. */
export const brokenListRule = ({ contingency, sizing, legs }: PlaceList): Code | undefined => {
  if (contingency === "oco" && sizing === "received") return "list_sizing_unknown";
  if (legs.length !== (contingency === "otoco" ? 3 : 2)) return "list_legs_wrong_in_number";
  return undefined;
};

/** The first rule about its place in the list that a leg breaks; it has an index from 0. */
export const brokenLegRule = (command: PlaceList, index: number): Code | undefined => {
  const leg = command.legs[index];
  if (leg === undefined) return "list_legs_wrong_in_number";
  if (isPairLeg(command, index) && !mayBeInPair(command, index, leg)) return "list_pair_must_wait";
  if (isSizedLater(command, index) && !maySizeLater(command, leg))
    return "list_sizing_out_of_place";
  return undefined;
};

/** The second of a pair has a trigger if the first one has none. */
const mayBeInPair = (command: PlaceList, index: number, leg: ListLeg): boolean => {
  if (leg.conditions?.trigger !== undefined) return true;
  const isSecond = isPairLeg(command, index - 1) && index > 0;
  const hasFirstTrigger = command.legs[index - 1]?.conditions?.trigger !== undefined;
  return leg.conditions?.postOnly === "reject" && (!isSecond || hasFirstTrigger);
};

const isSizedLater = (command: PlaceList, index: number): boolean =>
  command.sizing === "received" && isPendingLeg(command, index);

const maySizeLater = ({ legs: [working] }: PlaceList, leg: ListLeg): boolean => {
  const { displayQuantity = 0, minQuantity = 0 } = leg.conditions ?? {};
  return (
    leg.side !== working?.side &&
    leg.quantity === 0 &&
    leg.quoteQuantity === 0 &&
    displayQuantity === 0 &&
    minQuantity === 0 &&
    !(working?.side === "sell" && leg.type === "market_to_limit")
  );
};

/** What is different about an order that is placed as a leg of a list. */
export interface Leg {
  readonly isPending: boolean;
  /** Whether it comes without a quantity. */
  readonly isSizedLater: boolean;
  /** Whether it then gets a quote quantity. */
  readonly isSizedByQuote: boolean;
  /** The legs before it that will be open when it is placed. */
  readonly before: readonly OrderTerms[];
}

export const legOf = (command: PlaceList, index: number): Leg => {
  const { market, account, legs } = command;
  const sizedLater = isSizedLater(command, index);
  return {
    isPending: isPendingLeg(command, index),
    isSizedLater: sizedLater,
    isSizedByQuote: sizedLater && legs[0]?.side === "sell" && legs[index]?.type === "market",
    before: legs
      .slice(0, index)
      .map((leg) => ({ ...leg, market, account }))
      .filter(
        (leg, at) =>
          isPendingLeg(command, at) || leg.conditions?.trigger !== undefined || canRest(leg),
      ),
  };
};

const isPendingLeg = ({ contingency }: PlaceList, index: number): boolean =>
  contingency !== "oco" && index > 0;

const isPairLeg = ({ contingency }: PlaceList, index: number): boolean =>
  contingency === "oco" || (contingency === "otoco" && index > 0);
