import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VenueOverloaded, VenueStopped } from "../sequencer/venue-errors.ts";
import { decodeMessages, encodeMessages } from "./message.ts";
import { decodeReplies, encodeReplies, errorIn, type Reply, refusalOf } from "./reply.ts";
import { decodeRequests, encodeRequests, type Request } from "./request.ts";

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const sequence = fc.nat();
const bytes = fc.uint8Array({ maxLength: 60 });
const reason = fc.string();

const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ kind: fc.constant("submit" as const), id, patienceMs: sequence, record: bytes }),
  fc.record({
    kind: fc.constant("snapshot" as const),
    id,
    patienceMs: sequence,
    atLeast: sequence,
  }),
);

const reply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ kind: fc.constant("done" as const), id, sequence, time: sequence, events: bytes }),
  fc.record({ kind: fc.constant("snapshot_taken" as const), id, sequence }),
  fc.record({ kind: fc.constant("overloaded" as const), id, retryAfterMs: sequence }),
  fc.record({
    kind: fc.constantFrom("stopped" as const, "outcome_unknown" as const, "no_command" as const),
    id,
    reason,
  }),
);

/** The same bytes at an address that no word begins at, as a client of Redis may hand them over. */
const misplaced = (whole: Uint8Array): Uint8Array => {
  const room = new Uint8Array(whole.length + 3);
  room.set(whole, 3);
  return room.subarray(3);
};

describe("messages between a venue and its clients", () => {
  test("requests come out as they went in", () => {
    fc.assert(
      fc.property(fc.array(request), (requests) => {
        expect(decodeRequests(misplaced(encodeRequests(requests)))).toEqual(requests);
      }),
    );
  });

  test("replies come out as they went in", () => {
    fc.assert(
      fc.property(fc.array(reply), (replies) => {
        expect(decodeReplies(misplaced(encodeReplies(replies)))).toEqual(replies);
      }),
    );
  });

  test("bytes that are cut short, or of another kind, are refused as such", () => {
    const one = { id: 1, kind: 9, numbers: [0, 0], body: Uint8Array.of(1, 2, 3) } as const;
    const whole = encodeMessages([one]);
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => decodeMessages(whole.subarray(0, length))).toThrow(RangeError);
    }
    expect(() => decodeRequests(whole)).toThrow("kind of request");
    expect(() => decodeReplies(whole)).toThrow("kind of reply");
  });

  test("bytes that nobody meant as messages never do more than be refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const decode of [decodeRequests, decodeReplies]) {
          try {
            decode(noise);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
  });

  test.each([
    new VenueOverloaded("the venue", 7),
    new VenueStopped(),
    new VenueStopped(new Error("disk full")),
    new RangeError("expected a command"),
  ])("an error is the same error on the other side: %s", (error) => {
    const [there] = decodeReplies(encodeReplies([refusalOf(1, error)]));
    const same = there && errorIn(there as Parameters<typeof errorIn>[0]);
    expect([same?.name, same?.message]).toEqual([error.name, error.message]);
  });
});
