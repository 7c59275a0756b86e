import type { RecordViews, RecordWriter } from "@pincex/engine";
import { fieldsLength, writeFields } from "../record/fields.ts";
import { NEWEST_RULES } from "../rules/rules.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandFields,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/**
 * From the next command on, the venue behaves as this release's rules of that number say. A venue begins with rules 1 and stays
 * with what it has until it is told: a release replays the commands of older ones as they were.
 *
 * A release that does not know the rules takes no such command, and does not start a venue whose journal has one.
 */
export interface RaiseRules extends Repeatable {
  readonly kind: "raise_rules";
  /** Above what the venue has, at most `NEWEST_RULES`. */
  readonly rules: number;
}

export const writeRaiseRules = (writer: RecordWriter, command: RaiseRules): void => {
  const fields = [known(integer(command.rules, "rules"))];
  const kind = VenueCommandKind.raiseRules;
  const offset = beginCommand(writer, kind, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readRaiseRules = (views: RecordViews, offset: number): RaiseRules => {
  const reader = commandFields(views, offset);
  const rules = known(reader.number());
  reader.finish();
  return { kind: "raise_rules", rules, ...readRepeatable(views, offset) };
};

const known = (rules: number): number => {
  if (rules <= NEWEST_RULES) return rules;
  throw new RangeError(
    `expected rules that this release knows, 1 to ${NEWEST_RULES}, was ${rules}`,
  );
};
