import { readBalances, readTrialBalance } from "@pincex/ledger/sql";
import { expect } from "vitest";
import type { Exchange } from "../exchange/create-exchange.ts";

/** Expects the SQL copy to have every balance and hold as the venue has it, and every asset to sum to zero. */
export const sqlEqualsCore = async ({ venue, views, sql }: Exchange): Promise<void> => {
  await venue.flushed();
  const inSql = await readBalances(sql);
  const customers = inSql
    .filter(({ kind }) => kind === "customer")
    .map(({ owner, asset, balance, held }) => ({ owner, asset, balance, held }));
  const inCore = views
    .accounts()
    .flatMap(({ account }) =>
      views
        .balances(account)
        .map(({ asset, balance, held }) => ({ owner: String(account), asset, balance, held })),
    );
  const ordered = (rows: typeof inCore) =>
    rows.sort((one, other) => one.owner.localeCompare(other.owner) || one.asset - other.asset);
  expect(inCore.length).toBeGreaterThan(0);
  expect(ordered(customers)).toEqual(ordered(inCore));

  const trial = await readTrialBalance(sql);
  expect(trial.size).toBe(views.assets().length);
  expect([...trial.values()].every((sum) => sum === 0n)).toBe(true);
};
