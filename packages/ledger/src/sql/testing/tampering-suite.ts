import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerStep } from "../../testing/ledger-flow.ts";
import { LedgerProjection, migrate, readBlocks, readEntries, verifyLedger } from "../index.ts";
import { MIGRATIONS } from "../migrations.ts";
import { createFirstRelease } from "./first-release.ts";
import type { SuiteDatabase } from "./projection-suite.ts";
import { ProjectedBooks } from "./scripted-flow.ts";

const ENTRIES = 600;

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

/** The same tests for every database that the ledger speaks to. */
export const describeTampering = (name: string, connect: () => Promise<SuiteDatabase>): void => {
  describe(`verification of the books' copy in ${name}`, () => {
    let database: SuiteDatabase;
    let db: Kysely<unknown>;
    const schema = "proved";
    const untouched = ["entry", "posting", "balance", "ledger_block"];

    /** Runs statements with the triggers off, as an administrator can, and undoes what they did. */
    const tampered = async <Result>(
      statements: readonly string[],
      look: () => Promise<Result>,
    ): Promise<Result> => {
      const tables = ["entry", "posting", "ledger_block"];
      const run = async (texts: readonly string[]): Promise<void> => {
        for (const text of texts) await sql.raw(text).execute(db);
      };
      const triggers = (verb: string): string[] =>
        tables.map((table) => `alter table ${schema}.${table} ${verb} trigger append_only`);
      await run(untouched.map((table) => `create table kept_${table} as table ${schema}.${table}`));
      await run(triggers("disable"));
      try {
        await run(
          statements.map((one) => one.replace(/(update|from|into) (?=[a-z])/, `$1 ${schema}.`)),
        );
        return await look();
      } finally {
        for (const table of untouched) {
          await run([
            `delete from ${schema}.${table}`,
            `insert into ${schema}.${table} table kept_${table}`,
            `drop table kept_${table}`,
          ]);
        }
        await run(triggers("enable"));
      }
    };

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
      const { head, ...seen } = await verifyLedger(db, { schema });
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
        for await (const { seal, sequence, ...entry } of readEntries(db, { schema, pageSize })) {
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

    test("seals entries that were there before there were blocks", async () => {
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
};
