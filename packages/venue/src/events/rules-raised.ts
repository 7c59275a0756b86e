import type { RecordViews, RecordWriter } from "@pincex/engine";
import { VenueEventKind } from "./event-record.ts";
import { rowReader, writeRow } from "./event-row.ts";

/** From the next command on, the venue goes by these rules. */
export interface RulesRaised {
  readonly kind: "rules_raised";
  readonly rules: number;
}

export const writeRulesRaised = (out: RecordWriter, rules: number): void =>
  writeRow(out, VenueEventKind.rulesRaised, [rules]);

export const readRulesRaised = (views: RecordViews, offset: number): RulesRaised => ({
  kind: "rules_raised",
  rules: rowReader(views, offset).number(),
});
