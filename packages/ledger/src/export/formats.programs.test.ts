import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parseAmount } from "../amount.ts";
import {
  accountStatement,
  beancountJournal,
  camtStatement,
  hledgerJournal,
  journalAccount,
  type ShownEntry,
  trialBalance,
} from "./index.ts";
import { type ShownLedger, shownLedger } from "./testing/shown-ledger.ts";

// The programs themselves are the judges: what they read in our files is compared with our own trial balance.

const folder = mkdtempSync(join(tmpdir(), "pincex-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isInstalled = (program: string): boolean => {
  const found = spawnSync(program, ["--version"]).status === 0;
  if (!found && process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw new Error(`no ${program}`);
  return found;
};

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });

/** Whether the program is content, and says nothing. */
const accepts = (program: string, ...args: string[]): boolean => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  return status === 0 && stdout + stderr === "";
};

let files = 0;

/** A new file each time: beancount keeps what it has read by name and second. */
const writtenTo = async (name: string, pieces: AsyncIterable<string>): Promise<string> => {
  let text = "";
  for await (const piece of pieces) text += piece;
  files += 1;
  const file = join(folder, `${files}.${name}`);
  writeFileSync(file, text);
  return file;
};

/** By name of account, with the signs of plain text accounting; zeros are left out. */
const expected = async ({ entries, names }: ShownLedger): Promise<Map<string, bigint>> => {
  const { accounts } = await trialBalance(entries, names.accounts);
  const shown = new Map([...names.accounts].map((one) => [one.account, one]));
  return new Map(
    accounts.flatMap(({ account, balance }) => {
      const one = shown.get(account);
      return one === undefined || balance === 0n ? [] : [[journalAccount(one), -balance]];
    }),
  );
};

/** Rows of account and amount, as both programs print them. What is zero, beancount leaves empty. */
const balancesIn = (csv: string, { names }: ShownLedger): Map<string, bigint> => {
  const decimals = new Map([...names.assets].map((one) => [one.number, one.decimals]));
  const scales = new Map(
    [...names.accounts].map((one) => [journalAccount(one), decimals.get(one.asset) ?? 0]),
  );
  return new Map(
    csv
      .split(/\r?\n/)
      .slice(1)
      .filter((row) => row !== "")
      .map((row): [string, bigint] => {
        const [, account = "", figure = ""] =
          /^"?([^",]+?)"?\s*,\s*"?\s*(-?[\d.]*)/.exec(row) ?? [];
        const amount = parseAmount(figure || "0", scales.get(account) ?? 0);
        if (!amount.ok) throw new Error(`${row}: ${amount.code}`);
        return [account, amount.amount];
      })
      .filter(([, amount]) => amount !== 0n),
  );
};

const withOneUnitMore = (entries: readonly ShownEntry[]): ShownEntry[] =>
  entries.map((entry, index) =>
    index > 0
      ? entry
      : {
          ...entry,
          postings: entry.postings.map((posting, at) =>
            at > 0 ? posting : { ...posting, amount: posting.amount + 1n },
          ),
        },
  );

/** Beancount computes with 28 digits, and bean-query fails to print numbers of more than 16. */
const withoutGreatAmounts = (ledger: ShownLedger): ShownLedger => ({
  ...ledger,
  entries: ledger.entries.filter(({ postings }) =>
    postings.every(({ amount }) => amount < 10n ** 12n && amount > -(10n ** 12n)),
  ),
});

describe.skipIf(!isInstalled("hledger"))("hledger", () => {
  test("reads the journal of any ledger, and has the balances of the trial balance", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async (ledger) => {
        const file = await writtenTo("any.journal", hledgerJournal(ledger.entries, ledger.names));
        // Strict: every account and commodity is declared, every entry balances.
        expect(accepts("hledger", "-f", file, "check", "-s")).toBe(true);
        const csv = run("hledger", "-f", file, "balance", "-N", "--flat", "-O", "csv");
        expect(balancesIn(csv, ledger)).toEqual(await expected(ledger));
        expect(run("hledger", "-f", file, "print").match(/^\d{4}-/gm)?.length).toBe(
          ledger.entries.length,
        );

        const changed = withOneUnitMore(ledger.entries);
        const wrong = await writtenTo("wrong.journal", hledgerJournal(changed, ledger.names));
        expect(accepts("hledger", "-f", wrong, "check", "-s")).toBe(false);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

describe.skipIf(!isInstalled("bean-check"))("beancount", () => {
  test("reads the journal of any ledger, and has the balances of the trial balance", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async (any) => {
        const ledger = withoutGreatAmounts(any);
        const file = await writtenTo(
          "any.beancount",
          beancountJournal(ledger.entries, ledger.names),
        );
        expect(accepts("bean-check", "-C", file)).toBe(true);
        const query = "select account, sum(position) as balance group by account";
        const csv = run("bean-query", "-q", "-f", "csv", file, query);
        expect(balancesIn(csv, ledger)).toEqual(await expected(ledger));

        if (ledger.entries.length === 0) return;
        const changed = withOneUnitMore(ledger.entries);
        const wrong = await writtenTo("wrong.beancount", beancountJournal(changed, ledger.names));
        expect(accepts("bean-check", "-C", wrong)).toBe(false);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});

describe.skipIf(!isInstalled("xmllint"))("xmllint", () => {
  test("finds every camt.053 well-formed, and the amounts that we wrote", {
    timeout: 120_000,
  }, async () => {
    const asset = { number: 1, code: "EUR", decimals: 2 };
    const options = {
      asset,
      accountId: "alice",
      statementId: "2026-01",
      createdAt: Date.UTC(2026, 1, 1),
    };
    const period = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
    let written = 0;
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ books, entries }) => {
        for (const { account } of [...books.accounts()].slice(0, 3)) {
          const statement = await accountStatement(entries, account, period);
          const camt = camtStatement(statement, options);
          if (!camt.ok) continue;
          written += 1;
          const file = join(folder, "statement.xml");
          writeFileSync(file, camt.xml);
          expect(accepts("xmllint", "--noout", "--nonet", file)).toBe(true);
          const count = run("xmllint", "--xpath", "count(//*[local-name()='Ntry'])", file);
          expect(Number(count)).toBe(statement.lines.length);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
    expect(written).toBeGreaterThan(10);
  });
});
