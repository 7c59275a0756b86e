import {
  type BitstampEvent,
  EVENT_RULES,
  type EventRefusal,
  parseBitstampRow,
} from "./bitstamp-event.ts";

/** Reading stopped: what is wrong, and in which line, counted from 1. */
export interface LogRefusal extends EventRefusal {
  readonly line: number;
}

/** Reads a whole log, an event for each line, or answers the first line that breaks a rule. */
export const readBitstampLog = (
  text: string,
): { readonly ok: true; readonly events: readonly BitstampEvent[] } | LogRefusal => {
  const rows = text.split("\n");
  // A line end behind the last row starts no row.
  if (rows.at(-1) === "") rows.pop();
  const events: BitstampEvent[] = [];
  for (const [index, row] of rows.entries()) {
    const parsed = parseBitstampRow(row);
    if (!parsed.ok) return { ...parsed, line: index + 1 };
    if (parsed.event.timeMs < (events.at(-1)?.timeMs ?? 0)) {
      return { ...timeWentBack(row), line: index + 1 };
    }
    events.push(parsed.event);
  }
  return { ok: true, events };
};

const timeWentBack = (row: string): EventRefusal => ({
  ok: false,
  code: "time_went_back",
  field: "time",
  rule: EVENT_RULES.time_went_back,
  value: row.slice(0, row.indexOf(" ")),
});
