import { afterEach, describe, expect, test, vi } from "vitest";
import { GrowingMemory } from "./growing-memory.ts";

const LARGE = 1 << 20;

afterEach(() => {
  vi.unstubAllGlobals();
});

const grown = (bytes: number, times: number): { memory: GrowingMemory; before: Int32Array } => {
  const memory = new GrowingMemory(bytes);
  const before = memory.i32();
  before.forEach((_, index) => {
    before[index] = index + 1;
  });
  for (let time = 0; time < times; time += 1) memory.growTo(0);
  return { memory, before };
};

const expectKept = ({ memory, before }: ReturnType<typeof grown>, times: number): void => {
  const after = memory.i32();
  expect(after.length).toBe(before.length * 2 ** times);
  expect(after.findIndex((word, index) => word !== (index < before.length ? index + 1 : 0))).toBe(
    -1,
  );
};

describe.each([8, LARGE / 2, LARGE, LARGE * 2])("memory of %i bytes that grows", (bytes) => {
  test.each([1, 3])("%i times keeps what was there, and is zero beyond", (times) => {
    expectKept(grown(bytes, times), times);
  });

  test("does so without buffers that can be shared", () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expectKept(grown(bytes, 2), 2);
  });

  test("does so where there are no addresses to reserve", () => {
    vi.stubGlobal(
      "SharedArrayBuffer",
      class {
        constructor() {
          throw new RangeError("Array buffer allocation failed");
        }
      },
    );
    expectKept(grown(bytes, 2), 2);
  });

  test("does so where shared buffers don't grow", () => {
    const Fixed = SharedArrayBuffer;
    vi.stubGlobal("SharedArrayBuffer", function fixed(length: number) {
      return new Fixed(length);
    });
    expectKept(grown(bytes, 2), 2);
  });
});

test("large memory grows where it is, small memory does not", () => {
  const large = grown(LARGE, 1);
  large.before[0] = -7;
  expect(large.memory.i32()[0]).toBe(-7);
  const small = grown(8, 1);
  small.before[0] = -7;
  expect(small.memory.i32()[0]).toBe(1);
});

test("it has room for what is asked, if that is more than twice as much", () => {
  const memory = new GrowingMemory(16);
  memory.growTo(1_000);
  expect(memory.i32().length).toBe(250);
  expect(memory.f64().length).toBe(125);
});
