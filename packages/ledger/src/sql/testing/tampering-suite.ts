import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerStep } from "../../testing/ledger-flow.ts";
import {
  LedgerProjection,
  LedgerStore,
  migrate,
  readBlocks,
  readEntries,
  verifyLedger,
} from "../index.ts";
import { MIGRATIONS } from "../migrations.ts";
import { createFirstRelease } from "./first-release.ts";
import type { SuiteDatabase } from "./projection-suite.ts";
import { ProjectedBooks } from "./scripted-flow.ts";

const ENTRIES = 600;

/** The machine may have others to serve. */
const SLOW = { timeout: 120_000 };

/** Two blocks of entries and some more: money that goes back and forth between alice and bob. */
const steps: readonly LedgerStep[] = [
  { step: "open", opening: { owner: "hot", asset: 1, kind: "custody" } },
  { step: "open", opening: { owner: "alice", asset: 1, kind: "customer" } },
  { step: "open", opening: { owner: "bob", asset: 1, kind: "customer" } },
  ...Array.from({ length: ENTRIES }, (_, index): LedgerStep => {
    const [from, to] = index < 2 ? [1, 2 + index] : [2 + (index % 2), 3 - (index % 2)];
    const amount = index < 2 ? 2n ** 100n : BigInt(1 + (index % 7));
    return {
      step: "post",
      entry: {
        kind: "transfer",
        at: 1_700_000_000_000 + index,
        memo: index % 3 === 0 ? `für ${index} 🪙` : "",
        key: index % 5 === 0 ? `key ${index}` : "",
        corrects: index % 50 === 49 ? index : 0,
        postings: [
          { account: from, amount: -amount },
          { account: to, amount },
        ],
      },
    };
  }),
];

/** The same movements once more, which is why they have no key. */
const again: readonly LedgerStep[] = steps
  .slice(5, 300)
  .flatMap((step) =>
    step.step === "post" ? [{ ...step, entry: { ...step.entry, key: "" } }] : [],
  );

/** What somebody with all rights does to the tables by hand, in SQL, and which entry must be named for it. */
const attacks: readonly [name: string, entry: number, statements: readonly string[]][] = [
  ["an amount", 300, ["update posting set amount = amount + 1 where entry = 300 and index = 0"]],
  ["both amounts of an entry", 300, ["update posting set amount = 2 * amount where entry = 300"]],
  ["the sign of both amounts", 7, ["update posting set amount = -amount where entry = 7"]],
  [
    "a balance",
    590,
    ["update posting set balance_after = balance_after - 1 where entry = 590 and index = 1"],
  ],
  ["an account", 300, ["update posting set account = 1 where entry = 300 and index = 0"]],
  ["the order of postings", 300, ["update posting set index = 3 - index where entry = 300"]],
  ["a memo", 301, ["update entry set memo = 'other' where number = 301"]],
  ["a memo to none", 301, ["update entry set memo = null where number = 301"]],
  ["a key", 301, ["update entry set key = 'x' where number = 301"]],
  ["a kind", 599, ["update entry set kind = 'gift' where number = 599"]],
  ["a time by a millisecond", 1, ["update entry set at = at + interval '1 ms' where number = 1"]],
  [
    "a booking time",
    256,
    ["update entry set booked_at = at - interval '1 day' where number = 256"],
  ],
  ["a sequence number", 257, ["update entry set sequence = sequence + 1 where number = 257"]],
  ["what an entry corrects", 250, ["update entry set corrects = null where number = 250"]],
  ["a posting removed", 300, ["delete from posting where entry = 300 and index = 1"]],
  ["all postings removed", 300, ["delete from posting where entry = 300"]],
  ["a posting added", 300, ["insert into posting values (300, 2, 1, 5, 5)"]],
  ["an entry removed", 300, ["delete from entry where number = 300"]],
  [
    "an entry removed with its postings",
    300,
    ["delete from entry where number = 300", "delete from posting where entry = 300"],
  ],
  [
    "an entry inserted",
    601,
    [
      "insert into entry (number, sequence, kind, at, booked_at) values (601, 700, 'gift', '2026-01-01', '2026-01-01')",
      "insert into posting values (601, 0, 1, -5, 0), (601, 1, 3, 5, 5)",
    ],
  ],
  [
    "an entry inserted before all others",
    0,
    [
      "insert into entry (number, sequence, kind, at, booked_at) values (0, 0, 'gift', '2026-01-01', '2026-01-01')",
    ],
  ],
  ["postings of an entry that isn't there", 900, ["insert into posting values (900, 0, 1, 5, 5)"]],
  [
    "a seal",
    590,
    ["update entry set seal = set_byte(seal, 3, 255 - get_byte(seal, 3)) where number = 590"],
  ],
  ["a seal removed", 300, ["update entry set seal = null where number = 300"]],
];

