import fc from "fast-check";
import type { EngineCommand } from "../commands/command.ts";
import { bandedIntent, crowding, intent, openingChange } from "./conditioned/intents.ts";
import { oneIn } from "./conditioned/order-wish.ts";
import { MAIN_MARKET } from "./conditioned/scale.ts";
import { Situation } from "./conditioned/situation.ts";
import { strangeness } from "./conditioned/strangeness.ts";
import type { Refusal } from "./reference-engine.ts";

/**
 * An Admission port that refuses one order in about thirteen. It counts how often it was asked, so that it refuses orders at their
 * trigger that it let wait, and so that two engines must ask it alike: each needs its own.
 */
export const countingRefusal = (): Refusal => {
  let asked = 0;
  return ({ account, quantity }) => {
    asked += 1;
    return (asked + account + quantity) % 13 === 0 ? 1_000 + (account % 1_000) : 0;
  };
};

/**
 * What traders and operators do in the markets of the plain flow, with all commands and all conditions, mistakes among it.
 * It is made for engines that ask `countingRefusal`: what it names, they have.
 */
export const conditionedFlow: fc.Arbitrary<EngineCommand[]> = fc
  .record({
    // In the middle of the main market's prices, at their lower and at their upper end.
    lowest: fc.constantFrom(95, 95, 95, 1, 189),
    /** What half of the flows begin with, so that there is a long time with protection. */
    opening: oneIn(2, openingChange),
    crowd: oneIn(3, crowding),
    steps: fc.array(
      fc.record({
        intent,
        strange: oneIn(16, strangeness),
        // Else a flow that has closed its market would be one long refusal.
        reopens: fc.boolean(),
      }),
      { maxLength: 120, size: "max" },
    ),
  })
  .map(({ lowest, opening, crowd = [], steps }) => {
    const situation = new Situation(lowest, countingRefusal());
    const begins = opening === undefined ? crowd : [opening, ...crowd];
    const first = begins.map((wanted) => {
      const command = wanted(situation);
      situation.follow(command);
      return command;
    });
    const others = steps.map(({ intent: wanted, strange, reopens }) => {
      const isShut = ["halted", "cancel_only", "closed"].includes(situation.phase(MAIN_MARKET));
      const sane = isShut && reopens ? REOPENING : wanted(situation);
      const command = strange === undefined ? sane : strange(sane);
      situation.follow(command);
      return command;
    });
    return [...first, ...others];
  });

/** Much trading under a band; a market that it has halted, or sent into an auction, is open again before the next command. */
export const bandedFlow: fc.Arbitrary<EngineCommand[]> = fc
  .array(bandedIntent, { maxLength: 80, size: "max" })
  .map((intents) => {
    const situation = new Situation(95, countingRefusal());
    return intents.flatMap((wanted) => {
      const reopening = situation.phase(MAIN_MARKET) === "open" ? [] : [REOPENING];
      for (const command of reopening) situation.follow(command);
      const command = wanted(situation);
      situation.follow(command);
      return [...reopening, command];
    });
  });

const REOPENING: EngineCommand = { kind: "set_phase", market: MAIN_MARKET, phase: "open" };
