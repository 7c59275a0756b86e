import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import { reversalOf } from "./reversal.ts";
import { applyStep } from "./testing/apply-step.ts";
import { ledgerFlow } from "./testing/ledger-flow.ts";
import { StoryBooks } from "./testing/story-books.ts";

const posted = (story: StoryBooks, text: string) => {
  const answer = story.post(text);
  if (!answer.ok) throw new Error(answer.code);
  return answer.entry;
};

describe("the reversal of an entry", () => {
  test("takes it back and names it, on a day of its own", () => {
    const story = new StoryBooks();
    const deposit = posted(story, "bank -500, alice +500");
    const reversal = reversalOf(deposit, { at: 2_000, bookedAt: 1_000, memo: "returned" });
    expect(story.books.post(reversal)).toMatchObject({
      ok: true,
      entry: {
        number: 2,
        kind: "reversal",
        at: 2_000,
        bookedAt: 1_000,
        memo: "returned",
        corrects: 1,
        postings: [
          { account: story.account("alice"), amount: -500n, balanceAfter: 0n },
          { account: story.account("bank"), amount: 500n, balanceAfter: 0n },
        ],
      },
    });
    expect(story.figures("alice")).toBe("0 held 0");
  });

  test("is refused once the money is spent", () => {
    const story = new StoryBooks();
    const deposit = posted(story, "bank -500, alice +500");
    story.post("alice -1, bob +1");
    expect(story.books.post(reversalOf(deposit, { at: 0, kind: "chargeback" }))).toMatchObject({
      code: "balance_below_floor",
      needed: 500n,
      available: 499n,
    });
  });

  test("posted right after any entry leaves every balance as it was", () => {
    fc.assert(
      fc.property(ledgerFlow, (flow) => {
        const books = new Books();
        for (const step of flow) {
          const before = [...books.accounts()].map(({ account }) => books.balance(account));
          const { entries = [] } = applyStep(books, step);
          const [entry] = entries;
          if (entry === undefined || entries.length > 1) continue;
          const copy = Books.restore(books.snapshot());
          // What came to a frozen account stays there, and a bound may forbid the way back no other way.
          if (!copy.post(reversalOf(entry, { at: entry.at })).ok) continue;
          expect(before.map((_, index) => copy.balance(index + 1))).toEqual(before);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("an entry's two times", () => {
  test("are one unless it belongs to another day", () => {
    const story = new StoryBooks();
    expect(posted(story, "bank -1, alice +1")).toMatchObject({ at: 1_000, bookedAt: 1_000 });
    const late = story.post("bank -1, alice +1", { at: 2_000, bookedAt: 500 });
    expect(late).toMatchObject({ entry: { at: 2_000, bookedAt: 500 } });
    expect(() => story.post("bank -1, alice +1", { bookedAt: -1 })).toThrow(RangeError);
    expect(() => story.post("bank -1, alice +1", { bookedAt: 8_640_000_000_000_001 })).toThrow(
      RangeError,
    );
  });

  test("of which only the booking time belongs to what a key stands for", () => {
    const story = new StoryBooks();
    const post = (more: { at: number; bookedAt?: number }, key: string) => {
      const answer = story.post("bank -1, alice +1", { ...more, key });
      return answer.ok ? answer.repeated : answer.code;
    };
    post({ at: 1_000 }, "as recorded");
    expect(post({ at: 2_000 }, "as recorded")).toBe(true);
    expect(post({ at: 2_000, bookedAt: 500 }, "as recorded")).toBe("key_used_for_another_body");
    post({ at: 1_000, bookedAt: 500 }, "booked");
    expect(post({ at: 2_000, bookedAt: 500 }, "booked")).toBe(true);
    expect(post({ at: 2_000 }, "booked")).toBe("key_used_for_another_body");
    const restored = Books.restore(story.books.snapshot());
    expect(restored.stateHash()).toBe(story.books.stateHash());
  });
});
