import { describe, expect, test } from "vitest";
import { BatchJudge } from "./batch-judge.ts";
import type { LoadedAccount, StoredHold } from "./store-rows.ts";

const customer = (account: number): LoadedAccount => ({
  account,
  owner: `owner ${account}`,
  sub: "",
  asset: 1,
  kind: "customer",
  place: "",
  bound: "never_below_zero",
  status: "open",
  balance: 100n,
  held: 10n,
  sequence: 1,
});

const due = (id: number, account: number): StoredHold => ({
  hold: {
    id,
    account,
    kind: "order",
    opened: 10n,
    captured: 0n,
    released: 0n,
    state: "open",
    expiresAt: 5,
  },
  checksum: id,
});

/** Accounts 70 and 90 are loaded. Hold 3 is on account 80, which is not, and was loaded because its id was asked for. */
const judge = () =>
  new BatchJudge({
    numbers: { account: 90, entry: 1, sequence: 1, entryTypes: [] },
    accounts: [customer(70), customer(90)],
    holds: [due(1, 70), due(2, 90), due(3, 80)],
    remembered: [],
  });

describe("a batch that knows only what it touches", () => {
  test("leaves holds on other accounts alone, also those that are due", () => {
    const batch = judge();
    expect(batch.judge({ act: "expire", at: 5, most: 10 })).toEqual({
      ok: true,
      holds: [1, 2].map((id) => ({
        id,
        account: id === 1 ? 70 : 90,
        kind: "order",
        amount: 10n,
        expiresAt: 5,
      })),
    });
    const { balances, holds } = batch.changes();
    expect(holds.map(({ hold, before }) => [hold.id, hold.state, before?.checksum])).toEqual([
      [1, "expired", 1],
      [2, "expired", 2],
    ]);
    expect(balances.map(({ account, held }) => [account, held])).toEqual([
      [70, 0n],
      [90, 0n],
    ]);
  });

  test("knows that the id of such a hold is taken", () => {
    const request = { id: 3, account: 70, amount: 1n, kind: "order" } as const;
    expect(judge().judge({ act: "hold", request })).toMatchObject({ code: "hold_already_open" });
  });

  test("names accounts by their numbers in the ledger, also those that aren't there", () => {
    const transfer = (from: number, to: number, amount: bigint) =>
      judge().judge({
        act: "post",
        request: {
          kind: "transfer",
          at: 0,
          postings: [
            { account: from, amount: -amount },
            { account: to, amount },
          ],
        },
      });
    expect(transfer(70, 90, 91n)).toMatchObject({ code: "balance_below_floor", account: 70 });
    expect(transfer(70, 80, 1n)).toMatchObject({ code: "account_unknown", account: 80 });
    expect(transfer(-1, 90, 1n)).toMatchObject({ code: "account_unknown", account: -1 });
    expect(transfer(70, 90, 1n)).toMatchObject({
      entry: { number: 2, postings: [{ account: 70 }, { account: 90 }] },
    });
  });
});
