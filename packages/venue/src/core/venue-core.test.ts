import { RecordWriter, recordViews, writeHeader } from "@pincex/engine";
import { expect, test } from "vitest";
import { encodeVenueCommand } from "../commands/venue-command.ts";
import { refusalOf } from "../refusals/venue-refusals.ts";
import { CoreUnderTest } from "../testing/core-under-test.ts";
import { VenueCore } from "./venue-core.ts";

const time = recordViews(encodeVenueCommand({ kind: "time" }));

test("an unknown kind of command throws before any change", () => {
  const { core } = CoreUnderTest.funded(1, 100n);
  const [hash, sequence] = [core.stateHash(), core.sequence];
  const unknown = recordViews(16);
  writeHeader(unknown, 0, 250, 1, 16, 0);
  const out = new RecordWriter();
  expect(() => core.apply(sequence + 1, 2_000, unknown, 0, out)).toThrow(RangeError);
  expect(core.sequence).toBe(sequence);
  expect(core.stateHash()).toBe(hash);
  expect(out.length).toBe(0);
});

test("sequence numbers follow one another, and time never goes back", () => {
  const core = new VenueCore();
  const out = new RecordWriter();
  core.apply(1, 1_000, time, 0, out);
  expect(() => core.apply(3, 1_000, time, 0, out)).toThrow("expected command 2 next, was 3");
  expect(() => core.apply(2, 999, time, 0, out)).toThrow("from 1000 on, was 999");
  core.apply(2, 1_000, time, 0, out);
  expect(core.sequence).toBe(2);
  expect(core.time).toBe(1_000);
});

test("bytes that are no snapshot are not restored", () => {
  expect(() => VenueCore.restore(new Uint8Array(0))).toThrow(RangeError);
  expect(() => VenueCore.restore(new Uint8Array(64))).toThrow(RangeError);
  const snapshot = CoreUnderTest.funded(1, 100n).core.snapshot();
  expect(() => VenueCore.restore(snapshot.slice(0, -8))).toThrow(RangeError);
});

test("a refusal that this release does not know is said to be so", () => {
  expect(refusalOf(1_999)).toMatchObject({ code: "refused", number: 1_999 });
});
