import * as fc from "fast-check";
import type { ProvableEntry } from "../verify-entry.ts";

/** Money that moves among a few accounts of one asset, in so many entries: cheap enough for many blocks of them. */
export const randomLedger = (entries: fc.Arbitrary<number>): fc.Arbitrary<ProvableEntry[]> =>
  fc
    .tuple(entries, fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 31 - 1 })))
    .map(([count, numbers]) => {
      const draw = (below: number): number => (numbers.next().value ?? 0) % below;
      const balances = [0n, 0n, 0n, 0n, 0n];
      return Array.from({ length: count }, (_, index): ProvableEntry => {
        const from = draw(5);
        const to = (from + 1 + draw(4)) % 5;
        const amount = BigInt(1 + draw(1_000)) ** BigInt(1 + draw(4));
        const move = (account: number, by: bigint) => {
          balances[account] = (balances[account] ?? 0n) + by;
          return { account: account + 1, amount: by, balanceAfter: balances[account] ?? 0n };
        };
        return {
          number: index + 1,
          sequence: 2 * index + draw(2),
          kind: "transfer",
          at: 1_700_000_000_000 + index,
          ...(draw(2) === 0 ? {} : { bookedAt: 1_600_000_000_000 + draw(1_000) }),
          key: draw(3) === 0 ? `key ${index}` : "",
          memo: draw(3) === 0 ? `für Zoë 🪙 ${draw(100)}` : "",
          corrects: draw(9) === 0 ? draw(index + 1) : 0,
          postings: [move(from, -amount), move(to, amount)],
        };
      });
    });
