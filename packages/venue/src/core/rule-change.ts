import type { RecordWriter } from "@pincex/engine";
import type { RaiseRules } from "../commands/raise-rules.ts";
import { writeRulesRaised } from "../events/rules-raised.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";
import type { VenueState } from "./venue-state.ts";

/** The command itself is no command of this release if it does not know the rules. */
export const raiseRules = (
  state: VenueState,
  { rules }: RaiseRules,
  out: RecordWriter,
): CommandRefusal | undefined => {
  if (rules <= state.rules) return refused("rules_not_higher");
  state.rules = rules;
  writeRulesRaised(out, rules);
  return undefined;
};