/** Rows of these are changed by hand. What names others comes first. */
const TABLES = [
  "capture",
  "hold",
  "posting",
  "entry",
  "ledger_block",
  "account_status",
  "balance",
  "account",
];

/** Runs statements with the triggers off, as an administrator can, and undoes what they did. */
const tamper = async <Result>(
  db: Kysely<unknown>,
  schema: string,
  statements: readonly string[],
  look: () => Promise<Result>,
): Promise<Result> => {
  const run = async (texts: readonly string[]): Promise<void> => {
    for (const text of texts) await sql.raw(text).execute(db);
  };
  const triggers = (verb: string): string[] =>
    TABLES.map((table) => `alter table ${schema}.${table} ${verb} trigger user`);
  await run(TABLES.map((table) => `create table kept_${table} as table ${schema}.${table}`));
  await run(triggers("disable"));
  try {
    await run(
      statements.map((one) => one.replace(/(update|from|into) (?=[a-z])/, `$1 ${schema}.`)),
    );
    return await look();
  } finally {
    await run(TABLES.map((table) => `delete from ${schema}.${table}`));
    for (const table of TABLES.toReversed()) {
      await run([`insert into ${schema}.${table} table kept_${table}`, `drop table kept_${table}`]);
    }
    await run(triggers("enable"));
  }
};

type StoreAttack = readonly [
  name: string,
  statements: readonly string[],
  findings: readonly object[],
];

