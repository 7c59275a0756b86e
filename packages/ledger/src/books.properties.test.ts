import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import type { Entry, EntryRequest } from "./entry.ts";
import type { Hold } from "./hold.ts";
import { type Answer, applyAll, applyStep, comparable } from "./testing/apply-step.ts";
import { type LedgerStep, ledgerFlow } from "./testing/ledger-flow.ts";
import { ReferenceLedger } from "./testing/reference-ledger.ts";

const runs = { numRuns: 200 };

/** The law is asked for every flow. */
const forAnyFlow = (law: (flow: LedgerStep[]) => void): void => {
  fc.assert(fc.property(ledgerFlow, law), runs);
};

/** The law is asked about every step of every flow; it takes the step by calling `act`. */
const onEachStep = (law: (books: Books, act: () => Answer, step: LedgerStep) => void): void => {
  forAnyFlow((flow) => {
    const books = new Books();
    for (const step of flow) law(books, () => applyStep(books, step), step);
  });
};

const sum = (amounts: Iterable<bigint>): bigint =>
  [...amounts].reduce((total, one) => total + one, 0n);

const figuresOf = (books: Books, account: number): [balance: bigint, held: bigint] => [
  books.balance(account),
  books.held(account),
];

const isSameState = (books: Books, before: Uint8Array): boolean =>
  Buffer.compare(books.snapshot(), before) === 0;

describe("for any flow of entries, holds, captures, releases and retries", () => {
  test("I1: all balances in an asset add up to zero", () => {
    onEachStep((books, act) => {
      act();
      for (const total of books.trialBalance().values()) expect(total).toBe(0n);
    });
  });

  test("I2: the postings of every entry add up to zero in each asset", () => {
    onEachStep((books, act) => {
      const { entries = [] } = act();
      const assets = new Map([...books.accounts()].map(({ account, asset }) => [account, asset]));
      for (const { postings } of entries) {
        for (const asset of assets.values()) {
          const those = postings.filter(({ account }) => assets.get(account) === asset);
          expect(sum(those.map(({ amount }) => amount))).toBe(0n);
        }
      }
    });
  });

  test("I3: no account goes beyond its bound", () => {
    onEachStep((books, act) => {
      act();
      for (const { account, bound } of books.accounts()) {
        if (bound === "never_below_zero") expect(books.available(account) >= 0n).toBe(true);
        if (bound === "never_above_zero") expect(books.balance(account) <= 0n).toBe(true);
      }
    });
  });

  test("a frozen account loses nothing but what was held, and holds nothing new", () => {
    onEachStep((books, act) => {
      const frozen = [...books.accounts()].filter(({ status }) => status === "frozen");
      const before = frozen.map(({ account }) => figuresOf(books, account));
      const { ok } = act();
      frozen.forEach(({ account, bound }, index) => {
        const [balance, held] = figuresOf(books, account);
        const [balanceBefore, heldBefore] = before[index] ?? [0n, 0n];
        expect(held <= heldBefore).toBe(true);
        if (bound === "never_above_zero") expect(balance <= balanceBefore).toBe(true);
        else expect(balanceBefore - balance <= heldBefore - held).toBe(true);
        expect(ok || balance === balanceBefore).toBe(true);
      });
    });
  });

  test("a closed account is empty for ever", () => {
    onEachStep((books, act) => {
      const closed = [...books.accounts()].filter(({ status }) => status === "closed");
      act();
      for (const { account } of closed) {
        expect(books.account(account).status).toBe("closed");
        expect(figuresOf(books, account)).toEqual([0n, 0n]);
      }
    });
  });

  test("holds expire all that are due, by (time, id), and no other", () => {
    onEachStep((books, act, step) => {
      const before = books.holds();
      const { expired = [] } = act();
      if (step.step !== "expire") return;
      const isDue = ({ expiresAt }: Hold) => expiresAt > 0 && expiresAt <= step.at;
      const due = before.filter(isDue);
      due.sort((one, other) => one.expiresAt - other.expiresAt || one.id - other.id);
      expect(expired).toEqual(due);
      expect(books.holds()).toEqual(before.filter((hold) => !isDue(hold)));
    });
  });

  test("what is posted together and refused changes nothing, and says which one", () => {
    onEachStep((books, act, step) => {
      const before = books.snapshot();
      const { ok, index = 0 } = act();
      if (step.step !== "linked" || ok) return;
      expect(isSameState(books, before)).toBe(true);
      const alone = Books.restore(before);
      const outcomes = step.entries.slice(0, index + 1).map((entry) => alone.post(entry).ok);
      expect(outcomes).toEqual(outcomes.map((_, nth) => nth < index));
    });
  });

  test("I4: what is held on an account is the sum of its open holds", () => {
    onEachStep((books, act) => {
      act();
      for (const { account } of books.accounts()) {
        const holds = books.holds().filter((hold) => hold.account === account);
        expect(books.held(account)).toBe(sum(holds.map(({ amount }) => amount)));
      }
    });
  });

  test("I5: a hold only shrinks, by what is captured or freed, and ends once", () => {
    onEachStep((books, act, step) => {
      const before = books.holds();
      const answer = act();
      // Of those that were posted together some may have been repeated: whoever captured isn't known.
      if (step.step === "linked" && answer.entries?.length !== step.entries.length) return;
      for (const hold of before) {
        expect(books.holdAmount(hold.id)).toBe(hold.amount - takenFrom(hold, step, answer));
        if (books.holdAmount(hold.id) > 0n) continue;
        expect(books.release(hold.id)).toMatchObject({ ok: false, code: "hold_unknown" });
      }
    });
  });

  test("I6: a refusal leaves the state as it was, byte for byte", () => {
    onEachStep((books, act) => {
      const before = books.snapshot();
      if (!act().ok) expect(isSameState(books, before)).toBe(true);
    });
  });

  test("I7: the same key and body answers the same entry and does nothing, another body is refused", () => {
    onEachStep((books, act, step) => {
      const { entry } = act();
      if (entry === undefined || entry.key === "" || step.step !== "post") return;
      const before = books.snapshot();
      const retried = books.post({ ...step.entry, at: step.entry.at + 1 });
      expect(retried).toEqual({ ok: true, entry, repeated: true });
      const other = books.post({ ...step.entry, kind: "another" });
      expect(other).toMatchObject({ ok: false, code: "key_used_for_another_body" });
      expect(isSameState(books, before)).toBe(true);
    });
  });

  test("entries that are applied leave the state of those that are posted, and are refused alike", () => {
    onEachStep((books, act, step) => {
      if (step.step !== "post") return void act();
      const applied = Books.restore(books.snapshot());
      const answer = applied.apply(step.entry);
      const { ok, entry, code } = act();
      const expected = ok ? { ok, number: entry?.number } : { ok, code };
      expect(answer).toMatchObject(expected);
      expect(isSameState(applied, books.snapshot())).toBe(true);
    });
  });

  test("I9: the same calls give the same state, also with a restart from a snapshot in between", () => {
    const property = fc.property(ledgerFlow, fc.nat(), (flow, nat) => {
      const cut = nat % (flow.length + 1);
      const unbroken = applyAll(new Books(), flow);
      const restored = Books.restore(applyAll(new Books(), flow.slice(0, cut)).snapshot());
      applyAll(restored, flow.slice(cut));
      expect(isSameState(restored, unbroken.snapshot())).toBe(true);
      expect(restored.stateHash()).toBe(unbroken.stateHash());
    });
    fc.assert(property, runs);
  });

  test("I10: each posting's balance follows from the account's posting before", () => {
    forAnyFlow((flow) => {
      const balances = new Map<number, bigint>();
      for (const { account, amount, balanceAfter } of entriesOf(flow).flatMap(
        (one) => one.postings,
      )) {
        expect(balanceAfter).toBe((balances.get(account) ?? 0n) + amount);
        balances.set(account, balanceAfter);
      }
    });
  });

  test("the entries alone, posted from nothing, give the same balances", () => {
    forAnyFlow((flow) => {
      const books = applyAll(new Books(), flow);
      const replayed = new Books();
      for (const account of books.accounts()) replayed.openAccount(account);
      for (const entry of entriesOf(flow)) {
        expect(replayed.post({ ...entry, key: "" }).ok).toBe(true);
      }
      for (const { account } of books.accounts()) {
        expect(replayed.balance(account)).toBe(books.balance(account));
      }
    });
  });

  test("the books answer what a naive ledger answers", () => {
    forAnyFlow((flow) => {
      const books = new Books();
      const reference = new ReferenceLedger();
      for (const step of flow) {
        expect(comparable(applyStep(books, step))).toEqual(applyStep(reference, step));
      }
      for (const { account } of books.accounts()) {
        expect(books.balance(account)).toBe(reference.balance(account));
        expect(books.held(account)).toBe(reference.held(account));
      }
      books.checkInvariants();
    });
  });

  // Of one seed: a rare answer may be missing from a few hundred flows of another.
  test("the flows reach every answer that matters", () => {
    const answers = new Set<string>();
    for (const flow of fc.sample(ledgerFlow, { seed: 2026, numRuns: 1_000 })) {
      const books = new Books();
      for (const step of flow) answers.add(`${step.step}: ${applyStep(books, step).code ?? "ok"}`);
    }
    expect([...answers]).toEqual(expect.arrayContaining(REACHED));
  });
});

