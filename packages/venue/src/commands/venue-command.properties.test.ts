import { RecordWriter, recordLength, recordViews } from "@pincex/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginnings, venueCommand } from "../testing/command-flow.ts";
import {
  assertVenueCommand,
  decodeVenueCommand,
  encodeVenueCommand,
  type VenueCommand,
  writeVenueCommand,
} from "./venue-command.ts";

const amount = fc.bigInt({ min: -(1n << 127n), max: (1n << 127n) - 1n });
const text = fc.string({ unit: "grapheme", maxLength: 20 });

/** Any command that can be written, sensible or not. */
const anyCommand: fc.Arbitrary<VenueCommand> = fc.oneof(
  venueCommand,
  fc.constantFrom(...beginnings),
  fc.record({
    kind: fc.constant("credit_deposit" as const),
    account: fc.integer(),
    asset: fc.maxSafeInteger(),
    amount,
    reference: text,
    commandId: text.filter((id) => id !== ""),
  }),
  fc.record({
    kind: fc.constant("add_asset" as const),
    asset: fc.maxSafeInteger(),
    code: text,
    decimals: fc.maxSafeInteger(),
  }),
  fc.record({ kind: fc.constant("open_account" as const), account: fc.integer(), name: text }),
);

describe("for any command", () => {
  test("what is written is read back", () => {
    fc.assert(
      fc.property(anyCommand, (command) => {
        const views = recordViews(encodeVenueCommand(command));
        expect(decodeVenueCommand(views, 0)).toEqual(command);
      }),
    );
  });

  test("records stand one after the other, and each passes by itself", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 10 }), (commands) => {
        const writer = new RecordWriter();
        for (const command of commands) writeVenueCommand(writer, command);
        let offset = 0;
        for (const command of commands) {
          assertVenueCommand(writer.views, offset);
          expect(decodeVenueCommand(writer.views, offset)).toEqual(command);
          offset += recordLength(writer.views, offset);
        }
        expect(offset).toBe(writer.length);
      }),
    );
  });

  test("a record that is cut short, or whose header is not one, is no command", () => {
    fc.assert(
      fc.property(anyCommand, fc.nat(), (command, cut) => {
        const bytes = encodeVenueCommand(command);
        const shorter = bytes.slice(0, (cut % (bytes.length / 8)) * 8);
        expect(() => assertVenueCommand(recordViews(shorter), 0)).toThrow(RangeError);
      }),
    );
  });

  test("any other bytes are applied or are no command: nothing else happens", () => {
    fc.assert(
      fc.property(anyCommand, fc.nat(), fc.nat({ max: 255 }), (command, at, byte) => {
        const bytes = encodeVenueCommand(command);
        bytes[at % bytes.length] = byte;
        try {
          assertVenueCommand(recordViews(bytes), 0);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        decodeVenueCommand(recordViews(bytes), 0);
      }),
      { numRuns: 1_000 },
    );
  });
});
