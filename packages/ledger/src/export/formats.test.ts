import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAmount } from "../amount.ts";
import { readCamt053 } from "../reconciliation/index.ts";
import { readXml } from "../reconciliation/xml-reader.ts";
import {
  accountStatement,
  beancountJournal,
  CSV_COLUMNS,
  camtStatement,
  type EntryLine,
  hledgerJournal,
  journalAccount,
  journalCommodity,
  ledgerCsv,
  ledgerJsonLines,
  type ShownEntry,
  trialBalance,
} from "./index.ts";
import { type ShownLedger, shownLedger } from "./testing/shown-ledger.ts";

const collected = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};

/** RFC 4180, read by its grammar. */
const parseCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  for (let rest = text; rest !== ""; ) {
    const row: string[] = [];
    for (let end = ","; end === ","; ) {
      const [cell = "", quoted, plain, separator = ""] =
        /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
      if (cell === "") throw new Error(`no CSV: ${rest.slice(0, 80)}`);
      row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
      rest = rest.slice(cell.length);
      end = separator;
    }
    rows.push(row);
  }
  return rows;
};

const decimalsOf = ({ names }: ShownLedger): Map<number, number> => {
  const assets = new Map([...names.assets].map(({ number, decimals }) => [number, decimals]));
  return new Map(
    [...names.accounts].map(({ account, asset }) => [account, assets.get(asset) ?? 0]),
  );
};

