import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHART_OF_ACCOUNTS } from "./account.ts";
import { Books } from "./books.ts";
import type { Entry } from "./entry.ts";
import { type Answer, applyAll, applyStep } from "./testing/apply-step.ts";
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
      const { entry } = act();
      const assets = new Map([...books.accounts()].map(({ account, asset }) => [account, asset]));
      for (const asset of assets.values()) {
        const postings = entry?.postings.filter(({ account }) => assets.get(account) === asset);
        expect(sum(postings?.map(({ amount }) => amount) ?? [])).toBe(0n);
      }
    });
  });

  test("I3: available is never below an account's floor, a balance never above its ceiling", () => {
    onEachStep((books, act) => {
      act();
      for (const { account, kind } of books.accounts()) {
        const { floor, ceiling } = CHART_OF_ACCOUNTS[kind];
        if (floor !== undefined) expect(books.available(account) >= floor).toBe(true);
        if (ceiling !== undefined) expect(books.balance(account) <= ceiling).toBe(true);
      }
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
      const { ok, repeated } = act();
      const acted = ok && repeated !== true;
      for (const { id, amount } of before) {
        const left = acted ? amount - takenFrom(id, amount, step) : amount;
        expect(books.holdAmount(id)).toBe(left);
        if (left > 0n) continue;
        expect(books.release(id)).toMatchObject({ ok: false, code: "hold_unknown" });
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
        const { ok, code, entry, account } = applyStep(books, step);
        const expected = applyStep(reference, step);
        expect({ ok, code, entry }).toEqual({
          ok: expected.ok,
          code: expected.code,
          entry: expected.entry,
        });
        if (ok) expect(account).toBe(expected.account);
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
  return answers.flatMap(({ entry, repeated }) =>
    entry === undefined || repeated === true ? [] : [entry],
  );
};

const takenFrom = (id: number, amount: bigint, step: LedgerStep): bigint => {
  if (step.step === "reduce" && step.id === id) return amount - step.to;
  if (step.step === "release" && step.id === id) return amount;
  if (step.step !== "post") return 0n;
  const captures = step.entry.captures?.filter(({ hold }) => hold === id) ?? [];
  return sum(captures.map((capture) => capture.amount));
};
