import fc from "fast-check";
import type { EngineCommand, PlaceList, SetPriceIncrements } from "../../commands/command.ts";
import type { Conditions } from "../../conditions/conditions.ts";
import { strangeNumber } from "../order-flow.ts";

/** The numbers that records hold in 32 bits; the others are doubles. */
const WORDS_OF_CONDITIONS = [
  "tradeGroup",
  "triggerPrice",
  "trailingOffset",
  "trailingBasisPoints",
  "activationPrice",
  "slippage",
  "pegOffset",
];
const WORDS_OF_ALLOCATIONS = ["fifoPercent", "leadAccount", "leadPercent"];
const WORDS_OF_BANDS = ["from", "increment"];
const WORDS_OF_MARKETS = ["collarBasisPoints", "bandBasisPoints", "maxOpenOrders"];
const WORDS = [
  "market",
  "account",
  "price",
  ...WORDS_OF_ALLOCATIONS,
  ...WORDS_OF_BANDS,
  ...WORDS_OF_MARKETS,
  ...WORDS_OF_CONDITIONS,
];
const NUMBERS_OF_CONDITIONS = ["expiresAt", "displayQuantity", "minQuantity", "clientOrderId"];

const strangeWord = fc.oneof(
  fc.constantFrom(-(2 ** 31), -1, 0, 1, 3, 10_000, 1_000_001, 2 ** 31 - 2, 2 ** 31 - 1),
  fc.integer({ min: -5, max: 1_100 }),
  fc.integer(),
);

/** A number that nobody should send, as a field of 32 bits or as a double, and which of the fields it is for. */
interface Strange {
  readonly field: number;
  readonly word: number;
  readonly number: number;
}

/** Puts a number that nobody should send into one field of a command, or of its conditions, legs or bands. */
export const strangeness: fc.Arbitrary<(command: EngineCommand) => EngineCommand> = fc
  .record({ field: fc.nat(), word: strangeWord, number: strangeNumber, isInside: fc.boolean() })
  .map(({ isInside, ...strange }) => (command) => {
    if (command.kind === "place" || command.kind === "replace") return inOrder(command, strange);
    if (command.kind === "place_list" && isInside) return inLeg(command, strange);
    if (command.kind === "set_price_increments" && isInside) return inBand(command, strange);
    if (command.kind === "set_allocation") return inFields(ALLOCATION_FIELDS, command, strange);
    return inFields(numbersOf(command), command, strange);
  });

const ALLOCATION_FIELDS = ["market", "minimumShare", "topOrderMaximum", ...WORDS_OF_ALLOCATIONS];

const inFields = <Target extends object>(
  names: readonly string[],
  target: Target,
  { field, word, number }: Strange,
): Target => {
  const name = names[field % names.length] ?? "market";
  return { ...target, [name]: WORDS.includes(name) ? word : number };
};

/** Few orders are by quote quantity, and there is much that one can be. */
const QUOTE_QUANTITY_OFTEN = Array.from({ length: 8 }, () => "quoteQuantity");

const isByQuote = (order: object): boolean =>
  "quoteQuantity" in order && Number(order.quoteQuantity) > 0;

const inOrder = <Order extends { readonly conditions?: Conditions }>(
  order: Order,
  strange: Strange,
): Order => {
  const names = [...numbersOf(order), ...(isByQuote(order) ? QUOTE_QUANTITY_OFTEN : [])];
  const ofConditions = [...WORDS_OF_CONDITIONS, ...NUMBERS_OF_CONDITIONS];
  const at = strange.field % (names.length + ofConditions.length);
  if (at < names.length) return inFields(names, order, strange);
  const field = at - names.length;
  const conditions = inFields(ofConditions, order.conditions ?? {}, { ...strange, field });
  return { ...order, conditions };
};

const inLeg = (list: PlaceList, strange: Strange): PlaceList => {
  const leg = strange.field % list.legs.length;
  return {
    ...list,
    legs: list.legs.map((each, at) => (at === leg ? inOrder(each, strange) : each)),
  };
};

const inBand = (command: SetPriceIncrements, strange: Strange): SetPriceIncrements => ({
  ...command,
  bands: command.bands.map((band, at) =>
    at === command.bands.length - 1 ? inFields(WORDS_OF_BANDS, band, strange) : band,
  ),
});

const numbersOf = (fields: object): string[] =>
  Object.entries(fields)
    .filter(([, value]) => typeof value === "number")
    .map(([name]) => name);
