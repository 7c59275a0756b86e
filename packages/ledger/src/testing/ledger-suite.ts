import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Books } from "../books.ts";
import type { AccountFigures, Ledger } from "../ledger.ts";
import { type Answer, answerOf, applyStep, comparable } from "./apply-step.ts";
import { type LedgerStep, ledgerFlow } from "./ledger-flow.ts";
import { ReferenceLedger } from "./reference-ledger.ts";

/** How a kind of ledger is had for tests. */
export interface LedgerHost {
  /** A new and empty one. */
  readonly create: () => Promise<Ledger>;
  /** The same one after a restart: what only its process knew is gone. */
  readonly reopen: (ledger: Ledger) => Promise<Ledger>;
  readonly close: () => Promise<void>;
}

export interface LedgerSuiteOptions {
  /** How many flows are taken; 100 unless told otherwise. */
  readonly flows?: number;
}

/** A step that every ledger can take. */
type FaceStep = Exclude<LedgerStep, { readonly step: "reduce" | "forget" }>;

const faceFlow: fc.Arbitrary<FaceStep[]> = ledgerFlow.map((flow) =>
  flow.filter((step): step is FaceStep => step.step !== "reduce" && step.step !== "forget"),
);

/** In SQL a step is a transaction, and the machine may have others to serve. */
const FLOWS = { timeout: 120_000 };

/** The same tests for every ledger: its answers, refusals and balances are those of the naive one, and of the books. */
export const describeLedger = (
  name: string,
  connect: () => Promise<LedgerHost>,
  { flows = 100 }: LedgerSuiteOptions = {},
): void => {
  describe(`${name} as a ledger`, () => {
    let host: LedgerHost;
    beforeAll(async () => {
      host = await connect();
    });
    afterAll(async () => {
      await host?.close();
    });

    test(
      "answers any flow as the naive ledger does, and refuses it in the words of the books",
      FLOWS,
      async () => {
        const law = fc.asyncProperty(faceFlow, async (flow) => {
          const ledger = await host.create();
          const books = new Books();
          const reference = new ReferenceLedger();
          for (const step of flow) {
            const answer = await takeStep(ledger, step);
            expect(comparable(answer)).toEqual(applyStep(reference, step));
            const inBooks = applyStep(books, step);
            if (!inBooks.ok) expect(answer).toEqual(inBooks);
          }
          expect(await ledger.balances()).toEqual(figuresOf(reference));
        });
        await fc.assert(law, { numRuns: flows, endOnFailure: true });
      },
    );

    test("goes on after a restart as if there had been none", FLOWS, async () => {
      const law = fc.asyncProperty(faceFlow, fc.nat(), async (flow, nat) => {
        const cut = nat % (flow.length + 1);
        const reference = new ReferenceLedger();
        let ledger = await host.create();
        for (const [index, step] of flow.entries()) {
          if (index === cut) ledger = await host.reopen(ledger);
          const answer = await takeStep(ledger, step);
          expect(comparable(answer)).toEqual(applyStep(reference, step));
        }
        expect(await (await host.reopen(ledger)).balances()).toEqual(figuresOf(reference));
      });
      await fc.assert(law, { numRuns: Math.ceil(flows / 4), endOnFailure: true });
    });

    test("rejects what only a program can ask for, and nothing has changed", async () => {
      const ledger = await host.create();
      for (const owner of ["bank", "alice"]) {
        await ledger.openAccount({
          owner,
          asset: 1,
          kind: owner === "bank" ? "custody" : "customer",
        });
      }
      const deposit = {
        kind: "deposit",
        at: 0,
        postings: [
          { account: 1, amount: -5n },
          { account: 2, amount: 5n },
        ],
      };
      await ledger.post(deposit);
      const before = await ledger.balances();
      const float = 5 as unknown as bigint;
      const wrong: [() => Promise<unknown>, typeof TypeError | typeof RangeError][] = [
        [() => ledger.openAccount({ owner: "x", asset: 0, kind: "house" }), RangeError],
        [() => ledger.openAccount({ owner: "x", asset: 1, kind: "none" as "house" }), RangeError],
        [() => ledger.setStatus(1, "lost" as "open"), RangeError],
        [() => ledger.post({ ...deposit, at: 0.5 }), RangeError],
        [() => ledger.post({ ...deposit, bookedAt: -1 }), RangeError],
        [() => ledger.post({ ...deposit, captures: [{ hold: 1, amount: float }] }), TypeError],
        [() => ledger.postLinked([deposit, { ...deposit, at: Number.NaN }]), RangeError],
        [() => ledger.hold({ id: 0, account: 2, amount: 1n, kind: "order" }), RangeError],
        [() => ledger.hold({ id: 1, account: 2, amount: float, kind: "order" }), TypeError],
        [() => ledger.expireHolds(-1), RangeError],
      ];
      for (const [ask, error] of wrong) await expect(ask()).rejects.toThrow(error);
      expect(await ledger.balances()).toEqual(before);
      expect(await ledger.post(deposit)).toMatchObject({ ok: true, entry: { number: 2 } });
    });

    // Of one seed: a rare answer may be missing from a few flows of another.
    test("was asked what matters", async () => {
      const answers = new Set<string>();
      for (const flow of fc.sample(faceFlow, { seed: 2026, numRuns: 1_000 })) {
        const books = new Books();
        for (const step of flow)
          answers.add(`${step.step}: ${applyStep(books, step).code ?? "ok"}`);
      }
      expect([...answers]).toEqual(expect.arrayContaining(ASKED));
    });
  });
};

const ASKED = [
  "open: account_already_open",
  "status: account_not_empty",
  "post: balance_below_floor",
  "post: account_frozen",
  "post: account_closed",
  "post: key_used_for_another_body",
  "post: dust_without_rule",
  "post: dust_above_rounding",
  "linked: ok",
  "linked: balance_below_floor",
  "hold: balance_below_hold",
  "release: release_above_hold",
  "expire: ok",
];

/** Takes a step in a ledger, by its face. */
const takeStep = async (ledger: Ledger, step: FaceStep): Promise<Answer> => {
  switch (step.step) {
    case "open":
      return answerOf(await ledger.openAccount(step.opening));
    case "status":
      return answerOf(await ledger.setStatus(step.account, step.status));
    case "post":
      return answerOf(await ledger.post(step.entry));
    case "linked":
      return answerOf(await ledger.postLinked(step.entries));
    case "hold":
      return answerOf(await ledger.hold(step.hold));
    case "release":
      return answerOf(await ledger.release(step.id, step.amount));
    case "expire":
      return answerOf({ ok: true, expired: await ledger.expireHolds(step.at) });
  }
};

const figuresOf = (reference: ReferenceLedger): AccountFigures[] =>
  reference.openings.map((_, index) => ({
    account: index + 1,
    balance: reference.balance(index + 1),
    held: reference.held(index + 1),
  }));
