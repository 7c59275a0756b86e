import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { encodeVenueCommand } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange } from "../exchange/create-exchange.ts";
import { runCommand } from "../testing/run-command.ts";
import { appendUnknownCommand } from "../testing/unknown-command.ts";

let folder: string;
/** Of an exchange that ran and was stopped; tests work on copies. */
let kept: string;
let copies = 0;

const trade = async (dataDir: string): Promise<void> => {
  const exchange = await createExchange({ dataDir, port: 0 });
  for (const [account, side] of [
    [1, "sell"],
    [2, "buy"],
  ] as const) {
    const shape = { market: 1, type: "limit", timeInForce: "gtc", quoteQuantity: 0 } as const;
    const order = { ...shape, side, price: 6_400_000, quantity: 10_000 };
    const record = encodeVenueCommand({ kind: "place_order", account, clientOrderId: "", order });
    await exchange.venue.submit(record);
  }
  await exchange.venue.flushed();
  await exchange.stop();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pincex-verify-"));
  kept = join(folder, "kept");
  await trade(kept);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const copy = (): string => {
  copies += 1;
  const directory = join(folder, `copy-${copies}`);
  cpSync(kept, directory, { recursive: true });
  return directory;
};

const run = (dataDir: string, ...argv: string[]) => runCommand(argv, { PINCEX_DATA_DIR: dataDir });

/** Flips a bit in the middle of the journal's text "BTC-USDT", which its market was listed with. */
const flipBit = (dataDir: string): void => {
  const journal = join(dataDir, "journal");
  const [name = ""] = readdirSync(journal).filter((each) => each.endsWith(".journal"));
  const bytes = readFileSync(join(journal, name));
  const at = bytes.indexOf("BTC-USDT");
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  writeFileSync(join(journal, name), bytes);
};

const inSql = async (dataDir: string, statement: string): Promise<void> => {
  const database = await PGlite.create(join(dataDir, "sql"));
  await database.exec(statement);
  await database.close();
};

describe("pincex verify", { timeout: 60_000 }, () => {
  test("has a line for each thing that is as it must be", async () => {
    const { code, stdout, stderr } = await run(copy(), "verify");
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.slice(0, 17).trim())).toEqual([
      "✓ journal frames",
      "✓ replay",
      "✓ snapshots",
      "✓ SQL balances",
      "✓ SQL entries",
      "✓ SQL trades",
      "✓ SQL orders",
      "✓ SQL withdrawals",
      "✓ trial balance",
      "✓ hash chain",
    ]);
  });

  test("names a row of SQL that was changed by hand, and what it should be", async () => {
    const dataDir = copy();
    await inSql(dataDir, "update pincex.balance set amount = amount + 5 where account = 3");
    const { code, stdout } = await run(dataDir, "verify");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ replay /m);
    expect(stdout).toMatch(
      /^✗ SQL balances {5}1 difference\n {4}account 3 \(.*\): its balance is/m,
    );
    expect(stdout).toMatch(/^✗ trial balance {4}1 difference\n {4}asset \d in SQL/m);
  });

  test("names the file and the byte where the journal is damaged", async () => {
    const dataDir = copy();
    flipBit(dataDir);
    const { code, stdout, stderr } = await run(dataDir, "verify");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/the journal is damaged: \S+\.journal at byte \d+: wrong CRC/);
  });

  test("looks beside a running exchange at all but the embedded SQL, and changes nothing", async () => {
    const dataDir = copy();
    const exchange = await createExchange({ dataDir, port: 0 });
    await exchange.venue.submit(encodeVenueCommand({ kind: "time" }));
    const { code, stdout, stderr } = await run(dataDir, "verify");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`frames to sequence ${exchange.venue.sequence}, each`);
    expect(stdout).toMatch(/^✓ snapshots /m);
    expect(stdout).toMatch(
      new RegExp(`^- the SQL copy is not compared: process ${process.pid} has it open`, "m"),
    );
    const skipped = await run(dataDir, "skip", "1", "by mistake");
    expect([skipped.code, skipped.stderr]).toEqual([
      1,
      `Process ${process.pid} has the SQL copy open: stop that exchange first.\n`,
    ]);
    await exchange.venue.submit(encodeVenueCommand({ kind: "time" }));
    await exchange.stop();
  });

  test("makes nothing where there is nothing", async () => {
    const dataDir = join(folder, "none");
    const { code, stderr } = await run(dataDir, "verify");
    expect(code).toBe(1);
    expect(stderr).toBe(
      `There is no journal of an exchange in the folder ${dataDir}: PINCEX_DATA_DIR, PINCEX_JOURNAL and DATABASE_URL say where it is.\n`,
    );
    expect(readdirSync(folder)).not.toContain("none");
  });

  test("takes no arguments, and no journal that there isn't", async () => {
    expect((await run(kept, "verify", "--fast")).code).toBe(2);
    expect((await run(kept, "verify", "--help")).stdout).toMatch(/^Usage: pincex verify/);
    const { code, stderr } = await runCommand(["verify"], { PINCEX_JOURNAL: "tape" });
    expect([code, stderr]).toEqual([
      1,
      'PINCEX_JOURNAL must be "file" or "postgres", but is "tape".\n',
    ]);
  });
});

describe("pincex skip", { timeout: 60_000 }, () => {
  test("lets the exchange start over a command that no release can apply", async () => {
    const dataDir = copy();
    const journal = await openFileJournal({ directory: join(dataDir, "journal") });
    const bad = await appendUnknownCommand(journal);
    await journal.close();

    await expect(createExchange({ dataDir, port: 0 })).rejects.toMatchObject({
      code: "journal_unusable",
      message: expect.stringMatching(
        new RegExp(`sequence ${bad} is in the journal and can't be applied.*"pincex skip"`),
      ),
    });
    const before = await run(dataDir, "verify");
    expect(before.code).toBe(1);
    expect(before.stdout).toMatch(new RegExp(`^✗ replay .*\n {4}sequence ${bad}: `, "m"));

    const other = await run(dataDir, "skip", `${bad - 1}`, "by mistake");
    expect([other.code, other.stdout]).toEqual([1, ""]);
    expect(other.stderr).toContain("(projection_has_command)");
    const skipped = await run(dataDir, "skip", `${bad}`, "of a release that never was");
    expect([skipped.code, skipped.stderr]).toEqual([0, ""]);
    expect(skipped.stdout).toContain(`Command ${bad} is skipped from now on`);

    const exchange = await createExchange({ dataDir, port: 0 });
    expect(exchange.venue.sequence).toBe(bad);
    await exchange.venue.flushed();
    await exchange.stop();
    const after = await run(dataDir, "verify");
    expect([after.code, after.stderr]).toEqual([0, ""]);
    expect(after.stdout).toContain(`, ${bad} skipped;`);
  });

  test.each([[[]], [["5"]], [["five", "because"]], [["-1", "because"]], [["5", " "]]])(
    "called with %j says how to call it",
    async (argv) => {
      const { code, stderr } = await run(kept, "skip", ...argv);
      expect(code).toBe(2);
      expect(stderr).toContain("Usage: pincex skip SEQUENCE REASON");
    },
  );
});
