import { type RecordViews, recordLength, recordViews } from "@pincex/engine";
import type { Frame } from "./journal.ts";

/** Bytes before each command in a frame's payload: the time it was given. */
export const COMMAND_TIME_BYTES = 8;

/** Calls for each command of a frame, with where its record stands in `commands`. */
export const eachCommand = (
  frame: Frame,
  visit: (sequence: number, time: number, commands: RecordViews, offset: number) => void,
): void => {
  const commands = recordViews(frame.payload);
  let offset = 0;
  for (let index = 0; index < frame.count; index += 1) {
    const record = offset + COMMAND_TIME_BYTES;
    const length = record < frame.payload.length ? recordLength(commands, record) : 0;
    if (length === 0 || record + length > frame.payload.length) {
      throw new RangeError(
        `expected ${frame.count} commands in the frame at sequence ${frame.firstSequence}, was cut short after ${index}`,
      );
    }
    visit(frame.firstSequence + index, commands.f64[offset >> 3] ?? 0, commands, record);
    offset = record + length;
  }
  if (offset !== frame.payload.length) {
    throw new RangeError(
      `expected ${frame.count} commands in the frame at sequence ${frame.firstSequence}, was more`,
    );
  }
};
