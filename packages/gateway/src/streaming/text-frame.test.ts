import type { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import * as ws from "ws";
import { textFrame } from "./text-frame.ts";

// Its types leave out that it can be had.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

/** What `ws` reads out of a frame. */
const readBack = (frame: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const receiver = new Receiver({ isServer: false });
    receiver.on("message", (data: Buffer) => resolve(String(data)));
    receiver.on("error", reject);
    receiver.write(frame);
  });

describe("a text frame", () => {
  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    "of %i characters is read back by another implementation",
    async (length) => {
      const text = "x".repeat(length);
      expect(await readBack(textFrame(text))).toBe(text);
    },
  );

  test("counts bytes, not characters", async () => {
    const text = "ü€😀".repeat(20);
    expect(await readBack(textFrame(text))).toBe(text);
  });
});
