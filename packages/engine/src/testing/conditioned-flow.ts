import fc from "fast-check";
import type { EngineCommand } from "../commands/command.ts";
import type { PhaseName } from "../phases/phase.ts";
import {
  bandedIntent,
  crowding,
  dependentIntent,
  intent,
  openingChange,
  pegging,
} from "./conditioned/intents.ts";
import { oneIn } from "./conditioned/order-wish.ts";
import { MAIN_MARKET } from "./conditioned/scale.ts";
import { Situation } from "./conditioned/situation.ts";
import { strangeness } from "./conditioned/strangeness.ts";
import type { Refusal, Withdrawal } from "./reference-engine.ts";

/** What an Admission port is asked and told. */
export interface CountingPort {
  readonly refuse: Refusal;
  readonly withdraw: Withdrawal;
}

/**
 * An Admission port that refuses one order in about thirteen. It counts how often it was asked, and what was withdrawn, so that it refuses
 * orders at their trigger that it let wait, and so that two engines must ask and tell it alike: each needs its own.
 */
export const countingPort = (): CountingPort => {
  let asked = 0;
  return {
    refuse: ({ account, quantity }, list) => {
      asked += 1;
      const listed = list === undefined ? 0 : list.listId + list.legs;
      return (asked + account + quantity + listed) % 13 === 0 ? 1_000 + (account % 1_000) : 0;
    },
    withdraw: (orderId) => {
      asked += orderId;
    },
  };
};

/** As `countingPort`, for those who withdraw nothing. */
export const countingRefusal = (): Refusal => countingPort().refuse;

/** How soon a market is in another phase. */
const luck = fc.nat(11);

/**
 * What traders and operators do in the markets of the plain flow, with all commands and all conditions, mistakes among it.
 * It is made for engines that ask a `countingPort`: what it names, they have.
 */
export const conditionedFlow: fc.Arbitrary<EngineCommand[]> = fc
  .record({
    // In the middle of the main market's prices, at their lower and at their upper end.
    lowest: fc.constantFrom(95, 95, 95, 1, 189),
    /** What half of the flows begin with, so that there is a long time with protection. */
    opening: oneIn(2, openingChange),
    crowd: oneIn(2, fc.oneof(crowding, crowding, pegging)),
    steps: fc.array(
      fc.record({
        intent,
        strange: oneIn(16, strangeness),
        luck,
      }),
      { maxLength: 120, size: "max" },
    ),
  })
  .map(({ lowest, opening, crowd = [], steps }) => {
    const situation = new Situation(lowest, countingPort());
    const begins = opening === undefined ? crowd : [opening, ...crowd];
    const first = begins.map((wanted) => followed(situation, wanted(situation)));
    const others = steps.map(({ intent: wanted, strange, luck: at }) => {
      const sane = movingOn(situation, at) ?? wanted(situation);
      return followed(situation, strange === undefined ? sane : strange(sane));
    });
    return [...first, ...others];
  });

/** Else a flow that has closed its market would be one long refusal, and one that has called an auction seldom trade. */
const movingOn = (now: Situation, at: number): EngineCommand | undefined => {
  const phase = nextPhase(now.phase(MAIN_MARKET), at);
  return phase && { kind: "set_phase", market: MAIN_MARKET, phase };
};

const nextPhase = (phase: PhaseName, at: number): PhaseName | undefined => WAYS_ON[phase]?.[at];

/** By luck; of what is not here there is no way on, but what somebody wants. */
const WAYS_ON: { readonly [Phase in PhaseName]?: readonly PhaseName[] } = {
  pre_open: ["open", "open"],
  auction: ["open", "open"],
  post_only: ["open", "open"],
  closing_auction: ["closed", "open"],
  closed: ["pre_open", "pre_open", "pre_open", "open", "open", "open"],
  halted: ["open", "open", "open", "open", "open", "open"],
  cancel_only: ["open", "open", "open", "open", "open", "open"],
};

/** Much trading under a band; a market that it has halted, or sent into an auction, is open again before the next command. */
export const bandedFlow: fc.Arbitrary<EngineCommand[]> = fc
  .array(bandedIntent, { maxLength: 80, size: "max" })
  .map((intents) => {
    const situation = new Situation(95, countingPort());
    return intents.flatMap((wanted) => {
      const reopening = situation.phase(MAIN_MARKET) === "open" ? [] : [REOPENING];
      for (const command of reopening) situation.follow(command);
      const command = wanted(situation);
      situation.follow(command);
      return [...reopening, command];
    });
  });

/** Much that depends on other orders: lists, pegs, orders that wait for all or for an auction. */
export const dependentFlow: fc.Arbitrary<EngineCommand[]> = fc
  .record({
    opening: oneIn(3, pegging),
    steps: fc.array(fc.record({ intent: dependentIntent, luck }), { maxLength: 80, size: "max" }),
  })
  .map(({ opening = [], steps }) => {
    const situation = new Situation(95, countingPort());
    const first = opening.map((wanted) => followed(situation, wanted(situation)));
    const others = steps.map(({ intent: wanted, luck: at }) =>
      followed(situation, movingOn(situation, at) ?? wanted(situation)),
    );
    return [...first, ...others];
  });

const followed = (situation: Situation, command: EngineCommand): EngineCommand => {
  situation.follow(command);
  return command;
};

const REOPENING: EngineCommand = { kind: "set_phase", market: MAIN_MARKET, phase: "open" };