/** What the flows must have reached to be worth anything. */
const REACHED = [
  "open: account_already_open",
  "open: account_bound_of_kind",
  "open: account_place_not_custody",
  "status: ok",
  "status: account_closed",
  "status: account_not_empty",
  "post: account_closed",
  "post: account_frozen",
  "linked: ok",
  "linked: balance_below_floor",
  "linked: entries_too_few",
  "hold: account_frozen",
  "expire: ok",
  "release: release_above_hold",
  "post: ok",
  "post: amount_out_of_range",
  "post: balance_above_ceiling",
  "post: balance_below_floor",
  "post: capture_above_hold",
  "post: capture_not_posted",
  "post: entry_does_not_balance",
  "post: key_used_for_another_body",
  "hold: ok",
  "hold: balance_below_hold",
  "reduce: ok",
  "release: ok",
];

const entriesOf = (flow: readonly LedgerStep[]): Entry[] => {
  const books = new Books();
  const answers = flow.map((step) => applyStep(books, step));
  return answers.flatMap(({ entries = [] }) => entries);
};

const takenFrom = ({ id, amount, expiresAt }: Hold, step: LedgerStep, answer: Answer): bigint => {
  if (!answer.ok || answer.repeated === true) return 0n;
  if (step.step === "reduce" && step.id === id) return amount - step.to;
  if (step.step === "release" && step.id === id) return step.amount ?? amount;
  if (step.step === "expire" && expiresAt > 0 && expiresAt <= step.at) return amount;
  const captures = entriesAskedFor(step).flatMap((entry) => entry.captures ?? []);
  return sum(captures.filter(({ hold }) => hold === id).map((capture) => capture.amount));
};

const entriesAskedFor = (step: LedgerStep): readonly EntryRequest[] => {
  if (step.step === "post") return [step.entry];
  return step.step === "linked" ? step.entries : [];
};