/** What is done by hand to accounts, holds and captures, and what must be found. Accounts are 1 hot, 2 alice, 3 bob, 4 house. */
const storeAttacks: readonly StoreAttack[] = [
  ...[
    "owner = 'mallory'",
    "sub = 'savings'",
    "asset = 2",
    "kind = 'house'",
    "place = 'cold'",
    "bound = 'none'",
  ].map(
    (change): StoreAttack => [
      `an account's ${change.replace(/ =.*/, "")}`,
      [`update account set ${change} where number = 2`],
      [{ what: "account_changed", account: 2 }],
    ],
  ),
  [
    "an account's seal",
    ["update account set seal = set_byte(seal, 3, 255 - get_byte(seal, 3)) where number = 2"],
    [
      { what: "account_changed", account: 2 },
      { what: "account_chain_broken", account: 2 },
    ],
  ],
  [
    "the hash of an account and all before it",
    ["update account set seal = set_byte(seal, 40, 255 - get_byte(seal, 40)) where number = 2"],
    [
      { what: "account_chain_broken", account: 2 },
      { what: "account_chain_broken", account: 3 },
    ],
  ],
  [
    "an account's seal to none",
    ["update account set seal = null where number = 3"],
    [
      { what: "account_without_seal", account: 3 },
      { what: "account_chain_broken", account: 4 },
    ],
  ],
  [
    "an account's status",
    ["update account set status = 'open' where number = 3"],
    [{ what: "status_differs", account: 3 }],
  ],
  [
    "the status of an account that had none set",
    ["update account set status = 'frozen' where number = 2"],
    [{ what: "status_differs", account: 2 }],
  ],
  [
    "a status that was set once",
    ["update account_status set status = 'closed' where number = 1"],
    [{ what: "status_changed", status: 1, account: 3 }],
  ],
  [
    "a status that was set, removed",
    ["delete from account_status where number = 2"],
    [{ what: "status_missing", status: 2, last: 2 }],
  ],
  [
    "the last status removed",
    ["delete from account_status where number = 3"],
    [{ what: "status_differs", account: 3 }],
  ],
  [
    "an account removed with its balance",
    ["delete from balance where account = 4", "delete from account where number = 4"],
    [{ what: "account_missing", account: 4, last: 4 }],
  ],
  [
    "an account removed from among others",
    ["delete from balance where account = 3", "delete from account where number = 3"],
    [{ what: "account_missing", account: 3, last: 3 }],
  ],
  [
    "a balance removed",
    ["delete from balance where account = 4"],
    [{ what: "balance_missing", account: 4 }],
  ],
  [
    "a balance's sequence number",
    ["update balance set sequence = 77 where account = 3"],
    [{ what: "balance_differs", account: 3 }],
  ],
  [
    "what is held",
    ["update balance set held = held - 1 where account = 2"],
    [{ what: "held_differs", account: 2 }],
  ],
  [
    "a hold's amount",
    ["update hold set opened = opened + 5 where id = 3"],
    [
      { what: "hold_changed", hold: 3 },
      { what: "held_differs", account: 2 },
    ],
  ],
  [
    "a hold's account",
    ["update hold set account = 3 where id = 1"],
    [
      { what: "hold_changed", hold: 1 },
      { what: "holds_differ", account: 2 },
      { what: "holds_differ", account: 3 },
      { what: "held_differs", account: 2 },
      { what: "held_differs", account: 3 },
    ],
  ],
  [
    "a hold's kind",
    ["update hold set kind = 'dispute' where id = 2"],
    [{ what: "hold_changed", hold: 2 }],
  ],
  [
    "a hold's time",
    ["update hold set expires_at = expires_at + interval '1 ms' where id = 3"],
    [{ what: "hold_changed", hold: 3 }],
  ],
  [
    "an open hold removed",
    ["delete from hold where id = 3"],
    [
      { what: "holds_differ", account: 2 },
      { what: "held_differs", account: 2 },
    ],
  ],
  [
    "a hold removed that was captured",
    ["delete from hold where id = 2"],
    [
      { what: "hold_missing", hold: 2 },
      { what: "holds_differ", account: 2 },
    ],
  ],
  [
    "a hold removed that was released as a whole",
    ["delete from hold where id = 4"],
    [{ what: "holds_differ", account: 3 }],
  ],
  [
    "a hold invented that has ended",
    [
      "insert into hold select 9, account, kind, 9, 0, 9, 'ended', null, 5 from posted.hold where id = 3",
    ],
    [
      { what: "hold_changed", hold: 9 },
      { what: "holds_differ", account: 2 },
    ],
  ],
  [
    "the sum of an account's holds",
    ["update balance set holds = holds + 1 where account = 3"],
    [{ what: "holds_differ", account: 3 }],
  ],
  [
    "a hold invented",
    [
      "insert into hold select 9, account, kind, 9, 0, 0, 'open', null, null from posted.hold where id = 3",
    ],
    [{ what: "held_differs", account: 2 }],
  ],
  [
    "a capture",
    ["update capture set amount = amount - 1 where hold = 2"],
    [
      { what: "entry_changed", entry: 4, group: "postings" },
      { what: "captures_differ", hold: 2 },
    ],
  ],
  [
    "a capture removed",
    ["delete from capture where entry = 3"],
    [{ what: "entry_changed", entry: 3, group: "postings" }],
  ],
  [
    "a capture of an entry that isn't there",
    ["insert into capture values (900, 0, 1, 5)"],
    [{ what: "capture_added", entry: 900 }],
  ],
  [
    "the newest entry removed",
    [
      "delete from capture where entry = 4",
      "delete from posting where entry = 4",
      "delete from entry where number = 4",
    ],
    [
      { what: "entry_missing", entry: 4, last: 4 },
      { what: "captures_differ", hold: 2 },
    ],
  ],
];

