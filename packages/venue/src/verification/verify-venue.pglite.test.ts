import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import type { JournalReader } from "../journal/journal.ts";
import { type MemoryJournal, memoryJournal } from "../journal/memory-journal.ts";
import { openFileJournal, openFileSnapshots } from "../node/index.ts";
import { migrateVenue, venueProjection } from "../projection/index.ts";
import { openVenue } from "../sequencer/open-venue.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import type { Snapshot, SnapshotStore } from "../snapshots/snapshot.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { type VenueCheck, verifyVenue } from "./index.ts";

let db: Kysely<unknown>;
let schemas = 0;
beforeAll(async () => {
  db = new Kysely<unknown>({ dialect: pgliteDialect(await PGlite.create()) });
});
afterAll(() => db.destroy());

const limit = { market: 1, type: "limit", timeInForce: "gtc", quoteQuantity: 0 } as const;
const deposit = { kind: "credit_deposit", reference: "" } as const;

const story: readonly VenueCommand[] = [
  { kind: "add_asset", asset: 1, code: "BTC", decimals: 8 },
  { kind: "add_asset", asset: 2, code: "USDT", decimals: 6 },
  {
    ...{ kind: "list_market", market: 1, symbol: "BTC-USDT", base: 1, quote: 2 },
    ...{ lotUnits: 1_000n, tickLotUnits: 10n, priceIncrement: 1, quantityIncrement: 1 },
    ...{ maxPrice: 1_000_000, maxQuantity: 1_000_000, minQuantity: 1, minNotional: 0 },
  },
  { kind: "set_fees", market: 0, makerPpm: 1_000, takerPpm: 1_000 },
  { kind: "open_account", account: 1, name: "ada" },
  { kind: "open_account", account: 2, name: "bob" },
  { ...deposit, account: 1, asset: 1, amount: 1_000_000n },
  { ...deposit, account: 2, asset: 2, amount: 1_000_000n },
  ...[1, 2, 3, 4].flatMap((quantity): VenueCommand[] => [
    order(1, "sell", 100, quantity),
    order(2, "buy", 100, 1),
  ]),
  { kind: "bust_trade", market: 1, tradeId: 1, reference: "by mistake" },
];

function order(
  account: number,
  side: "buy" | "sell",
  price: number,
  quantity: number,
): VenueCommand {
  const request = { ...limit, side, price, quantity };
  return { kind: "place_order", account, clientOrderId: "", order: request };
}

interface Kept {
  readonly journal: MemoryJournal;
  readonly snapshots: SnapshotStore;
  readonly schema: string;
}

/** What a venue leaves that has lived through the story: its journal, two snapshots, its books in SQL. */
const lived = async (later: readonly VenueCommand[] = []): Promise<Kept> => {
  schemas += 1;
  const schema = `verified_${schemas}`;
  await migrateVenue(db, { schema });
  const journal = memoryJournal();
  const snapshots = memorySnapshots();
  let now = 1_700_000_000_000;
  const venue = await openVenue({
    journal,
    snapshots,
    snapshotEvery: 6,
    projections: [venueProjection(db, { schema })],
    clock: () => ++now,
  });
  for (const command of [...story, ...later]) await venue.submit(encodeVenueCommand(command));
  await venue.stop();
  return { journal: journal.reopen(), snapshots, schema };
};

const verified = async ({
  journal,
  snapshots,
  schema,
}: {
  journal: JournalReader;
  snapshots?: SnapshotStore;
  schema?: string;
}): Promise<VenueCheck[]> => {
  const checks: VenueCheck[] = [];
  const options = {
    journal,
    ...(snapshots === undefined ? {} : { snapshots }),
    ...(schema === undefined ? {} : { sql: { db, schema } }),
  };
  for await (const check of verifyVenue(options)) checks.push(check);
  return checks;
};

/** What is found, as "check: where: finding". */
const findingsIn = (checks: readonly VenueCheck[]): string[] => {
  for (const { ok, findings } of checks) expect(ok).toBe(findings.length === 0);
  return checks.flatMap(({ check, findings }) =>
    findings.map(({ where, finding }) => `${check}: ${where}: ${finding}`),
  );
};

