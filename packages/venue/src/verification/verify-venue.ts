import { verifyLedger } from "@pincex/ledger/sql";
import type { JournalHead, JournalReader } from "../journal/journal.ts";
import { JournalReplay } from "./journal-replay.ts";
import { ledgerFinding } from "./ledger-findings.ts";
import { snapshotSequences, snapshotsCheck, type VerifiedSnapshots } from "./snapshot-check.ts";
import { readSqlBooks, type SqlBooks, type SqlBooksOptions } from "./sql-books.ts";
import { SqlComparison } from "./sql-comparison.ts";
import { checked, type VenueCheck, type VenueFinding } from "./venue-check.ts";

/** How far the replay has come. */
export interface VerificationProgress {
  readonly sequence: number;
  readonly head: number;
  readonly elapsedMs: number;
}

export interface VerifyVenueOptions<Database> {
  /** The authority, from its first command. It may be written meanwhile. */
  readonly journal: JournalReader;
  readonly snapshots?: VerifiedSnapshots;
  /** The SQL copy of the books, as `ledgerProjection` keeps it. It may be written meanwhile. */
  readonly sql?: SqlBooksOptions<Database>;
  /** Hears about the replay, some twenty times a second. */
  readonly onProgress?: (progress: VerificationProgress) => void;
}

/**
 * Looks at all that a venue has kept, and names whatever isn't what follows from its journal: reads every frame, replays every
 * command from the first, compares the state with that of each snapshot, and entries, balances, holds, trades, orders and
 * withdrawals with those in SQL,
 * and checks the trial balance and the ledger's own chain of blocks.
 *
 * Changes nothing. Takes the time and memory of a start without snapshots.
 *
 * @example
 * for await (const { check, ok, summary, findings } of verifyVenue({ journal, snapshots, sql: { db } })) {
 *   console.log(ok ? "ok" : "WRONG", check, summary, findings);
 * }
 */
export async function* verifyVenue<Database>(
  options: VerifyVenueOptions<Database>,
): AsyncGenerator<VenueCheck> {
  const { journal, snapshots, sql, onProgress = () => undefined } = options;
  const began = performance.now();
  // SQL before the head: whatever it has by now is in the journal.
  const books = sql && (await readSqlBooks(sql));
  const snapshotsAt = snapshots === undefined ? [] : await snapshotSequences(snapshots);
  const skipped = (await journal.skipped()).map(({ sequence }) => sequence);
  const head = await journal.head();
  const compared = sql && books && new SqlComparison(sql, books);
  const replay = new JournalReplay({
    journal,
    skipped,
    balancesAt: books?.position ?? 0,
    hashesAt: new Set(snapshotsAt),
    onMoney: async (event) => compared?.compare(event),
    onEvents: async (events) => compared?.follow(events),
    onProgress: (sequence) =>
      onProgress({ sequence, head: head.sequence, elapsedMs: performance.now() - began }),
  });
  await replay.run();
  yield journalCheck(replay, head);
  yield replayCheck(replay, skipped);
  if (snapshots !== undefined) {
    yield await snapshotsCheck(snapshots, snapshotsAt, { replay, skipped, head });
  }
  if (compared !== undefined) yield* compared.checks(replay, head);
  yield trialBalanceCheck(replay, books);
  if (sql !== undefined) yield await hashChainCheck(sql);
}

const journalCheck = (
  { frames, journalFault, lastSequence, lastHash }: JournalReplay,
  head: JournalHead,
): VenueCheck => {
  const hash = Array.from(lastHash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const seen = `${frames} frames to sequence ${lastSequence}, each with its CRC and the hash of the one before; the last is ${hash || "none"}`;
  const findings = journalFault === undefined ? [] : [journalFault];
  if (journalFault === undefined && lastSequence < head.sequence) {
    const finding = `the frames end there, and the head is ${head.sequence}`;
    findings.push({ where: `sequence ${lastSequence}`, finding });
  }
  return checked("journal", seen, findings);
};

const replayCheck = (
  { core, commandFault }: JournalReplay,
  skipped: readonly number[],
): VenueCheck => {
  if (commandFault !== undefined) return checked("replay", "", [commandFault]);
  const passed = skipped.length === 0 ? "" : `, ${skipped.join(", ")} skipped`;
  const seen = `${core.sequence} commands${passed}; the invariants hold, and the state's hash is ${core.stateHash()}`;
  try {
    core.checkInvariants();
    return checked("replay", seen, []);
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    return checked("replay", seen, [{ where: `sequence ${core.sequence}`, finding }]);
  }
};

const trialBalanceCheck = (
  { core, commandFault }: JournalReplay,
  books: SqlBooks | undefined,
): VenueCheck => {
  // Where the core threw, its books can't be trusted.
  const inReplay = commandFault === undefined ? core.books.trialBalance() : new Map();
  const findings = [
    ...unbalanced("the replay", inReplay),
    ...(books === undefined ? [] : unbalanced("SQL", books.trialBalance)),
  ];
  const where = books === undefined ? "in the replay" : "in the replay and in SQL";
  const seen = `all balances of an asset add up to zero, ${inReplay.size} assets, ${where}`;
  return checked("trial_balance", seen, findings);
};

const unbalanced = (where: string, sums: ReadonlyMap<number, bigint>): VenueFinding[] =>
  [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(([asset, sum]) => ({
      where: `asset ${asset} in ${where}`,
      finding: `its balances add up to ${sum}`,
    }));

const hashChainCheck = async <Database>({
  db,
  schema,
}: SqlBooksOptions<Database>): Promise<VenueCheck> => {
  const { entries, blocks, findings } = await verifyLedger(
    db,
    schema === undefined ? {} : { schema },
  );
  const seen = `${entries} entries in SQL are as they were sealed, in ${blocks} chained blocks`;
  return checked("hash_chain", seen, findings.map(ledgerFinding));
};
