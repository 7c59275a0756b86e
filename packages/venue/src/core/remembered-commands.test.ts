import { recordViews } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  COMMAND_MEMORY_MS,
  type CommandId,
  RememberedCommands,
  Speaker,
} from "./remembered-commands.ts";
import { hashBytes } from "./slot-table.ts";

const idOf = (text: string): CommandId => {
  const views = recordViews(64);
  views.bytes.set(new TextEncoder().encode(text));
  return { account: 1, speaker: Speaker.account, views, offset: 0, length: text.length };
};

/** Two ids that the table can't tell apart by their hash: among 200,000 there are some. */
const collidingIds = (): [CommandId, CommandId] => {
  const seen = new Map<number, string>();
  for (let turn = 0; ; turn++) {
    const text = `id-${turn}`;
    const { views, length } = idOf(text);
    const hash = hashBytes(views.bytes, 0, length, 2);
    const other = seen.get(hash);
    if (other !== undefined) return [idOf(other), idOf(text)];
    seen.set(hash, text);
  }
};

test("two ids with the same hash are two ids", () => {
  const [one, other] = collidingIds();
  const remembered = new RememberedCommands();
  remembered.add(one, 11, { sequence: 5, time: 0, orderId: 6 });
  expect(remembered.find(other, 11, 0)).toBeUndefined();
  remembered.add(other, 22, { sequence: 7, time: 0, orderId: 8 });
  expect(remembered.find(one, 11, 0)).toEqual({ sequence: 5, time: 0, orderId: 6, sameBody: true });
  expect(remembered.find(other, 11, 0)).toMatchObject({ sequence: 7, sameBody: false });
});

test("however its ring has turned and grown, it remembers the last day, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 300 }), (pauses) => {
      const remembered = new RememberedCommands();
      const added: { time: number; turn: number }[] = [];
      let time = 0;
      pauses.forEach((pause, turn) => {
        time += (pause * COMMAND_MEMORY_MS) / 60;
        remembered.add(idOf(`id-${turn}`), turn, { sequence: turn, time, orderId: 0 });
        added.push({ time, turn });
      });
      for (const { time: at, turn } of added) {
        const known = remembered.find(idOf(`id-${turn}`), turn, time);
        expect(known?.sequence).toBe(at < time - COMMAND_MEMORY_MS ? undefined : turn);
      }
    }),
    { numRuns: 30 },
  );
});
