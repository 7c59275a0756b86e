import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@pincex/venue/node";
import { verifyVenue } from "@pincex/venue/verification";
import { expect, onTestFinished, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { replayLobster } from "./replay-lobster.ts";
import { replayThroughVenue } from "./replay-through-venue.ts";

// Nasdaq's AAPL of 2012-06-21: the messages of an hour, 50 levels deep.
const file = recording("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz");

test.skipIf(file === undefined)(
  titled("an hour of AAPL goes through the whole venue to the same state each time", file),
  { timeout: 180_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "pincex-aapl-"));
    const run = async (name: string) => {
      const journal = await openFileJournal({ directory: join(directory, name) });
      return replayThroughVenue({ file: file as string, journal });
    };
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const engineAlone = await replayLobster({ file: file as string });
    const [first, second] = [await run("first"), await run("second")];
    if (!engineAlone.ok || !first.ok) throw new Error("expected the recording to be read");
    expect(second).toEqual(first);
    expect(first.summary).toMatchObject(engineAlone.summary);
    expect(first.summary).toMatchObject({
      trades: 4_041,
      // Two deposits for each of a hundred accounts, and an entry for each trade.
      entries: 200 + 4_041,
    });

    const reopened = await openFileJournal({ directory: join(directory, "first") });
    const checks = [];
    for await (const check of verifyVenue({ journal: reopened })) checks.push(check);
    await reopened.close();
    expect(checks.map(({ check, ok }) => [check, ok])).toEqual([
      ["journal", true],
      ["replay", true],
      ["trial_balance", true],
    ]);
    const { commands, venueStateHash } = first.summary;
    expect(checks[1]?.summary).toBe(
      `${commands} commands; the invariants hold, and the state's hash is ${venueStateHash}`,
    );
  },
);