const exactly = (text: string, decimals = 0): bigint => {
  const parsed = parseAmount(text, decimals);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.code}`);
  return parsed.amount;
};

describe("CSV", () => {
  const rowsOf = async (ledger: ShownLedger, guardFormulas: boolean) => {
    const [header, ...rows] = parseCsv(
      await collected(ledgerCsv(ledger.entries, ledger.names, { guardFormulas })),
    );
    expect(header).toEqual([...CSV_COLUMNS]);
    return rows.map((row) => {
      expect(row.length).toBe(CSV_COLUMNS.length);
      return Object.fromEntries(CSV_COLUMNS.map((column, index) => [column, row[index] ?? ""]));
    });
  };

  test("read back gives every posting as it was, with or without the guard", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, fc.boolean(), async (ledger, guard) => {
        const rows = await rowsOf(ledger, guard);
        const decimals = decimalsOf(ledger);
        const plain = (text = ""): string => (guard ? text.replace(/^'/, "") : text);
        const owners = new Map(
          [...ledger.names.accounts].map(({ account, owner }) => [account, owner]),
        );
        const read = rows.map((row) => [
          ...[row["entry"], row["posting"], row["account"], row["corrects"] || "0"].map(Number),
          ...[row["at"], row["booked_at"]].map((text) => Date.parse(text ?? "")),
          ...[row["kind"], row["key"], row["memo"], row["owner"]].map(plain),
          exactly(row["amount"] ?? "", decimals.get(Number(row["account"]))),
          exactly(row["balance_after"] ?? "", decimals.get(Number(row["account"]))),
        ]);
        expect(read).toEqual(
          ledger.entries.flatMap((entry) =>
            entry.postings.map(({ account, amount, balanceAfter }, index) => [
              ...[entry.number, index, account, entry.corrects, entry.at, entry.bookedAt],
              ...[entry.kind, entry.key, entry.memo, owners.get(account), amount, balanceAfter],
            ]),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("begins no text with what a spreadsheet takes for a formula", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async (ledger) => {
        for (const row of await rowsOf(ledger, true)) {
          const texts = [row["kind"], row["key"], row["memo"], row["owner"], row["asset"]];
          for (const text of texts) expect(text).not.toMatch(/^[=+\-@\t\r\n]/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("JSON lines", () => {
  test("read back give every entry as it was", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async (ledger) => {
        const text = await collected(ledgerJsonLines(ledger.entries, ledger.names));
        const decimals = decimalsOf(ledger);
        const read = text
          .split("\n")
          .slice(0, -1)
          .map((line): ShownEntry => {
            const { entry, at, bookedAt, kind, key, memo, corrects, postings }: EntryLine =
              JSON.parse(line);
            return {
              number: entry,
              at: Date.parse(at),
              bookedAt: Date.parse(bookedAt),
              kind,
              key,
              memo,
              corrects,
              postings: postings.map(({ account, amount, balanceAfter }) => ({
                account,
                amount: exactly(amount, decimals.get(account)),
                balanceAfter: exactly(balanceAfter, decimals.get(account)),
              })),
            };
          });
        expect(read).toEqual(ledger.entries);
        const { accounts } = await trialBalance(read, ledger.books.accounts());
        for (const { account, balance } of accounts)
          expect(balance).toBe(ledger.books.balance(account));
      }),
      { numRuns: 60 },
    );
  });
});

describe("plain text accounting", () => {
  test("has one name for each account and asset, that both programs can read", () => {
    fc.assert(
      fc.property(shownLedger, ({ names }) => {
        const accounts = [...names.accounts].map(journalAccount);
        expect(new Set(accounts).size).toBe(accounts.length);
        for (const name of accounts) {
          expect(name).toMatch(
            /^(Assets|Liabilities|Income|Expenses|Equity):[A-Z][A-Za-z0-9]*:\d[A-Za-z0-9-]*$/,
          );
        }
        const assets = [...names.assets];
        const commodities = assets.map((asset) => journalCommodity(asset, assets));
        expect(new Set(commodities).size).toBe(assets.length);
        for (const name of commodities) expect(name).toMatch(/^[A-Z][A-Z0-9'._-]*[A-Z0-9]$/);
      }),
      { numRuns: 60 },
    );
  });

  const names = {
    assets: [{ number: 1, code: "EUR", decimals: 2 }],
    accounts: [
      { account: 1, owner: "our bank", asset: 1, kind: "custody", place: "bank" },
      { account: 2, owner: "alice", asset: 1, kind: "customer", sub: "savings" },
      { account: 3, owner: "?!", asset: 1, kind: "pending_deposits" },
    ],
  };
  const entry: ShownEntry = {
    number: 4,
    kind: "deposit; late",
    at: Date.UTC(2026, 1, 2, 3, 4, 5),
    bookedAt: Date.UTC(2026, 0, 31),
    key: "k-1",
    memo: 'a "b"\nc',
    corrects: 2,
    postings: [
      { account: 1, amount: -1250n, balanceAfter: -1250n },
      { account: 2, amount: 1250n, balanceAfter: 1250n },
    ],
  };

  test("looks like this in hledger", async () => {
    expect((await collected(hledgerJournal([entry], names))).split("\n")).toEqual([
      "decimal-mark .",
      'commodity 1000.00 "EUR"  ; EUR',
      "account Assets:Custody:1-our-bank-bank  ; owner: our bank",
      "account Liabilities:Customer:2-alice-savings  ; owner: alice",
      "account Liabilities:PendingDeposits:3  ; owner: ?!",
      "",
      "2026-01-31 * (4) deposit, late",
      "    ; time: 2026-02-02T03:04:05.000Z",
      "    ; booked: 2026-01-31T00:00:00.000Z",
      "    ; key: k-1",
      '    ; memo: a "b" c',
      "    ; corrects: 2",
      '    Assets:Custody:1-our-bank-bank  12.50 "EUR"',
      '    Liabilities:Customer:2-alice-savings  -12.50 "EUR"',
      "",
    ]);
  });

  test("looks like this in beancount", async () => {
    const text = await collected(beancountJournal([entry], names, { by: "at" }));
    expect(text.split("\n").slice(8)).toEqual([
      "",
      '2026-02-02 * "deposit; late" ^entry-4 ^entry-2',
      '  time: "2026-02-02T03:04:05.000Z"',
      '  booked: "2026-01-31T00:00:00.000Z"',
      '  key: "k-1"',
      '  memo: "a \\"b\\"\\nc"',
      '  corrects: "2"',
      "  Assets:Custody:1-our-bank-bank  12.50 EUR",
      "  Liabilities:Customer:2-alice-savings  -12.50 EUR",
      "",
    ]);
    const far = { ...entry, at: Date.UTC(10_000, 0), bookedAt: Date.UTC(10_000, 0) };
    await expect(collected(beancountJournal([far], names))).rejects.toThrow("a year before 10,000");
    const stranger = { ...entry, postings: [{ account: 9, amount: 1n, balanceAfter: 1n }] };
    await expect(collected(hledgerJournal([stranger], names))).rejects.toThrow("account, was 9");
  });
});

describe("camt.053", () => {
  const asset = { number: 1, code: "EUR", decimals: 2 };
  const options = {
    asset,
    accountId: "alice",
    statementId: "2026-01",
    createdAt: Date.UTC(2026, 1, 1),
  };
  const period = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };

  test("read by our own reader gives the figures of the statement", async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ books, entries }) => {
        for (const { account } of books.accounts()) {
          const statement = await accountStatement(entries, account, { ...period, by: "bookedAt" });
          const camt = camtStatement(statement, options);
          if (!camt.ok) {
            expect(camt.code).toBe("amount_too_long");
            continue;
          }
          written += 1;
          const read = readCamt053(camt.xml, { decimals: () => 2 });
          expect(read).toMatchObject({
            ok: true,
            statements: [{ id: "2026-01", account: "alice", currency: "EUR", pending: [] }],
          });
          const [back] = read.ok ? read.statements : [];
          expect([back?.opening, back?.closing]).toEqual([statement.opening, statement.closing]);
          expect(back?.lines.map(({ id, amount, at }) => [id, amount, at])).toEqual(
            statement.lines.map((line) => [
              `${line.entry}.${line.index}`,
              line.amount,
              line.bookedAt,
            ]),
          );
        }
      }),
      { numRuns: 60 },
    );
    expect(written).toBeGreaterThan(200);
  });

  const line = {
    entry: 7,
    index: 1,
    at: period.from,
    bookedAt: period.from,
    kind: "deposit",
    key: "k",
    memo: "m",
    corrects: 0,
    amount: -5n,
    balanceAfter: -5n,
  };
  const statement = {
    account: 1,
    ...period,
    by: "at",
    opening: 0n,
    lines: [line],
    closing: -5n,
  } as const;

  test("has its elements in the order of the schema", () => {
    const camt = camtStatement(statement, options);
    const document = readXml(camt.ok ? camt.xml : "");
    const [message] = document.children;
    const [header, stmt] = message?.children ?? [];
    const entry = stmt?.children.find(({ name }) => name === "Ntry");
    const order = (names: readonly { name: string }[] = []): string =>
      names.map(({ name }) => name).join(" ");
    expect(order(header?.children)).toBe("MsgId CreDtTm");
    expect(order(stmt?.children)).toBe("Id CreDtTm FrToDt Acct Bal Bal Ntry");
    expect(order(stmt?.children.find(({ name }) => name === "Bal")?.children)).toBe(
      "Tp Amt CdtDbtInd Dt",
    );
    expect(order(entry?.children)).toBe(
      "NtryRef Amt CdtDbtInd Sts BookgDt ValDt AcctSvcrRef BkTxCd NtryDtls",
    );
    expect(order(entry?.children.at(-1)?.children[0]?.children)).toBe("Refs RmtInf");
  });

  test("refuses what its schema has no room for", () => {
    const refusal = (change: object, of = statement) => {
      const camt = camtStatement(of, { ...options, ...change });
      return camt.ok ? undefined : [camt.code, camt.field];
    };
    expect(refusal({})).toBeUndefined();
    expect(refusal({ asset: { ...asset, code: "USDT" } })).toEqual([
      "currency_code_unfit",
      "asset.code",
    ]);
    expect(refusal({ accountId: "x".repeat(35) })).toEqual(["id_too_long", "accountId"]);
    expect(refusal({ statementId: "" })).toEqual(["id_too_long", "statementId"]);
    expect(refusal({ asset: { ...asset, decimals: 8 } })).toEqual([
      "amount_too_precise",
      "closing",
    ]);
    const rounded = { ...statement, lines: [{ ...line, amount: -5_000n }], closing: -5_000n };
    expect(refusal({ asset: { ...asset, decimals: 8 } }, rounded as never)).toBeUndefined();
    const huge = { ...statement, opening: 10n ** 18n };
    expect(refusal({}, huge as never)).toEqual(["amount_too_long", "opening"]);
    expect(refusal({}, { ...statement, opening: 10n ** 18n - 1n } as never)).toBeUndefined();
  });
});