describe("a venue that was left alone", () => {
  test("has everything as it follows from its journal", async () => {
    const checks = await verified(await lived());
    expect(findingsIn(checks)).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual([
      "journal",
      "replay",
      "snapshots",
      "sql_balances",
      "sql_entries",
      "sql_trades",
      "sql_orders",
      "sql_withdrawals",
      "trial_balance",
      "hash_chain",
    ]);
    const summaries = checks.map(({ summary }) => summary).join("\n");
    expect(summaries).toMatch(/^17 frames to sequence 17, each .*; the last is [0-9a-f]{64}$/m);
    expect(summaries).toMatch(/^17 commands; the invariants hold, and the state's hash is \w+$/m);
    expect(summaries).toMatch(/^the state at 17, 12 is that of the replay$/m);
    expect(summaries).toMatch(/^\d+ accounts at sequence 17 have the balances and holds/m);
    expect(summaries).toMatch(/^7 entries are those of the replay/m);
    expect(summaries).toMatch(/^4 trades are those of the replay$/m);
    expect(summaries).toMatch(/^8 orders are those of the replay$/m);
    expect(summaries).toMatch(/^0 withdrawals are those of the replay$/m);
  });

  test("needs neither snapshots nor SQL to be looked at", async () => {
    const { journal } = await lived();
    const checks = await verified({ journal });
    expect(checks.map(({ check }) => check)).toEqual(["journal", "replay", "trial_balance"]);
    expect(findingsIn(checks)).toEqual([]);
  });

  test("may go on meanwhile: SQL is compared where it stands", async () => {
    const { journal, schema } = await lived();
    const venue = await openVenue({ journal, clock: () => 1_700_000_001_000 });
    await venue.submit(encodeVenueCommand(order(2, "buy", 100, 1)));
    const checks = await verified({ journal, schema });
    expect(findingsIn(checks)).toEqual([]);
    expect(checks[1]?.summary).toMatch(/^18 commands/);
    await venue.stop();
  });
});

describe("what was changed in SQL by hand is named", () => {
  test.each([
    [
      "update SCHEMA.balance set amount = amount + 1 where account = 5",
      [
        /^sql_balances: account 5 \(customer 1, asset 1\): its balance is 997001, the replay's is 997000$/,
        /^trial_balance: asset 1 in SQL: its balances add up to 1$/,
        /^hash_chain: account 5: balance differs$/,
      ],
    ],
    [
      "update SCHEMA.balance set held = held - 1 where account = 5",
      [/^sql_balances: account 5 .*: its held is 5999, the replay's is 6000$/],
    ],
    [
      "update SCHEMA.entry set memo = 'a gift', seal = null where number = 3",
      [
        /^sql_entries: entry 3: not as the replay has it: memo$/,
        /^hash_chain: entry 3.*: entry without seal$/,
      ],
    ],
    [
      "update SCHEMA.posting set amount = amount * 2 where entry = 4 and index = 0",
      [/^sql_entries: entry 4: not as the replay has it: postings$/, /^hash_chain: .*entry 4/],
    ],
    [
      "delete from SCHEMA.entry where number = 2; delete from SCHEMA.posting where entry = 2",
      [/^sql_entries: entry 2: it is missing$/, /^hash_chain: entry 2, last 2: entry missing$/],
    ],
    [
      "insert into SCHEMA.entry (number, sequence, kind, at, booked_at) values (0, 1, 'gift', now(), now())",
      [/^sql_entries: entry 0: the replay made no such entry$/, /^hash_chain: entry 0/],
    ],
    [
      "insert into SCHEMA.account (number, owner, asset, kind) values (99, '9', 1, 'customer'); insert into SCHEMA.balance values (99, 0, 0, 0)",
      [
        /^sql_balances: account 99 .*: the replay opened no such account$/,
        /^hash_chain: account 99: account without seal$/,
      ],
    ],
    [
      "update SCHEMA.trade set price = price + 1, taker_fee = 0 where trade_id = 2",
      [/^sql_trades: trade 2: not as the replay has it: price, takerFee$/],
    ],
    ["delete from SCHEMA.trade where trade_id = 3", [/^sql_trades: trade 3: it is missing$/]],
    [
      "update SCHEMA.trade set trade_id = 9 where trade_id = 4",
      [
        /^sql_trades: trade 4: it is missing$/,
        /^sql_trades: trade 9: the replay made no such trade$/,
      ],
    ],
    [
      "update SCHEMA.trade set busted_by = 1 where trade_id = 1",
      [/^sql_trades: trade 1: taken back by entry 1, in the replay by 7$/],
    ],
    [
      "update SCHEMA.watermark set sequence = 99",
      [/^sql_balances: SQL at sequence 99: it is ahead of the journal, which ends with 17$/],
    ],
    [
      "update SCHEMA.watermark set sequence = 15",
      [/^sql_balances: account 5 .*: its held is 6000, the replay's is 7000$/],
    ],
  ])("%s", async (statements, expected) => {
    const kept = await lived();
    const tables = ["entry", "posting"].map((table) => `${kept.schema}.${table}`);
    for (const table of tables) await run(`alter table ${table} disable trigger append_only`);
    for (const statement of statements.split("; ")) {
      await run(statement.replaceAll("SCHEMA", kept.schema));
    }
    for (const table of tables) await run(`alter table ${table} enable trigger append_only`);
    const found = findingsIn(await verified(kept));
    for (const finding of expected) expect(found).toContainEqual(expect.stringMatching(finding));
    const checks = new Set(expected.map((finding) => /\w+/.exec(finding.source)?.[0]));
    expect(new Set(found.map((finding) => finding.split(":")[0]))).toEqual(checks);
  });

  /** A withdrawal that is held, one that has left, a cancelled order, one that is open and one that is half filled. */
  const later: readonly VenueCommand[] = [
    ...[18, 19].map(
      (): VenueCommand => ({
        ...{ kind: "hold_withdrawal", account: 1, asset: 1, amount: 500n, fee: 1n },
        reference: "bc1q",
      }),
    ),
    { kind: "settle_withdrawal", withdrawal: 18, reference: "tx-1" },
    order(1, "sell", 300, 5),
    { kind: "cancel_order", account: 1, market: 1, orderId: 9, clientOrderId: "" },
    order(1, "sell", 400, 5),
    order(1, "sell", 90, 7),
    order(2, "buy", 90, 3),
  ];

  test.each([
    ["update SCHEMA.placed_order set price = 301 where order_id = 9", "order 9: not as … price"],
    [
      "update SCHEMA.placed_order set status = 'filled', reason = 'filled' where order_id = 10",
      "order 10: not as … status, reason",
    ],
    [
      "update SCHEMA.placed_order set executed_quantity = 2 where order_id = 11",
      "order 11: not as … executedQuantity",
    ],
    ["delete from SCHEMA.placed_order where order_id = 2", "order 2: it is missing"],
    [
      "insert into SCHEMA.placed_order (order_id, account, market, side, type, time_in_force, price, quantity, quote_quantity, executed_quantity, executed_notional, prevented_quantity, status, placed_at, updated_at, sequence) values (77, 1, 1, 'buy', 'limit', 'gtc', 1, 1, 0, 0, 0, 0, 'open', now(), now(), 3)",
      "order 77: the replay made no such order",
    ],
    [
      "update SCHEMA.withdrawal set status = 'held' where withdrawal = 18",
      "withdrawal 18: not as … status",
    ],
    [
      "update SCHEMA.withdrawal set amount = 501 where withdrawal = 19",
      "withdrawal 19: not as … amount",
    ],
    ["delete from SCHEMA.withdrawal where withdrawal = 19", "withdrawal 19: it is missing"],
    [
      "update SCHEMA.withdrawal set withdrawal = 5 where withdrawal = 18",
      "withdrawal 5: the replay made no such withdrawal",
    ],
  ])("%s", async (statement, expected) => {
    const kept = await lived(later);
    expect(findingsIn(await verified(kept))).toEqual([]);
    await run(statement.replaceAll("SCHEMA", kept.schema));
    const found = findingsIn(await verified(kept)).map((finding) =>
      finding.replace(/^\w+: /, "").replace("as the replay has it:", "as …"),
    );
    expect(found).toContain(expected);
    for (const finding of found) expect(finding).toMatch(/^(?:order|withdrawal) /);
  });

  test("more than a hundred of them are counted, and a hundred named", async () => {
    const orders = Array.from({ length: 150 }, (_, index) => order(1, "sell", 500 + index, 1));
    const kept = await lived(orders);
    await run(`update ${kept.schema}.placed_order set price = 1 where order_id > 8`);
    const check = (await verified(kept)).find(({ check: name }) => name === "sql_orders");
    expect(check).toMatchObject({ ok: false, summary: "150 differences" });
    expect(check?.findings.length).toBe(100);
  });

  const run = (statement: string) => sql.raw(statement).execute(db);
});

describe("what is wrong with the journal is named", () => {
  test("a byte that was flipped in a file, and where; what stands before it is looked at", async () => {
    const directory = temporaryDirectory();
    const journal = await openFileJournal({ directory });
    let now = 1_700_000_000_000;
    const venue = await openVenue({ journal, clock: () => ++now });
    for (const command of story) await venue.submit(encodeVenueCommand(command));
    const [segment = ""] = filesIn(directory);
    const bytes = readFileSync(segment);
    const at = bytes.indexOf("BTC-USDT");
    bytes[at] = 0x42 ^ 0x20;
    writeFileSync(segment, bytes);
    const [frames, replay] = await verified({ journal });
    expect(frames).toMatchObject({
      ok: false,
      findings: [
        { where: "after sequence 2", finding: expect.stringMatching(/ at byte \d+: wrong CRC$/) },
      ],
    });
    expect(replay).toMatchObject({ ok: true, summary: expect.stringMatching(/^2 commands/) });
    await venue.stop().catch(() => undefined);
  });

  test("frames that were there when the head was asked for, and then weren't", async () => {
    const { journal } = await lived();
    const longer: JournalReader = {
      head: async () => ({ ...(await journal.head()), sequence: 18 }),
      skipped: () => journal.skipped(),
      read: (from) => journal.read(from),
    };
    expect(findingsIn(await verified({ journal: longer }))).toEqual([
      "journal: sequence 17: the frames end there, and the head is 18",
    ]);
  });

  test("a command that can't be replayed; skipped, it is well", async () => {
    const { journal, schema } = await lived();
    const { epoch } = await journal.head();
    const unknown = new Uint8Array(24);
    new DataView(unknown.buffer).setFloat64(0, 1_700_000_001_000, true);
    new DataView(unknown.buffer).setUint32(8, 250 | (1 << 8) | (2 << 16), true);
    await journal.append({ epoch, firstSequence: 18, count: 1, payload: unknown });
    expect(findingsIn(await verified({ journal, schema }))).toEqual([
      expect.stringMatching(/^replay: sequence 18: RangeError: /),
    ]);
    await journal.skip({ sequence: 18, at: 1, reason: "of a release that never was" });
    const checks = await verified({ journal, schema });
    expect(findingsIn(checks)).toEqual([]);
    expect(checks[1]?.summary).toMatch(/^18 commands, 18 skipped; /);
  });
});

describe("what is wrong with a snapshot is named", () => {
  const changed = (snapshots: SnapshotStore, change: (snapshot: Snapshot) => Snapshot) => ({
    ...snapshots,
    newest: async (atMost: number) => {
      const snapshot = await snapshots.newest(atMost);
      return snapshot?.sequence === 12 ? change(snapshot) : snapshot;
    },
  });

  test.each<[string, (snapshot: Snapshot, newer: Snapshot) => Snapshot, RegExp]>([
    [
      "of another state",
      (snapshot, newer) => ({ ...snapshot, sections: newer.sections }),
      /its state is \w+, the replay's is \w+/,
    ],
    [
      "of another journal",
      (snapshot) => ({ ...snapshot, journalHash: new Uint8Array(32) }),
      /another journal|another frame/,
    ],
  ])("one %s", async (_, change, finding) => {
    const { journal, snapshots } = await lived();
    const newer = (await snapshots.newest(17)) as Snapshot;
    const found = findingsIn(
      await verified({
        journal,
        snapshots: changed(snapshots, (snapshot) => change(snapshot, newer)),
      }),
    );
    expect(found).toEqual([
      expect.stringMatching(new RegExp(`^snapshots: snapshot of sequence 12: .*${finding.source}`)),
    ]);
  });

  test("one that another release wrote is nobody's fault", async () => {
    const { journal, snapshots } = await lived();
    const foreign = (snapshot: Snapshot) => ({
      ...snapshot,
      sections: new Map([["core", new Uint8Array(64)]]),
    });
    const checks = await verified({ journal, snapshots: changed(snapshots, foreign) });
    expect(findingsIn(checks)).toEqual([]);
    expect(checks[2]?.summary).toBe(
      "the state at 17 is that of the replay; 12 would be passed over",
    );
  });

  test("a file that can't be read", async () => {
    const directory = temporaryDirectory();
    const { journal, snapshots } = await lived();
    const newest = (await snapshots.newest(17)) as Snapshot;
    const files = await openFileSnapshots({ directory });
    await files.save(newest, 0);
    const [file = ""] = filesIn(directory);
    const bytes = readFileSync(file);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(findingsIn(await verified({ journal, snapshots: files }))).toEqual([
      expect.stringMatching(/^snapshots: .*\.snapshot: .*expected a snapshot with its hash/),
    ]);
  });
});

/** Segments of a journal, or snapshots. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => /\.(journal|snapshot)$/.test(name))
    .map((name) => join(directory, name));
