import { type Kysely, sql } from "kysely";
import { type Columns, columnsOf } from "./columns.ts";
import { claimLedger } from "./ledger-authority.ts";
import { pause } from "./pause.ts";
import { runBatch, type Verdict } from "./store-batch.ts";
import type { StoreCommand } from "./store-command.ts";
import { LostRace, StoreFailure, troubleOf } from "./store-failure.ts";

/** How often a batch is tried when others come in between, and when the database can't be reached: some five seconds. */
const ATTEMPTS = { serialization_failure: 10, deadlock: 10, unavailable: 9 } as const;
const FIRST_PAUSE_MS = { serialization_failure: 2, deadlock: 2, unavailable: 25 } as const;
const LONGEST_PAUSE_MS = 2_000;

/** The transaction was ending when the connection broke. */
class CommitLost extends Error {
  override readonly name: string = "CommitLost";
  readonly verdicts: readonly Verdict[];
  /** The number that the database gave to the transaction. */
  readonly transaction: string;

  constructor(verdicts: readonly Verdict[], transaction: string, cause: unknown) {
    super("the connection was lost at the commit", { cause });
    this.verdicts = verdicts;
    this.transaction = transaction;
  }
}

/** Batches, each in a transaction of its own, tried again where that is safe. */
export class BatchTransactions<Database> {
  readonly #db: Kysely<Database>;
  readonly #schema: string;
  #isClaimed = false;
  /** Undefined until the database was asked. */
  #columns: Columns | undefined;

  constructor(db: Kysely<Database>, schema: string) {
    this.#db = db;
    this.#schema = schema;
  }

  /**
   * What became of each command. Throws a `StoreFailure` if nothing was done.
   *
   * If the whole batch fails for a reason that isn't known, the commands are taken one by one, so that one of them doesn't spoil
   * the others.
   */
  async run(commands: readonly StoreCommand[]): Promise<readonly Verdict[]> {
    try {
      return await this.#runTogether(commands);
    } catch (error) {
      if (commands.length === 1 || error instanceof StoreFailure) throw error;
      const verdicts: Verdict[] = [];
      for (const command of commands) verdicts.push(await this.#runAlone(command));
      return verdicts;
    }
  }

  async #runAlone(command: StoreCommand): Promise<Verdict> {
    try {
      const [verdict] = await this.#runTogether([command]);
      return verdict as Verdict;
    } catch (thrown) {
      return { thrown };
    }
  }

  async #runTogether(commands: readonly StoreCommand[]): Promise<readonly Verdict[]> {
    for (let attempt = 1; ; attempt++) {
      const verdicts = await this.#tried(commands, attempt);
      if (verdicts !== undefined) return verdicts;
    }
  }

  /** Undefined if nothing was done and it may be tried again. */
  async #tried(
    commands: readonly StoreCommand[],
    attempt: number,
  ): Promise<readonly Verdict[] | undefined> {
    try {
      return await this.#attempt(commands);
    } catch (error) {
      if (error instanceof CommitLost) return this.#afterLostCommit(commands, error, attempt);
      await pauseOrThrow(error, attempt);
      return undefined;
    }
  }

  async #attempt(commands: readonly StoreCommand[]): Promise<readonly Verdict[]> {
    let verdicts: readonly Verdict[] | undefined;
    let transaction: string | undefined;
    this.#columns ??= await columnsOf(this.#db);
    const columns = this.#columns;
    try {
      await this.#db
        .transaction()
        .setIsolationLevel("read committed")
        .execute(async (trx) => {
          if (!this.#isClaimed) await claimLedger(trx, this.#schema, "posted_to");
          const judged = await runBatch(trx, this.#schema, columns, commands);
          transaction = await transactionNumber(trx);
          verdicts = judged;
        });
    } catch (error) {
      // Whatever comes before the commit is undone, and so is a commit that the database itself refused.
      if (verdicts === undefined || troubleOf(error) !== "unavailable") throw error;
      if (transaction === undefined) return verdicts;
      throw new CommitLost(verdicts, transaction, error);
    }
    this.#isClaimed = true;
    return verdicts ?? [];
  }

  /** The verdicts if it was committed; undefined if it wasn't, so that all of it may be tried again. */
  async #afterLostCommit(
    commands: readonly StoreCommand[],
    lost: CommitLost,
    attempt: number,
  ): Promise<readonly Verdict[] | undefined> {
    const ending = await this.#endingOf(lost.transaction);
    if (ending === "committed") return lost.verdicts;
    if (ending === "aborted") {
      await pauseOrThrow(lost.cause, attempt);
      return undefined;
    }
    const unknown = new StoreFailure("outcome_unknown", lost.cause);
    if (ending === "unreachable") throw unknown;
    const keyed = commands.filter(isRepeatable);
    const repeated = keyed.length === 0 ? [] : await this.#runTogether(keyed);
    const verdicts = new Map(keyed.map((command, index) => [command, repeated[index]]));
    return commands.map((command) => verdicts.get(command) ?? { thrown: unknown });
  }

  /** How a transaction ended that nobody heard of. */
  async #endingOf(transaction: string): Promise<Ending | "unreachable"> {
    try {
      for (let attempt = 1; ; attempt++) {
        const ending = await this.#askEnding(transaction);
        if (typeof ending === "string") return ending;
        await pauseOrThrow(ending.trouble, attempt);
      }
    } catch (error) {
      return error instanceof StoreFailure ? "unreachable" : "forgotten";
    }
  }

  /** PostgreSQL remembers the endings of its last billions of transactions. */
  async #askEnding(transaction: string): Promise<Ending | { readonly trouble: unknown }> {
    try {
      const { rows } = await sql<{ status: string | null }>`
        select pg_xact_status(${transaction}::text::xid8) as status`.execute(this.#db);
      const status = rows[0]?.status;
      if (status === "committed" || status === "aborted") return status;
      if (status !== "in progress") return "forgotten";
      return { trouble: new LostRace("the transaction is still ending") };
    } catch (trouble) {
      return { trouble };
    }
  }
}

type Ending = "committed" | "aborted" | "forgotten";

/** Waits before the next attempt, longer each time, and not as long as others who wait for the same. */
const pauseOrThrow = async (error: unknown, attempt: number): Promise<void> => {
  const trouble = troubleOf(error);
  if (trouble === undefined) throw error;
  if (attempt >= ATTEMPTS[trouble]) throw new StoreFailure(trouble, error);
  const longest = Math.min(FIRST_PAUSE_MS[trouble] * 2 ** attempt, LONGEST_PAUSE_MS);
  await pause(longest * (0.5 + Math.random() / 2));
};

/** Undefined if it has written nothing so far. */
const transactionNumber = async <Database>(db: Kysely<Database>): Promise<string | undefined> => {
  const { rows } = await sql<{ number: string | null }>`
    select pg_current_xact_id_if_assigned()::text as number`.execute(db);
  return rows[0]?.number ?? undefined;
};

/** Whether all of its entries have a key, so that it can't happen twice. */
const isRepeatable = (command: StoreCommand): boolean => {
  if (command.act === "post") return hasKey(command.request);
  return command.act === "linked" && command.requests.every(hasKey);
};

const hasKey = ({ key = "" }: { readonly key?: string }): boolean => key !== "";
