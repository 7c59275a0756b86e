import fc from "fast-check";
import type { EngineCommand } from "../../commands/command.ts";
import { strangeNumber } from "../order-flow.ts";

/** The numbers that records hold in 32 bits; the others are doubles. */
const WORDS_OF_CONDITIONS = [
  "tradeGroup",
  "triggerPrice",
  "trailingOffset",
  "trailingBasisPoints",
  "activationPrice",
  "slippage",
];
const WORDS_OF_MARKETS = ["collarBasisPoints", "bandBasisPoints", "maxOpenOrders"];
const WORDS = [
  "market",
  "account",
  "price",
  "fifoPercent",
  ...WORDS_OF_MARKETS,
  ...WORDS_OF_CONDITIONS,
];
const NUMBERS_OF_CONDITIONS = ["expiresAt", "displayQuantity", "minQuantity"];

const strangeWord = fc.oneof(
  fc.constantFrom(-(2 ** 31), -1, 0, 1, 3, 10_000, 1_000_001, 2 ** 31 - 2, 2 ** 31 - 1),
  fc.integer({ min: -5, max: 1_100 }),
  fc.integer(),
);

/** Puts a number that nobody should send into one field of a command, or of its conditions. */
export const strangeness: fc.Arbitrary<(command: EngineCommand) => EngineCommand> = fc
  .record({ field: fc.nat(), word: strangeWord, number: strangeNumber })
  .map(({ field, word, number }) => (command) => {
    const isOrder = command.kind === "place" || command.kind === "replace";
    const ofConditions = isOrder ? [...WORDS_OF_CONDITIONS, ...NUMBERS_OF_CONDITIONS] : [];
    const names = [...numbersOf(command), ...ofConditions];
    const name = names[field % names.length] ?? "market";
    const strange = { [name]: WORDS.includes(name) ? word : number };
    return isOrder && ofConditions.includes(name)
      ? { ...command, conditions: { ...command.conditions, ...strange } }
      : { ...command, ...strange };
  });

const numbersOf = (command: EngineCommand): string[] =>
  Object.entries(command)
    .filter(([, value]) => typeof value === "number")
    .map(([name]) => name);