/** The same tests for every database that the ledger speaks to. */
export const describeTampering = (name: string, connect: () => Promise<SuiteDatabase>): void => {
  describe(`verification of the books' copy in ${name}`, () => {
    let database: SuiteDatabase;
    let db: Kysely<unknown>;
    const schema = "proved";

    const tampered = <Result>(
      statements: readonly string[],
      look: () => Promise<Result>,
    ): Promise<Result> => tamper(db, schema, statements, look);

    beforeAll(async () => {
      database = await connect();
      db = new Kysely({ dialect: database.dialect() });
      await migrate(db, { schema });
      const projected = new ProjectedBooks();
      const projection = new LedgerProjection(db, { schema });
      for (const [index, step] of steps.entries()) {
        projected.take(step);
        if (index % 97 === 96) await projection.apply(projected.batch());
      }
      await projection.apply(projected.batch());
    });
    afterAll(async () => {
      await database?.close();
    });

    test("finds nothing where nobody has been", async () => {
      const { head, accountHeads: _, ...seen } = await verifyLedger(db, { schema });
      expect(seen).toEqual({ ok: true, entries: ENTRIES, blocks: 2, findings: [] });
      const heads = [{ number: 2, hash: head?.hash ?? "" }];
      expect(await verifyLedger(db, { schema, heads })).toMatchObject({ ok: true });
      expect(
        await verifyLedger(db, { schema, heads: [{ number: 1, hash: heads[0]?.hash ?? "" }] }),
      ).toMatchObject({
        findings: [{ what: "head_differs", block: 1 }],
      });
    });

    test.each(attacks)("names the entry after a change of %s", async (_, entry, statements) => {
      const { ok, findings } = await tampered(statements, () => verifyLedger(db, { schema }));
      expect(ok).toBe(false);
      expect(
        new Set(findings.map((finding) => ("entry" in finding ? finding.entry : finding))),
      ).toEqual(new Set([entry]));
      expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
    });

    test("names the block when the seal was changed along with the entry", async () => {
      const { findings } = await tampered(
        [
          "update entry set memo = 'a' where number = 301",
          "update entry set seal = (select seal from proved.entry where number = 302) where number = 301",
        ],
        () => verifyLedger(db, { schema }),
      );
      expect(findings.map(({ what }) => what)).toContain("block_differs");
      expect(findings).toContainEqual({ what: "block_differs", block: 2, first: 257, last: 512 });
    });

    test("names an account whose balance was changed", async () => {
      const statements = ["update balance set amount = amount + 1 where account = 3"];
      const { findings } = await tampered(statements, () => verifyLedger(db, { schema }));
      expect(findings).toEqual([{ what: "balance_differs", account: 3 }]);
    });

    test("names what the end lost, though no block speaks for it yet", async () => {
      const statements = [
        "delete from entry where number > 590",
        "delete from posting where entry > 590",
      ];
      const { findings } = await tampered(statements, () => verifyLedger(db, { schema }));
      expect(findings.map(({ what }) => what)).toEqual(["balance_differs", "balance_differs"]);
    });

    test("names a block that was changed or removed", async () => {
      const removed = ["delete from ledger_block where number = 2"];
      expect(await tampered(removed, () => verifyLedger(db, { schema }))).toMatchObject({
        findings: [{ what: "block_missing", block: 2, last: 2 }],
      });
      const changed = ["update ledger_block set root = previous where number = 2"];
      expect(await tampered(changed, () => verifyLedger(db, { schema }))).toMatchObject({
        findings: [
          { what: "block_changed", block: 2 },
          { what: "block_differs", block: 2 },
        ],
      });
    });

    test("never changes a block", async () => {
      for (const statement of ["update", "delete from", "truncate"]) {
        const set = statement === "update" ? "set number = number" : "";
        await expect(
          sql.raw(`${statement} ${schema}.ledger_block ${set}`).execute(db),
        ).rejects.toThrow(`${schema}.ledger_block is append-only`);
      }
    });

    test("reads entries as they were posted, whatever the page", async () => {
      const projected = new ProjectedBooks();
      for (const step of steps) projected.take(step);
      const { entries } = projected.batch();
      const expected = entries.map(({ entry }) => entry);
      for (const pageSize of [7, 600, 1_000]) {
        const read: unknown[] = [];
        for await (const { seal, sequence, captures: _, ...entry } of readEntries(db, {
          schema,
          pageSize,
        })) {
          expect([seal?.length, sequence]).toEqual([44, entry.number + 3]);
          read.push(entry);
        }
        expect(read).toEqual(expected);
      }
    });

    test("keeps the time that an entry belongs to, and seals it", async () => {
      const booked = "proved_booked";
      await migrate(db, { schema: booked });
      const projected = new ProjectedBooks();
      for (const step of steps.slice(0, 6)) projected.take(step);
      const batch = projected.batch();
      const entries = batch.entries.map(({ sequence, entry }) => {
        const bookedAt = entry.at - 86_400_000 * entry.number;
        return { sequence, entry: { ...entry, bookedAt } };
      });
      await new LedgerProjection(db, { schema: booked }).apply({ ...batch, entries });
      const read: number[][] = [];
      for await (const { at, bookedAt } of readEntries(db, { schema: booked })) {
        read.push([at, bookedAt]);
      }
      expect(read).toEqual(entries.map(({ entry }) => [entry.at, entry.bookedAt]));
      expect(await verifyLedger(db, { schema: booked })).toMatchObject({ ok: true, entries: 3 });
    });

    test("seals entries that were there before there were blocks", SLOW, async () => {
      const old = "proved_old";
      await createFirstRelease(db, old);
      const columns = {
        asset: "number, code, decimals",
        account: "number, owner, asset, kind",
        balance: "account, amount, held, sequence",
        entry: "number, sequence, kind, at, key, memo, corrects",
        posting: "entry, index, account, amount, balance_after",
        watermark: "projection, sequence",
      };
      for (const [table, names] of Object.entries(columns)) {
        const copy = `insert into ${old}.${table} (${names}) select ${names} from ${schema}.${table}`;
        await sql.raw(copy).execute(db);
      }
      expect(await migrate(db, { schema: old })).toEqual(
        MIGRATIONS.slice(1).map(({ version }) => version),
      );
      expect(await blocksOf(old)).toEqual(await blocksOf(schema));
      expect(await verifyLedger(db, { schema: old })).toMatchObject({ ok: true, blocks: 2 });

      // Entries without a seal, and those that come with one, share a block.
      const projected = new ProjectedBooks();
      for (const step of steps) projected.take(step);
      projected.batch();
      for (const step of again) projected.take(step);
      const projection = new LedgerProjection(db, { schema: old });
      await projection.apply({ ...projected.batch(), from: await projection.position() });
      expect(await verifyLedger(db, { schema: old })).toMatchObject({ ok: true, blocks: 3 });
    });

    const blocksOf = async (of: string): Promise<unknown[]> => {
      const blocks: unknown[] = [];
      for await (const block of readBlocks(db, { schema: of })) blocks.push(block);
      return blocks;
    };
  });

  describe(`verification of a ledger that is posted to in ${name}`, () => {
    let database: SuiteDatabase;
    let db: Kysely<unknown>;
    const schema = "posted";

    beforeAll(async () => {
      database = await connect();
      db = new Kysely({ dialect: database.dialect() });
      await migrate(db, { schema });
      const store = new LedgerStore(db, { schema });
      const accepted = async (call: Promise<{ readonly ok: boolean }>): Promise<void> =>
        expect(await call).toMatchObject({ ok: true });
      await accepted(store.openAccount({ owner: "hot", asset: 1, kind: "custody" }));
      await accepted(store.openAccount({ owner: "alice", asset: 1, kind: "customer" }));
      await accepted(store.openAccount({ owner: "bob", asset: 1, kind: "customer" }));
      await accepted(store.openAccount({ owner: "us", asset: 1, kind: "house" }));
      const move = (from: number, to: number, amount: bigint, captured: readonly number[] = []) =>
        store.post({
          kind: "transfer",
          at: 1_700_000_000_000,
          postings: [
            { account: from, amount: -amount },
            { account: to, amount },
          ],
          captures: captured.map((hold) => ({ hold, amount: 10n })),
        });
      const hold = (id: number, expiresAt = 0, account = 2) =>
        store.hold({ id, account, amount: 20n, kind: "order", expiresAt });
      await accepted(move(1, 2, 1_000n));
      await accepted(move(1, 3, 1_000n));
      await accepted(hold(1));
      await accepted(hold(2));
      await accepted(move(2, 3, 10n, [1]));
      await accepted(move(2, 3, 20n, [1, 2]));
      await accepted(store.release(2));
      // The id of a hold that has ended is free: its captures add up with those of the next one.
      await accepted(hold(1));
      await accepted(hold(3, 1_800_000_000_000));
      // An id that another account had.
      for (const account of [2, 3]) {
        await accepted(hold(4, 0, account));
        await accepted(store.release(4));
      }
      await accepted(store.setStatus(3, "frozen"));
      await Promise.all([store.setStatus(3, "open"), store.setStatus(3, "frozen")]);
    });
    afterAll(async () => {
      await database?.close();
    });

    test("finds nothing where nobody has been, and tells what to publish", async () => {
      const { accountHeads, ...seen } = await verifyLedger(db, { schema });
      expect(seen).toMatchObject({ ok: true, entries: 4, findings: [] });
      expect([accountHeads.account?.number, accountHeads.status?.number]).toEqual([4, 3]);
      expect(await verifyLedger(db, { schema, accountHeads })).toMatchObject({ ok: true });
    });

    test.each(storeAttacks)("finds a change of %s", async (_, statements, expected) => {
      const { ok, findings } = await tamper(db, schema, statements, () =>
        verifyLedger(db, { schema }),
      );
      expect(ok).toBe(false);
      const names = (found: readonly object[]): unknown[] =>
        found.map((one) => JSON.stringify(one)).sort();
      expect(names(findings)).toEqual(names(expected));
    });

    test("finds nothing any more once all of it is undone", async () => {
      expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true, findings: [] });
    });

    test("finds accounts and statuses that were all sealed anew, by what was published", async () => {
      const hash = "0".repeat(64);
      const heads = { account: { number: 2, hash }, status: { number: 3, hash } };
      expect(await verifyLedger(db, { schema, accountHeads: heads })).toMatchObject({
        ok: false,
        findings: [
          { what: "account_head_differs", account: 2 },
          { what: "status_head_differs", status: 3 },
        ],
      });
      const beyond = { account: { number: 5, hash } };
      expect(await verifyLedger(db, { schema, accountHeads: beyond })).toMatchObject({
        findings: [{ what: "account_head_differs", account: 5 }],
      });
    });

    test("refuses what changes the past of accounts, and removes any row", async () => {
      for (const [statement, refusal] of [
        ["update $.account set owner = 'x' where number = 1", "append-only"],
        ["update $.account_status set status = 'open'", "append-only"],
        ["delete from $.account_status", "append-only"],
        ["delete from $.account", "keeps its rows"],
        ["delete from $.balance", "keeps its rows"],
        ["delete from $.hold", "keeps its rows"],
        ["truncate $.hold", "keeps its rows"],
        ["update $.asset set decimals = 3", "append-only"],
      ] as const) {
        await expect(sql.raw(statement.replace("$", schema)).execute(db)).rejects.toThrow(refusal);
      }
    });
  });
};
