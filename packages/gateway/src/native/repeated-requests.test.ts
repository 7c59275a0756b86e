import { expect, test } from "vitest";
import { RepeatedRequests, SIGNATURE_LIFE_MS } from "./repeated-requests.ts";

const START = 1_800_000_000_000;
const hex = (number: number): string => number.toString(16).padStart(40, "0").padEnd(64, "f");

test("a signature is refused for as long as it would be good, whenever it came", () => {
  for (const begin of [0, 1, SIGNATURE_LIFE_MS - 1, SIGNATURE_LIFE_MS + 1]) {
    const repeated = new RepeatedRequests();
    repeated.refuseRepeated(hex(1), START);
    repeated.refuseRepeated(hex(2), START + begin);
    for (const later of [0, 1, SIGNATURE_LIFE_MS - 1]) {
      expect(() => repeated.refuseRepeated(hex(2), START + begin + later)).toThrow("Signed anew");
    }
  }
});

test("a clock that is set back forgets in its own time", () => {
  const repeated = new RepeatedRequests(1);
  repeated.refuseRepeated(hex(1), START);
  const back = START - 3_600_000;
  expect(() => repeated.refuseRepeated(hex(1), back)).toThrow("Signed anew");
  expect(() => repeated.refuseRepeated(hex(2), back)).toThrow("can remember");
  repeated.refuseRepeated(hex(2), back + SIGNATURE_LIFE_MS);
});

test("a signature in base64 is the same however it is written", () => {
  const bytes = Buffer.alloc(64, 0xfb);
  const repeated = new RepeatedRequests();
  repeated.refuseRepeated(bytes.toString("base64"), START);
  for (const written of [bytes.toString("base64url"), ` ${bytes.toString("base64")}`]) {
    expect(() => repeated.refuseRepeated(written, START)).toThrow("Signed anew");
  }
  repeated.refuseRepeated(Buffer.alloc(64, 0xfa).toString("base64"), START);
});

test("no more are remembered than there is room for; what does not fit is refused, and fits later", () => {
  const repeated = new RepeatedRequests(2);
  repeated.refuseRepeated(hex(1), START);
  repeated.refuseRepeated(hex(2), START);
  expect(() => repeated.refuseRepeated(hex(3), START)).toThrow("can remember");
  repeated.refuseRepeated(hex(3), START + SIGNATURE_LIFE_MS);
});
